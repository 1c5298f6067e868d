// Samples follow the shapes of dYdX's documentation; every value is invented.
#include "fetchers/venues/dydx.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string btc(std::string_view kind, const Said& values) {
  Said quote = values;
  quote.symbol = "BTC-USD";
  quote.base = "BTC";
  quote.quote = "USD";
  quote.kind = kind;
  return said("dydx", quote);
}

std::string frame(std::string_view type, std::string_view channel, std::string_view contents,
                  std::string_view id = "BTC-USD") {
  return R"({"type":")" + std::string(type) + R"(","message_id":2,"id":")" + std::string(id) + R"(","channel":")" +
         std::string(channel) + R"(","contents":)" + std::string(contents) + "}";
}

TEST(Dydx, a_book_comes_once_and_then_as_changes) {
  const std::string book = R"({"bids":[{"price":"1.5","size":"1"},{"price":"9","size":"0"}],)"
                           R"("asks":[{"price":"1.6","size":"1"}]})";
  const auto expected = btc("book", {.bid = "1.5", .ask = "1.6"});
  for (const std::string_view channel : {"v4_orderbook", "v3_orderbook"}) {
    EXPECT_THAT(ws("dydx", frame("subscribed", channel, book)), ElementsAre(expected));
    EXPECT_THAT(ws("dydx", frame("channel_data", channel, R"({"bids":[["1.5","0"]]})")), ElementsAre(control("delta")));
  }
  EXPECT_THAT(rest("dydx", "/v4/orderbooks/perpetualMarket/BTC-USD", book), ElementsAre(expected));
  EXPECT_THAT(rest("dydx", "https://api.dydx.exchange/v3/orderbook/BTC-USD", book), ElementsAre(expected));
  EXPECT_EQ(rest_refusal("dydx", "/v3/orderbook/<market>", book), "symbol_unknown");
}

TEST(Dydx, trades_one_by_one_and_in_batches) {
  const std::string trades =
      R"({"trades":[{"id":"1","size":"1","price":"1.5","createdAt":"2023-11-14T22:13:20.123Z"}]})";
  const auto expected = btc("trade", {.last = "1.5", .time_ms = "1700000000123"});
  EXPECT_THAT(ws("dydx", frame("channel_data", "v4_trades", trades)), ElementsAre(expected));
  EXPECT_THAT(ws("dydx", frame("channel_batch_data", "v4_trades", "[" + trades + "," + trades + "]")),
              ElementsAre(expected, expected));
  EXPECT_THAT(rest("dydx", "/v4/trades/perpetualMarket/BTC-USD", trades), ElementsAre(expected));
}

TEST(Dydx, markets_are_indices) {
  EXPECT_THAT(ws("dydx", frame("subscribed", "v4_markets", R"({"markets":{"BTC-USD":{"oraclePrice":"1.50"}}})")),
              ElementsAre(btc("index", {.last = "1.50"})));
  EXPECT_THAT(ws("dydx", frame("channel_data", "v4_markets",
                               R"({"oraclePrices":{"BTC-USD":{"oraclePrice":"1.5","effectiveAt":)"
                               R"("2023-11-14T22:13:20.123Z"}}})")),
              ElementsAre(btc("index", {.last = "1.5", .time_ms = "1700000000123"})));
  EXPECT_THAT(ws("dydx", frame("channel_data", "v3_markets", R"({"BTC-USD":{"openInterest":"1"}})")),
              ElementsAre(control("delta")));
  EXPECT_THAT(rest("dydx", "/v3/markets", R"({"markets":{"BTC-USD":{"indexPrice":"1.4","oraclePrice":"1.5"}}})"),
              ElementsAre(btc("index", {.last = "1.4"})));
}

TEST(Dydx, candles) {
  const std::string candle = R"({"startedAt":"2023-11-14T22:13:20.123Z","ticker":"BTC-USD","close":"1.5",)"
                             R"("baseTokenVolume":"9"})";
  const auto expected = btc("candle", {.last = "1.5", .volume = "9", .time_ms = "1700000000123"});
  EXPECT_THAT(ws("dydx", frame("subscribed", "v4_candles", R"({"candles":[)" + candle + "]}", "BTC-USD/1MIN")),
              ElementsAre(expected));
  EXPECT_THAT(ws("dydx", frame("channel_data", "v4_candles", candle, "BTC-USD/1MIN")), ElementsAre(expected));
  EXPECT_THAT(rest("dydx", "/v4/candles/perpetualMarkets/BTC-USD", R"({"candles":[)" + candle + "]}"),
              ElementsAre(expected));
}

TEST(Dydx, controls_and_refusals) {
  EXPECT_THAT(ws("dydx", R"({"type":"connected","connection_id":"x"})"), ElementsAre(control("status")));
  EXPECT_THAT(rest("dydx", "/v4/time", R"({"iso":"2023-11-14T22:13:20.123Z","epoch":1700000000.123})"),
              ElementsAre(control("time")));
  EXPECT_EQ(ws_refusal("dydx", R"({"type":"error","message":"Invalid channel"})"), "venue_error");
  EXPECT_EQ(rest_refusal("dydx", "/v4/x", R"({"errors":[{"msg":"Too many requests"}]})"), "rate_limited");
  EXPECT_EQ(ws_refusal("dydx", frame("channel_data", "v4_subaccounts", "{}")), "unsupported");
  EXPECT_EQ(ws_refusal("dydx", R"({"type":"channel_data","channel":"v4_trades","id":"BTC-USD"})"), "missing_field");
}

TEST(Dydx, streams_trades_and_polls_books) {
  const std::vector<std::string> one = {"BTC-USD"};
  EXPECT_EQ(find_adapter("dydx")->subscribe(one).target, "/v4/ws");
  EXPECT_THAT(find_adapter("dydx")->subscribe(one).frames,
              ElementsAre(R"({"type":"subscribe","channel":"v4_trades","id":"BTC-USD","batched":false})"));
  EXPECT_THAT(find_adapter("dydx")->rest_targets(one), ElementsAre("/v4/orderbooks/perpetualMarket/BTC-USD"));
}

}  // namespace
}  // namespace assay::fetchers::testing
