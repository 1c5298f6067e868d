#include "fetchers/venues/bybit_messages.hpp"

#include <array>
#include <vector>

#include "fetchers/venue_time.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 14> quotes = {"RLUSD", "USDT", "USDC", "USDE", "USD1", "EUR", "BRZ",
                                                     "DAI",   "BRL",  "TRY",  "MNT",  "USD",  "BTC", "ETH"};

/// The first of several names under which statements report their time, else the message's.
std::optional<WallTime> time_of(const BybitContext& context, JsonValue entry) {
  for (const std::string_view name : {"T", "trade_time_ms", "tradeTimeMs", "ts", "time", "t"}) {
    if (auto time = time_from_epoch(entry[name].text(), TimeUnit::by_size)) {
      return time;
    }
  }
  const auto written = time_from_iso(entry["time"].text());
  return written ? written : context.time;
}

Instrument instrument_of(const BybitContext& context, JsonValue entry) {
  return bybit_instrument(first_text({entry["symbol"].text(), entry["s"].text(), context.symbol}));
}

bool is_inverse(const BybitContext& context, const Instrument& instrument) {
  return context.category == "inverse" || (context.category.empty() && instrument.pair.quote == "USD");
}

constexpr std::size_t whole_digits_max = 20;

/// Early v2 tickers have the price in ten-thousandths alone; an exponent behind the digits keeps them.
ParsedItem read_scaled_ticker(const BybitContext& context, const Instrument& instrument, JsonValue entry) {
  ParsedItem item = make_quote(
      instrument, QuoteKind::ticker,
      {.bid = entry["bid1_price_e4"], .ask = entry["ask1_price_e4"], .last = entry["last_price_e4"], .base_volume = {}},
      time_of(context, entry));
  if (auto* quote = std::get_if<ParsedQuote>(&item)) {
    for (auto* price : {&quote->bid, &quote->ask, &quote->last}) {
      if (*price &&
          ((*price)->size() > whole_digits_max || (*price)->find_first_not_of("0123456789") != std::string::npos)) {
        return Refusal{.error = {Errc::bad_number, "whole ten-thousandths were due"}, .text = **price};
      }
      if (*price) {
        **price += "e-4";
      }
    }
  }
  return item;
}

/// v2 counts volumes in hundred-millionths too; an exponent behind the digits keeps them.
void add_scaled_volume(ParsedItem& item, JsonValue volume) {
  auto* quote = std::get_if<ParsedQuote>(&item);
  const std::string_view digits = volume.text();
  if (quote != nullptr && !quote->base_volume && !digits.empty() && digits.size() <= whole_digits_max &&
      digits.find_first_not_of("0123456789") == std::string_view::npos) {
    quote->base_volume = std::string(digits) + "e-8";
  }
}

bool is_quarter_code(std::string_view text) {
  return text.size() == 3 && text[0] >= 'A' && text[0] <= 'Z' && text[1] >= '0' && text[1] <= '9' && text[2] >= '0' &&
         text[2] <= '9';
}

ParsedItem read_sided_book(const BybitContext& context, JsonValue levels) {
  if (levels.size() == 0) {
    return Control{"empty"};
  }
  std::vector<BookLevel> book;
  for (const JsonValue level : levels) {
    book.push_back({.side = level["side"].text() == "Buy" ? BookSide::bid : BookSide::ask,
                    .price = level["price"],
                    .size = level["size"]});
  }
  return make_book(instrument_of(context, levels.at(0)), book, context.time);
}

}  // namespace

Instrument bybit_instrument(std::string_view symbol) {
  Instrument instrument{.symbol = std::string(symbol), .pair = {}};
  const std::size_t dash = symbol.find('-');
  std::string_view name = symbol.substr(0, dash);
  if (name.ends_with("PERP")) {
    instrument.pair = {.base = canonical_asset(name.substr(0, name.size() - 4)), .quote = "USDC"};
    return instrument;
  }
  if (name.size() > 6 && is_quarter_code(name.substr(name.size() - 3)) &&
      name.substr(0, name.size() - 3).ends_with("USD")) {
    name.remove_suffix(3);
  }
  instrument.pair = split_concatenated(name, quotes);
  if (dash != std::string_view::npos && instrument.pair.base.empty()) {
    instrument.pair = {.base = canonical_asset(name), .quote = symbol.ends_with("-USDT") ? "USDT" : "USDC"};
  }
  return instrument;
}

