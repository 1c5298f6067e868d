#include "fetchers/symbols.hpp"

#include <gtest/gtest.h>

#include <array>

namespace assay::fetchers {
namespace {

constexpr std::array<std::string_view, 9> quotes = {"FDUSD", "USDT", "USDC", "BUSD", "TUSD",
                                                    "USD",   "EUR",  "BTC",  "BNB"};

TEST(Symbols, a_delimiter_splits_and_old_codes_become_common) {
  EXPECT_EQ(split_delimited("BTC-USD"), (Pair{"BTC", "USD"}));
  EXPECT_EQ(split_delimited("ADA/XBT"), (Pair{"ADA", "BTC"}));
  EXPECT_EQ(split_delimited("XDG/EUR"), (Pair{"DOGE", "EUR"}));
  EXPECT_EQ(split_delimited("AAPLx/USD"), (Pair{"AAPLx", "USD"}));
  EXPECT_EQ(split_delimited("BTCUSD"), Pair{});
  EXPECT_EQ(split_delimited("-USD"), Pair{});
  EXPECT_EQ(split_delimited("BTC-"), Pair{});
  EXPECT_EQ(split_delimited(""), Pair{});
}

TEST(Symbols, the_longest_quote_asset_splits_a_concatenated_symbol) {
  EXPECT_EQ(split_concatenated("BTCUSDT", quotes), (Pair{"BTC", "USDT"}));
  EXPECT_EQ(split_concatenated("btcfdusd", quotes), (Pair{"BTC", "FDUSD"}));
  EXPECT_EQ(split_concatenated("USDCUSDT", quotes), (Pair{"USDC", "USDT"}));
  EXPECT_EQ(split_concatenated("OMGBUSD", quotes), (Pair{"OMG", "BUSD"}));
  EXPECT_EQ(split_concatenated("1INCHBTC", quotes), (Pair{"1INCH", "BTC"}));
}

TEST(Symbols, a_known_base_outranks_a_longer_quote_asset) {
  EXPECT_EQ(split_concatenated("BNBUSD", quotes), (Pair{"BNB", "USD"}));
  EXPECT_EQ(split_concatenated("DOTUSD", quotes), (Pair{"DOT", "USD"}));
  EXPECT_EQ(split_concatenated("BNBBUSD", quotes), (Pair{"BNB", "BUSD"}));
  EXPECT_EQ(split_concatenated("DOTTUSD", quotes), (Pair{"DOT", "TUSD"}));
  constexpr std::array<std::string_view, 4> others = {"AEUR", "HUSD", "USD", "EUR"};
  EXPECT_EQ(split_concatenated("ADAEUR", others), (Pair{"ADA", "EUR"}));
  EXPECT_EQ(split_concatenated("ADAAEUR", others), (Pair{"ADA", "AEUR"}));
  EXPECT_EQ(split_concatenated("ethusd", others), (Pair{"ETH", "USD"}));
}

TEST(Symbols, contract_suffixes_are_cut) {
  EXPECT_EQ(split_concatenated("BTCUSD_PERP", quotes), (Pair{"BTC", "USD"}));
  EXPECT_EQ(split_concatenated("BTCUSDT_240927", quotes), (Pair{"BTC", "USDT"}));
}

TEST(Symbols, what_ends_in_no_quote_asset_stays_unsplit) {
  EXPECT_EQ(split_concatenated("USDT", quotes), Pair{});
  EXPECT_EQ(split_concatenated("BTCXYZ", quotes), Pair{});
  EXPECT_EQ(split_concatenated("", quotes), Pair{});
}

TEST(Symbols, kraken_writes_one_pair_in_many_ways) {
  EXPECT_EQ(split_kraken("XXBTZUSD"), (Pair{"BTC", "USD"}));
  EXPECT_EQ(split_kraken("XBTUSD"), (Pair{"BTC", "USD"}));
  EXPECT_EQ(split_kraken("XBT/USD"), (Pair{"BTC", "USD"}));
  EXPECT_EQ(split_kraken("BTC/USD"), (Pair{"BTC", "USD"}));
  EXPECT_EQ(split_kraken("XBTUSDT"), (Pair{"BTC", "USDT"}));
  EXPECT_EQ(split_kraken("XETHXXBT"), (Pair{"ETH", "BTC"}));
  EXPECT_EQ(split_kraken("XXDGXXBT"), (Pair{"DOGE", "BTC"}));
  EXPECT_EQ(split_kraken("XDGUSD"), (Pair{"DOGE", "USD"}));
  EXPECT_EQ(split_kraken("USDTZUSD"), (Pair{"USDT", "USD"}));
  EXPECT_EQ(split_kraken("USDCUSD"), (Pair{"USDC", "USD"}));
  EXPECT_EQ(split_kraken("ZEURZUSD"), (Pair{"EUR", "USD"}));
  EXPECT_EQ(split_kraken("XTZUSD"), (Pair{"XTZ", "USD"}));
  EXPECT_EQ(split_kraken("XTZXBT"), (Pair{"XTZ", "BTC"}));
  EXPECT_EQ(split_kraken("DOTUSD"), (Pair{"DOT", "USD"}));
  EXPECT_EQ(split_kraken("SOLEUR"), (Pair{"SOL", "EUR"}));
  EXPECT_EQ(split_kraken("PAXGXBT"), (Pair{"PAXG", "BTC"}));
  EXPECT_EQ(split_kraken("what"), Pair{});
  EXPECT_EQ(split_kraken("XXBTABCD"), Pair{});
}

}  // namespace
}  // namespace assay::fetchers
