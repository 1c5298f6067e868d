// Samples follow the shapes of Crypto.com's documentation; every value is invented.
#include "fetchers/venues/crypto_com.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string btc(std::string_view kind, const Said& values) {
  Said quote = values;
  quote.symbol = "BTC_USDT";
  quote.base = "BTC";
  quote.quote = "USDT";
  quote.kind = kind;
  quote.time_ms = "1700000000123";
  return said("crypto_com", quote);
}

std::string channel(std::string_view name, std::string_view data) {
  return R"({"id":-1,"method":"subscribe","code":0,"result":{"instrument_name":"BTC_USDT","subscription":"x","channel":")" +
         std::string(name) + R"(","data":)" + std::string(data) + "}}";
}

TEST(CryptoCom, tickers_name_bid_ask_and_last_by_letters) {
  const std::string data = R"([{"i":"BTC_USDT","b":"61000.10","k":"61000.2","a":null,"v":"42.5","t":1700000000123}])";
  const auto expected = btc("ticker", {.bid = "61000.10", .ask = "61000.2", .volume = "42.5"});
  EXPECT_THAT(ws("crypto_com", channel("ticker", data)), ElementsAre(expected));
  EXPECT_THAT(rest("crypto_com", "/exchange/v1/public/get-tickers",
                   R"({"id":-1,"method":"public/get-tickers","code":0,"result":{"data":)" + data + "}}"),
              ElementsAre(expected));
  EXPECT_THAT(rest("crypto_com", "/v2/public/get-ticker",
                   R"({"code":0,"method":"public/get-ticker","result":{"instrument_name":"BTC_USDT",)"
                   R"("data":{"i":"BTC_USDT","b":1.5,"k":1.6,"a":1.55,"v":2,"t":1700000000123}}})"),
              ElementsAre(btc("ticker", {.bid = "1.5", .ask = "1.6", .last = "1.55", .volume = "2"})));
}

TEST(CryptoCom, books_trades_and_candles) {
  EXPECT_THAT(ws("crypto_com", channel("book", R"([{"bids":[["1.5","2","1"]],"asks":[["1.7","0","0"],["1.8","2","1"]],)"
                                               R"("t":1700000000123}])")),
              ElementsAre(btc("book", {.bid = "1.5", .ask = "1.8"})));
  EXPECT_THAT(ws("crypto_com", channel("book.update", R"([{"update":{"bids":[]}}])")), ElementsAre(control("delta")));
  EXPECT_THAT(ws("crypto_com", channel("trade", R"([{"d":"1","t":1700000000123,"p":1.5,"q":2,"i":"BTC_USDT"},)"
                                                R"({"d":"2","tn":"1700000000123456789","p":1.6,"q":2}])")),
              ElementsAre(btc("trade", {.last = "1.5"}), btc("trade", {.last = "1.6"})));
  EXPECT_THAT(ws("crypto_com", channel("candlestick", R"([{"o":1,"h":2,"l":1,"c":1.5,"v":9,"t":1700000000123}])")),
              ElementsAre(btc("candle", {.last = "1.5", .volume = "9"})));
}

TEST(CryptoCom, valuations_are_named_by_the_request) {
  const std::string body =
      R"({"id":1,"method":"public/get-valuations","code":0,"result":{"data":[{"v":"61000.5","t":1700000000123}]}})";
  EXPECT_THAT(rest("crypto_com", "/exchange/v1/public/get-valuations?instrument_name=BTCUSD-INDEX", body),
              ElementsAre(said("crypto_com", {.symbol = "BTCUSD-INDEX",
                                              .base = "BTC",
                                              .quote = "USD",
                                              .kind = "index",
                                              .last = "61000.5",
                                              .time_ms = "1700000000123"})));
  EXPECT_EQ(rest_refusal("crypto_com", "/exchange/v1/public/get-valuations", body), "symbol_unknown");
}

TEST(CryptoCom, a_heartbeat_is_answered_with_its_id) {
  const Parsed parsed =
      find_adapter("crypto_com")
          ->parse_ws(as_bytes(std::string_view(R"({"id":17,"method":"public/heartbeat","code":0})")), {});
  EXPECT_THAT(to_json_lines("crypto_com", parsed), ElementsAre(control("heartbeat")));
  EXPECT_EQ(parsed.reply, R"({"id":17,"method":"public/respond-heartbeat"})");
}

TEST(CryptoCom, acks_and_errors) {
  EXPECT_THAT(ws("crypto_com", R"({"id":1,"code":0,"method":"subscribe"})"), ElementsAre(control("ack")));
  EXPECT_EQ(ws_refusal("crypto_com", R"({"id":1,"code":40003,"method":"subscribe","message":"Unknown symbol"})"),
            "venue_error");
  EXPECT_EQ(ws_refusal("crypto_com", R"({"id":1,"code":42901,"method":"subscribe","message":"TOO_MANY_REQUESTS"})"),
            "rate_limited");
  EXPECT_EQ(ws_refusal("crypto_com", channel("otc_book", "[{}]")), "unsupported");
  EXPECT_EQ(ws_refusal("crypto_com", channel("ticker", "null")), "missing_field");
  EXPECT_EQ(ws_refusal("crypto_com", "{}"), "missing_field");
}

TEST(CryptoCom, subscribes_in_one_frame_and_polls_one_or_all) {
  const std::vector<std::string> both = {"BTC_USDT", "ETH_USD"};
  const Subscription subscription = find_adapter("crypto_com")->subscribe(both);
  EXPECT_EQ(subscription.target, "/exchange/v1/market");
  EXPECT_THAT(subscription.frames,
              ElementsAre(R"({"id":1,"method":"subscribe","params":{"channels":["ticker.BTC_USDT",)"
                          R"("ticker.ETH_USD"]}})"));
  EXPECT_THAT(find_adapter("crypto_com")->rest_targets(both), ElementsAre("/exchange/v1/public/get-tickers"));
}

}  // namespace
}  // namespace assay::fetchers::testing
