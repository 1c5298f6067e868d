// Samples follow the shapes of Hyperliquid's documentation; every value is invented.
#include "fetchers/venues/hyperliquid.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string coin(std::string_view kind, const Said& values) {
  Said quote = values;
  quote.kind = kind;
  return said("hyperliquid", quote);
}

Said btc(const Said& values) {
  Said quote = values;
  quote.symbol = "BTC";
  quote.base = "BTC";
  quote.quote = "USD";
  return quote;
}

constexpr std::string_view time_ms = "1700000000123";

TEST(Hyperliquid, best_prices_may_lack_a_side) {
  EXPECT_THAT(ws("hyperliquid", R"({"channel":"bbo","data":{"coin":"BTC","time":1700000000123,"bbo":[)"
                                R"({"px":"61000.0","sz":"1","n":1},{"px":"61001.0","sz":"1","n":1}]}})"),
              ElementsAre(coin("bbo", btc({.bid = "61000.0", .ask = "61001.0", .time_ms = time_ms}))));
  EXPECT_THAT(ws("hyperliquid", R"({"channel":"bbo","data":{"coin":"@107","time":1700000000123,"bbo":[null,)"
                                R"({"px":"1.5","sz":"1","n":1}]}})"),
              ElementsAre(coin("bbo", {.symbol = "@107", .ask = "1.5", .time_ms = time_ms})));
}

TEST(Hyperliquid, books_come_by_stream_and_by_request) {
  const std::string book = R"({"coin":"PURR/USDC","time":1700000000123,"levels":[[{"px":"1.5","sz":"1","n":1}],)"
                           R"([{"px":"1.6","sz":"1","n":1}]]})";
  const auto expected = coin(
      "book", {.symbol = "PURR/USDC", .base = "PURR", .quote = "USDC", .bid = "1.5", .ask = "1.6", .time_ms = time_ms});
  EXPECT_THAT(ws("hyperliquid", R"({"channel":"l2Book","data":)" + book + "}"), ElementsAre(expected));
  EXPECT_THAT(rest("hyperliquid", "POST https://api.hyperliquid.xyz/info", book), ElementsAre(expected));
}

TEST(Hyperliquid, trades_and_candles) {
  const std::string trades = R"([{"coin":"BTC","side":"B","px":"1.5","sz":"1","time":1700000000123,"tid":1}])";
  const auto expected = coin("trade", btc({.last = "1.5", .time_ms = time_ms}));
  EXPECT_THAT(ws("hyperliquid", R"({"channel":"trades","data":)" + trades + "}"), ElementsAre(expected));
  EXPECT_THAT(rest("hyperliquid", "/info", trades), ElementsAre(expected));
  EXPECT_THAT(ws("hyperliquid", R"({"channel":"candle","data":{"t":1700000000123,"s":"BTC","c":"1.5","v":"9"}})"),
              ElementsAre(coin("candle", btc({.last = "1.5", .volume = "9", .time_ms = time_ms}))));
}

TEST(Hyperliquid, marks_and_mids_are_indices) {
  EXPECT_THAT(ws("hyperliquid", R"({"channel":"allMids","data":{"mids":{"BTC":"61000.5","@1":"1.5"}}})"),
              ElementsAre(coin("index", btc({.last = "61000.5"})), coin("index", {.symbol = "@1", .last = "1.5"})));
  EXPECT_THAT(rest("hyperliquid", "/info", R"({"BTC":"61000.5"})"),
              ElementsAre(coin("index", btc({.last = "61000.5"}))));
  EXPECT_THAT(ws("hyperliquid", R"({"channel":"activeAssetCtx","data":{"coin":"BTC","ctx":{"markPx":"1.5",)"
                                R"("midPx":"1.6","oraclePx":"1.7","dayBaseVlm":"9"}}})"),
              ElementsAre(coin("index", btc({.last = "1.5", .volume = "9"}))));
  EXPECT_THAT(rest("hyperliquid", "/info",
                   R"([{"universe":[{"name":"BTC"},{"name":"xyz:ABC"}]},[{"markPx":"1"},)"
                   R"({"markPx":null,"midPx":"2"}]])"),
              ElementsAre(coin("index", btc({.last = "1"})),
                          coin("index", {.symbol = "xyz:ABC", .base = "ABC", .quote = "USD", .last = "2"})));
}

TEST(Hyperliquid, contexts_by_position_alone_name_no_coin) {
  EXPECT_EQ(ws_refusal("hyperliquid", R"({"channel":"allDexsAssetCtxs","data":{"ctxs":[["",[{"markPx":"1"}]]]}})"),
            "symbol_unknown");
}

TEST(Hyperliquid, controls_and_refusals) {
  EXPECT_THAT(ws("hyperliquid", R"({"channel":"pong"})"), ElementsAre(control("pong")));
  EXPECT_THAT(ws("hyperliquid", R"({"channel":"subscriptionResponse","data":{"method":"subscribe"}})"),
              ElementsAre(control("ack")));
  EXPECT_THAT(rest("hyperliquid", "/info", R"({"universe":[{"name":"BTC"}]})"), ElementsAre(control("instruments")));
  EXPECT_EQ(ws_refusal("hyperliquid", R"({"channel":"error","data":"Already subscribed"})"), "venue_error");
  EXPECT_EQ(ws_refusal("hyperliquid", R"({"channel":"userEvents","data":{}})"), "unsupported");
  EXPECT_EQ(ws_refusal("hyperliquid", "{}"), "missing_field");
}

TEST(Hyperliquid, subscribes_coin_by_coin_and_polls_nothing) {
  const std::vector<std::string> one = {"BTC"};
  EXPECT_EQ(find_adapter("hyperliquid")->subscribe(one).target, "/ws");
  EXPECT_THAT(find_adapter("hyperliquid")->subscribe(one).frames,
              ElementsAre(R"({"method":"subscribe","subscription":{"type":"bbo","coin":"BTC"}})"));
  EXPECT_TRUE(find_adapter("hyperliquid")->rest_targets(one).empty());
  const auto posts = find_adapter("hyperliquid")->rest_posts(one);
  ASSERT_EQ(posts.size(), 1U);
  EXPECT_EQ(posts[0].target, "/info");
  EXPECT_EQ(posts[0].body, R"({"type":"l2Book","coin":"BTC"})");
}

}  // namespace
}  // namespace assay::fetchers::testing
