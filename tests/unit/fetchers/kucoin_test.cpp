// Samples follow the shapes of the venue's documentation; every value is invented.
#include "fetchers/venues/kucoin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view venue = "kucoin";

Lines frame(std::string_view text, std::string_view path = {}) {
  return ws_brief(venue, text, path);
}

Lines body(std::string_view endpoint, std::string_view text, std::string_view symbol = {}) {
  return rest_brief(venue, endpoint, text, symbol);
}

TEST(Kucoin, tickers_take_their_symbol_from_topic_or_subject) {
  const std::string data = R"("data":{"bestBid":"1","bestAsk":"2","price":"1.5","time":1700000000123}})";
  EXPECT_THAT(frame(R"({"type":"message","topic":"/market/ticker:BTC-USDT","subject":"trade.ticker",)" + data),
              ElementsAre("BTC-USDT BTC/USDT ticker 1 2 1.5 at 1700000000123"));
  EXPECT_THAT(frame(R"({"type":"message","topic":"/market/ticker:all","subject":"ETH-BTC",)" + data),
              ElementsAre("ETH-BTC ETH/BTC ticker 1 2 1.5 at 1700000000123"));
  EXPECT_THAT(
      frame(
          R"({"type":"message","topic":"/market/snapshot:BTC","subject":"trade.snapshot","data":{"sequence":"1",)"
          R"("data":{"symbol":"BTC-USDT","buy":1,"sell":2,"lastTradedPrice":1.5,"vol":9,"datetime":1700000000123}}})"),
      ElementsAre("BTC-USDT BTC/USDT ticker 1 2 1.5 volume 9 at 1700000000123"));
}

TEST(Kucoin, books_trades_candles_and_indices) {
  EXPECT_THAT(frame(R"({"type":"message","topic":"/spotMarket/level2Depth5:BTC-USDT","subject":"level2",)"
                    R"("data":{"bids":[["1","1"]],"asks":[["2","1"]],"timestamp":1700000000123}})"),
              ElementsAre("BTC-USDT BTC/USDT book 1 2 - at 1700000000123"));
  EXPECT_THAT(frame(R"({"type":"message","topic":"/spotMarket/level1:BTC-USDT","subject":"level1",)"
                    R"("data":{"bids":["1","1"],"asks":["2","1"],"timestamp":1700000000123}})"),
              ElementsAre("BTC-USDT BTC/USDT bbo 1 2 - at 1700000000123"));
  EXPECT_THAT(frame(R"({"type":"message","topic":"/market/level2:BTC-USDT","data":{"changes":{"asks":[],"bids":[]}}})"),
              ElementsAre("control delta"));
  EXPECT_THAT(frame(R"({"type":"message","topic":"/market/match:BTC-USDT","data":{"symbol":"BTC-USDT","side":"buy",)"
                    R"("price":"1.5","size":"1","tradeId":"x","time":"1700000000123456789"}})"),
              ElementsAre("BTC-USDT BTC/USDT trade - - 1.5 at 1700000000123"));
  EXPECT_THAT(frame(R"({"type":"message","topic":"/market/candles:BTC-USDT_1min","data":{"symbol":"BTC-USDT",)"
                    R"("candles":["1700000000","1","2.5","3","0","9","18"],"time":1700000000123456789}})"),
              ElementsAre("BTC-USDT BTC/USDT candle - - 2.5 volume 9 at 1700000000123"));
  EXPECT_THAT(
      frame(R"({"type":"message","topic":"/indicator/index:USDT-BTC","data":{"symbol":"USDT-BTC","value":0.00001,)"
            R"("timestamp":1700000000123}})"),
      ElementsAre("USDT-BTC USDT/BTC index - - 0.00001 at 1700000000123"));
  EXPECT_THAT(frame(R"({"type":"message","topic":"/contractMarket/tickerV2:XBTUSDTM","subject":"tickerV2","data":{)"
                    R"("symbol":"XBTUSDTM","bestBidPrice":"1","bestAskPrice":"2","ts":1700000000123456789}})"),
              ElementsAre("XBTUSDTM BTC/USDT ticker 1 2 - at 1700000000123"));
}

