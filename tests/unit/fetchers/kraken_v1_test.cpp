// Samples follow the shapes of Kraken's documentation of WebSocket v1; every value is invented.
#include "fetchers/venues/kraken_v1.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string line(std::string_view kind, std::string_view values) {
  return R"({"venue":"kraken","symbol":"XBT/USD","base":"BTC","quote":"USD","kind":")" + std::string(kind) + "\"," +
         std::string(values) + "}";
}

TEST(KrakenV1, tickers_give_the_rolling_day_s_volume_and_no_time) {
  EXPECT_THAT(ws("kraken", R"([340,{"a":["61000.2",1,"1.0"],"b":["61000.1",2,"2.0"],"c":["61000.15","0.1"],)"
                           R"("v":["5.5","1234.5"],"p":["1","1"],"t":[1,2],"l":["1","1"],"h":["2","2"],)"
                           R"("o":["1","1"]},"ticker","XBT/USD"])"),
              ElementsAre(line("ticker", R"("bid":"61000.1","ask":"61000.2","last":"61000.15","base_volume":"1234.5",)"
                                         R"("venue_time_ms":null)")));
}

TEST(KrakenV1, trades_spreads_and_candles_are_read) {
  EXPECT_THAT(ws("kraken", R"([337,[["61000.5","0.1","1700000000.123456","b","m",""],)"
                           R"(["61000.4","0.2","1700000001.5","s","l",""]],"trade","XBT/USD"])"),
              ElementsAre(line("trade", R"("bid":null,"ask":null,"last":"61000.5","base_volume":null,)"
                                        R"("venue_time_ms":"1700000000123")"),
                          line("trade", R"("bid":null,"ask":null,"last":"61000.4","base_volume":null,)"
                                        R"("venue_time_ms":"1700000001500")")));
  EXPECT_THAT(ws("kraken", R"([341,["61000.1","61000.2","1700000000.123456","1","2"],"spread","XBT/USD"])"),
              ElementsAre(line("bbo", R"("bid":"61000.1","ask":"61000.2","last":null,"base_volume":null,)"
                                      R"("venue_time_ms":"1700000000123")")));
  EXPECT_THAT(
      ws("kraken", R"([343,["1700000000.1","1700000060.0","1","3","1","61000.5","2","42.5",9],"ohlc-1","XBT/USD"])"),
      ElementsAre(line("candle", R"("bid":null,"ask":null,"last":"61000.5","base_volume":"42.5",)"
                                 R"("venue_time_ms":"1700000000100")")));
}

TEST(KrakenV1, book_snapshots_are_as_of_their_newest_level) {
  EXPECT_THAT(
      ws("kraken", R"([336,{"as":[["61000.9","1","1700000000.1"],["61000.2","1","1700000002.25"]],)"
                   R"("bs":[["61000.1","1","1700000001.0"],["60999","1","1699999999.0"]]},"book-10","XBT/USD"])"),
      ElementsAre(line("book", R"("bid":"61000.1","ask":"61000.2","last":null,"base_volume":null,)"
                               R"("venue_time_ms":"1700000002250")")));
  EXPECT_THAT(
      ws("kraken", R"([336,{"as":[],"bs":[]},"book-10","XBT/USD"])"),
      ElementsAre(line("book", R"("bid":null,"ask":null,"last":null,"base_volume":null,"venue_time_ms":null)")));
}

TEST(KrakenV1, book_updates_are_deltas_with_one_or_two_payloads) {
  EXPECT_THAT(ws("kraken", R"([336,{"a":[["61000.2","0","1700000000.1"]],"c":"7"},"book-10","XBT/USD"])"),
              ElementsAre(R"({"control":"delta"})"));
  EXPECT_THAT(ws("kraken", R"([336,{"a":[["61000.2","0","1700000000.1"]]},{"b":[],"c":"7"},"book-10","XBT/USD"])"),
              ElementsAre(R"({"control":"delta"})"));
}

TEST(KrakenV1, events_are_controls_or_the_venue_s_errors) {
  EXPECT_THAT(ws("kraken", R"({"event":"heartbeat"})"), ElementsAre(R"({"control":"heartbeat"})"));
  EXPECT_THAT(ws("kraken", R"({"event":"pong","reqid":1})"), ElementsAre(R"({"control":"pong"})"));
  EXPECT_THAT(ws("kraken", R"({"connectionID":5,"event":"systemStatus","status":"online","version":"1.0.0"})"),
              ElementsAre(R"({"control":"status"})"));
  EXPECT_THAT(ws("kraken", R"({"channelID":1,"event":"subscriptionStatus","pair":"XBT/USD","status":"subscribed"})"),
              ElementsAre(R"({"control":"ack"})"));
  EXPECT_THAT(ws("kraken", R"({"event":"subscribe","pair":["XBT/USD"],"subscription":{"name":"ticker"}})"),
              ElementsAre(R"({"control":"subscribe"})"));
  EXPECT_EQ(ws_refusal("kraken", R"({"event":"subscriptionStatus","status":"error","errorMessage":"Unknown pair"})"),
            "venue_error");
  EXPECT_EQ(ws_refusal("kraken", R"({"event":"error","errorMessage":"Exceeded msg rate"})"), "rate_limited");
  EXPECT_EQ(ws_refusal("kraken", R"({"event":"novelty"})"), "unsupported");
}

TEST(KrakenV1, frames_without_channel_name_and_pair_are_of_a_retired_protocol) {
  EXPECT_EQ(ws_refusal("kraken", R"([0,{"as":[["2","1","1700000000.1"]],"bs":[]}])"), "retired_api");
  EXPECT_EQ(ws_refusal("kraken", R"([0,[["61000.5","0.1","1700000000.1","b","m",""]]])"), "retired_api");
}

TEST(KrakenV1, frames_of_another_shape_are_refused) {
  for (const std::string_view frame :
       {"[]", "[1]", "[1,{},\"ticker\"]", R"([1,{},"ticker",5])", R"(["x",{},"ticker","XBT/USD"])",
        R"([1,5,"ticker","XBT/USD"])", R"([1,{},"ticker","XBT/USD"])", R"([1,{"a":[],"b":[]},"ticker","XBT/USD"])",
        R"([1,[[]],"trade","XBT/USD"])", R"([1,{"as":5,"bs":[]},"book-10","XBT/USD"])"}) {
    EXPECT_EQ(ws_refusal("kraken", frame), "missing_field") << frame;
  }
  EXPECT_EQ(ws_refusal("kraken", R"([[{"id":1}],"ownTrades",{"sequence":1},"x"])"), "missing_field");
  EXPECT_EQ(ws_refusal("kraken", R"([1,{},"novelty","XBT/USD"])"), "unsupported");
  EXPECT_EQ(ws_refusal("kraken", R"([1,{"a":["1"],"b":["2"],"c":["1"]},"ticker",""])"), "symbol_unknown");
  EXPECT_EQ(ws_refusal("kraken", R"([1,[["x","1","1"]],"trade","XBT/USD"])"), "bad_number");
}

}  // namespace
}  // namespace assay::fetchers::testing
