// Samples follow the shapes of the venue's documentation; every value is invented.
#include "fetchers/venues/bitfinex.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view venue = "bitfinex";

Lines frame(std::string_view text, std::string_view path = {}) {
  return ws_brief(venue, text, path);
}

Lines body(std::string_view endpoint, std::string_view text, std::string_view symbol = {}) {
  return rest_brief(venue, endpoint, text, symbol);
}

constexpr std::string_view ticker_row = "[61000.1,1,61000.2,2,-5,-0.01,61000.5,1234.5,62000,60000]";

TEST(Bitfinex, a_stream_remembers_what_its_channel_numbers_stand_for) {
  const BitfinexAdapter bitfinex;
  StreamMemory memory;
  const auto hear = [&](const std::string& text) { return briefs(bitfinex.parse_stream(as_bytes(text), {}, memory)); };
  const std::string said = "[17," + std::string(ticker_row) + ",1700000000123]";
  EXPECT_THAT(hear(said), ElementsAre("refused symbol_unknown"));
  EXPECT_THAT(hear(R"({"event":"subscribed","channel":"ticker","chanId":17,"symbol":"tBTCUST"})"),
              ElementsAre("control ack"));
  EXPECT_THAT(hear(said),
              ElementsAre("tBTCUST BTC/USDT ticker 61000.1 61000.2 61000.5 volume 1234.5 at 1700000000123"));
  EXPECT_THAT(hear(R"({"event":"unsubscribed","chanId":17})"), ElementsAre("control ack"));
  EXPECT_THAT(hear(said), ElementsAre("refused symbol_unknown"));
}

TEST(Bitfinex, the_memory_of_a_stream_is_bounded) {
  const BitfinexAdapter bitfinex;
  StreamMemory memory;
  for (std::size_t i = 0; i < channels_max + 10; ++i) {
    const std::string text = R"({"event":"subscribed","chanId":)" + std::to_string(i) + R"(,"symbol":"tBTCUSD"})";
    bitfinex.parse_stream(as_bytes(text), {}, memory);
  }
  EXPECT_EQ(memory.symbols.size(), channels_max);
}

TEST(Bitfinex, rows_tell_by_their_shape_what_they_are) {
  const auto of = [](std::string_view payload) {
    return frame(R"([{"channel":"x","symbol":"tBTCUSD"},)" + std::string(payload) + "]");
  };
  EXPECT_THAT(of(ticker_row), ElementsAre("tBTCUSD BTC/USD ticker 61000.1 61000.2 61000.5 volume 1234.5"));
  EXPECT_THAT(of("[[60999,1,0.5],[61000,1,2.5],[61002,1,-1],[61001,2,-0.5]]"),
              ElementsAre("tBTCUSD BTC/USD book 61000 61001 -"));
  EXPECT_THAT(of("[61000,0,1]"), ElementsAre("control delta"));
  EXPECT_THAT(of("[[1,1700000000123,-0.5,2.503e-05],[2,1700000000124,1,3]]"),
              ElementsAre("tBTCUSD BTC/USD trade - - 2.503e-05 at 1700000000123",
                          "tBTCUSD BTC/USD trade - - 3 at 1700000000124"));
  EXPECT_THAT(of(R"("te",[1,1700000000123,1,61000.5])"),
              ElementsAre("tBTCUSD BTC/USD trade - - 61000.5 at 1700000000123"));
  EXPECT_THAT(frame(R"([{"channel":"candles","key":"trade:1m:tAVAX:USD"},[1700000000000,1,2.5,3,0,9]])"),
              ElementsAre("tAVAX:USD AVAX/USD candle - - 2.5 volume 9 at 1700000000000"));
  EXPECT_THAT(of("[]"), ElementsAre("control empty"));
  EXPECT_THAT(of("[[1,2,3,4,5]]"), ElementsAre("refused unsupported"));
}

