// Samples follow the shapes of the venue's documentation; every value is invented.
#include "fetchers/venues/bybit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view venue = "bybit";

Lines frame(std::string_view text, std::string_view path = {}) {
  return ws_brief(venue, text, path);
}

Lines body(std::string_view endpoint, std::string_view text, std::string_view symbol = {}) {
  return rest_brief(venue, endpoint, text, symbol);
}

TEST(Bybit, books_of_level_1_give_bid_and_ask) {
  const std::string data = R"("ts":1700000000123,"data":{"s":"BTCUSDT","b":[["61000.1","1"]],"a":[["61000.2","2"]]}})";
  EXPECT_THAT(frame(R"({"topic":"orderbook.1.BTCUSDT","type":"snapshot",)" + data),
              ElementsAre("BTCUSDT BTC/USDT book 61000.1 61000.2 - at 1700000000123"));
  EXPECT_THAT(frame(R"({"topic":"orderbook.1.BTCUSDT","type":"delta",)" + data), ElementsAre("control delta"));
  EXPECT_THAT(body("/v5/market/orderbook?category=spot&symbol=BTCUSDT",
                   R"({"retCode":0,"retMsg":"OK","result":{"s":"BTCUSDT","b":[["1","1"]],"a":[["2","1"]],)"
                   R"("ts":1700000000123},"time":1700000000200})"),
              ElementsAre("BTCUSDT BTC/USDT book 1 2 - at 1700000000123"));
}

TEST(Bybit, tickers_of_inverse_contracts_count_volume_in_the_base_currency) {
  const auto of = [](std::string_view category, std::string_view symbol) {
    return body("/v5/market/tickers", R"({"retCode":0,"result":{"category":")" + std::string(category) +
                                          R"(","list":[{"symbol":")" + std::string(symbol) +
                                          R"(","bid1Price":"1","ask1Price":"2","lastPrice":"1.5","volume24h":"900",)" +
                                          R"("turnover24h":"7"}]},"time":1700000000123})");
  };
  EXPECT_THAT(of("spot", "BTCUSDT"), ElementsAre("BTCUSDT BTC/USDT ticker 1 2 1.5 volume 900 at 1700000000123"));
  EXPECT_THAT(of("inverse", "BTCUSD"), ElementsAre("BTCUSD BTC/USD ticker 1 2 1.5 volume 7 at 1700000000123"));
  EXPECT_THAT(of("inverse", "BTCUSDM24"), ElementsAre("BTCUSDM24 BTC/USD ticker 1 2 1.5 volume 7 at 1700000000123"));
  EXPECT_THAT(of("linear", "BTCPERP"), ElementsAre("BTCPERP BTC/USDC ticker 1 2 1.5 volume 900 at 1700000000123"));
  EXPECT_THAT(of("linear", "BTCUSDT-28JUN24"),
              ElementsAre("BTCUSDT-28JUN24 BTC/USDT ticker 1 2 1.5 volume 900 at 1700000000123"));
  EXPECT_THAT(of("option", "BTC-28JUN24-60000-P"),
              ElementsAre("BTC-28JUN24-60000-P BTC/USDC ticker 1 2 1.5 volume 900 at 1700000000123"));
  EXPECT_THAT(frame(R"({"topic":"tickers.BTCUSDT","type":"delta","data":{"symbol":"BTCUSDT","bid1Price":"1"},"ts":1})"),
              ElementsAre("control delta"));
}

TEST(Bybit, trades_and_candles) {
  EXPECT_THAT(frame(R"({"topic":"publicTrade.BTCUSDT","type":"snapshot","ts":1700000000200,"data":[)"
                    R"({"T":1700000000123,"s":"BTCUSDT","S":"Buy","v":"1","p":"61000.5"}]})"),
              ElementsAre("BTCUSDT BTC/USDT trade - - 61000.5 at 1700000000123"));
  EXPECT_THAT(body("/v5/market/recent-trade",
                   R"({"retCode":0,"result":{"list":[{"execId":"1","symbol":"BTCUSDT","price":"61000.5","size":"1",)"
                   R"("side":"Buy","time":"1700000000123"}]}})"),
              ElementsAre("BTCUSDT BTC/USDT trade - - 61000.5 at 1700000000123"));
  EXPECT_THAT(frame(R"({"topic":"kline.5.BTCUSDT","type":"snapshot","ts":1,"data":[{"start":1,"open":"1","close":"2",)"
                    R"("volume":"9","turnover":"18","timestamp":1700000000123}]})"),
              ElementsAre("BTCUSDT BTC/USDT candle - - 2 volume 9 at 1700000000123"));
  EXPECT_THAT(body("/v5/market/kline", R"({"retCode":0,"result":{"category":"inverse","symbol":"BTCUSD",)"
                                       R"("list":[["1700000000000","1","3","0","2","900","7"]]}})"),
              ElementsAre("BTCUSD BTC/USD candle - - 2 volume 7 at 1700000000000"));
}

