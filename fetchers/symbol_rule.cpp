#include "fetchers/symbol_rule.hpp"

#include <algorithm>
#include <iterator>

#include "fetchers/venues/bitfinex_rows.hpp"
#include "fetchers/venues/coingecko.hpp"

namespace assay::fetchers {
namespace {

using Name = std::optional<std::string>;

Name joined(const Pair& pair) {
  return pair.base + pair.quote;
}
Name lower_joined(const Pair& pair) {
  return lower_case(pair.base + pair.quote);
}
Name dashed(const Pair& pair) {
  return pair.base + "-" + pair.quote;
}
Name underlined(const Pair& pair) {
  return pair.base + "_" + pair.quote;
}
Name slashed(const Pair& pair) {
  return pair.base + "/" + pair.quote;
}
Name quote_first(const Pair& pair) {
  return pair.quote + "-" + pair.base;
}
/// "tBTCUSD"; a colon where a code is longer than three letters.
Name bitfinex(const Pair& pair) {
  const std::string base = bitfinex_code(pair.base);
  const std::string quote = bitfinex_code(pair.quote);
  return "t" + base + (base.size() > 3 || quote.size() > 3 ? ":" : "") + quote;
}
Name coingecko(const Pair& pair) {
  return coingecko_knows(pair.base) ? slashed(pair) : std::nullopt;
}
/// Spot alone: in dollars there are a perpetual, futures and an index.
Name deribit(const Pair& pair) {
  return pair.quote == "USD" ? std::nullopt : underlined(pair);
}
/// Perpetuals against the dollar; there are no others.
Name dydx(const Pair& pair) {
  return pair.quote == "USD" ? dashed(pair) : std::nullopt;
}
Name ecb(const Pair& pair) {
  return pair.base == "EUR" ? Name(pair.quote) : std::nullopt;
}
/// Perpetuals by their coin; spot instruments have numbers.
Name hyperliquid(const Pair& pair) {
  return pair.quote == "USD" ? Name(pair.base) : std::nullopt;
}
Name polygon(const Pair& pair) {
  return "C:" + pair.base + pair.quote;
}
/// Pools hold wrapped coins.
Name uniswap(const Pair& pair) {
  const auto token = [](const std::string& asset) { return asset == "ETH" || asset == "BTC" ? "W" + asset : asset; };
  return token(pair.base) + "/" + token(pair.quote);
}

struct Rule {
  std::string_view venue;
  Name (*name)(const Pair& pair);
};
constexpr Rule rules[] = {
    {"binance", joined},
    {"binance_us", joined},
    {"bitfinex", bitfinex},
    {"bitget", joined},
    {"bithumb", quote_first},
    {"bitstamp", lower_joined},
    {"bybit", joined},
    {"coinbase_advanced", dashed},
    {"coinbase_exchange", dashed},
    {"coingecko", coingecko},
    {"crypto_com", underlined},
    {"deribit", deribit},
    {"dydx", dydx},
    {"ecb", ecb},
    {"exchangerate_host", slashed},
    {"gateio", underlined},
    {"gemini", lower_joined},
    {"htx", lower_joined},
    {"hyperliquid", hyperliquid},
    {"kraken", slashed},
    {"kucoin", dashed},
    {"mexc", joined},
    {"oanda", slashed},
    {"okx", dashed},
    {"polygon", polygon},
    {"twelvedata", slashed},
    {"uniswap", uniswap},
    {"upbit", quote_first},
};

}  // namespace

std::optional<std::string> symbol_by_rule(std::string_view venue, const Pair& pair) {
  const auto rule = std::find_if(std::begin(rules), std::end(rules), [&](const Rule& r) { return r.venue == venue; });
  if (rule == std::end(rules) || pair.base.empty() || pair.quote.empty()) return std::nullopt;
  return rule->name({.base = canonical_asset(upper_case(pair.base)), .quote = canonical_asset(upper_case(pair.quote))});
}

}  // namespace assay::fetchers
