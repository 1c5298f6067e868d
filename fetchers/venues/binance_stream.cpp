#include <algorithm>

#include "fetchers/venue_time.hpp"
#include "fetchers/venues/binance_messages.hpp"

namespace assay::fetchers {

namespace {

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::millis_or_micros);
}

/// "btcusdt@depth5@100ms" is a snapshot, "btcusdt@depth" and "btcusdt@depth@100ms" are differences.
bool is_partial_depth(std::string_view stream) {
  const std::size_t at = stream.find("@depth");
  return at != std::string_view::npos && at + 6 < stream.size() && stream[at + 6] >= '0' && stream[at + 6] <= '9';
}

ParsedItem read_depth(const BinanceContext& context, JsonValue event) {
  if (!is_partial_depth(context.stream)) {
    return Control{"delta"};
  }
  return make_book(binance_instrument(context, event["s"].text()), event["b"], event["a"], {}, time_of(event["E"]));
}

ParsedItem read_kline(const Instrument& instrument, JsonValue event) {
  const JsonValue kline = event["k"];
  return make_quote(
      instrument, QuoteKind::candle,
      {.bid = {}, .ask = {}, .last = kline["c"], .base_volume = kline[is_coin_margined(instrument) ? "q" : "v"]},
      time_of(event["E"]));
}

/// Mark price streams carry the index under "i"; where it is missing or empty the mark price stands in.
ParsedItem read_mark_price(const Instrument& instrument, JsonValue event) {
  const JsonValue price = event["i"].text().empty() ? event["p"] : event["i"];
  return make_quote(instrument, QuoteKind::index, {.bid = {}, .ask = {}, .last = price, .base_volume = {}},
                    time_of(event["E"]));
}

/// Of index and mark price nothing is traded: the volumes are zeros that stand for nothing.
ParsedItem read_price_kline(const BinanceContext& context, JsonValue event) {
  const std::string_view symbol = first_text({event["k"]["s"].text(), event["ps"].text(), event["s"].text()});
  return make_quote(binance_instrument(context, symbol), QuoteKind::candle, last_only(event["k"]["c"]),
                    time_of(event["E"]));
}

/// Tickers of options once had their sides under "bo" and "ao", and volatilities under "b" and "a".
ParsedItem read_ticker(const Instrument& instrument, JsonValue event) {
  if (event["bo"].exists()) {
    return make_quote(instrument, QuoteKind::ticker,
                      {.bid = event["bo"], .ask = event["ao"], .last = event["c"], .base_volume = event["V"]},
                      time_of(event["E"]));
  }
  return make_quote(instrument, QuoteKind::ticker,
                    {.bid = event["b"],
                     .ask = event["a"],
                     .last = event["c"],
                     .base_volume = event[is_coin_margined(instrument) ? "q" : "v"]},
                    time_of(event["E"]));
}

ParsedItem read_best(const Instrument& instrument, JsonValue event) {
  return make_quote(instrument, QuoteKind::bbo, {.bid = event["b"], .ask = event["a"], .last = {}, .base_volume = {}},
                    time_of(event["E"]));
}

ParsedItem read_trade(const Instrument& instrument, JsonValue event) {
  return make_quote(instrument, QuoteKind::trade, {.bid = {}, .ask = {}, .last = event["p"], .base_volume = {}},
                    time_of(event["T"]));
}

/// Events of contracts and options, and of the venue itself.
ParsedItem read_rare_event(const BinanceContext& context, std::string_view name, JsonValue event) {
  const Instrument instrument = binance_instrument(context, event["s"].text());
  if (name == "indexPrice_kline" || name == "markPrice_kline") {
    return read_price_kline(context, event);
  }
  if (name == "depth") {  // of options: the best levels, never changes
    return make_book(instrument, event["b"], event["a"], {}, time_of(event["E"]));
  }
  if (name == "index" || name == "compositeIndex") {
    return make_quote(instrument, QuoteKind::index, last_only(event["p"]), time_of(event["E"]));
  }
  if (name == "assetIndexUpdate" || name == "markPrice") {
    return make_quote(instrument, QuoteKind::index, last_only(event[name == "markPrice" ? "mp" : "i"]),
                      time_of(event["E"]));
  }
  if (name == "serverShutdown" || name == "eventStreamTerminated") {
    return Control{"shutdown"};
  }
  if (name == "forceOrder") {
    return Control{"liquidation"};
  }
  if (name == "contractInfo" || name == "tradingStatus" || name == "openInterest") {
    return Control{"status"};
  }
  if (name == "OPTION_PAIR" || name == "optionSymbol") {
    return Control{"instruments"};
  }
  return Refusal{.error = {Errc::unsupported, "a stream event that is not read"}, .text = printable(name)};
}

