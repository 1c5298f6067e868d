#include "fetchers/instruments.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/nearest.hpp"
#include "fetchers/described.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/symbol_match.hpp"

namespace assay::fetchers {
namespace {

/// Where a venue's list keeps what. Pointers as in described.hpp.
struct ListFormat {
  std::string_view venue;
  std::string_view target;
  std::string_view body = {};     ///< "" asks by GET
  std::string_view entries = {};  ///< a list, or an object whose members are the entries
  std::string_view symbol = {};   ///< "" when the entries are texts; "@key" their name in the object
  std::string_view base = {};
  std::string_view quote = {};
  std::string_view status = {};                      ///< "" when everything that is listed is traded
  std::string_view trading = {};                     ///< what it says then; several words with '|' between
  std::string_view prefix = {};                      ///< of our symbols, before the list's
  bool (*holds)(std::string_view symbol) = nullptr;  ///< whether a symbol is of this list's kind; none: every one is
};

bool is_index(std::string_view symbol) {  // Deribit: "btc_usd" beside "BTC-PERPETUAL"
  return lower_case(symbol) == symbol;
}
bool is_coin(std::string_view symbol) {  // Hyperliquid: "BTC", but neither "PURR/USDC", "@107" nor "dex:BTC"
  return symbol.find_first_of("/@:") == std::string_view::npos;
}
bool is_spot_coin(std::string_view symbol) {
  return symbol.find_first_of("/@") != std::string_view::npos;
}
bool is_bitfinex_future(std::string_view symbol) {  // "tBTCF0:USTF0"
  return symbol.ends_with("F0");
}
bool is_plain_product(std::string_view symbol) {  // Coinbase: "BTC-USD" beside "BTC-PERP-INTX"
  return std::count(symbol.begin(), symbol.end(), '-') == 1;
}
template <bool (*Is)(std::string_view)>
bool is_not(std::string_view symbol) {
  return !Is(symbol);
}

enum class OkxKind : std::uint8_t { spot, swap, futures, option };
/// OKX keeps its kinds apart, as its tickers do.
template <OkxKind Kind>
bool is_okx(std::string_view symbol) {
  const auto dashes = std::count(symbol.begin(), symbol.end(), '-');
  if (dashes < 2) return Kind == OkxKind::spot;
  if (symbol.ends_with("-SWAP")) return Kind == OkxKind::swap;
  return Kind == (dashes > 2 ? OkxKind::option : OkxKind::futures);
}

/// The pairs of one kind; their list is nothing but names.
constexpr ListFormat bitfinex_list(std::string_view target, bool (*holds)(std::string_view)) {
  return {.venue = "bitfinex", .target = target, .entries = "/0", .prefix = "t", .holds = holds};
}
constexpr ListFormat coinbase_list(std::string_view target, bool (*holds)(std::string_view)) {
  return {.venue = "coinbase_advanced",
          .target = target,
          .entries = "/products",
          .symbol = "/product_id",
          .base = "/base_currency_id",
          .quote = "/quote_currency_id",
          .status = "/trading_disabled",
          .trading = "false",
          .holds = holds};
}
constexpr ListFormat okx_list(std::string_view target, bool (*holds)(std::string_view)) {
  return {.venue = "okx",
          .target = target,
          .entries = "/data",
          .symbol = "/instId",
          .base = "/baseCcy",
          .quote = "/quoteCcy",
          .status = "/state",
          .trading = "live",
          .holds = holds};
}

constexpr ListFormat formats[] = {
    {.venue = "binance",
     .target = "/api/v3/exchangeInfo?permissions=SPOT&showPermissionSets=false",
     .entries = "/symbols",
     .symbol = "/symbol",
     .base = "/baseAsset",
     .quote = "/quoteAsset",
     .status = "/status",
     .trading = "TRADING"},
    {.venue = "binance_us",
     .target = "/api/v3/exchangeInfo",
     .entries = "/symbols",
     .symbol = "/symbol",
     .base = "/baseAsset",
     .quote = "/quoteAsset",
     .status = "/status",
     .trading = "TRADING"},
    bitfinex_list("/v2/conf/pub:list:pair:exchange", is_not<is_bitfinex_future>),
    bitfinex_list("/v2/conf/pub:list:pair:futures", is_bitfinex_future),
    {.venue = "bitget",
     .target = "/api/v2/spot/public/symbols",
     .entries = "/data",
     .symbol = "/symbol",
     .base = "/baseCoin",
     .quote = "/quoteCoin",
     .status = "/status",
     .trading = "online"},
    {.venue = "bithumb", .target = "/v1/market/all", .symbol = "/market"},
    {.venue = "bitstamp",
     .target = "/api/v2/trading-pairs-info/",
     .symbol = "/url_symbol",
     .status = "/trading",
     .trading = "Enabled"},
    {.venue = "bybit",
     .target = "/v5/market/instruments-info?category=spot",
     .entries = "/result/list",
     .symbol = "/symbol",
     .base = "/baseCoin",
     .quote = "/quoteCoin",
     .status = "/status",
     .trading = "Trading"},
    coinbase_list("/api/v3/brokerage/market/products?product_type=SPOT", is_plain_product),
    coinbase_list("/api/v3/brokerage/market/products?product_type=FUTURE", is_not<is_plain_product>),
    {.venue = "coinbase_exchange",
     .target = "/products",
     .symbol = "/id",
     .base = "/base_currency",
     .quote = "/quote_currency",
     .status = "/status",
     .trading = "online"},
    {.venue = "crypto_com",
     .target = "/exchange/v1/public/get-instruments",
     .entries = "/result/data",
     .symbol = "/symbol",
     .base = "/base_ccy",
     .quote = "/quote_ccy",
     .status = "/tradable",
     .trading = "true"},
    {.venue = "deribit",
     .target = "/api/v2/public/get_instruments?currency=any&expired=false",
     .entries = "/result",
     .symbol = "/instrument_name",
     .base = "/base_currency",
     .quote = "/quote_currency",
     .status = "/is_active",
     .trading = "true",
     .holds = is_not<is_index>},
    {.venue = "deribit", .target = "/api/v2/public/get_index_price_names", .entries = "/result", .holds = is_index},
    {.venue = "dydx",
     .target = "/v4/perpetualMarkets",
     .entries = "/markets",
     .symbol = "@key",
     .status = "/status",
     .trading = "ACTIVE"},
    {.venue = "gateio",
     .target = "/api/v4/spot/currency_pairs",
     .symbol = "/id",
     .base = "/base",
     .quote = "/quote",
     .status = "/trade_status",
     .trading = "tradable"},
    {.venue = "gemini", .target = "/v1/symbols"},
    {.venue = "htx",
     .target = "/v1/common/symbols",
     .entries = "/data",
     .symbol = "/symbol",
     .base = "/base-currency",
     .quote = "/quote-currency",
     .status = "/state",
     .trading = "online"},
    {.venue = "hyperliquid",
     .target = "/info",
     .body = R"({"type":"meta"})",
     .entries = "/universe",
     .symbol = "/name",
     .status = "/isDelisted",
     .trading = "false",
     .holds = is_coin},
    {.venue = "hyperliquid",
     .target = "/info",
     .body = R"({"type":"spotMeta"})",
     .entries = "/universe",
     .symbol = "/name",
     .holds = is_spot_coin},
    {.venue = "kraken",
     .target = "/0/public/AssetPairs",
     .entries = "/result",
     .symbol = "/wsname",
     .status = "/status",
     .trading = "online|limit_only"},
    {.venue = "kucoin",
     .target = "/api/v2/symbols",
     .entries = "/data",
     .symbol = "/symbol",
     .base = "/baseCurrency",
     .quote = "/quoteCurrency",
     .status = "/enableTrading",
     .trading = "true"},
    {.venue = "mexc",
     .target = "/api/v3/exchangeInfo",
     .entries = "/symbols",
     .symbol = "/symbol",
     .base = "/baseAsset",
     .quote = "/quoteAsset",
     .status = "/status",
     .trading = "1|ENABLED"},
    okx_list("/api/v5/public/instruments?instType=SPOT", is_okx<OkxKind::spot>),
    okx_list("/api/v5/public/instruments?instType=SWAP", is_okx<OkxKind::swap>),
    okx_list("/api/v5/public/instruments?instType=FUTURES", is_okx<OkxKind::futures>),
    {.venue = "upbit", .target = "/v1/market/all", .symbol = "/market"},
};

std::string_view text_of(JsonValue value) {
  if (value.is_true()) return "true";
  if (value.is_false()) return "false";
  return value.text();
}

bool is_one_of(std::string_view word, std::string_view words) {
  for (;;) {
    const std::size_t bar = words.find('|');
    if (word == words.substr(0, bar)) return true;
    if (bar == std::string_view::npos) return false;
    words.remove_prefix(bar + 1);
  }
}

/// "BTC-USD" and "XBT/USD"; the Korean houses write the quote first.
Pair pair_of(std::string_view venue, std::string_view symbol) {
  Pair pair = split_delimited(symbol);
  if (venue == "upbit" || venue == "bithumb") std::swap(pair.base, pair.quote);
  return pair;
}

ListedInstrument read_entry(const ListFormat& format, JsonValue entry) {
  const auto field = [&](std::string_view pointer) {
    return pointer == "@key" ? entry.key() : text_of(resolve(entry, pointer));
  };
  ListedInstrument instrument;
  instrument.symbol = std::string(format.prefix) + std::string(field(format.symbol));
  if (format.base.empty()) {
    instrument.pair = pair_of(format.venue, instrument.symbol);
  } else {
    instrument.pair = {canonical_asset(upper_case(field(format.base))),
                       canonical_asset(upper_case(field(format.quote)))};
  }
  const std::string_view status = format.status.empty() ? std::string_view{} : field(format.status);
  if (!status.empty() && !is_one_of(status, format.trading)) instrument.status = printable(status.substr(0, 32));
  return instrument;
}

/// The one of these that takes the fewest edits, letters and digits alone compared.
const ListedInstrument* nearest_of(const std::string& symbol, const std::vector<const ListedInstrument*>& listed) {
  std::vector<std::string> plain;
  plain.reserve(listed.size());
  for (const ListedInstrument* one : listed) plain.push_back(plain_symbol(one->symbol));
  const std::vector<std::string_view> words(plain.begin(), plain.end());
  const auto word = nearest(plain_symbol(symbol), words);
  if (!word) return nullptr;
  const auto found =
      std::find_if(words.begin(), words.end(), [&](std::string_view one) { return one.data() == word->data(); });
  return listed[static_cast<std::size_t>(found - words.begin())];
}

/// The listed instrument that the writer of this symbol probably meant; null when none is near.
const ListedInstrument* meant(const std::string& symbol, const Pair& pair, std::span<const ListedInstrument> listed) {
  std::vector<const ListedInstrument*> same_base;
  std::vector<const ListedInstrument*> all;
  for (const ListedInstrument& one : listed) {
    if (!one.status.empty() || one.symbol == symbol) continue;
    if (!pair.base.empty() && one.pair == pair) return &one;
    if (!pair.base.empty() && one.pair.base == pair.base) same_base.push_back(&one);
    all.push_back(&one);
  }
  const ListedInstrument* close = nearest_of(symbol, same_base.empty() ? all : same_base);
  return close == nullptr && !same_base.empty() ? same_base.front() : close;
}

}  // namespace

std::vector<InstrumentQuestion> instrument_questions(std::string_view venue, std::span<const std::string> symbols) {
  std::vector<InstrumentQuestion> questions;
  for (std::size_t i = 0; i < std::size(formats); ++i) {
    const ListFormat& format = formats[i];
    if (format.venue != venue) continue;
    std::vector<std::string> held;
    std::copy_if(symbols.begin(), symbols.end(), std::back_inserter(held),
                 [&](const std::string& symbol) { return format.holds == nullptr || format.holds(symbol); });
    if (held.empty()) continue;
    RestPost request{.target = std::string(format.target), .body = std::string(format.body)};
    questions.push_back({.request = std::move(request), .format = i, .symbols = std::move(held)});
  }
  return questions;
}

Result<std::vector<ListedInstrument>> read_instruments(const InstrumentQuestion& question, ByteSpan body) {
  const auto document = read_payload(body);
  if (!document) return document.error();
  const ListFormat& format = formats[question.format];
  const JsonValue entries = resolve(document->root(), format.entries);
  if (entries.size() == 0 || (format.symbol.empty() && !entries.at(0).is_string()))
    return Error{Errc::missing_field, "a list of instruments"};
  if (entries.size() > instruments_max) return Error{Errc::too_large, "a list of at most 65,536 instruments"};
  std::vector<ListedInstrument> listed;
  listed.reserve(entries.size());
  for (const JsonValue entry : entries) {
    ListedInstrument instrument = read_entry(format, entry);
    const bool named = instrument.symbol.size() > format.prefix.size() && instrument.symbol.size() <= field_length_max;
    if (named) listed.push_back(std::move(instrument));
  }
  if (listed.empty()) return Error{Errc::missing_field, "instruments with a name"};
  return listed;
}

std::vector<InstrumentProblem> instrument_problems(std::span<const std::string> symbols,
                                                   const std::map<std::string, Pair>& pairs,
                                                   std::span<const ListedInstrument> listed) {
  std::map<std::string, const ListedInstrument*> by_letters;
  for (const ListedInstrument& one : listed) {
    const ListedInstrument*& place = by_letters[plain_symbol(one.symbol)];
    if (place == nullptr || !place->status.empty()) place = &one;
  }
  std::vector<InstrumentProblem> problems;
  for (const std::string& symbol : symbols) {
    const auto found = by_letters.find(plain_symbol(symbol));
    if (found != by_letters.end() && found->second->status.empty()) continue;
    InstrumentProblem problem{.symbol = symbol, .listed = found != by_letters.end(), .text = symbol};
    problem.text += problem.listed ? " is not traded (" + found->second->status + ")" : " is not listed";
    const auto pair = pairs.find(symbol);
    const ListedInstrument* close = meant(symbol, pair == pairs.end() ? Pair{} : pair->second, listed);
    if (close != nullptr) problem.text += "; nearest: " + close->symbol;
    problems.push_back(std::move(problem));
  }
  return problems;
}

}  // namespace assay::fetchers
