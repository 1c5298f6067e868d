#include "fetchers/symbol_rule.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "fetchers/instruments.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/symbol_match.hpp"

namespace assay::fetchers::testing {
namespace {

TEST(SymbolRule, every_venue_has_its_own_spelling) {
  const std::map<std::string, std::string> names = {{"binance", "BTCUSD"},
                                                    {"binance_us", "BTCUSD"},
                                                    {"bitfinex", "tBTCUSD"},
                                                    {"bitget", "BTCUSD"},
                                                    {"bithumb", "USD-BTC"},
                                                    {"bitstamp", "btcusd"},
                                                    {"bybit", "BTCUSD"},
                                                    {"coinbase_advanced", "BTC-USD"},
                                                    {"coinbase_exchange", "BTC-USD"},
                                                    {"coingecko", "BTC/USD"},
                                                    {"crypto_com", "BTC_USD"},
                                                    {"deribit", ""},
                                                    {"dydx", "BTC-USD"},
                                                    {"ecb", ""},
                                                    {"exchangerate_host", "BTC/USD"},
                                                    {"gateio", "BTC_USD"},
                                                    {"gemini", "btcusd"},
                                                    {"htx", "btcusd"},
                                                    {"hyperliquid", "BTC"},
                                                    {"kraken", "BTC/USD"},
                                                    {"kucoin", "BTC-USD"},
                                                    {"mexc", "BTCUSD"},
                                                    {"oanda", "BTC/USD"},
                                                    {"okx", "BTC-USD"},
                                                    {"polygon", "C:BTCUSD"},
                                                    {"twelvedata", "BTC/USD"},
                                                    {"uniswap", "WBTC/USD"},
                                                    {"upbit", "USD-BTC"}};
  for (const std::string_view venue : venue_names()) {
    ASSERT_TRUE(names.contains(std::string(venue))) << venue;
    EXPECT_EQ(symbol_by_rule(venue, {"BTC", "USD"}).value_or(""), names.at(std::string(venue))) << venue;
  }
}

TEST(SymbolRule, where_a_venue_has_codes_of_its_own_they_are_used) {
  EXPECT_EQ(symbol_by_rule("bitfinex", {"USDC", "USDT"}), "tUDCUST");
  EXPECT_EQ(symbol_by_rule("bitfinex", {"AVAX", "USD"}), "tAVAX:USD");
  EXPECT_EQ(symbol_by_rule("bitfinex", {"WBTC", "USD"}), "tWBTUSD");
  EXPECT_EQ(symbol_by_rule("deribit", {"ETH", "USDC"}), "ETH_USDC");
  EXPECT_EQ(symbol_by_rule("ecb", {"EUR", "JPY"}), "JPY");
  EXPECT_EQ(symbol_by_rule("uniswap", {"ETH", "USDC"}), "WETH/USDC");
  EXPECT_EQ(symbol_by_rule("kraken", {"USDe", "USD"}), "USDE/USD");
  EXPECT_EQ(symbol_by_rule("kraken", {"XBT", "USD"}), "BTC/USD") << "the canonical name is ours";
}

TEST(SymbolRule, what_no_rule_tells_is_not_guessed) {
  for (const auto& [venue, pair] : {std::pair<const char*, Pair>{"deribit", {"BTC", "USD"}},
                                    {"hyperliquid", {"PURR", "USDC"}},
                                    {"dydx", {"BTC", "EUR"}},
                                    {"ecb", {"USD", "JPY"}},
                                    {"coingecko", {"WOOFPAW", "USD"}},
                                    {"acme", {"BTC", "USD"}},
                                    {"kraken", {"", "USD"}},
                                    {"kraken", {"BTC", ""}}}) {
    EXPECT_EQ(symbol_by_rule(venue, pair), std::nullopt) << venue;
  }
}

std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The list that a recorded answer to one of the venue's questions holds, if it is one.
std::vector<ListedInstrument> recorded_list(std::string_view venue, const std::string& asked,
                                            const std::filesystem::path& body) {
  for (const char* symbol : {"BTC", "BTC-PERPETUAL", "btcusd"}) {
    for (const InstrumentQuestion& question : instrument_questions(venue, std::vector<std::string>{symbol})) {
      const std::string path = question.request.target.substr(0, question.request.target.find('?'));
      const bool same = asked.ends_with(path) && question.request.body.empty();
      const std::string text = same ? file_text(body) : "";
      const auto listed = read_instruments(question, as_bytes(text));
      if (same && listed) return *listed;
    }
  }
  return {};
}

// Recorded lists are read in place from the folder of recordings beside the project (ASSAY_SHARED).
TEST(SymbolRule, names_what_venues_listed_as_they_listed_it) {
  const char* const set = std::getenv("ASSAY_SHARED");
  const auto fixtures = std::filesystem::path(set != nullptr ? set : ASSAY_SOURCE_DIR "/../shared") / "fixtures";
  if (!std::filesystem::exists(fixtures)) GTEST_SKIP() << "no recordings at " << fixtures;
  std::map<std::string, std::size_t> compared;
  for (const std::string_view venue : venue_names()) {
    const std::string text = file_text(fixtures / (std::string(venue) + ".json"));
    const auto document = read_payload(as_bytes(text));
    if (!document) continue;
    for (const JsonValue entry : document->root()["rest"]) {
      std::string asked(entry["endpoint"].text());
      asked.resize(std::min(asked.size(), asked.find('?')));
      for (const auto& one : recorded_list(venue, asked, fixtures / entry["raw_file"].text())) {
        if (one.pair.base.empty() || one.pair.quote.empty()) continue;
        const auto named = symbol_by_rule(venue, one.pair);
        if (!named) continue;
        EXPECT_EQ(plain_symbol(*named), plain_symbol(one.symbol)) << venue;
        ++compared[std::string(venue)];
      }
    }
  }
  for (const auto& [venue, count] : compared) std::cout << venue << " " << count << "\n";
  EXPECT_GE(compared.size(), 4U);
}

}  // namespace
}  // namespace assay::fetchers::testing
