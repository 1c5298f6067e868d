#include <algorithm>
#include <array>

#include "fetchers/venue_time.hpp"
#include "fetchers/venues/binance_messages.hpp"

namespace assay::fetchers {

namespace {

/// The first of several names under which endpoints report their time.
std::optional<WallTime> time_of(JsonValue object) {
  for (const std::string_view name : {"closeTime", "time", "timestamp", "T", "E"}) {
    if (auto time = time_from_epoch(object[name].text(), TimeUnit::millis_or_micros)) {
      return time;
    }
  }
  return std::nullopt;
}

/// Statistics of contracts, each known by a field of its own.
constexpr std::array<std::string_view, 8> statistics = {"openInterest",  "sumOpenInterest", "longShortRatio",
                                                        "buySellRatio",  "constituents",    "deliveryPrice",
                                                        "baseAssetList", "strikeResult"};

bool has_any(JsonValue object, std::span<const std::string_view> names) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view name) { return object[name].exists(); });
}

ParsedItem read_error_or_index(const Instrument& instrument, JsonValue object) {
  if (object["fundingTime"].exists() || object["adjustedFundingRateCap"].exists()) {  // its mark price is of hours ago
    return Control{"funding"};
  }
  if (has_any(object, statistics)) {
    return Control{"status"};
  }
  if (object["index"].exists() && object["bidBuffer"].exists()) {  // assetIndex
    return make_quote(instrument, QuoteKind::index, last_only(object["index"]), time_of(object));
  }
  for (const std::string_view name : {"indexPrice", "markPrice", "referencePrice"}) {
    if (object[name].exists()) {
      return make_quote(instrument, QuoteKind::index, last_only(object[name]), time_of(object));
    }
  }
  if (object["mins"].exists() && object["price"].exists()) {  // avgPrice
    return make_quote(instrument, QuoteKind::index, last_only(object["price"]), time_of(object));
  }
  if (object["symbols"].exists() || object["timezone"].exists()) {
    return Control{"instruments"};
  }
  if (object["serverTime"].exists()) {
    return Control{"time"};
  }
  if (object.size() == 0) {  // ping
    return Control{"ack"};
  }
  return Refusal{.error = {Errc::unsupported, "an answer that is not read"}, .text = {}};
}

ParsedItem read_object(const BinanceContext& context, JsonValue object) {
  if (object["code"].exists() && object["msg"].exists()) {
    return binance_error(object["code"], object["msg"]);
  }
  if (object["orderId"].exists() || object["positionAmt"].exists()) {  // an account's own
    return unsupported("account");
  }
  if (object["status"].is_number() && object["msg"].exists()) {  // {"status":0,"msg":"normal"}
    return Control{"status"};
  }
  const Instrument instrument =
      binance_instrument(context, first_text({object["symbol"].text(), object["pair"].text()}));
  if (object["bids"].exists() || object["asks"].exists()) {
    return make_book(instrument, object["bids"], object["asks"], {}, time_of(object));
  }
  if (object["lastPrice"].exists()) {
    return make_quote(instrument, QuoteKind::ticker,
                      {.bid = object["bidPrice"],
                       .ask = object["askPrice"],
                       .last = object["lastPrice"],
                       .base_volume = first_field(object, {"baseVolume", "volume"})},
                      time_of(object));
  }
  if (object["bidPrice"].exists() || object["askPrice"].exists()) {
    return make_quote(instrument, QuoteKind::bbo,
                      {.bid = object["bidPrice"], .ask = object["askPrice"], .last = {}, .base_volume = {}},
                      time_of(object));
  }
  if (object["p"].exists() && object["q"].exists()) {  // aggTrades
    return make_quote(instrument, QuoteKind::trade, last_only(object["p"]), time_of(object));
  }
  if (object["price"].exists() && object["qty"].exists()) {  // trades
    return make_quote(instrument, QuoteKind::trade, last_only(object["price"]), time_of(object));
  }
  if (object["price"].exists() && object["symbol"].exists()) {  // ticker/price
    return make_quote(instrument, QuoteKind::ticker, last_only(object["price"]), time_of(object));
  }
  if (object["openTime"].exists() && object["close"].exists()) {  // klines of options
    return make_quote(instrument, QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = object["close"], .base_volume = object["volume"]},
                      time_from_epoch(object["openTime"].text(), TimeUnit::millis_or_micros));
  }
  return read_error_or_index(instrument, object);
}

/// [open time, open, high, low, close, volume, close time, quote volume, ...]
ParsedItem read_kline(const BinanceContext& context, JsonValue row) {
  if (context.asked == "premiumIndexKlines") {  // a share of the price, on its way to the funding rate
    return Control{"funding"};
  }
  const Instrument instrument = binance_instrument(context, {});
  const bool untraded = context.asked == "markPriceKlines" || context.asked == "indexPriceKlines";
  const JsonValue volume = row.at(is_coin_margined(instrument) ? 7 : 5);
  return make_quote(instrument, QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = row.at(4), .base_volume = untraded ? JsonValue{} : volume},
                    time_from_epoch(row.at(0).text(), TimeUnit::millis_or_micros));
}

ParsedItem read_item(const BinanceContext& context, JsonValue item) {
  if (item.is_array()) {
    return read_kline(context, item);
  }
  if (item.is_object()) {
    return read_object(context, item);
  }
  return Refusal{.error = {Errc::missing_field, "an object or a list was due"}, .text = {}};
}

}  // namespace

void read_binance_rest(const BinanceContext& context, JsonValue body, Parsed& out) {
  if (!body.is_array()) {
    return add_item(out, read_item(context, body));
  }
  read_each(body, out, [&](JsonValue entry) { return read_item(context, entry); });
}

}  // namespace assay::fetchers
