#include "fetchers/venues/polygon.hpp"

#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 4> quotes = {"USDT", "USDC", "USD", "EUR"};
constexpr std::size_t currency_length = 3;

/// "C:EURUSD", "X:BTCUSD", "EUR/USD", "EUR-USD".
Instrument instrument_of(std::string_view symbol) {
  const std::size_t colon = symbol.find(':');
  const std::string_view market = colon == std::string_view::npos ? "" : symbol.substr(0, colon);
  const std::string_view pair = colon == std::string_view::npos ? symbol : symbol.substr(colon + 1);
  Instrument instrument{.symbol = std::string(symbol), .pair = split_delimited(pair)};
  if (instrument.pair.base.empty() && market != "X" && pair.size() == 2 * currency_length) {
    instrument.pair = {.base = upper_case(pair.substr(0, currency_length)),
                       .quote = upper_case(pair.substr(currency_length))};
  } else if (instrument.pair.base.empty()) {
    instrument.pair = split_concatenated(pair, quotes);
  }
  return instrument;
}

std::optional<WallTime> time_of(JsonValue value) {
  return time_from_epoch(value.text(), TimeUnit::by_size);
}

ParsedItem read_ticker(JsonValue ticker) {
  const JsonValue quote = ticker["lastQuote"];
  const auto time = time_of(quote["t"]);
  return make_listed_quote(instrument_of(ticker["ticker"].text()), QuoteKind::ticker,
                           {.bid = quote["b"], .ask = quote["a"], .last = {}, .base_volume = {}},
                           time ? time : time_of(ticker["updated"]));
}

ParsedItem read_quote(std::string_view symbol, JsonValue quote) {
  return make_quote(instrument_of(symbol), QuoteKind::bbo,
                    {.bid = quote["bid"], .ask = quote["ask"], .last = {}, .base_volume = {}},
                    time_of(quote["timestamp"]));
}

ParsedItem read_conversion(JsonValue body) {
  const std::string symbol = std::string(body["from"].text()) + "/" + std::string(body["to"].text());
  return make_quote(instrument_of(symbol), QuoteKind::rate, last_only(body["converted"]),
                    time_of(body["last"]["timestamp"]));
}

ParsedItem read_event(JsonValue event) {
  const std::string_view name = event["ev"].text();
  if (name == "status") {
    const std::string_view status = event["status"].text();
    return status == "error" || status == "auth_failed" ? ParsedItem(venue_refusal(event["message"].text()))
                                                        : Control{"ack"};
  }
  if (name == "C") {
    return make_quote(instrument_of(event["p"].text()), QuoteKind::bbo,
                      {.bid = event["b"], .ask = event["a"], .last = {}, .base_volume = {}}, time_of(event["t"]));
  }
  if (name == "CA" || name == "CAS") {
    return make_quote(instrument_of(event["pair"].text()), QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = event["c"], .base_volume = {}}, time_of(event["s"]));
  }
  return unsupported(name);
}

/// "ERROR", "NOT_AUTHORIZED", "NOT_FOUND": everything but these three.
bool is_good(std::string_view status) {
  return status.empty() || status == "OK" || status == "DELAYED" || status == "success";
}

}  // namespace

void PolygonAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  if (body.is_array()) {
    return read_each(body, out, read_event);
  }
  if (!is_good(body["status"].text())) {
    return add_item(out,
                    venue_refusal(first_text({body["error"].text(), body["message"].text(), body["status"].text()})));
  }
  if (body["tickers"].is_array()) {
    return read_each(body["tickers"], out, read_ticker);
  }
  if (body["ticker"].is_object()) {
    return add_item(out, read_ticker(body["ticker"]));
  }
  if (body["converted"].exists()) {
    return add_item(out, read_conversion(body));
  }
  if (body["last"].is_object()) {
    const auto asked = segment_after(split_endpoint(endpoint), "currencies").value_or("");
    return add_item(out, read_quote(first_text({body["symbol"].text(), symbol, asked}), body["last"]));
  }
  add_item(out, body["results"].is_array() ? ParsedItem(Control{"instruments"}) : missing("an answer has tickers"));
}

std::vector<std::string> PolygonAdapter::rest_targets(std::span<const std::string> symbols) const {
  return symbols.empty()
             ? std::vector<std::string>{}
             : std::vector{"/v2/snapshot/locale/global/markets/forex/tickers?tickers=" + percent_encoded(symbols)};
}

}  // namespace assay::fetchers
