#include "fetchers/instruments.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetchers/gzip.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Two instruments by each venue's documented list: the first traded, the second not, where the list tells.
struct Sample {
  std::string venue;
  std::string symbol;
  std::string body;
  std::string first;
  Pair pair;
  std::string second;
  std::string status;
};

std::vector<Sample> samples() {
  const Pair btc_usdt{"BTC", "USDT"};
  const Pair btc_usd{"BTC", "USD"};
  const Pair unknown{};
  return {
      {"binance", "BTCUSDT",
       R"({"timezone":"UTC","symbols":[{"symbol":"BTCUSDT","status":"TRADING","baseAsset":"BTC","quoteAsset":"USDT","filters":[{"a":[1]}]},)"
       R"({"symbol":"LUNAUSDT","status":"BREAK","baseAsset":"LUNA","quoteAsset":"USDT"}]})",
       "BTCUSDT", btc_usdt, "LUNAUSDT", "BREAK"},
      {"bitfinex", "tBTCUSD", R"([["BTCUSD","AVAX:USD"]])", "tBTCUSD", unknown, "tAVAX:USD", ""},
      {"bitfinex", "tBTCF0:USTF0", R"([["BTCF0:USTF0","ETHF0:USTF0"]])", "tBTCF0:USTF0", unknown, "tETHF0:USTF0", ""},
      {"bitget", "BTCUSDT",
       R"({"code":"00000","data":[{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","status":"online"},)"
       R"({"symbol":"XUSDT","baseCoin":"X","quoteCoin":"USDT","status":"offline"}]})",
       "BTCUSDT", btc_usdt, "XUSDT", "offline"},
      {"bitstamp", "btcusd",
       R"([{"name":"BTC/USD","url_symbol":"btcusd","trading":"Enabled"},{"url_symbol":"xusd","trading":"Disabled"}])",
       "btcusd", unknown, "xusd", "Disabled"},
      {"bybit", "BTCUSDT",
       R"({"retCode":0,"result":{"category":"spot","list":[{"symbol":"BTCUSDT","baseCoin":"BTC","quoteCoin":"USDT","status":"Trading"},)"
       R"({"symbol":"XUSDT","baseCoin":"X","quoteCoin":"USDT","status":"PreLaunch"}]}})",
       "BTCUSDT", btc_usdt, "XUSDT", "PreLaunch"},
      {"coinbase_exchange", "BTC-USD",
       R"([{"id":"BTC-USD","base_currency":"BTC","quote_currency":"USD","status":"online"},{"id":"X-USD","base_currency":"X","quote_currency":"USD","status":"delisted"}])",
       "BTC-USD", btc_usd, "X-USD", "delisted"},
      {"coinbase_advanced", "BTC-USD",
       R"({"products":[{"product_id":"BTC-USD","base_currency_id":"BTC","quote_currency_id":"USD","trading_disabled":false},)"
       R"({"product_id":"X-USD","base_currency_id":"X","quote_currency_id":"USD","trading_disabled":true}]})",
       "BTC-USD", btc_usd, "X-USD", "true"},
      {"coinbase_advanced", "BTC-PERP-INTX",
       R"({"products":[{"product_id":"BTC-PERP-INTX","base_currency_id":"","quote_currency_id":"USDC","trading_disabled":false},)"
       R"({"product_id":"X-PERP-INTX","base_currency_id":"","quote_currency_id":"USDC","trading_disabled":true}]})",
       "BTC-PERP-INTX", Pair{"", "USDC"}, "X-PERP-INTX", "true"},
      {"crypto_com", "BTC_USDT",
       R"({"code":0,"result":{"data":[{"symbol":"BTC_USDT","base_ccy":"BTC","quote_ccy":"USDT","tradable":true},{"symbol":"X_USDT","base_ccy":"X","quote_ccy":"USDT","tradable":false}]}})",
       "BTC_USDT", btc_usdt, "X_USDT", "false"},
      {"deribit", "BTC-PERPETUAL",
       R"({"result":[{"instrument_name":"BTC-PERPETUAL","base_currency":"BTC","quote_currency":"USD","is_active":true},{"instrument_name":"X-1","base_currency":"X","quote_currency":"USD","is_active":false}]})",
       "BTC-PERPETUAL", btc_usd, "X-1", "false"},
      {"dydx", "BTC-USD",
       R"({"markets":{"BTC-USD":{"ticker":"BTC-USD","status":"ACTIVE"},"X-USD":{"status":"FINAL_SETTLEMENT"}}})",
       "BTC-USD", btc_usd, "X-USD", "FINAL_SETTLEMENT"},
      {"gateio", "BTC_USDT",
       R"([{"id":"BTC_USDT","base":"BTC","quote":"USDT","trade_status":"tradable"},{"id":"X_USDT","base":"X","quote":"USDT","trade_status":"untradable"}])",
       "BTC_USDT", btc_usdt, "X_USDT", "untradable"},
      {"gemini", "btcusd", R"(["btcusd","ethusd"])", "btcusd", unknown, "ethusd", ""},
      {"htx", "btcusdt",
       R"({"status":"ok","data":[{"base-currency":"btc","quote-currency":"usdt","symbol":"btcusdt","state":"online"},{"base-currency":"x","quote-currency":"usdt","symbol":"xusdt","state":"offline"}]})",
       "btcusdt", btc_usdt, "xusdt", "offline"},
      {"hyperliquid", "BTC", R"({"universe":[{"name":"BTC","szDecimals":5},{"name":"MATIC","isDelisted":true}]})",
       "BTC", unknown, "MATIC", "true"},
      {"hyperliquid", "@107", R"({"tokens":[],"universe":[{"name":"PURR/USDC","tokens":[1,0]},{"name":"@107"}]})",
       "PURR/USDC", Pair{"PURR", "USDC"}, "@107", ""},
      {"kraken", "BTC/USD",
       R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD","wsname":"XBT/USD","base":"XXBT","quote":"ZUSD","status":"online"},)"
       R"("XUSD":{"wsname":"X/USD","status":"cancel_only"}}})",
       "XBT/USD", btc_usd, "X/USD", "cancel_only"},
      {"kucoin", "BTC-USDT",
       R"({"code":"200000","data":[{"symbol":"BTC-USDT","baseCurrency":"BTC","quoteCurrency":"USDT","enableTrading":true},{"symbol":"X-USDT","baseCurrency":"X","quoteCurrency":"USDT","enableTrading":false}]})",
       "BTC-USDT", btc_usdt, "X-USDT", "false"},
      {"mexc", "BTCUSDT",
       R"({"symbols":[{"symbol":"BTCUSDT","status":"1","baseAsset":"BTC","quoteAsset":"USDT"},{"symbol":"XUSDT","status":"3","baseAsset":"X","quoteAsset":"USDT"}]})",
       "BTCUSDT", btc_usdt, "XUSDT", "3"},
      {"okx", "BTC-USDT",
       R"({"code":"0","data":[{"instId":"BTC-USDT","baseCcy":"BTC","quoteCcy":"USDT","state":"live"},{"instId":"X-USDT","baseCcy":"X","quoteCcy":"USDT","state":"suspend"}]})",
       "BTC-USDT", btc_usdt, "X-USDT", "suspend"},
      {"upbit", "KRW-BTC", R"([{"market":"KRW-BTC","korean_name":"x"},{"market":"KRW-ETH"}])", "KRW-BTC",
       Pair{"BTC", "KRW"}, "KRW-ETH", ""},
  };
}

