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
                           {.bid = quote["b"],
                            .ask = quote["a"],
                            .last = ticker["lastTrade"]["p"],
                            .base_volume = ticker["lastTrade"].exists() ? ticker["day"]["v"] : JsonValue{}},
                           time ? time : time_of(ticker["updated"]));
}

/// The snapshot of any market: {"ticker","last_quote":{"bid","ask",...},"session":{"close",...}}
ParsedItem read_snapshot(JsonValue entry) {
  const JsonValue quote = entry["last_quote"];
  const JsonValue trade = entry["last_trade"]["price"];
  return make_listed_quote(instrument_of(entry["ticker"].text()), QuoteKind::ticker,
                           {.bid = quote["bid"],
                            .ask = quote["ask"],
                            .last = trade.exists() ? trade : entry["session"]["close"],
                            .base_volume = {}},
                           time_of(first_field(quote, {"last_updated"})));
}

ParsedItem read_trade(std::string_view symbol, JsonValue trade) {
  return make_quote(instrument_of(symbol), QuoteKind::trade, last_only(trade["price"]),
                    time_of(first_field(trade, {"participant_timestamp", "timestamp"})));
}

ParsedItem read_quote(std::string_view symbol, JsonValue quote) {
  return make_quote(instrument_of(symbol), QuoteKind::bbo,
                    {.bid = quote["bid"], .ask = quote["ask"], .last = {}, .base_volume = {}},
                    time_of(quote["timestamp"]));
}

/// How many zeros a power of ten has ("100" has two, "1" none); none for another amount.
std::optional<std::size_t> zeros_of(std::string_view amount) {
  amount = amount.substr(0, amount.find('.'));
  if (amount.empty() || amount.front() != '1' || amount.find_first_not_of('0', 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return amount.size() - 1;
}

/// What an amount is worth: a rate once the amount is divided out, which an exponent does for powers of ten.
ParsedItem read_conversion(JsonValue body) {
  const std::string symbol = std::string(body["from"].text()) + "/" + std::string(body["to"].text());
  const auto time = time_of(body["last"]["timestamp"]);
  const JsonValue amount = body["initialAmount"];
  if (!amount.exists() || amount.text() == "1") {
    return make_quote(instrument_of(symbol), QuoteKind::rate, last_only(body["converted"]), time);
  }
  const auto zeros = zeros_of(amount.text());
  if (!zeros || body["converted"].text().find_first_of("eE") != std::string_view::npos) {
    return unsupported("a conversion of another amount than a power of ten");
  }
  return make_last(instrument_of(symbol), QuoteKind::rate,
                   std::string(body["converted"].text()) + "e-" + std::to_string(*zeros), time);
}

/// An entry of v3 quotes or of aggregates; other lists are of instruments.
ParsedItem read_result(std::string_view symbol, JsonValue entry) {
  if (entry["ask_price"].exists() || entry["bid_price"].exists()) {
    return make_quote(instrument_of(symbol), QuoteKind::bbo,
                      {.bid = entry["bid_price"], .ask = entry["ask_price"], .last = {}, .base_volume = {}},
                      time_of(entry["participant_timestamp"]));
  }
  if (entry["c"].exists()) {
    return make_quote(instrument_of(first_text({entry["T"].text(), symbol})), QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = entry["c"], .base_volume = {}}, time_of(entry["t"]));
  }
  if (entry["last_quote"].is_object() || entry["session"].is_object()) {
    return read_snapshot(entry);
  }
  return entry["price"].exists() ? read_trade(symbol, entry) : ParsedItem(Control{"instruments"});
}

void read_results(std::string_view symbol, JsonValue results, Parsed& out) {
  const ParsedItem first = results.size() == 0 ? Control{"empty"} : read_result(symbol, results.at(0));
  if (const auto* control = std::get_if<Control>(&first);
      control != nullptr && (results.size() == 0 || control->name != "empty")) {
    return add_item(out, first);
  }
  read_each(results, out, [&](JsonValue entry) { return read_result(symbol, entry); });
}

ParsedItem read_coin_event(std::string_view name, JsonValue event) {
  const Instrument instrument = instrument_of(event["pair"].text());
  if (name == "XT") {
    return make_quote(instrument, QuoteKind::trade, last_only(event["p"]), time_of(event["t"]));
  }
  if (name == "XQ") {
    return make_quote(instrument, QuoteKind::bbo,
                      {.bid = event["bp"], .ask = event["ap"], .last = {}, .base_volume = {}}, time_of(event["t"]));
  }
  if (name == "XA" || name == "XAS") {
    return make_quote(instrument, QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = event["c"], .base_volume = event["v"]}, time_of(event["s"]));
  }
  if (name == "XL2") {
    return make_book(instrument, event["b"], event["a"], {}, time_of(event["t"]));
  }
  if (name == "FMV") {
    return make_quote(instrument_of(event["sym"].text()), QuoteKind::index, last_only(event["fmv"]),
                      time_of(event["t"]));
  }
  return unsupported(name);
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
  return read_coin_event(name, event);
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
    const std::string named(first_text({body["symbol"].text(), symbol, asked}));
    return add_item(out,
                    body["last"]["price"].exists() ? read_trade(named, body["last"]) : read_quote(named, body["last"]));
  }
  if (body["close"].exists() && body["symbol"].exists()) {  // open and close of a day
    return add_item(out, make_quote(instrument_of(body["symbol"].text()), QuoteKind::candle, last_only(body["close"]),
                                    time_from_iso(body["day"].text())));
  }
  if (body["market"].exists() || body["results"].is_object()) {  // market status, indicators
    return add_item(out, Control{"status"});
  }
  if (body["results"].is_array()) {
    const Endpoint asked = split_endpoint(endpoint);
    const auto trades_of = segment_after(asked, "trades");
    const auto quotes_of = trades_of ? trades_of : segment_after(asked, "quotes");
    return read_results(first_text({body["ticker"].text(), symbol, quotes_of ? *quotes_of : std::string_view{}}),
                        body["results"], out);
  }
  add_item(out, missing("an answer has tickers"));
}

std::vector<std::string> PolygonAdapter::rest_targets(std::span<const std::string> symbols) const {
  return symbols.empty()
             ? std::vector<std::string>{}
             : std::vector{"/v2/snapshot/locale/global/markets/forex/tickers?tickers=" + percent_encoded(symbols)};
}

}  // namespace assay::fetchers