ParsedItem read_event(const BinanceContext& context, JsonValue event) {
  const std::string_view name = event["e"].text();
  const Instrument instrument = binance_instrument(context, event["s"].text());
  if (name == "bookTicker") {
    return read_best(instrument, event);
  }
  if (name.ends_with("Ticker")) {  // 24hrTicker, 24hrMiniTicker, 1hTicker, 4hTicker, 1dTicker
    return read_ticker(instrument, event);
  }
  if (name == "trade" || name == "aggTrade") {
    return read_trade(instrument, event);
  }
  if (name == "depthUpdate") {
    return read_depth(context, event);
  }
  if (name == "kline") {
    return read_kline(instrument, event);
  }
  if (name == "continuous_kline") {
    return read_kline(binance_instrument(context, event["ps"].text()), event);
  }
  if (name == "markPriceUpdate") {
    return read_mark_price(instrument, event);
  }
  if (name == "indexPriceUpdate") {  // "i" is the pair here
    return make_quote(binance_instrument(context, event["i"].text()), QuoteKind::index,
                      {.bid = {}, .ask = {}, .last = event["p"], .base_volume = {}}, time_of(event["E"]));
  }
  if (name == "avgPrice") {
    return make_quote(instrument, QuoteKind::index, {.bid = {}, .ask = {}, .last = event["w"], .base_volume = {}},
                      time_of(event["E"]));
  }
  if (name == "referencePrice") {
    return make_quote(instrument, QuoteKind::index, {.bid = {}, .ask = {}, .last = event["r"], .base_volume = {}},
                      time_of(event["t"]));
  }
  return read_rare_event(context, name, event);
}

ParsedItem read_object(const BinanceContext& context, JsonValue object) {
  if (object["e"].is_string()) {
    return read_event(context, object);
  }
  if (object["event"]["e"].is_string()) {  // events of the WebSocket API come wrapped
    return read_event(context, object["event"]);
  }
  if (object["error"].is_object()) {
    return binance_error(object["error"]["code"], object["error"]["msg"]);
  }
  if (object["code"].exists() && object["msg"].exists()) {
    return binance_error(object["code"], object["msg"]);
  }
  if (object["method"].is_string()) {
    return Control{"subscribe"};
  }
  if (object["result"].exists()) {
    return Control{"ack"};
  }
  if (object["bids"].exists() || object["asks"].exists()) {
    return make_book(binance_instrument(context, object["symbol"].text()), object["bids"], object["asks"], {},
                     time_of(object["E"]));
  }
  if (object["openInterest"].exists()) {
    return Control{"status"};
  }
  // The spot bookTicker stream has no event name.
  if (object["s"].is_string() && object["b"].exists() && object["a"].exists()) {
    return read_best(binance_instrument(context, object["s"].text()), object);
  }
  return Refusal{.error = {Errc::unsupported, "a stream message that is not read"}, .text = {}};
}

}  // namespace

Instrument binance_instrument(const BinanceContext& context, std::string_view symbol) {
  const std::string_view named = symbol.empty() ? std::string_view(context.symbol) : symbol;
  if (const std::size_t dash = named.find('-'); dash != std::string_view::npos && dash > 0) {
    return {.symbol = std::string(named), .pair = {.base = upper_case(named.substr(0, dash)), .quote = "USDT"}};
  }
  return {.symbol = std::string(named), .pair = split_concatenated(named, context.site.quotes)};
}

bool is_coin_margined(const Instrument& instrument) {
  return instrument.pair.quote == "USD" && instrument.symbol.find('_') != std::string::npos;
}

ParsedItem binance_error(JsonValue code, JsonValue message) {
  Refusal refusal = venue_refusal(std::string(code.text()) + " " + std::string(message.text()));
  // -1003 too many requests, -1015 too many orders, -1034 too many connections: documented as rate limits.
  if (code.text() == "-1003" || code.text() == "-1015" || code.text() == "-1034") {
    refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
  }
  return refusal;
}

void read_binance_stream(const BinanceContext& context, JsonValue payload, Parsed& out) {
  // An answer of the WebSocket API wraps what REST would say.
  if (payload["status"].is_number() && (payload["result"].is_object() || payload["result"].is_array())) {
    return read_binance_rest(context, payload["result"], out);
  }
  if (payload.is_object()) {
    return add_item(out, read_object(context, payload));
  }
  if (!payload.is_array()) {
    return add_item(out, Refusal{.error = {Errc::missing_field, "an object or a list was due"}, .text = {}});
  }
  if (payload.size() == 0) {
    return add_item(out, Control{"empty"});
  }
  for (const JsonValue item : payload) {
    if (is_full(out)) {
      break;
    }
    add_item(out, read_object(context, item));
  }
}

}  // namespace assay::fetchers