TEST(Instruments, every_venues_list_is_read) {
  for (const Sample& sample : samples()) {
    const auto questions = instrument_questions(sample.venue, std::vector{sample.symbol});
    ASSERT_EQ(questions.size(), 1U) << sample.venue;
    const auto listed = read_instruments(questions.front(), as_bytes(sample.body));
    ASSERT_TRUE(listed) << sample.venue << " " << listed.error().detail;
    ASSERT_EQ(listed->size(), 2U) << sample.venue;
    EXPECT_EQ(listed->at(0).symbol, sample.first);
    EXPECT_EQ(listed->at(0).pair, sample.pair) << sample.venue;
    EXPECT_EQ(listed->at(0).status, "") << sample.venue;
    EXPECT_EQ(listed->at(1).symbol, sample.second);
    EXPECT_EQ(listed->at(1).status, sample.status) << sample.venue;
    EXPECT_THAT(instrument_problems(std::vector{sample.symbol}, {}, *listed), IsEmpty()) << sample.venue;
  }
}

TEST(Instruments, what_is_no_list_is_refused) {
  for (const Sample& sample : samples()) {
    const auto question = instrument_questions(sample.venue, std::vector{sample.symbol}).front();
    for (const char* body : {"", "<html>", "{}", "[]", "[[]]", R"({"symbols":[{}],"data":[{}]})",
                             R"({"code":1,"msg":"no"})", "[1,2]", "null"}) {
      EXPECT_FALSE(read_instruments(question, as_bytes(std::string_view(body)))) << sample.venue << " " << body;
    }
  }
}

