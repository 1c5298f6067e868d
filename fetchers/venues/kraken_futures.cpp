#include "fetchers/venues/kraken_futures.hpp"

#include "fetchers/symbols.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr LevelNames level_names{.price = "price", .size = "qty"};

bool is_linear(std::string_view product) {
  const std::string start = upper_case(product.substr(0, 3));
  return start == "PF_" || start == "FF_";
}

std::optional<WallTime> time_of(JsonValue value) {
  const auto epoch = time_from_epoch(value.text(), TimeUnit::by_size);
  return epoch ? epoch : time_from_iso(value.text());
}

ParsedItem read_ticker(std::string_view product, JsonValue entry, JsonValue volume, std::optional<WallTime> time) {
  return make_listed_quote(kraken_futures_instrument(product), QuoteKind::ticker,
                           {.bid = entry["bid"],
                            .ask = entry["ask"],
                            .last = entry["last"],
                            .base_volume = is_linear(product) ? volume : JsonValue{}},
                           time);
}

/// A line of the list of tickers; indices stand among them.
ParsedItem read_listed(JsonValue entry, std::optional<WallTime> time) {
  const std::string_view product = entry["symbol"].text();
  if (!entry["bid"].exists() && !entry["ask"].exists() && !entry["vol24h"].exists()) {
    return make_listed_quote(kraken_futures_instrument(product), QuoteKind::index, last_only(entry["last"]),
                             time_of(entry["lastTime"]));
  }
  return read_ticker(product, entry, entry["vol24h"], time);
}

ParsedItem read_trade(std::string_view product, JsonValue trade) {
  return make_quote(kraken_futures_instrument(first_text({trade["product_id"].text(), product})), QuoteKind::trade,
                    last_only(trade["price"]), time_of(trade["time"]));
}

/// An entry of the public history:
/// {"event":{"Execution":{"execution":{"price","timestamp","takerOrder":{"tradeable"}}}}}
ParsedItem read_execution(std::string_view product, JsonValue element) {
  const JsonValue execution = element["event"]["Execution"]["execution"];
  if (!execution.exists()) {  // orders, marks
    return Control{"other"};
  }
  const std::string_view traded = execution["takerOrder"]["tradeable"].text();
  return make_quote(kraken_futures_instrument(first_text({traded, product})), QuoteKind::trade,
                    last_only(execution["price"]), time_of(execution["timestamp"]));
}

ParsedItem read_candle(std::string_view product, JsonValue candle) {
  return make_quote(kraken_futures_instrument(product), QuoteKind::candle,
                    {.bid = {},
                     .ask = {},
                     .last = candle["close"],
                     .base_volume = is_linear(product) ? candle["volume"] : JsonValue{}},
                    time_of(candle["time"]));
}

ParsedItem read_event(JsonValue message) {
  const std::string_view event = message["event"].text();
  if (event == "alert" || event == "error" || event.ends_with("_failed")) {
    return venue_refusal(message["message"].text());
  }
  if (event == "subscribe" || event == "unsubscribe") {
    return Control{"subscribe"};
  }
  return Control{event == "info" ? "status" : "ack"};  // subscribed, unsubscribed, challenge
}

}  // namespace

Instrument kraken_futures_instrument(std::string_view product) {
  Instrument instrument{.symbol = std::string(product), .pair = {}};
  const std::size_t first = product.find('_');
  if (first != std::string_view::npos) {  // "PI_XBTUSD", "FI_XBTUSD_210625"
    const std::string_view rest = product.substr(first + 1);
    instrument.pair = split_kraken(upper_case(rest.substr(0, rest.find('_'))));
  }
  return instrument;
}

bool is_kraken_futures(JsonValue message) {
  const std::string_view event = message["event"].text();
  return message["feed"].is_string() || event == "alert" || event == "info" || event == "challenge" ||
         (event == "error" && message["message"].exists());
}

void read_kraken_futures_stream(JsonValue message, Parsed& out) {
  const std::string_view feed = message["feed"].text();
  const std::string_view product = message["product_id"].text();
  if (message["event"].is_string()) {
    return add_item(out, read_event(message));
  }
  if (feed == "heartbeat") {
    return add_item(out, Control{"heartbeat"});
  }
  if (feed == "ticker" || feed == "ticker_lite") {
    return add_item(out, read_ticker(product, message, message["volume"], time_of(message["time"])));
  }
  if (feed == "trade") {
    return add_item(out, read_trade({}, message));
  }
  if (feed == "trade_snapshot") {
    return read_each(message["trades"], out, [&](JsonValue trade) { return read_trade(product, trade); });
  }
  if (feed == "book_snapshot") {
    return add_item(out, make_book(kraken_futures_instrument(product), message["bids"], message["asks"], level_names,
                                   time_of(message["timestamp"])));
  }
  add_item(out, feed == "book" ? ParsedItem(Control{"delta"}) : unsupported(feed));
}

void read_kraken_futures_rest(JsonValue body, std::string_view product, Parsed& out) {
  const auto time = time_of(body["serverTime"]);
  if (body["result"].text() == "error" || body["error"].is_string()) {
    Refusal refusal = venue_refusal(first_text({body["error"].text(), body["errors"].at(0)["message"].text()}));
    if (body["error"].text() == "apiLimitExceeded") {
      refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
    }
    return add_item(out, std::move(refusal));
  }
  if (body["tickers"].is_array()) {
    return read_each(body["tickers"], out, [&](JsonValue entry) { return read_listed(entry, time); });
  }
  if (body["ticker"].is_object()) {
    return add_item(out, read_listed(body["ticker"], time));
  }
  if (const JsonValue book = body["orderBook"]; book.is_object()) {
    return add_item(out, make_book(kraken_futures_instrument(product), book["bids"], book["asks"], level_names, time));
  }
  if (body["history"].is_array()) {
    return read_each(body["history"], out, [&](JsonValue trade) { return read_trade(product, trade); });
  }
  if (body["candles"].is_array()) {
    return read_each(body["candles"], out, [&](JsonValue candle) { return read_candle(product, candle); });
  }
  if (body["elements"].is_array()) {
    return read_each(body["elements"], out, [&](JsonValue element) { return read_execution(product, element); });
  }
  if (body["rates"].is_array() || body["instruments"].is_array()) {
    return add_item(out, Control{body["rates"].is_array() ? "funding" : "instruments"});
  }
  add_item(out, body["result"].is_string() ? ParsedItem(Control{"status"}) : unsupported({}));
}

}  // namespace assay::fetchers
