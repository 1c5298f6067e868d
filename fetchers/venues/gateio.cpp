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

/// An instrument on which nothing ever happened has the time 0.
std::optional<WallTime> moment(JsonValue value, std::optional<WallTime> said) {
  return value.exists() && value.text() != "0" ? time_of(value) : said;
}

ParsedItem read_best(std::string_view given, JsonValue result, std::optional<WallTime> said) {
  return make_listed_quote(gateio_instrument(first_text({result["s"].text(), given})), QuoteKind::bbo,
                           {.bid = result["b"], .ask = result["a"], .last = {}, .base_volume = {}},
                           moment(result["t"], said));
}

/// Futures put levels into objects {"p","s"}.
ParsedItem read_book(std::string_view given, JsonValue result, std::optional<WallTime> said) {
  const std::string_view symbol = first_text({bare_symbol(result["s"].text()), result["contract"].text(), given});
  const JsonValue bids = result["bids"].exists() ? result["bids"] : result["b"];
  const JsonValue asks = result["asks"].exists() ? result["asks"] : result["a"];
  return make_book(gateio_instrument(symbol), bids, asks, {.price = "p", .size = "s"},
                   moment(first_field(result, {"t", "current"}), said));
}

/// Options tell a mark, and what they are written on an index.
ParsedItem read_option(std::string_view kind, JsonValue result, std::optional<WallTime> said) {
  const auto own = time_of(first_field(result, {"time_ms", "time"}));
  const auto time = own ? own : said;
  const Instrument instrument =
      gateio_instrument(first_text({result["name"].text(), result["contract"].text(), result["underlying"].text()}));
  if (kind == "contract_tickers") {
    return make_listed_quote(
        instrument, QuoteKind::ticker,
        {.bid = result["bid1_price"], .ask = result["ask1_price"], .last = result["last_price"], .base_volume = {}},
        time);
  }
  return make_quote(instrument, QuoteKind::index, last_only(first_field(result, {"index_price", "price"})), time);
}

/// "v" counts the quote currency, "a" the base currency.
ParsedItem read_stream_candle(JsonValue result, std::optional<WallTime> time) {
  return make_quote(gateio_instrument(bare_symbol(result["n"].text())), QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = result["c"], .base_volume = result["a"]}, time);
}

ParsedItem read_result(std::string_view kind, std::string_view given, JsonValue result, std::optional<WallTime> time) {
  if (kind == "tickers") {
    return read_gateio_ticker(result, time);
  }
  if (kind == "book_ticker") {
    return read_best(given, result, time);
  }
  if (kind.starts_with("trades")) {
    return read_gateio_trade(given, result);
  }
  if (kind == "order_book" || (kind == "obu" && result["full"].is_true())) {
    return read_book(given, result, time);
  }
  if (kind == "order_book_update" || kind == "obu") {
    return result["full"].is_true() ? read_book(given, result, time) : ParsedItem{Control{"delta"}};
  }
  if (kind.ends_with("candlesticks")) {
    return read_stream_candle(result, time);
  }
  if (kind == "contract_tickers" || kind == "ul_tickers" || kind == "ul_price" || kind == "mark_price") {
    return read_option(kind, result, time);
  }
  if (kind == "public_liquidates" || kind == "liquidates") {
    return Control{"liquidation"};
  }
  if (kind == "contract_stats" || kind == "settlements" || kind == "contracts" || kind.starts_with("summary")) {
    return Control{"status"};
  }
  return unsupported(kind);
}

void read_update(std::string_view given, JsonValue message, Parsed& out) {
  const std::string_view channel = message["channel"].text();
  const std::string_view kind = channel.substr(channel.find('.') == std::string_view::npos ? 0 : channel.find('.') + 1);
  const JsonValue result = message["result"];
  const auto time = time_of_message(message);
  if (result.is_array() && kind == "order_book") {  // futures: single levels {"p","s","c"}
    return add_item(out, Control{"delta"});
  }
  if (result.is_array()) {  // futures, at times one list deeper
    const JsonValue entries = result.at(0).is_array() ? result.at(0) : result;
    return read_each(entries, out, [&](JsonValue entry) { return read_result(kind, given, entry, time); });
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
  if (event == "snapshot" && message["result"].is_object()) {
    return add_item(
        out, read_book(first_text({message["symbol"].text(), given}), message["result"], time_of_message(message)));
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
  if (endpoint.find("/api2/") != std::string_view::npos) {
    return add_item(out, Refusal{.error = {Errc::retired_api, "the API before v4"}, .text = {}});
  }
  std::string named = symbol_or_query(symbol, endpoint, "currency_pair");
  for (const std::string_view other : {"contract", "underlying", "name"}) {
    named = symbol_or_query(named, endpoint, other);
  }
  if (endpoint.find("premium_index") != std::string_view::npos) {  // shares of a price
    return add_item(out, Control{"funding"});
  }
  read_gateio_rest(named, body, out);
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
