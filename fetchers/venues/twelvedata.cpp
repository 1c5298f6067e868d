#include "fetchers/venues/twelvedata.hpp"

#include "fetchers/endpoint.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

/// A share is quoted in the currency beside it, a pair in its second half.
Instrument instrument_of(std::string_view symbol, JsonValue entry) {
  Instrument instrument{.symbol = std::string(symbol), .pair = split_delimited(symbol)};
  const std::string_view currency = entry["currency"].text();
  if (instrument.pair.base.empty() && currency.size() == 3) {
    instrument.pair = {.base = canonical_asset(symbol), .quote = canonical_asset(currency)};
  }
  return instrument;
}

std::optional<WallTime> time_of(JsonValue entry) {
  for (const std::string_view name : {"last_quote_at", "timestamp"}) {
    if (auto time = time_from_epoch(entry[name].text(), TimeUnit::by_size)) {
      return time;
    }
  }
  const std::string_view moment = entry["datetime"].text();
  return time_from_iso(moment.size() == 10 ? std::string(moment) + "T00:00:00Z" : std::string(moment));
}

ParsedItem read_rate(std::string_view symbol, JsonValue entry, JsonValue price) {
  return make_quote(instrument_of(symbol, entry), QuoteKind::rate,
                    {.bid = entry["bid"], .ask = entry["ask"], .last = price, .base_volume = {}}, time_of(entry));
}

ParsedItem read_close(const Instrument& instrument, JsonValue entry) {
  return make_quote(instrument, QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = entry["close"], .base_volume = entry["volume"]}, time_of(entry));
}

ParsedItem read_event(JsonValue event) {
  const std::string_view name = event["event"].text();
  if (name == "price") {
    return read_rate(event["symbol"].text(), event, event["price"]);
  }
  return name == "heartbeat"          ? ParsedItem(Control{"heartbeat"})
         : name == "subscribe-status" ? ParsedItem(Control{"ack"})
                                      : unsupported(name);
}

/// One symbol's answer, whichever question it was.
void read_one(std::string_view given, JsonValue entry, Parsed& out) {
  const std::string_view symbol = first_text({entry["symbol"].text(), entry["meta"]["symbol"].text(), given});
  if (entry["status"].text() == "error" || entry["code"].exists()) {
    Refusal refusal = venue_refusal(entry["message"].text());
    if (entry["code"].text() == "429") {
      refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
    }
    return add_item(out, std::move(refusal));
  }
  if (entry["event"].is_string()) {
    return add_item(out, read_event(entry));
  }
  if (entry["current_usage"].exists() || entry["unix_time"].exists() || entry.at(0)["is_market_open"].exists()) {
    return add_item(out, Control{"status"});
  }
  if (entry["values"].is_array()) {
    const Instrument instrument = instrument_of(symbol, entry["meta"]);
    return read_each(entry["values"], out, [&](JsonValue value) { return read_close(instrument, value); });
  }
  if (entry["price"].exists()) {
    return add_item(out, read_rate(symbol, entry, entry["price"]));
  }
  if (entry["rate"].exists()) {
    return add_item(out, read_rate(symbol, entry, entry["rate"]));
  }
  if (entry["close"].exists()) {
    // A quote's close is its newest price while it has previous_close beside it.
    return add_item(out, entry["previous_close"].exists() ? read_rate(symbol, entry, entry["close"])
                                                          : read_close(instrument_of(symbol, entry), entry));
  }
  add_item(out, entry["data"].is_array() ? ParsedItem(Control{"instruments"}) : missing("an answer has a price"));
}

/// {"EUR/USD":{...},"GBP/USD":{...}}
bool is_by_symbol(JsonValue body) {
  return body.is_object() && body.size() > 0 && body.at(0).is_object() && body.at(0).key() != "meta";
}

}  // namespace

void TwelvedataAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  if (!is_by_symbol(body)) {
    return read_one(symbol_or_query(symbol, endpoint, "symbol"), body, out);
  }
  for (const JsonValue entry : body) {
    if (is_full(out)) {
      return;
    }
    read_one(entry.key(), entry, out);
  }
}

std::vector<std::string> TwelvedataAdapter::rest_targets(std::span<const std::string> symbols) const {
  return symbols.empty() ? std::vector<std::string>{}
                         : std::vector{"/exchange_rate?symbol=" + percent_encoded(symbols)};
}

}  // namespace assay::fetchers
