// Samples follow the shapes of Bitget's documentation; every value is invented.
#include "fetchers/venues/bitget.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view time_ms = "1700000000123";

std::string btc(std::string_view kind, const Said& values) {
  Said quote = values;
  quote.symbol = "BTCUSDT";
  quote.base = "BTC";
  quote.quote = "USDT";
  quote.kind = kind;
  quote.time_ms = time_ms;
  return said("bitget", quote);
}

std::string frame(std::string_view channel, std::string_view data, std::string_view action = "snapshot") {
  return R"({"action":")" + std::string(action) + R"(","arg":{"instType":"SPOT","channel":")" + std::string(channel) +
         R"(","instId":"BTCUSDT"},"data":)" + std::string(data) + R"(,"ts":1700000000999})";
}

std::string v3(std::string_view topic, std::string_view data) {
  return R"({"action":"snapshot","arg":{"instType":"spot","topic":")" + std::string(topic) +
         R"(","symbol":"BTCUSDT"},"data":)" + std::string(data) + "}";
}

TEST(Bitget, tickers_of_three_versions_say_the_same) {
  const auto expected = btc("ticker", {.bid = "1.50", .ask = "1.6", .last = "1.55", .volume = "9"});
  EXPECT_THAT(ws("bitget", frame("ticker", R"([{"instId":"BTCUSDT","last":"1.55","bestBid":"1.50","bestAsk":"1.6",)"
                                           R"("baseVolume":"9","ts":1700000000123}])")),
              ElementsAre(expected));
  EXPECT_THAT(ws("bitget", frame("ticker", R"([{"instId":"BTCUSDT","lastPr":"1.55","bidPr":"1.50","askPr":"1.6",)"
                                           R"("baseVolume":"9","ts":"1700000000123"}])")),
              ElementsAre(expected));
  EXPECT_THAT(ws("bitget", v3("ticker", R"([{"lastPrice":"1.55","bid1Price":"1.50","ask1Price":"1.6",)"
                                        R"("volume24h":"9","ts":"1700000000123"}])")),
              ElementsAre(expected));
  EXPECT_THAT(rest("bitget", "/api/v2/spot/market/tickers",
                   R"({"code":"00000","data":[{"symbol":"BTCUSDT","lastPr":"1.55","bidPr":"1.50","askPr":"1.6",)"
                   R"("baseVolume":"9","ts":"1700000000123"}]})"),
              ElementsAre(expected));
}

TEST(Bitget, trades_are_rows_objects_or_letters) {
  const auto expected = btc("trade", {.last = "1.5"});
  EXPECT_THAT(ws("bitget", frame("trade", R"([["1700000000123","1.5","2","buy"]])")), ElementsAre(expected));
  EXPECT_THAT(ws("bitget", frame("trade", R"([{"ts":"1700000000123","price":"1.5","size":"2","tradeId":"1"}])")),
              ElementsAre(expected));
  EXPECT_THAT(ws("bitget", v3("publicTrade", R"([{"i":"1","p":"1.5","v":"2","T":"1700000000123"}])")),
              ElementsAre(expected));
  EXPECT_THAT(rest("bitget", "/api/v2/spot/market/fills?symbol=BTCUSDT",
                   R"({"code":"00000","data":[{"tradeId":"1","price":"1.5","size":"2","ts":"1700000000123"}]})"),
              ElementsAre(expected));
}

TEST(Bitget, only_the_full_book_comes_as_changes) {
  const std::string data = R"([{"asks":[["1.6","1"]],"bids":[["1.5","1"],["1.55","0"]],"ts":"1700000000123"}])";
  const auto expected = btc("book", {.bid = "1.5", .ask = "1.6"});
  EXPECT_THAT(ws("bitget", frame("books", data)), ElementsAre(expected));
  EXPECT_THAT(ws("bitget", frame("books", data, "update")), ElementsAre(control("delta")));
  EXPECT_THAT(ws("bitget", frame("books5", data, "update")), ElementsAre(expected));
  EXPECT_THAT(ws("bitget", v3("books", R"([{"a":[["1.6","1"]],"b":[["1.5","1"]],"ts":"1700000000123"}])")),
              ElementsAre(expected));
  const std::string body =
      R"({"code":"00000","data":{"asks":[["1.6","1"]],"bids":[["1.5","1"]],"ts":"1700000000123"}})";
  EXPECT_THAT(rest("bitget", "/api/v2/spot/market/orderbook?symbol=BTCUSDT", body), ElementsAre(expected));
  EXPECT_EQ(rest_refusal("bitget", "/api/v2/spot/market/orderbook", body), "symbol_unknown");
}

