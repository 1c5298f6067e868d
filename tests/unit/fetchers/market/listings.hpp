#pragma once
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/market/board.hpp"
#include "fetchers/market/dialogue.hpp"

/// Fifty coins' pairs and fifty pairs of currencies, and how an operator writes them for each venue.
namespace assay::fetchers::testing {

inline std::vector<market::Pair> coin_pairs() {
  constexpr std::array coins{"AAVE", "ALGO", "APT", "ARB",  "AVAX", "BNB", "BTC", "BCH", "ADA",
                             "LINK", "ATOM", "DAI", "DOGE", "ETH",  "ETC", "FIL", "LTC", "NEAR",
                             "OP",   "DOT",  "XRP", "SHIB", "SOL",  "XLM", "SUI"};
  std::vector<market::Pair> pairs;
  for (const char* coin : coins) {
    for (const char* quote : {"USD", "EUR"}) pairs.push_back({coin, quote});
  }
  return pairs;
}

inline std::vector<market::Pair> currency_pairs() {
  constexpr std::array currencies{"AED", "AUD", "BGN", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "GBP",
                                  "HKD", "HUF", "IDR", "ILS", "INR", "ISK", "JPY", "KRW", "MXN", "MYR",
                                  "NOK", "NZD", "PHP", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "USD",
                                  "ZAR", "ARS", "CLP", "COP", "EGP", "KES", "KWD", "MAD", "NGN", "PEN",
                                  "PKR", "QAR", "SAR", "TWD", "UAH", "VND", "BHD", "OMR", "JOD", "LKR"};
  static_assert(currencies.size() == 50);
  std::vector<market::Pair> pairs;
  for (const char* quote : currencies) pairs.push_back({"EUR", quote});
  return pairs;
}

/// The six pools of tokens that the adapter and the market both know: there are no fifty.
inline std::vector<market::Pair> pool_pairs() {
  return {{"WETH", "USDC"}, {"WETH", "USDT"}, {"WBTC", "WETH"}, {"WBTC", "USDC"}, {"USDC", "USDT"}, {"DAI", "USDC"}};
}

inline bool trades_currencies(std::string_view venue) {
  return venue == "ecb" || venue == "exchangerate_host" || venue == "oanda" || venue == "polygon" ||
         venue == "twelvedata";
}

inline std::vector<market::Pair> pairs_of(std::string_view venue) {
  return venue == "uniswap" ? pool_pairs() : trades_currencies(venue) ? currency_pairs() : coin_pairs();
}

inline std::vector<std::string> every_symbol() {
  std::vector<std::string> symbols;
  for (const auto& pairs : {coin_pairs(), currency_pairs(), pool_pairs()}) {
    for (const market::Pair& pair : pairs) symbols.push_back(pair.base + "/" + pair.quote);
  }
  return symbols;
}

/// As a node's configuration has it.
inline std::string configured(std::string_view venue, const market::Pair& pair) {
  const auto with = [&](const char* mark) { return pair.base + mark + pair.quote; };
  if (venue == "okx" || venue == "kucoin" || venue == "coinbase_exchange" || venue == "coinbase_advanced" ||
      venue == "dydx") {
    return with("-");
  }
  if (venue == "gateio" || venue == "crypto_com") return with("_");
  if (venue == "upbit" || venue == "bithumb") return pair.quote + "-" + pair.base;
  if (venue == "deribit") return pair.quote == "USD" ? pair.base + "-PERPETUAL" : with("_");
  if (venue == "hyperliquid") return pair.quote == "USD" ? pair.base : with("/");
  if (venue == "bitfinex") {  // which has made three letters of some
    const std::string base = pair.base == "ALGO" ? "ALG" : pair.base == "ATOM" ? "ATO" : pair.base;
    return "t" + base + (base.size() > 3 ? ":" : "") + pair.quote;
  }
  if (venue == "ecb") return pair.quote;
  if (venue == "polygon") return "C:" + with("");
  if (venue == "kraken" || venue == "coingecko" || venue == "uniswap" || trades_currencies(venue)) return with("/");
  return with("");
}

}  // namespace assay::fetchers::testing