TEST(Bybit, the_retired_v2_is_read) {
  EXPECT_THAT(
      frame(R"({"topic":"orderBookL2_25.BTCUSD","type":"snapshot","data":[)"
            R"({"price":"61000.50","symbol":"BTCUSD","side":"Sell","size":1},)"
            R"({"price":"61000.00","symbol":"BTCUSD","side":"Buy","size":1},)"
            R"({"price":"60999.50","symbol":"BTCUSD","side":"Buy","size":1}],"timestamp_e6":1700000000123456})"),
      ElementsAre("BTCUSD BTC/USD book 61000.00 61000.50 - at 1700000000123"));
  EXPECT_THAT(frame(R"({"topic":"instrument_info.100ms.BTCUSD","type":"snapshot","data":{"symbol":"BTCUSD",)"
                    R"("last_price_e4":610001000},"timestamp_e6":1700000000123456})"),
              ElementsAre("BTCUSD BTC/USD ticker - - 610001000e-4 at 1700000000123"));
  for (const std::string_view odd : {"1.5", "1e5", "-1", "1234567890123456789012345"}) {
    EXPECT_EQ(
        ws_refusal(venue, R"({"topic":"instrument_info.100ms.BTCUSD","type":"snapshot","data":{"symbol":"BTCUSD",)"
                          R"("last_price_e4":)" +
                              std::string(odd) + "}}"),
        odd == "-1" ? "negative_price" : "bad_number");
  }
  EXPECT_THAT(frame(R"({"topic":"trade.BTCUSDT","data":[{"symbol":"BTCUSDT","price":"1.50","size":1,)"
                    R"("trade_time_ms":"1700000000123"}]})"),
              ElementsAre("BTCUSDT BTC/USDT trade - - 1.50 at 1700000000123"));
  EXPECT_THAT(frame(R"({"topic":"bookTicker","params":{"symbol":"BTCUSDT"},"data":{"symbol":"BTCUSDT","bidPrice":"1",)"
                    R"("askPrice":"2","time":1700000000123}})"),
              ElementsAre("BTCUSDT BTC/USDT bbo 1 2 - at 1700000000123"));
  EXPECT_THAT(frame(R"({"topic":"bookticker.BTCUSDT","ts":1,"type":"snapshot","data":{"s":"BTCUSDT","bp":"1","ap":"2",)"
                    R"("t":1700000000123}})"),
              ElementsAre("BTCUSDT BTC/USDT bbo 1 2 - at 1700000000123"));
  EXPECT_THAT(body("/v2/public/orderBook/L2",
                   R"({"ret_code":0,"result":[{"symbol":"BTCUSD","price":"1","size":1,"side":"Buy"},)"
                   R"({"symbol":"BTCUSD","price":"2","size":1,"side":"Sell"}],"time_now":"1700000000.123456"})"),
              ElementsAre("BTCUSD BTC/USD book 1 2 - at 1700000000123"));
}

TEST(Bybit, what_carries_no_price_is_named_and_errors_are_told_apart) {
  EXPECT_THAT(frame(R"({"success":true,"ret_msg":"pong","op":"ping"})"), ElementsAre("control pong"));
  EXPECT_THAT(frame(R"({"args":["1"],"op":"pong"})"), ElementsAre("control pong"));
  EXPECT_THAT(frame(R"({"op":"ping"})"), ElementsAre("control ping"));
  EXPECT_THAT(frame(R"({"success":true,"ret_msg":"","op":"subscribe"})"), ElementsAre("control ack"));
  EXPECT_THAT(frame(R"({"topic":"depth","event":"sub","code":"0","msg":"Success"})"), ElementsAre("control ack"));
  EXPECT_THAT(frame(R"({"op":"subscribe","args":[]})"), ElementsAre("control subscribe"));
  EXPECT_THAT(frame(R"({"topic":"liquidation.BTCUSD","data":{"price":"1"}})"), ElementsAre("control liquidation"));
  EXPECT_THAT(frame(R"({"success":false,"ret_msg":"Invalid topic","op":"subscribe"})"),
              ElementsAre("refused venue_error"));
  EXPECT_THAT(frame(R"({"topic":"weather.BTCUSDT","data":{}})"), ElementsAre("refused unsupported"));
  EXPECT_THAT(frame("[]"), ElementsAre("refused missing_field"));
  EXPECT_THAT(body("/x", R"({"retCode":10006,"retMsg":"slow","result":{}})"), ElementsAre("refused rate_limited"));
  EXPECT_THAT(body("/x", R"({"retCode":10001,"retMsg":"no","result":{}})"), ElementsAre("refused venue_error"));
  EXPECT_THAT(body("/x", R"({"retCode":0,"result":{"list":[]}})"), ElementsAre("control empty"));
  EXPECT_THAT(body("/x", R"({"retCode":0,"result":{"list":[{"baseCoin":"BTC"}]}})"),
              ElementsAre("control instruments"));
  EXPECT_THAT(body("/x", "{}"), ElementsAre("refused missing_field"));
}

TEST(Bybit, subscribes_ten_symbols_a_frame) {
  const BybitAdapter bybit;
  const std::vector<std::string> symbols(11, "BTCUSDT");
  const auto frames = bybit.subscribe(symbols).frames;
  ASSERT_EQ(frames.size(), 2U);
  EXPECT_EQ(frames.back(), R"({"op":"subscribe","args":["orderbook.1.BTCUSDT"]})");
  EXPECT_EQ(bybit.subscribe({}).frames.size(), 0U);
  EXPECT_THAT(bybit.rest_targets(symbols), ElementsAre("/v5/market/tickers?category=spot"));
  EXPECT_THAT(bybit.rest_targets(std::span(symbols).first(1)),
              ElementsAre("/v5/market/tickers?category=spot&symbol=BTCUSDT"));
}

}  // namespace
}  // namespace assay::fetchers::testing