TEST(Instruments, kinds_that_a_venue_keeps_apart_are_asked_for_apart) {
  const std::vector<std::string> okx = {"BTC-USDT", "BTC-USD-SWAP", "ETH-USDT"};
  const auto of_okx = instrument_questions("okx", okx);
  ASSERT_EQ(of_okx.size(), 2U);
  EXPECT_THAT(of_okx[0].request.target, HasSubstr("instType=SPOT"));
  EXPECT_THAT(of_okx[1].request.target, HasSubstr("instType=SWAP"));
  EXPECT_EQ(instrument_questions("deribit", std::vector<std::string>{"btc_usd"}).size(), 1U);
  EXPECT_EQ(instrument_questions("deribit", std::vector<std::string>{"btc_usd", "BTC-PERPETUAL"}).size(), 2U);
  EXPECT_EQ(instrument_questions("bitfinex", std::vector<std::string>{"tBTCUSD", "tBTCF0:USTF0"}).size(), 2U);
  const std::vector<std::string> coins = {"BTC", "@107", "PURR/USDC", "xyz:GOLD"};
  const auto of_coins = instrument_questions("hyperliquid", coins);
  ASSERT_EQ(of_coins.size(), 2U);
  EXPECT_THAT(of_coins[0].symbols, ElementsAre("BTC"));
  EXPECT_THAT(of_coins[1].symbols, ElementsAre("@107", "PURR/USDC")) << "xyz:GOLD is in no list that is read";
  EXPECT_THAT(instrument_questions("ecb", std::vector<std::string>{"USD"}), IsEmpty());
  EXPECT_THAT(instrument_questions("kraken", std::vector<std::string>{}), IsEmpty());
}

std::vector<ListedInstrument> some() {
  return {{"BTCUSDT", {"BTC", "USDT"}, ""},
          {"BTCUSDC", {"BTC", "USDC"}, ""},
          {"ETHUSDT", {"ETH", "USDT"}, ""},
          {"LUNAUSDT", {"LUNA", "USDT"}, "BREAK"},
          {"LUNCUSDT", {"LUNC", "USDT"}, ""}};
}

std::vector<std::string> texts(const std::vector<InstrumentProblem>& problems) {
  std::vector<std::string> out;
  for (const auto& problem : problems) out.push_back(problem.text);
  return out;
}

TEST(Instruments, an_unknown_symbol_is_told_with_the_nearest) {
  const std::vector<std::string> asked = {"BTCUSDT", "BTC-USDT", "BTCUSD", "ETHUSTD", "QQQQQQQQ"};
  EXPECT_THAT(texts(instrument_problems(asked, {}, some())),
              ElementsAre("BTCUSD is not listed; nearest: BTCUSDT", "ETHUSTD is not listed; nearest: ETHUSDT",
                          "QQQQQQQQ is not listed"));
}

TEST(Instruments, the_same_pair_under_another_name_is_nearer_than_a_like_name) {
  const std::map<std::string, Pair> pairs = {{"XBTTETHER", {"BTC", "USDT"}}, {"BTCEUR", {"BTC", "EUR"}}};
  const std::vector<std::string> asked = {"XBTTETHER", "BTCEUR"};
  EXPECT_THAT(texts(instrument_problems(asked, pairs, some())),
              ElementsAre("XBTTETHER is not listed; nearest: BTCUSDT", "BTCEUR is not listed; nearest: BTCUSDT"));
}

TEST(Instruments, one_that_is_not_traded_any_more_is_told_apart) {
  const auto problems = instrument_problems(std::vector<std::string>{"LUNAUSDT"}, {}, some());
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_TRUE(problems[0].listed);
  EXPECT_EQ(problems[0].text, "LUNAUSDT is not traded (BREAK); nearest: LUNCUSDT");
}

}  // namespace
}  // namespace assay::fetchers::testing