ParsedItem read_bybit_ticker(const BybitContext& context, JsonValue entry) {
  const Instrument instrument = instrument_of(context, entry);
  const bool inverse = is_inverse(context, instrument);
  const JsonValue scaled =
      first_field(entry, inverse ? std::initializer_list<std::string_view>{"turnover_24h_e8", "turnover24hE8"}
                                 : std::initializer_list<std::string_view>{"volume_24h_e8", "volume24hE8"});
  if (!entry["last_price"].exists() && entry["last_price_e4"].exists()) {
    ParsedItem item = read_scaled_ticker(context, instrument, entry);
    add_scaled_volume(item, scaled);
    return item;
  }
  const PriceFields fields{
      .bid = first_field(entry, {"bid1Price", "bidPrice", "bestBidPrice", "bid1_price", "bid_price", "bp", "bid"}),
      .ask = first_field(entry, {"ask1Price", "askPrice", "bestAskPrice", "ask1_price", "ask_price", "ap", "ask"}),
      .last = first_field(entry, {"lastPrice", "last_price", "lp", "c", "price"}),
      .base_volume = inverse ? first_field(entry, {"turnover24h", "turnover_24h"})
                             : first_field(entry, {"volume24h", "volume_24h", "volume", "v"})};
  const QuoteKind kind = fields.last.exists() ? QuoteKind::ticker : QuoteKind::bbo;
  ParsedItem item = make_listed_quote(instrument, kind, fields, time_of(context, entry));
  add_scaled_volume(item, scaled);
  return item;
}

ParsedItem read_bybit_trade(const BybitContext& context, JsonValue entry) {
  return make_quote(instrument_of(context, entry), QuoteKind::trade, last_only(first_field(entry, {"price", "p"})),
                    time_of(context, entry));
}

ParsedItem read_bybit_candle(const BybitContext& context, JsonValue entry) {
  const Instrument instrument = entry.is_array() ? bybit_instrument(context.symbol) : instrument_of(context, entry);
  const bool inverse = is_inverse(context, instrument);
  if (entry.is_array()) {  // [start, open, high, low, close, volume, turnover]; an index has no volumes
    return make_quote(instrument, QuoteKind::candle,
                      {.bid = {}, .ask = {}, .last = entry.at(4), .base_volume = entry.at(inverse ? 6 : 5)},
                      time_from_epoch(entry.at(0).text(), TimeUnit::by_size));
  }
  const auto own =
      time_from_epoch(first_field(entry, {"timestamp", "open_time", "start_at", "start"}).text(), TimeUnit::by_size);
  return make_quote(instrument, QuoteKind::candle,
                    {.bid = {},
                     .ask = {},
                     .last = first_field(entry, {"close", "c"}),
                     .base_volume = entry[inverse                    ? "turnover"
                                          : entry["volume"].exists() ? "volume"
                                                                     : "v"]},
                    own ? own : time_of(context, entry));
}

ParsedItem read_bybit_book(const BybitContext& context, JsonValue book) {
  if (book.is_array()) {
    return read_sided_book(context, book);
  }
  if (const JsonValue levels = first_field(book, {"order_book", "orderBook"}); levels.is_array()) {
    return read_sided_book(context, levels);
  }
  return make_book(instrument_of(context, book), first_field(book, {"b", "bids"}), first_field(book, {"a", "asks"}), {},
                   time_of(context, book));
}

Refusal bybit_error(JsonValue code, JsonValue said) {
  Refusal refusal = venue_refusal(std::string(code.text()) + " " + std::string(said.text()));
  // 10006 and 10018 are documented as rate limits of the user and of the address.
  if (code.text() == "10006" || code.text() == "10018") {
    refusal.error = {Errc::rate_limited, "the venue asks us to slow down"};
  }
  return refusal;
}

}  // namespace assay::fetchers
