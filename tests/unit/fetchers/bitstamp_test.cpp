// Samples follow the shapes of the venue's documentation; every value is invented.
#include "fetchers/venues/bitstamp.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view venue = "bitstamp";

Lines frame(std::string_view text, std::string_view path = {}) {
  return ws_brief(venue, text, path);
}

Lines body(std::string_view endpoint, std::string_view text, std::string_view symbol = {}) {
  return rest_brief(venue, endpoint, text, symbol);
}

TEST(Bitstamp, channels_name_the_symbol) {
  const std::string data = R"("data":{"timestamp":"1700000000","microtimestamp":"1700000000123456",)"
                           R"("bids":[["61000.1","1"],["61000.0","1"]],"asks":[["61000.2","1"]]}})";
  EXPECT_THAT(frame(R"({"event":"data","channel":"order_book_btcusd",)" + data),
              ElementsAre("btcusd BTC/USD book 61000.1 61000.2 - at 1700000000123"));
  EXPECT_THAT(frame(R"({"event":"data","channel":"detail_order_book_usdcusdt",)" + data),
              ElementsAre("usdcusdt USDC/USDT book 61000.1 61000.2 - at 1700000000123"));
  EXPECT_THAT(frame(R"({"event":"data","channel":"diff_order_book_btcusd",)" + data), ElementsAre("control delta"));
  EXPECT_THAT(frame(R"({"event":"order_created","channel":"live_orders_btcusd","data":{"price":1}})"),
              ElementsAre("control delta"));
}

TEST(Bitstamp, a_trade_keeps_the_digits_of_its_text) {
  EXPECT_THAT(frame(R"({"event":"trade","channel":"live_trades_btceur","data":{"price":61000.5,"price_str":"61000.50",)"
                    R"("microtimestamp":"1700000000123456","timestamp":"1700000000"}})"),
              ElementsAre("btceur BTC/EUR trade - - 61000.50 at 1700000000123"));
}

TEST(Bitstamp, rest_bodies) {
  const std::string values = R"("bid":"1","ask":"2","last":"1.5","volume":"9","timestamp":"1700000000"})";
  EXPECT_THAT(body("/api/v2/ticker/btcusd/", "{" + values),
              ElementsAre("btcusd BTC/USD ticker 1 2 1.5 volume 9 at 1700000000000"));
  EXPECT_THAT(body("/api/v2/ticker/", R"([{"pair":"BTC/USD",)" + values + R"(,{"pair":"XRP/RLUSD",)" + values + "]"),
              ElementsAre("BTC/USD BTC/USD ticker 1 2 1.5 volume 9 at 1700000000000",
                          "XRP/RLUSD XRP/RLUSD ticker 1 2 1.5 volume 9 at 1700000000000"));
  EXPECT_THAT(body("/api/v2/order_book/<pair>", R"({"bids":[],"asks":[]})"), ElementsAre("refused symbol_unknown"));
  EXPECT_THAT(body("/api/v2/transactions/ethusd/", R"([{"date":"1700000000","price":"1.5","tid":"1"}])"),
              ElementsAre("ethusd ETH/USD trade - - 1.5 at 1700000000000"));
  EXPECT_THAT(body("/api/v2/ohlc/btcusd/?step=60",
                   R"({"data":{"pair":"BTC/USD","ohlc":[{"close":"2","volume":"9","timestamp":"1700000000"}]}})"),
              ElementsAre("BTC/USD BTC/USD candle - - 2 volume 9 at 1700000000000"));
  EXPECT_THAT(body("/api/v2/trading-pairs-info/", R"([{"url_symbol":"btcusd"}])"), ElementsAre("control instruments"));
}

TEST(Bitstamp, what_carries_no_price_is_named_and_errors_are_told_apart) {
  EXPECT_THAT(frame(R"({"event":"bts:subscription_succeeded","channel":"x","data":{}})"), ElementsAre("control ack"));
  EXPECT_THAT(frame(R"({"event":"bts:heartbeat"})"), ElementsAre("control heartbeat"));
  EXPECT_THAT(frame(R"({"event":"bts:request_reconnect"})"), ElementsAre("control shutdown"));
  EXPECT_THAT(frame(R"({"event":"bts:subscribe","data":{}})"), ElementsAre("control subscribe"));
  EXPECT_THAT(frame(R"({"event":"bts:error","data":{"message":"Bad subscription"}})"),
              ElementsAre("refused venue_error"));
  EXPECT_THAT(frame(R"({"event":"pusher:connection_established"})"), ElementsAre("refused retired_api"));
  EXPECT_THAT(frame(R"({"event":"odd","channel":"x_y"})"), ElementsAre("refused unsupported"));
  EXPECT_THAT(frame("{}"), ElementsAre("refused missing_field"));
  EXPECT_THAT(body("/x", R"({"status":"error","reason":"Invalid product","code":"404"})"),
              ElementsAre("refused venue_error"));
  EXPECT_THAT(body("/x", R"({"error":"Too many requests"})"), ElementsAre("refused rate_limited"));
  EXPECT_THAT(body("/x", "[]"), ElementsAre("control empty"));
}

TEST(Bitstamp, asks_for_one_channel_a_frame) {
  const BitstampAdapter bitstamp;
  const std::vector<std::string> symbols = {"btcusd", "ETH/USD"};
  EXPECT_THAT(bitstamp.subscribe(symbols).frames,
              ElementsAre(R"({"event":"bts:subscribe","data":{"channel":"order_book_btcusd"}})",
                          R"({"event":"bts:subscribe","data":{"channel":"order_book_ethusd"}})"));
  EXPECT_THAT(bitstamp.rest_targets(symbols), ElementsAre("/api/v2/ticker/"));
  EXPECT_THAT(bitstamp.rest_targets(std::span(symbols).last(1)), ElementsAre("/api/v2/ticker/ethusd/"));
}

}  // namespace
}  // namespace assay::fetchers::testing
