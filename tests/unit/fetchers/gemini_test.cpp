// Samples follow the shapes of the venue's documentation; every value is invented.
#include "fetchers/venues/gemini.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view venue = "gemini";

Lines frame(std::string_view text, std::string_view path = {}) {
  return ws_brief(venue, text, path);
}

Lines body(std::string_view endpoint, std::string_view text, std::string_view symbol = {}) {
  return rest_brief(venue, endpoint, text, symbol);
}

TEST(Gemini, the_current_stream_counts_in_nanoseconds) {
  EXPECT_THAT(frame(R"({"u":1,"E":1700000000123456789,"s":"xrpgusd","b":"1.06","B":"1","a":"1.07","A":"1"})"),
              ElementsAre("xrpgusd XRP/GUSD bbo 1.06 1.07 - at 1700000000123"));
  EXPECT_THAT(frame(R"({"E":1700000000123456789,"s":"btcusd","t":1,"p":"61000.5","q":"1","m":true})"),
              ElementsAre("btcusd BTC/USD trade - - 61000.5 at 1700000000123"));
  EXPECT_THAT(frame(R"({"e":"depthUpdate","E":1,"s":"btcusd","b":[],"a":[]})"), ElementsAre("control delta"));
  EXPECT_THAT(frame(R"({"id":"1","status":200})"), ElementsAre("control ack"));
  EXPECT_THAT(frame(R"({"id":"1","status":400,"error":{"code":-1,"msg":"bad stream"}})"),
              ElementsAre("refused venue_error"));
}

TEST(Gemini, the_first_levels_of_v2_are_a_book_with_its_trades) {
  EXPECT_THAT(frame(R"({"type":"l2_updates","symbol":"BTCUSD","changes":[["buy","60999","1"],["buy","61000","1"],)"
                    R"(["sell","61001","0"],["sell","61002","1"]],"trades":[{"type":"trade","price":"61001.5",)"
                    R"("timestamp":1700000000123}],"auction_events":[]})"),
              ElementsAre("BTCUSD BTC/USD book 61000 61002 -", "BTCUSD BTC/USD trade - - 61001.5 at 1700000000123"));
  EXPECT_THAT(frame(R"({"type":"l2_updates","symbol":"BTCUSD","changes":[["buy","61000","0"]]})"),
              ElementsAre("control delta"));
  EXPECT_THAT(frame(R"({"type":"trade","symbol":"PAXGUSD","timestamp":1700000000123,"price":"2000.5","quantity":"1"})"),
              ElementsAre("PAXGUSD PAXG/USD trade - - 2000.5 at 1700000000123"));
  EXPECT_THAT(frame(R"({"type":"candles_1m_updates","symbol":"BTCUSD","changes":[[1700000000000,1,3,0,2.5,9]]})"),
              ElementsAre("BTCUSD BTC/USD candle - - 2.5 volume 9 at 1700000000000"));
  EXPECT_THAT(frame(R"({"type":"heartbeat","timestamp":1})"), ElementsAre("control heartbeat"));
}

TEST(Gemini, v1_takes_its_symbol_from_the_path) {
  const std::string initial = R"({"type":"update","events":[)"
                              R"({"type":"change","reason":"initial","price":"1","remaining":"1","side":"bid"},)"
                              R"({"type":"change","reason":"initial","price":"2","remaining":"1","side":"ask"}]})";
  EXPECT_THAT(frame(initial, "/v1/marketdata/BTCUSD"), ElementsAre("BTCUSD BTC/USD book 1 2 -"));
  EXPECT_THAT(frame(initial), ElementsAre("refused symbol_unknown"));
  EXPECT_THAT(frame(R"({"type":"update","timestampms":1700000000123,"events":[{"type":"trade","price":"1.5"},)"
                    R"({"type":"change","reason":"trade","price":"2","remaining":"0","side":"ask"}]})",
                    "/v1/marketdata/BTCUSD"),
              ElementsAre("BTCUSD BTC/USD trade - - 1.5 at 1700000000123"));
  EXPECT_THAT(frame(R"({"type":"update","events":[{"type":"change","reason":"place"}]})"),
              ElementsAre("control delta"));
}

TEST(Gemini, rest_bodies) {
  EXPECT_THAT(body("/v1/pubticker/btcusd", R"({"bid":"1","ask":"2","last":"1.5","volume":{"BTC":"9","USD":"18",)"
                                           R"("timestamp":1700000000123}})"),
              ElementsAre("btcusd BTC/USD ticker 1 2 1.5 volume 9 at 1700000000123"));
  EXPECT_THAT(body("/v2/ticker/BTCUSD", R"({"symbol":"BTCUSD","close":"1.5","bid":"1","ask":"2"})"),
              ElementsAre("BTCUSD BTC/USD ticker 1 2 1.5"));
  EXPECT_THAT(body("/v1/book/ethusd", R"({"bids":[{"price":"1","amount":"1","timestamp":"5"}],"asks":[]})"),
              ElementsAre("ethusd ETH/USD book 1 - -"));
  EXPECT_THAT(
      body("/v1/trades/btcusd", R"([{"timestamp":1700000000,"timestampms":1700000000123,"tid":1,"price":"1.5"}])"),
      ElementsAre("btcusd BTC/USD trade - - 1.5 at 1700000000123"));
  EXPECT_THAT(body("/v1/pricefeed", R"([{"pair":"BTCUSD","price":"1.5"},{"pair":"ETHBTC","price":"0.05"}])"),
              ElementsAre("BTCUSD BTC/USD ticker - - 1.5", "ETHBTC ETH/BTC ticker - - 0.05"));
  EXPECT_THAT(body("/v2/candles/btcusd/1m", "[[1700000000000,1,3,0,2.5,9]]"),
              ElementsAre("btcusd BTC/USD candle - - 2.5 volume 9 at 1700000000000"));
  EXPECT_THAT(body("/v1/symbols", R"(["btcusd"])"), ElementsAre("control instruments"));
  EXPECT_THAT(body("/x", R"({"result":"error","reason":"InvalidSymbol","message":"no"})"),
              ElementsAre("refused venue_error"));
  EXPECT_THAT(body("/x", R"({"result":"error","reason":"RateLimit","message":"slow"})"),
              ElementsAre("refused rate_limited"));
}

TEST(Gemini, subscribes_to_best_prices_and_polls_each_symbol) {
  const GeminiAdapter gemini;
  const std::vector<std::string> symbols = {"BTCUSD", "eth-usd"};
  EXPECT_THAT(gemini.subscribe(symbols).frames,
              ElementsAre(R"({"id":"1","method":"subscribe","params":["btcusd@bookTicker","ethusd@bookTicker"]})"));
  EXPECT_THAT(gemini.rest_targets(symbols), ElementsAre("/v1/pubticker/btcusd", "/v1/pubticker/ethusd"));
}

}  // namespace
}  // namespace assay::fetchers::testing
