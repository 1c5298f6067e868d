#include "fetchers/venues/gateio.hpp"

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"
#include "fetchers/venues/gateio_messages.hpp"

namespace assay::fetchers {

namespace {

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::by_size);
}

/// Milliseconds where the message has them, else seconds.
std::optional<WallTime> time_of_message(JsonValue message) {
  const auto millis = time_of(message["time_ms"]);
  return millis ? millis : time_of(message["time"]);
}

/// "BTC_USDT" of "ob.BTC_USDT.50", of "1m_BTC_USDT" and of "BTC_USDT" itself.
std::string_view bare_symbol(std::string_view name) {
  if (name.starts_with("ob.")) {
    name.remove_prefix(3);
    return name.substr(0, name.find('.'));
  }
  if (!name.empty() && name.front() >= '0' && name.front() <= '9') {
    const std::size_t mark = name.find('_');
    const std::string_view interval = name.substr(0, mark);
    if (mark != std::string_view::npos && interval.find_first_not_of("0123456789smhdw") == std::string_view::npos &&
        name.find('_', mark + 1) != std::string_view::npos) {
      return name.substr(mark + 1);
    }
  }
  return name;
}

ParsedItem read_best(std::string_view given, JsonValue result) {
  return make_listed_quote(gateio_instrument(first_text({result["s"].text(), given})), QuoteKind::bbo,
                           {.bid = result["b"], .ask = result["a"], .last = {}, .base_volume = {}},
                           time_of(result["t"]));
}

/// Futures put levels into objects {"p","s"}.
ParsedItem read_book(std::string_view given, JsonValue result) {
  const std::string_view symbol = first_text({bare_symbol(result["s"].text()), result["contract"].text(), given});
  const JsonValue bids = result["bids"].exists() ? result["bids"] : result["b"];
  const JsonValue asks = result["asks"].exists() ? result["asks"] : result["a"];
  return make_book(gateio_instrument(symbol), bids, asks, {.price = "p", .size = "s"}, time_of(result["t"]));
}

/// "v" counts the quote currency, "a" the base currency.
ParsedItem read_candle(JsonValue result, std::optional<WallTime> time) {
  return make_quote(gateio_instrument(bare_symbol(result["n"].text())), QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = result["c"], .base_volume = result["a"]}, time);
}

ParsedItem read_result(std::string_view kind, std::string_view given, JsonValue result, std::optional<WallTime> time) {
  if (kind == "tickers") {
    return read_gateio_ticker(result, time);
  }
  if (kind == "book_ticker") {
    return read_best(given, result);
  }
  if (kind.starts_with("trades")) {
    return read_gateio_trade(given, result);
  }
  if (kind == "order_book" || (kind == "obu" && result["full"].is_true())) {
    return read_book(given, result);
  }
  if (kind == "order_book_update" || kind == "obu") {
    return result["full"].is_true() ? read_book(given, result) : ParsedItem{Control{"delta"}};
  }
  if (kind == "candlesticks") {
    return read_candle(result, time);
  }
  return unsupported(kind);
}

void read_update(std::string_view given, JsonValue message, Parsed& out) {
  const std::string_view channel = message["channel"].text();
  const std::string_view kind = channel.substr(channel.find('.') == std::string_view::npos ? 0 : channel.find('.') + 1);
  const JsonValue result = message["result"];
  const auto time = time_of_message(message);
  if (result.is_array()) {  // futures
    return read_each(result, out, [&](JsonValue entry) { return read_result(kind, given, entry, time); });
  }
  if (!result.is_object()) {
    return add_item(out, missing("an update has a result"));
  }
  add_item(out, read_result(kind, given, result, time));
}

void read_channel(std::string_view given, JsonValue message, Parsed& out) {
  const std::string_view channel = message["channel"].text();
  const std::string_view event = message["event"].text();
  if (const JsonValue error = message["error"]; error.is_object()) {
    return add_item(out, venue_refusal(std::string(error["code"].text()) + " " + std::string(error["message"].text())));
  }
  if (channel.ends_with(".ping") || channel.ends_with(".pong")) {
    return add_item(out, Control{channel.ends_with(".ping") ? "ping" : "pong"});
  }
  if (event == "subscribe" || event == "unsubscribe") {
    return add_item(out, Control{message["result"].exists() ? "ack" : "subscribe"});
  }
  if (event == "update" || event == "all") {
    return read_update(given, message, out);
  }
  add_item(out, event.empty() ? missing("a channel message has an event") : unsupported(event));
}

void read_message(std::string_view given, JsonValue message, Parsed& out) {
  if (message["channel"].is_string()) {
    return read_channel(given, message, out);
  }
  if (message["method"].is_string()) {
    return read_gateio_v3(message, out);
  }
  if (message["error"].is_object()) {
    return add_item(out, venue_refusal(message["error"]["message"].text()));
  }
  if (message["result"].exists()) {
    return add_item(out, Control{message["result"].text() == "pong" ? "pong" : "ack"});
  }
  add_item(out, missing("a message has a channel or a method"));
}

}  // namespace

void GateioAdapter::on_message(JsonValue message, std::string_view /*path*/, std::string_view symbol,
                               Parsed& out) const {
  read_message(symbol, message, out);
}

void GateioAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  const std::string named = symbol_or_query(symbol, endpoint, "currency_pair");
  read_gateio_rest(symbol_or_query(named, endpoint, "contract"), body, out);
}

Subscription GateioAdapter::subscribe(std::span<const std::string> symbols) const {
  return {.target = "/ws/v4/",
          .frames = frames_of(symbols, 100, R"({"time":1,"channel":"spot.book_ticker","event":"subscribe","payload":[)",
                              json_string, "]}")};
}

std::vector<std::string> GateioAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  const std::string all = "/api/v4/spot/tickers";
  return {symbols.size() == 1 ? all + "?currency_pair=" + percent_encoded(symbols.front()) : all};
}

}  // namespace assay::fetchers