TEST(Bitget, candles_are_rows) {
  const std::string rows = R"([["1700000000123","1","3","1","1.5","9","12"]])";
  const auto expected = btc("candle", {.last = "1.5", .volume = "9"});
  EXPECT_THAT(ws("bitget", frame("candle1m", rows)), ElementsAre(expected));
  EXPECT_THAT(rest("bitget", "/api/v2/spot/market/candles?symbol=BTCUSDT", R"({"code":"00000","data":)" + rows + "}"),
              ElementsAre(expected));
}

TEST(Bitget, v1_symbols_carry_their_product) {
  EXPECT_THAT(rest("bitget", "/api/spot/v1/market/tickers",
                   R"({"code":"00000","data":[{"symbol":"BTCUSDT_SPBL","close":"1","buyOne":"1","sellOne":"2",)"
                   R"("baseVol":"9","ts":"1700000000123"}]})"),
              ElementsAre(said("bitget", {.symbol = "BTCUSDT_SPBL",
                                          .base = "BTC",
                                          .quote = "USDT",
                                          .kind = "ticker",
                                          .bid = "1",
                                          .ask = "2",
                                          .last = "1",
                                          .volume = "9",
                                          .time_ms = time_ms})));
}

TEST(Bitget, perpetuals_without_a_quote_asset_settle_in_usdc) {
  EXPECT_THAT(
      rest("bitget", "/api/v2/mix/market/ticker",
           R"({"code":"00000","data":[{"symbol":"BTCPERP","lastPr":"1","ts":"1700000000123"}]})"),
      ElementsAre(said(
          "bitget",
          {.symbol = "BTCPERP", .base = "BTC", .quote = "USDC", .kind = "ticker", .last = "1", .time_ms = time_ms})));
}

TEST(Bitget, controls_and_refusals) {
  EXPECT_THAT(ws("bitget", "pong"), ElementsAre(control("pong")));
  EXPECT_THAT(ws("bitget", R"({"event":"subscribe","arg":{"channel":"ticker"}})"), ElementsAre(control("ack")));
  EXPECT_THAT(
      rest("bitget", "/api/v2/spot/public/symbols", R"({"code":"00000","data":[{"symbol":"X","baseCoin":"BTC"}]})"),
      ElementsAre(control("instruments")));
  EXPECT_EQ(ws_refusal("bitget", R"({"event":"error","code":30001,"msg":"Channel does not exist"})"), "venue_error");
  EXPECT_EQ(rest_refusal("bitget", "/x", R"({"code":"429","msg":"slow"})"), "rate_limited");
  EXPECT_EQ(rest_refusal("bitget", "/x", "{}"), "missing_field");
  EXPECT_EQ(ws_refusal("bitget", frame("ticker", "{}")), "missing_field");
  EXPECT_EQ(ws_refusal("bitget", frame("auction", "[]")), "unsupported");
  EXPECT_EQ(ws_refusal("bitget", "ping me"), "malformed");
}

TEST(Bitget, subscribes_to_tickers) {
  const std::vector<std::string> one = {"BTCUSDT"};
  const Subscription subscription = find_adapter("bitget")->subscribe(one);
  EXPECT_EQ(subscription.target, "/v2/ws/public");
  EXPECT_THAT(subscription.frames,
              ElementsAre(R"({"op":"subscribe","args":[{"instType":"SPOT","channel":"ticker","instId":"BTCUSDT"}]})"));
  EXPECT_THAT(find_adapter("bitget")->rest_targets(one), ElementsAre("/api/v2/spot/market/tickers?symbol=BTCUSDT"));
}

}  // namespace
}  // namespace assay::fetchers::testing
