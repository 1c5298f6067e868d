// Samples follow the shapes of the venue's documentation; every value is invented.
#include "fetchers/venues/gateio.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view venue = "gateio";

Lines frame(std::string_view text, std::string_view path = {}) {
  return ws_brief(venue, text, path);
}

Lines body(std::string_view endpoint, std::string_view text, std::string_view symbol = {}) {
  return rest_brief(venue, endpoint, text, symbol);
}

std::string push(std::string_view channel, std::string_view result) {
  return R"({"time":1700000000,"time_ms":1700000000200,"channel":")" + std::string(channel) +
         R"(","event":"update","result":)" + std::string(result) + "}";
}

TEST(Gateio, channels) {
  EXPECT_THAT(
      frame(push("spot.tickers",
                 R"({"currency_pair":"BTC_USDT","last":"1.5","lowest_ask":"2","highest_bid":"1","base_volume":"9"})")),
      ElementsAre("BTC_USDT BTC/USDT ticker 1 2 1.5 volume 9 at 1700000000200"));
  EXPECT_THAT(frame(push("spot.book_ticker", R"({"t":1700000000123,"s":"BTC_USDT","b":"1","B":"1","a":"2","A":"1"})")),
              ElementsAre("BTC_USDT BTC/USDT bbo 1 2 - at 1700000000123"));
  EXPECT_THAT(
      frame(push(
          "spot.trades",
          R"({"create_time":1700000000,"create_time_ms":"1700000000123.4567","currency_pair":"BTC_USDT","price":"1.5"})")),
      ElementsAre("BTC_USDT BTC/USDT trade - - 1.5 at 1700000000123"));
  EXPECT_THAT(
      frame(push("spot.order_book", R"({"t":1700000000123,"s":"BTC_USDT","bids":[["1","1"]],"asks":[["2","1"]]})")),
      ElementsAre("BTC_USDT BTC/USDT book 1 2 - at 1700000000123"));
  EXPECT_THAT(frame(push("spot.obu",
                         R"({"t":1700000000123,"full":true,"s":"ob.BTC_USDT.50","b":[["1","1"]],"a":[["2","1"]]})")),
              ElementsAre("BTC_USDT BTC/USDT book 1 2 - at 1700000000123"));
  EXPECT_THAT(frame(push("spot.obu", R"({"t":1,"s":"ob.BTC_USDT.50","b":[["1","1"]]})")), ElementsAre("control delta"));
  EXPECT_THAT(frame(push("spot.order_book_update", R"({"t":1,"s":"BTC_USDT","b":[],"a":[]})")),
              ElementsAre("control delta"));
  EXPECT_THAT(frame(push("spot.candlesticks", R"({"t":"1700000000","v":"18","c":"2.5","n":"1m_1INCH_USDT","a":"9"})")),
              ElementsAre("1INCH_USDT 1INCH/USDT candle - - 2.5 volume 9 at 1700000000200"));
  EXPECT_THAT(frame(push("futures.tickers", R"([{"contract":"BTC_USD","last":"1.5","volume_24h_base":"9"}])")),
              ElementsAre("BTC_USD BTC/USD ticker - - 1.5 volume 9 at 1700000000200"));
  EXPECT_THAT(frame(push("spot.odd", "{}")), ElementsAre("refused unsupported"));
}

TEST(Gateio, the_retired_v3_is_read) {
  EXPECT_THAT(
      frame(
          R"({"method":"trades.update","params":["BTC_USDT",[{"id":1,"time":1700000000.123456,"price":"1.5"}]],"id":null})"),
      ElementsAre("BTC_USDT BTC/USDT trade - - 1.5 at 1700000000123"));
  EXPECT_THAT(frame(R"({"method":"depth.update","params":[true,{"bids":[["1","1"]],"asks":[["2","1"]]},"BTC_USDT"]})"),
              ElementsAre("BTC_USDT BTC/USDT book 1 2 -"));
  EXPECT_THAT(frame(R"({"method":"depth.update","params":[false,{"bids":[["1","0"]]},"BTC_USDT"]})"),
              ElementsAre("control delta"));
  EXPECT_THAT(frame(R"({"method":"ticker.update","params":["BTC_USDT",{"last":"1.5"}]})"),
              ElementsAre("BTC_USDT BTC/USDT ticker - - 1.5"));
  EXPECT_THAT(frame(R"({"method":"kline.update","params":[[1700000000,"1","2.5","3","0","9","18","BTC_USDT"]]})"),
              ElementsAre("BTC_USDT BTC/USDT candle - - 2.5 volume 9 at 1700000000000"));
  EXPECT_THAT(frame(R"({"error":null,"result":"pong","id":1})"), ElementsAre("control pong"));
}

