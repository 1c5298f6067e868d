#include "fetchers/venues/oanda.hpp"

#include <map>

#include "fetchers/endpoint.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr LevelNames level_names{.price = "price", .size = "liquidity"};

std::optional<WallTime> time_of(JsonValue value) {
  const auto exact = time_from_iso(value.text());
  return exact ? exact : time_from_epoch(value.text(), TimeUnit::seconds);
}

ParsedItem read_rate(JsonValue rate) {
  const std::string_view base = rate["base_currency"].text();
  const std::string_view quote = rate["quote_currency"].text();
  const Instrument instrument{
      .symbol = base.empty() || quote.empty() ? "" : std::string(base) + "/" + std::string(quote),
      .pair = {.base = canonical_asset(base), .quote = canonical_asset(quote)}};
  if (rate["close_midpoint"].exists() || rate["average_midpoint"].exists()) {
    return make_quote(instrument, QuoteKind::candle,
                      last_only(first_field(rate, {"close_midpoint", "average_midpoint"})),
                      time_of(first_field(rate, {"close_time", "date_time"})));
  }
  return make_quote(instrument, QuoteKind::rate,
                    {.bid = rate["bid"], .ask = rate["ask"], .last = rate["midpoint"], .base_volume = {}},
                    time_of(rate["date_time"]));
}

ParsedItem read_price(JsonValue price) {
  if (price["type"].text() == "HEARTBEAT") {
    return Control{"heartbeat"};
  }
  if (price["tradeable"].is_false() || price["status"].text() == "non-tradeable") {
    return Control{"halted"};
  }
  const std::string_view symbol = price["instrument"].text();
  if (price["bid"].exists() && price["ask"].exists()) {  // v1
    return make_quote({.symbol = std::string(symbol), .pair = split_delimited(symbol)}, QuoteKind::bbo,
                      {.bid = price["bid"], .ask = price["ask"], .last = {}, .base_volume = {}},
                      time_of(price["time"]));
  }
  return make_book({.symbol = std::string(symbol), .pair = split_delimited(symbol)}, price["bids"], price["asks"],
                   level_names, time_of(price["time"]));
}

/// {"instrument","granularity","candles":[{"time","mid":{"o","h","l","c"}},...]}; asked for, bids or asks instead.
void read_candles(JsonValue body, Parsed& out) {
  const std::string_view symbol = body["instrument"].text();
  read_each(body["candles"], out, [&](JsonValue candle) {
    const JsonValue close = first_field(candle, {"mid", "bid", "ask"})["c"];
    return make_quote(
        {.symbol = std::string(symbol), .pair = split_delimited(symbol)}, QuoteKind::candle,
        last_only(first_field(candle, {"closeMid", "closeBid"}).exists() ? first_field(candle, {"closeMid", "closeBid"})
                                                                         : close),
        time_of(candle["time"]));
  });
}

}  // namespace

void OandaAdapter::on_body(JsonValue body, std::string_view /*endpoint*/, std::string_view /*symbol*/,
                           Parsed& out) const {
  if (body["quotes"].is_array()) {
    return read_each(body["quotes"], out, read_rate);
  }
  if (body["prices"].is_array()) {
    return read_each(body["prices"], out, read_price);
  }
  if (body["candles"].is_array()) {
    return read_candles(body, out);
  }
  if (body["latestCandles"].is_array()) {
    for (const JsonValue part : body["latestCandles"]) {
      read_candles(part, out);
    }
    return out.items.empty() ? add_item(out, Control{"empty"}) : void();
  }
  if (body["orderBook"].exists() || body["positionBook"].exists()) {
    return add_item(out, Control{"status"});
  }
  if (body["type"].text() == "PRICE" || body["type"].text() == "HEARTBEAT") {
    return add_item(out, read_price(body));
  }
  if (body["errorMessage"].exists() || body["message"].exists()) {
    return add_item(out, venue_refusal(first_field(body, {"errorMessage", "message"}).text()));
  }
  const bool list = body["currencies"].is_array() || body["instruments"].is_array();
  add_item(out, list ? ParsedItem(Control{"instruments"}) : missing("an answer has quotes or prices"));
}

std::vector<std::string> OandaAdapter::rest_targets(std::span<const std::string> symbols) const {
  std::map<std::string, std::string> quotes;  // by base: one request each
  for (const std::string& symbol : symbols) {
    const Pair pair = split_delimited(symbol);
    if (!pair.base.empty()) {
      quotes[pair.base] += "&quote=" + percent_encoded(pair.quote);
    }
  }
  std::vector<std::string> targets;
  for (const auto& [base, list] : quotes) {
    targets.push_back("/v2/rates/spot.json?base=" + percent_encoded(base) + list);
  }
  return targets;
}

}  // namespace assay::fetchers
