#include "fetchers/symbols.hpp"

#include <algorithm>
#include <array>

namespace assay::fetchers {

namespace {

/// Assets whose last letters make a concatenated symbol read two ways: ...B + USD, ...T + USD, ...X + USD, ...FD + USD,
/// ...G + USD, ...H + USD, ...A + EUR.
constexpr std::array<std::string_view, 60> doubtful_bases = {
    "ANT",  "APT",  "ARB",  "AVAX", "BAT",   "BNB", "BNT",   "CKB",  "CVX",  "DOT",  "DYDX", "FET",
    "FLUX", "FRAX", "FTT",  "GMT",  "GRT",   "IMX", "IOST",  "KDA",  "LIT",  "LPT",  "MINT", "NMT",
    "OXT",  "QNT",  "RNDR", "SHIB", "SNT",   "SNX", "STORJ", "TRB",  "TRX",  "PAXG", "STG",  "DOG",
    "ADA",  "GALA", "LUNA", "MANA", "THETA", "ETH", "BCH",   "DASH", "AMB",  "BTT",  "CFX",  "GMX",
    "HOT",  "ICX",  "MOB",  "MOVR", "NXT",   "ONT", "PHB",   "STX",  "USDT", "VET",  "XAUT", "ZRX"};

/// Kraken's own codes from before it used common tickers; X marks coins, Z state money.
constexpr std::array<std::string_view, 21> kraken_legacy = {"XETC", "XETH", "XICN", "XLTC", "XMLN", "XNMC", "XREP",
                                                            "XXBT", "XXDG", "XXLM", "XXMR", "XXRP", "XXVN", "XZEC",
                                                            "ZAUD", "ZCAD", "ZEUR", "ZGBP", "ZJPY", "ZKRW", "ZUSD"};

/// No quote asset that ends a common base and "USD" as well: with TUSD, XBTUSD would be XB/TUSD.
constexpr std::array<std::string_view, 23> kraken_quotes = {
    "RLUSD", "USDT", "USDC", "USDG", "USDQ", "EURT", "EURC", "EURQ", "EURR", "XBT", "ETH", "USD",
    "EUR",   "GBP",  "CAD",  "JPY",  "CHF",  "AUD",  "AED",  "DAI",  "BTC",  "DOT", "SOL"};

bool is_kraken_legacy(std::string_view code) {
  return std::find(kraken_legacy.begin(), kraken_legacy.end(), code) != kraken_legacy.end();
}

std::string kraken_asset(std::string_view code) {
  return canonical_asset(is_kraken_legacy(code) ? code.substr(1) : code);
}

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_contract_suffix(std::string_view text) {
  return text == "PERP" || (!text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos);
}

}  // namespace

std::string canonical_asset(std::string_view code) {
  if (code == "XBT") {
    return "BTC";
  }
  return std::string(code == "XDG" ? std::string_view("DOGE") : code);
}

Pair split_delimited(std::string_view symbol) {
  const std::size_t at = symbol.find_first_of("-/_");
  if (at == std::string_view::npos || at == 0 || at + 1 == symbol.size()) {
    return {};
  }
  return {.base = canonical_asset(symbol.substr(0, at)), .quote = canonical_asset(symbol.substr(at + 1))};
}

Pair split_concatenated(std::string_view symbol, std::span<const std::string_view> quotes) {
  std::string text = upper_case(symbol);
  if (const std::size_t cut = text.find('_'); cut != std::string::npos && is_contract_suffix(text.substr(cut + 1))) {
    text.resize(cut);
  }
  Pair longest;
  for (const std::string_view quote : quotes) {
    if (text.size() <= quote.size() || !text.ends_with(quote)) {
      continue;
    }
    const std::string base = text.substr(0, text.size() - quote.size());
    const bool known = std::find(doubtful_bases.begin(), doubtful_bases.end(), base) != doubtful_bases.end();
    if (known) {
      return {.base = base, .quote = std::string(quote)};
    }
    if (longest.base.empty()) {
      longest = {.base = canonical_asset(base), .quote = std::string(quote)};
    }
  }
  return longest;
}

Pair split_kraken(std::string_view symbol) {
  if (symbol.find('/') != std::string_view::npos) {
    return split_delimited(symbol);
  }
  if (symbol.size() == 8) {
    const std::string_view base = symbol.substr(0, 4);
    const std::string_view quote = symbol.substr(4);
    // USDTZUSD is the one pair that joins a new code with an old one.
    if (is_kraken_legacy(quote) && (is_kraken_legacy(base) || base == "USDT")) {
      return {.base = kraken_asset(base), .quote = kraken_asset(quote)};
    }
  }
  const auto quote = std::find_if(kraken_quotes.begin(), kraken_quotes.end(), [&](std::string_view candidate) {
    return symbol.size() > candidate.size() && symbol.ends_with(candidate);
  });
  if (quote == kraken_quotes.end()) {
    return {};
  }
  return {.base = kraken_asset(symbol.substr(0, symbol.size() - quote->size())), .quote = canonical_asset(*quote)};
}

std::string upper_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), upper);
  return out;
}

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

}  // namespace assay::fetchers
