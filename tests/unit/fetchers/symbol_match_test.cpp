#include "fetchers/symbol_match.hpp"

#include <gtest/gtest.h>

namespace assay::fetchers {
namespace {

ParsedQuote said(std::string symbol, std::string base, std::string quote) {
  ParsedQuote parsed;
  parsed.symbol = std::move(symbol);
  parsed.base = std::move(base);
  parsed.quote = std::move(quote);
  return parsed;
}

TEST(SymbolMatch, keeps_a_symbol_that_is_configured) {
  EXPECT_EQ(configured_symbol(said("BTC-USD", "BTC", "USD"), {"ETH-USD", "BTC-USD"}), "BTC-USD");
  EXPECT_EQ(configured_symbol(said("X", "", ""), {"X"}), "X");
}

TEST(SymbolMatch, finds_the_configured_spelling_of_the_same_pair) {
  EXPECT_EQ(configured_symbol(said("XXBTZUSD", "BTC", "USD"), {"ETH/USD", "BTC/USD"}), "BTC/USD");
  EXPECT_EQ(configured_symbol(said("XXBTZUSD", "BTC", "USD"), {"XBT/USD"}), "XBT/USD");
  EXPECT_EQ(configured_symbol(said("XETHXXBT", "ETH", "BTC"), {"ETH/XBT"}), "ETH/XBT");
  EXPECT_EQ(configured_symbol(said("BTCUSDT", "BTC", "USDT"), {"btcusdt"}), "btcusdt");
}

TEST(SymbolMatch, names_none_when_nothing_or_too_much_fits) {
  EXPECT_EQ(configured_symbol(said("XXBTZEUR", "BTC", "EUR"), {"BTC/USD"}), std::nullopt);
  EXPECT_EQ(configured_symbol(said("XXBTZUSD", "BTC", "USD"), {"BTC/USD", "XBT/USD"}), std::nullopt);
  EXPECT_EQ(configured_symbol(said("tBTCUSD", "", ""), {"BTCUSD"}), std::nullopt);
}

TEST(SymbolMatch, calls_a_symbol_by_its_name_if_it_has_one) {
  const std::map<std::string, std::string> names = {{"0xPOOL", "ETH/USDC"}};
  EXPECT_EQ(name_in(names, "0xPOOL"), "ETH/USDC");
  const std::string plain = "BTC/USD";
  EXPECT_EQ(name_in(names, plain), "BTC/USD");
}

}  // namespace
}  // namespace assay::fetchers
