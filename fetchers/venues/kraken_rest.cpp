#include "fetchers/venue_time.hpp"
#include "fetchers/venues/kraken_messages.hpp"

namespace assay::fetchers {

namespace {

std::optional<WallTime> time_of(JsonValue seconds) {
  return time_from_epoch(seconds.text(), TimeUnit::seconds);
}

/// Trades [price, volume, time, "b" | "s", ...], Spread [time, bid, ask], OHLC [time, o, h, l, c, average, volume,
/// count].
ParsedItem read_row(const Instrument& instrument, JsonValue row) {
  if (row.at(3).text() == "b" || row.at(3).text() == "s") {
    return make_quote(instrument, QuoteKind::trade, last_only(row.at(0)), time_of(row.at(2)));
  }
  if (row.size() == 3) {
    return make_quote(instrument, QuoteKind::bbo, {.bid = row.at(1), .ask = row.at(2), .last = {}, .base_volume = {}},
                      time_of(row.at(0)));
  }
  if (row.size() >= 8) {
    return make_quote(instrument, QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = row.at(4), .base_volume = row.at(6)}, time_of(row.at(0)));
  }
  return Refusal{.error = {Errc::missing_field, "a row of trades, candles or spreads was due"},
                 .text = printable(instrument.symbol)};
}

void read_rows(const Instrument& instrument, JsonValue rows, Parsed& out) {
  if (rows.size() == 0) {
    return add_item(out, Control{"empty"});
  }
  for (const JsonValue row : rows) {
    if (is_full(out)) {
      return;
    }
    add_item(out, read_row(instrument, row));
  }
}

void read_pair(JsonValue value, Parsed& out) {
  const Instrument instrument = kraken_instrument(value.key());
  if (value.is_array()) {
    return read_rows(instrument, value, out);
  }
  if (value["asks"].exists() || value["bids"].exists()) {
    return add_item(out, make_book(instrument, value["bids"], value["asks"], {}, std::nullopt));
  }
  if (value["a"].is_array() || value["b"].is_array() || value["c"].is_array()) {
    return add_item(out, kraken_ticker(instrument, value));
  }
  add_item(out, Refusal{.error = {Errc::unsupported, "an answer that is not read"}, .text = printable(value.key())});
}

/// PreTrade, GroupedBook and Level3: one book that names its pair itself.
ParsedItem read_named_book(JsonValue result) {
  return make_book(kraken_instrument(first_text({result["symbol"].text(), result["pair"].text()})), result["bids"],
                   result["asks"], {}, std::nullopt);
}

/// PostTrade: trades of many pairs.
ParsedItem read_post_trade(JsonValue trade) {
  return make_quote(kraken_instrument(trade["symbol"].text()), QuoteKind::trade, last_only(trade["price"]),
                    time_from_iso(trade["trade_ts"].text()));
}

bool is_instrument(JsonValue value) {
  return value["altname"].exists() || value["aclass"].exists();
}

void read_result(JsonValue result, Parsed& out) {
  if (result["unixtime"].exists()) {
    return add_item(out, Control{"time"});
  }
  if (result["status"].is_string()) {
    return add_item(out, Control{"status"});
  }
  if (result["bids"].is_array() || result["asks"].is_array()) {
    return add_item(out, read_named_book(result));
  }
  if (result["trades"].is_array()) {
    return read_each(result["trades"], out, read_post_trade);
  }
  if (is_instrument(result.at(0))) {
    return add_item(out, Control{"instruments"});
  }
  for (const JsonValue value : result) {
    if (is_full(out)) {
      return;
    }
    if (value.key() != "last") {  // the cursor of Trades, OHLC and Spread
      read_pair(value, out);
    }
  }
  if (out.items.empty()) {
    add_item(out, Control{"empty"});
  }
}

}  // namespace

Instrument kraken_instrument(std::string_view symbol) {
  return {.symbol = std::string(symbol), .pair = split_kraken(symbol)};
}

ParsedItem kraken_ticker(const Instrument& instrument, JsonValue fields) {
  return make_quote(
      instrument, QuoteKind::ticker,
      {.bid = fields["b"].at(0), .ask = fields["a"].at(0), .last = fields["c"].at(0), .base_volume = fields["v"].at(1)},
      std::nullopt);
}

void read_kraken_rest(JsonValue body, Parsed& out) {
  const JsonValue errors = body["error"];
  const JsonValue result = body["result"];
  if (!errors.is_array()) {
    return add_item(out, Refusal{.error = {Errc::missing_field, "an answer has a list of errors"}, .text = {}});
  }
  // Severity is the first letter: E error, W warning; a warning comes with a result.
  if (errors.size() > 0 && (!result.exists() || errors.at(0).text().starts_with('E'))) {
    return add_item(out, venue_refusal(errors.at(0).text()));
  }
  if (!result.is_object()) {
    return add_item(out, Refusal{.error = {Errc::missing_field, "an answer has a result"}, .text = {}});
  }
  read_result(result, out);
}

}  // namespace assay::fetchers