TEST(Bitfinex, what_has_no_price_of_a_pair_is_named) {
  EXPECT_THAT(frame(R"([17,"hb"])"), ElementsAre("control heartbeat"));
  EXPECT_THAT(frame(R"([17,"cs",-5])"), ElementsAre("control checksum"));
  EXPECT_THAT(frame(R"([{"channel":"trades","symbol":"fUSD"},[[1,1700000000123,1,0.0001,30]]])"),
              ElementsAre("control funding"));
  EXPECT_THAT(frame(R"([{"channel":"book","symbol":"tBTCUSD","prec":"R0"},[[17,61000,1]]])"),
              ElementsAre("refused unsupported"));
  EXPECT_THAT(frame("[17,61000.1,1,61000.2]"), ElementsAre("refused retired_api"));
  EXPECT_THAT(frame(R"({"event":"info","version":2})"), ElementsAre("control status"));
  EXPECT_THAT(frame(R"({"event":"info","code":20051,"msg":"restart"})"), ElementsAre("control shutdown"));
  EXPECT_THAT(frame(R"({"event":"conf","status":"OK"})"), ElementsAre("control ack"));
  EXPECT_THAT(frame(R"({"event":"pong","cid":1})"), ElementsAre("control pong"));
  EXPECT_THAT(frame(R"({"event":"error","msg":"symbol: invalid","code":10300})"), ElementsAre("refused venue_error"));
  EXPECT_THAT(frame("[]"), ElementsAre("refused missing_field"));
}

TEST(Bitfinex, rest_bodies) {
  EXPECT_THAT(
      body("/v2/tickers?symbols=ALL", R"([["tBTCF0:USTF0",1,2,3,4,5,6,2.5,9,10,0],["fUSD",1,2,3,4,5,6,7,8,9,10]])"),
      ElementsAre("tBTCF0:USTF0 BTC/USDT ticker 1 3 2.5 volume 9", "control funding"));
  EXPECT_THAT(body("/v2/ticker/tBTCUSD", ticker_row),
              ElementsAre("tBTCUSD BTC/USD ticker 61000.1 61000.2 61000.5 volume 1234.5"));
  EXPECT_THAT(body("/v2/book/tBTCUSD/P0", "[[1,1,1],[2,1,-1]]"), ElementsAre("tBTCUSD BTC/USD book 1 2 -"));
  EXPECT_THAT(body("/v2/book/tBTCUSD/R0", "[[1,1,1],[2,1,-1]]"), ElementsAre("refused unsupported"));
  EXPECT_THAT(body("/v2/candles/trade:1m:tBTCUSD/last", "[1700000000000,1,2.5,3,0,9]"),
              ElementsAre("tBTCUSD BTC/USD candle - - 2.5 volume 9 at 1700000000000"));
  EXPECT_THAT(body("/v2/status/deriv?keys=ALL", R"([["tBTCF0:USTF0",1700000000123,null,1,2,null,3,4,5,6,7,8]])"),
              ElementsAre("control status"));
  EXPECT_THAT(body("/v1/symbols", R"(["btcusd","ltcusd"])"), ElementsAre("control instruments"));
  EXPECT_THAT(body("/v2/platform/status", "[1]"), ElementsAre("control status"));
  EXPECT_THAT(body("/v2/conf/pub:list:pair:exchange", R"([["BTCUSD"]])"), ElementsAre("control instruments"));
  EXPECT_THAT(body("/x", R"(["error",10020,"symbol: invalid"])"), ElementsAre("refused venue_error"));
  EXPECT_THAT(body("/x", R"(["error",11010,"ratelimit: error"])"), ElementsAre("refused rate_limited"));
  EXPECT_THAT(body("/v1/pubticker/btcusd",
                   R"({"bid":"1","ask":"2","last_price":"1.5","volume":"9","timestamp":"1700000000.1239999"})"),
              ElementsAre("btcusd BTC/USD ticker 1 2 1.5 volume 9 at 1700000000123"));
  EXPECT_THAT(body("/v1/pubticker/btcusd", R"({"message":"Unknown symbol"})"), ElementsAre("refused venue_error"));
}

TEST(Bitfinex, asks_for_times_first_and_polls_in_one_request) {
  const BitfinexAdapter bitfinex;
  const std::vector<std::string> symbols = {"tBTCUSD", "tAVAX:USD"};
  EXPECT_THAT(
      bitfinex.subscribe(symbols).frames,
      ElementsAre(R"({"event":"conf","flags":98304})", R"({"event":"subscribe","channel":"ticker","symbol":"tBTCUSD"})",
                  R"({"event":"subscribe","channel":"ticker","symbol":"tAVAX:USD"})"));
  EXPECT_THAT(bitfinex.rest_targets(symbols), ElementsAre("/v2/tickers?symbols=tBTCUSD,tAVAX%3AUSD"));
}

}  // namespace
}  // namespace assay::fetchers::testing
