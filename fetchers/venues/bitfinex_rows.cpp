#include "fetchers/venues/bitfinex_rows.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 17> quotes = {"USDT", "USDC", "XAUT", "MXNT", "USD", "EUR", "GBP", "JPY", "TRY",
                                                     "UST",  "UDC",  "EUT",  "EUS",  "BTC", "ETH", "CNH", "XCH"};

/// Codes of three letters that the venue made of longer ones.
struct Code {
  std::string_view theirs;
  std::string_view ours;
};
constexpr std::array<Code, 30> codes = {
    {{"UST", "USDT"},  {"UDC", "USDC"},  {"EUT", "EURT"},   {"EUS", "EURS"}, {"TSD", "TUSD"},   {"DSH", "DASH"},
     {"IOT", "IOTA"},  {"QTM", "QTUM"},  {"ALG", "ALGO"},   {"ATO", "ATOM"}, {"MNA", "MANA"},   {"STJ", "STORJ"},
     {"WBT", "WBTC"},  {"RBT", "RBTC"},  {"SNG", "SNGLS"},  {"QSH", "QASH"}, {"YYW", "YOYOW"},  {"DAT", "DATA"},
     {"AMP", "AMPL"},  {"PAS", "PASS"},  {"EDO", "PNT"},    {"GNT", "GLM"},  {"OMN", "OMNI"},   {"VSY", "VSYS"},
     {"DOG", "MDOGE"}, {"LUNA", "LUNC"}, {"LUNA2", "LUNA"}, {"BCHN", "BCH"}, {"BCHABC", "XEC"}, {"TERRAUST", "USTC"}}};

/// A derivative's sides end in F0: "BTCF0", "USTF0".
std::string asset(std::string_view code) {
  if (code.size() > 4 && code.ends_with("F0")) {
    code.remove_suffix(2);
  }
  for (const Code& known : codes) {
    if (known.theirs == code) {
      return std::string(known.ours);
    }
  }
  return canonical_asset(code);
}

bool is_scalar(JsonValue value) {
  return value.is_number() || value.is_string() || value.is_null();
}

/// A ticker from its fields behind the symbol, if there is one.
ParsedItem read_ticker(std::string_view symbol, JsonValue row, std::size_t first, std::optional<WallTime> time) {
  if (row.size() == 13 && row.at(6).is_null() && !time) {  // tickers/hist: bid, ask and when
    time = bitfinex_time(row.at(12));
  }
  return make_listed_quote(
      bitfinex_instrument(symbol), QuoteKind::ticker,
      {.bid = row.at(first), .ask = row.at(first + 2), .last = row.at(first + 6), .base_volume = row.at(first + 7)},
      time);
}

ParsedItem read_candle(std::string_view symbol, JsonValue row) {
  return make_quote(bitfinex_instrument(symbol), QuoteKind::candle,
                    {.bid = {}, .ask = {}, .last = row.at(2), .base_volume = row.at(5)}, bitfinex_time(row.at(0)));
}

/// The sign of a level's amount is its side.
ParsedItem read_book(std::string_view symbol, JsonValue rows, std::optional<WallTime> time) {
  std::vector<BookLevel> levels;
  for (const JsonValue row : rows) {
    levels.push_back({.side = row.at(2).text().starts_with('-') ? BookSide::ask : BookSide::bid,
                      .price = row.at(0),
                      .size = row.at(2)});
  }
  return make_book(bitfinex_instrument(symbol), levels, time);
}

ParsedItem read_row(std::string_view symbol, JsonValue row, std::optional<WallTime> time) {
  if (row.at(0).is_string()) {  // a list of tickers names each
    const std::string_view named = row.at(0).text();
    if (named == "pos") {
      return Control{"liquidation"};
    }
    if (bitfinex_time(row.at(1))) {  // status of a derivative: mark price, funding, open interest
      return Control{"status"};
    }
    if (!named.starts_with('t') && !is_bitfinex_funding(named)) {
      return unsupported(named);
    }
    return is_bitfinex_funding(named) ? ParsedItem{Control{"funding"}} : read_ticker(named, row, 1, time);
  }
  if (row.size() >= 10 && bitfinex_time(row.at(0))) {
    return Control{"status"};
  }
  if (row.size() >= 14) {  // a ticker of loans has six columns more
    return Control{"funding"};
  }
  if (row.size() >= 10) {
    return read_ticker(symbol, row, 0, time);
  }
  if (row.size() == 6 && bitfinex_time(row.at(0))) {
    return read_candle(symbol, row);
  }
  if (row.size() == 4 && bitfinex_time(row.at(1))) {
    return read_bitfinex_trade(symbol, row);
  }
  return unsupported(symbol);
}

}  // namespace

bool is_bitfinex_funding(std::string_view symbol) {
  return symbol.size() > 1 && symbol[0] == 'f' && symbol[1] >= 'A' && symbol[1] <= 'Z';
}

Instrument bitfinex_instrument(std::string_view symbol) {
  Instrument instrument{.symbol = std::string(symbol), .pair = {}};
  if (symbol.size() > 1 && symbol[0] == 't' && symbol[1] >= '0' && symbol[1] <= 'Z') {
    symbol.remove_prefix(1);
  }
  if (const std::size_t colon = symbol.find(':'); colon != std::string_view::npos) {
    instrument.pair = {.base = asset(upper_case(symbol.substr(0, colon))),
                       .quote = asset(upper_case(symbol.substr(colon + 1)))};
    return instrument;
  }
  const Pair pair = split_concatenated(symbol, quotes);
  instrument.pair = {.base = asset(pair.base), .quote = asset(pair.quote)};
  return instrument;
}

std::string_view bitfinex_symbol_of_key(std::string_view key) {
  const std::size_t first = key.find(':');
  const std::size_t second = first == std::string_view::npos ? first : key.find(':', first + 1);
  return second == std::string_view::npos ? std::string_view{} : key.substr(second + 1);
}

std::string bitfinex_code(std::string_view asset) {
  const auto known = std::find_if(codes.begin(), codes.end(), [&](const Code& code) { return code.ours == asset; });
  return std::string(known == codes.end() ? asset : known->theirs);
}

std::optional<WallTime> bitfinex_time(JsonValue value) {
  return value.text().size() == 13 ? time_from_epoch(value.text(), TimeUnit::millis_or_micros) : std::nullopt;
}

ParsedItem read_bitfinex_trade(std::string_view symbol, JsonValue row) {
  return make_quote(bitfinex_instrument(symbol), QuoteKind::trade, last_only(row.at(3)), bitfinex_time(row.at(1)));
}

void read_bitfinex_rows(std::string_view symbol, JsonValue payload, std::optional<WallTime> time, Parsed& out) {
  if (is_bitfinex_funding(symbol)) {
    return add_item(out, Control{"funding"});
  }
  const JsonValue first = payload.at(0);
  if (first.is_array() && first.size() == 3 && is_scalar(first.at(0))) {
    return add_item(out, read_book(symbol, payload, time));
  }
  if (first.exists() && !first.is_array()) {
    return add_item(out, payload.size() == 3 ? ParsedItem{Control{"delta"}} : read_row(symbol, payload, time));
  }
  read_each(payload, out, [&](JsonValue row) { return read_row(symbol, row, time); });
}

}  // namespace assay::fetchers