TEST(Kucoin, a_ticker_that_names_its_trade_stays_a_ticker_and_single_orders_are_deltas) {
  EXPECT_THAT(frame(R"({"type":"message","topic":"/contractMarket/ticker:XBTUSDM","subject":"ticker","data":{)"
                    R"("symbol":"XBTUSDM","side":"sell","price":"1.5","bestBidPrice":"1","bestAskPrice":"2",)"
                    R"("tradeId":"x","ts":1700000000123456789}})"),
              ElementsAre("XBTUSDM BTC/USD ticker 1 2 1.5 at 1700000000123"));
  EXPECT_THAT(frame(R"({"type":"message","topic":"/spotMarket/level3:BTC-USDT","subject":"open","data":{"side":"buy",)"
                    R"("symbol":"BTC-USDT","price":"1","orderId":"x"}})"),
              ElementsAre("control delta"));
}

TEST(Kucoin, rest_bodies) {
  const auto answer = [](std::string_view endpoint, std::string_view data) {
    return body(endpoint, R"({"code":"200000","data":)" + std::string(data) + "}");
  };
  EXPECT_THAT(
      answer("/api/v1/market/allTickers", R"({"time":1700000000123,"ticker":[{"symbol":"BTC-USDT","buy":"1",)"
                                          R"("sell":"2","last":"1.5","vol":"9"},{"symbol":"OLD-USDT","buy":null,)"
                                          R"("sell":null,"last":null,"vol":"0"}]})"),
      ElementsAre("BTC-USDT BTC/USDT ticker 1 2 1.5 volume 9 at 1700000000123", "control empty"));
  EXPECT_THAT(answer("/api/v1/market/orderbook/level1?symbol=BTC-USDT",
                     R"({"price":"1.5","bestBid":"1","bestAsk":"2","time":1700000000123})"),
              ElementsAre("BTC-USDT BTC/USDT ticker 1 2 1.5 at 1700000000123"));
  EXPECT_THAT(answer("/api/v1/market/histories?symbol=BTC-USDT",
                     R"([{"sequence":"1","price":"1.5","size":"1","side":"buy","time":1700000000123456789}])"),
              ElementsAre("BTC-USDT BTC/USDT trade - - 1.5 at 1700000000123"));
  EXPECT_THAT(answer("/api/v1/market/candles?symbol=BTC-USDT", R"([["1700000000","1","2.5","3","0","9","18"]])"),
              ElementsAre("BTC-USDT BTC/USDT candle - - 2.5 volume 9 at 1700000000000"));
  EXPECT_THAT(answer("/api/v1/bullet-public", R"({"token":"t","instanceServers":[]})"), ElementsAre("control token"));
  EXPECT_THAT(answer("/api/v1/timestamp", "1700000000123"), ElementsAre("control time"));
  EXPECT_THAT(answer("/x", "null"), ElementsAre("control empty"));
  EXPECT_THAT(body("/x", R"({"code":"429000","msg":"Too Many Requests"})"), ElementsAre("refused rate_limited"));
  EXPECT_THAT(body("/x", R"({"code":"400100","msg":"symbol not exists"})"), ElementsAre("refused venue_error"));
  EXPECT_THAT(body("/x", "{}"), ElementsAre("refused missing_field"));
}

TEST(Kucoin, conversation) {
  EXPECT_THAT(frame(R"({"id":"x","type":"welcome"})"), ElementsAre("control welcome"));
  EXPECT_THAT(frame(R"({"id":"1","type":"ack"})"), ElementsAre("control ack"));
  EXPECT_THAT(frame(R"({"id":"1","type":"pong"})"), ElementsAre("control pong"));
  EXPECT_THAT(frame(R"({"id":"1","type":"error","code":404,"data":"topic not found"})"),
              ElementsAre("refused venue_error"));
  EXPECT_THAT(frame(R"({"type":"odd"})"), ElementsAre("refused unsupported"));
  EXPECT_THAT(frame("{}"), ElementsAre("refused missing_field"));
  const KucoinAdapter kucoin;
  const std::vector<std::string> symbols = {"BTC-USDT", "ETH-USDT"};
  EXPECT_THAT(
      kucoin.subscribe(symbols).frames,
      ElementsAre(R"({"id":"1","type":"subscribe","topic":"/market/ticker:BTC-USDT,ETH-USDT","response":true})"));
  EXPECT_THAT(kucoin.rest_targets(symbols), ElementsAre("/api/v1/market/allTickers"));
  EXPECT_THAT(kucoin.rest_targets(std::span(symbols).first(1)),
              ElementsAre("/api/v1/market/orderbook/level1?symbol=BTC-USDT"));
}

}  // namespace
}  // namespace assay::fetchers::testing