TEST(Gateio, conversation_and_errors) {
  EXPECT_THAT(frame(R"({"time":1,"channel":"spot.tickers","event":"subscribe","result":{"status":"success"}})"),
              ElementsAre("control ack"));
  EXPECT_THAT(frame(R"({"time":1,"channel":"spot.tickers","event":"subscribe","payload":["BTC_USDT"]})"),
              ElementsAre("control subscribe"));
  EXPECT_THAT(frame(R"({"time":1,"channel":"spot.pong","event":"","result":null})"), ElementsAre("control pong"));
  EXPECT_THAT(
      frame(R"({"channel":"spot.tickers","event":"subscribe","error":{"code":2,"message":"unknown currency pair"}})"),
      ElementsAre("refused venue_error"));
  EXPECT_THAT(frame(R"({"channel":"spot.tickers"})"), ElementsAre("refused missing_field"));
  EXPECT_THAT(frame("{}"), ElementsAre("refused missing_field"));
  EXPECT_THAT(body("/x", R"({"label":"TOO_MANY_REQUESTS","message":"slow"})"), ElementsAre("refused rate_limited"));
  EXPECT_THAT(body("/x", R"({"label":"INVALID_CURRENCY","message":"no"})"), ElementsAre("refused venue_error"));
}

TEST(Gateio, rest_bodies) {
  EXPECT_THAT(body("/api/v4/spot/tickers",
                   R"([{"currency_pair":"BTC_USDT","last":"1.5","lowest_ask":"2","highest_bid":"1","base_volume":"9"},)"
                   R"({"currency_pair":"OLD_USDT","last":"","lowest_ask":"","highest_bid":"","base_volume":"0"}])"),
              ElementsAre("BTC_USDT BTC/USDT ticker 1 2 1.5 volume 9", "control empty"));
  EXPECT_THAT(body("/api/v4/spot/order_book?currency_pair=BTC_USDT",
                   R"({"current":1700000000123,"bids":[["1","1"]],"asks":[["2","1"]]})"),
              ElementsAre("BTC_USDT BTC/USDT book 1 2 - at 1700000000123"));
  EXPECT_THAT(
      body("/api/v4/spot/candlesticks?currency_pair=BTC_USDT", R"([["1700000000","18","2.5","3","0","1","9","true"]])"),
      ElementsAre("BTC_USDT BTC/USDT candle - - 2.5 volume 9 at 1700000000000"));
  EXPECT_THAT(body("/api/v4/spot/trades?currency_pair=BTC_USDT",
                   R"([{"id":"1","create_time":"1700000000","create_time_ms":"1700000000123.4","price":"1.5"}])"),
              ElementsAre("BTC_USDT BTC/USDT trade - - 1.5 at 1700000000123"));
  EXPECT_THAT(body("/api/v4/spot/currency_pairs", R"([{"id":"BTC_USDT","trade_status":"tradable"}])"),
              ElementsAre("control instruments"));
  EXPECT_THAT(body("/api/v4/spot/time", R"({"server_time":1})"), ElementsAre("control time"));
}

TEST(Gateio, subscribes_to_best_prices_and_polls_one_or_all) {
  const GateioAdapter gateio;
  const std::vector<std::string> symbols = {"BTC_USDT", "ETH_USDT"};
  EXPECT_THAT(
      gateio.subscribe(symbols).frames,
      ElementsAre(R"({"time":1,"channel":"spot.book_ticker","event":"subscribe","payload":["BTC_USDT","ETH_USDT"]})"));
  EXPECT_THAT(gateio.rest_targets(symbols), ElementsAre("/api/v4/spot/tickers"));
  EXPECT_THAT(gateio.rest_targets(std::span(symbols).first(1)),
              ElementsAre("/api/v4/spot/tickers?currency_pair=BTC_USDT"));
}

}  // namespace
}  // namespace assay::fetchers::testing
