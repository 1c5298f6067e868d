// Samples follow the shapes of Kraken's documentation; every value is invented.
#include "fetchers/venues/kraken.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string line(std::string_view symbol, std::string_view kind, std::string_view values) {
  return R"({"venue":"kraken","symbol":")" + std::string(symbol) + R"(","base":"BTC","quote":"USD","kind":")" +
         std::string(kind) + "\"," + std::string(values) + "}";
}

TEST(Kraken, tickers_keep_the_digits_of_json_numbers) {
  EXPECT_THAT(ws("kraken", R"({"channel":"ticker","type":"snapshot","data":[{"symbol":"BTC/USD","bid":61000.10,)"
                           R"("bid_qty":1.5,"ask":61000.2,"ask_qty":2,"last":6.1e4,"volume":1234.50000000,"vwap":1,)"
                           R"("low":1,"high":2,"change":-5.0,"change_pct":-0.01,)"
                           R"("timestamp":"2023-11-14T22:13:20.123456Z"}]})"),
              ElementsAre(line("BTC/USD", "ticker",
                               R"("bid":"61000.10","ask":"61000.2","last":"6.1e4","base_volume":"1234.50000000",)"
                               R"("venue_time_ms":"1700000000123")")));
}

TEST(Kraken, a_trade_message_gives_a_line_a_trade) {
  const auto trade = [](std::string_view price) {
    return line("BTC/USD", "trade",
                R"("bid":null,"ask":null,"last":")" + std::string(price) +
                    R"(","base_volume":null,"venue_time_ms":"1700000000123")");
  };
  EXPECT_THAT(ws("kraken", R"({"channel":"trade","type":"update","data":[)"
                           R"({"symbol":"BTC/USD","side":"buy","price":61000.5,"qty":0.1,"ord_type":"market",)"
                           R"("trade_id":1,"timestamp":"2023-11-14T22:13:20.123456Z"},)"
                           R"({"symbol":"BTC/USD","side":"sell","price":61000.4,"qty":0.2,"ord_type":"limit",)"
                           R"("trade_id":2,"timestamp":"2023-11-14T22:13:20.123999Z"}]})"),
              ElementsAre(trade("61000.5"), trade("61000.4")));
}

TEST(Kraken, book_snapshots_give_their_best_levels_and_updates_are_deltas) {
  const auto expected = line("BTC/USD", "book",
                             R"("bid":"61000.1","ask":"61000.2","last":null,"base_volume":null,)"
                             R"("venue_time_ms":null)");
  EXPECT_THAT(ws("kraken", R"({"channel":"book","type":"snapshot","data":[{"symbol":"BTC/USD",)"
                           R"("bids":[{"price":60999.0,"qty":1},{"price":61000.1,"qty":2},{"price":61000.15,"qty":0}],)"
                           R"("asks":[{"price":61000.9,"qty":1},{"price":61000.2,"qty":1}],"checksum":5}]})"),
              ElementsAre(expected));
  EXPECT_THAT(ws("kraken", R"({"channel":"level3","type":"snapshot","data":[{"symbol":"BTC/USD",)"
                           R"("bids":[{"order_id":"a","limit_price":61000.1,"order_qty":2}],)"
                           R"("asks":[{"order_id":"b","limit_price":61000.2,"order_qty":2}],"checksum":5}]})"),
              ElementsAre(expected));
  for (const std::string_view channel : {"book", "level3"}) {
    EXPECT_THAT(ws("kraken", R"({"channel":")" + std::string(channel) + R"(","type":"update","data":[{}]})"),
                ElementsAre(R"({"control":"delta"})"));
  }
}

TEST(Kraken, candles_give_their_close_at_the_time_of_the_message) {
  EXPECT_THAT(ws("kraken", R"({"channel":"ohlc","type":"update","timestamp":"2023-11-14T22:13:20.123456789Z",)"
                           R"("data":[{"symbol":"BTC/USD","open":1,"high":3,"low":1,"close":61000.5,"trades":2,)"
                           R"("volume":42.5,"vwap":2,"interval_begin":"2023-11-14T22:13:00.000000000Z","interval":1,)"
                           R"("timestamp":"2023-11-14T22:14:00.000000Z"}]})"),
              ElementsAre(line("BTC/USD", "candle",
                               R"("bid":null,"ask":null,"last":"61000.5","base_volume":"42.5",)"
                               R"("venue_time_ms":"1700000000123")")));
}

TEST(Kraken, messages_without_prices_are_controls) {
  EXPECT_THAT(ws("kraken", R"({"channel":"heartbeat"})"), ElementsAre(R"({"control":"heartbeat"})"));
  EXPECT_THAT(ws("kraken", R"({"channel":"status","type":"update","data":[{"system":"online"}]})"),
              ElementsAre(R"({"control":"status"})"));
  EXPECT_THAT(ws("kraken", R"({"channel":"instrument","type":"snapshot","data":{}})"),
              ElementsAre(R"({"control":"instruments"})"));
  EXPECT_THAT(ws("kraken", R"({"method":"pong","req_id":1,"time_in":"x","time_out":"y"})"),
              ElementsAre(R"({"control":"pong"})"));
  EXPECT_THAT(ws("kraken", R"({"method":"subscribe","result":{"channel":"ticker"},"success":true})"),
              ElementsAre(R"({"control":"ack"})"));
  EXPECT_THAT(ws("kraken", R"({"method":"subscribe","params":{"channel":"ticker"}})"),
              ElementsAre(R"({"control":"subscribe"})"));
  EXPECT_THAT(rest("kraken", "/0/public/Time", R"({"error":[],"result":{"unixtime":1700000000,"rfc1123":"x"}})"),
              ElementsAre(R"({"control":"time"})"));
  EXPECT_THAT(rest("kraken", "/0/public/SystemStatus", R"({"error":[],"result":{"status":"online"}})"),
              ElementsAre(R"({"control":"status"})"));
  EXPECT_THAT(rest("kraken", "/0/public/Trades", R"({"error":[],"result":{"last":"0"}})"),
              ElementsAre(R"({"control":"empty"})"));
  EXPECT_THAT(rest("kraken", "/0/public/Ticker", R"({"error":[],"result":{}})"), ElementsAre(R"({"control":"empty"})"));
  EXPECT_THAT(ws("kraken", R"({"channel":"trade","type":"snapshot","data":[]})"),
              ElementsAre(R"({"control":"empty"})"));
  EXPECT_THAT(rest("kraken", "/0/public/AssetPairs", R"({"error":[],"result":{"XXBTZUSD":{"altname":"XBTUSD"}}})"),
              ElementsAre(R"({"control":"instruments"})"));
}

TEST(Kraken, its_errors_are_refusals_and_limits_have_their_own_code) {
  EXPECT_EQ(ws_refusal("kraken", R"({"error":"Currency pair not supported","method":"subscribe","success":false})"),
            "venue_error");
  EXPECT_EQ(ws_refusal("kraken", R"({"error":"Exceeded msg rate","success":false})"), "rate_limited");
  EXPECT_EQ(rest_refusal("kraken", "/x", R"({"error":["EQuery:Unknown asset pair"]})"), "venue_error");
  EXPECT_EQ(rest_refusal("kraken", "/x", R"({"error":["EGeneral:Too many requests"]})"), "rate_limited");
  EXPECT_EQ(rest_refusal("kraken", "/x", R"({"error":["EAPI:Rate limit exceeded"],"result":{}})"), "rate_limited");
}

TEST(Kraken, rest_tickers_are_read_for_every_pair_under_the_sent_name) {
  const std::string fields = R"({"a":["61000.20000","1","1.000"],"b":["61000.10000","2","2.000"],)"
                             R"("c":["61000.15000","0.1"],"v":["5.5","1234.5"],"p":["1","1"],"t":[1,2],)"
                             R"("l":["1","1"],"h":["2","2"],"o":"1"})";
  const std::string values = R"("bid":"61000.10000","ask":"61000.20000","last":"61000.15000","base_volume":"1234.5",)"
                             R"("venue_time_ms":null)";
  EXPECT_THAT(rest("kraken", "/0/public/Ticker",
                   R"({"error":[],"result":{"XXBTZUSD":)" + fields + R"(,"XBTUSD":)" + fields + "}}"),
              ElementsAre(line("XXBTZUSD", "ticker", values), line("XBTUSD", "ticker", values)));
}

TEST(Kraken, rest_books_trades_candles_and_spreads_are_read) {
  EXPECT_THAT(rest("kraken", "/0/public/Depth?pair=XBTUSD",
                   R"({"error":[],"result":{"XXBTZUSD":{"asks":[["61000.9","1",1],["61000.2","1",1]],)"
                   R"("bids":[["61000.1","2",1]]}}})"),
              ElementsAre(line("XXBTZUSD", "book",
                               R"("bid":"61000.1","ask":"61000.2","last":null,"base_volume":null,)"
                               R"("venue_time_ms":null)")));
  EXPECT_THAT(
      rest("kraken", "/0/public/Trades?pair=XBTUSD",
           R"({"error":[],"result":{"XXBTZUSD":[["61000.5","0.1",1700000000.1239999,"b","m","",7]],"last":"1"}})"),
      ElementsAre(line("XXBTZUSD", "trade",
                       R"("bid":null,"ask":null,"last":"61000.5","base_volume":null,)"
                       R"("venue_time_ms":"1700000000123")")));
  EXPECT_THAT(rest("kraken", "/0/public/OHLC?pair=XBTUSD",
                   R"({"error":[],"result":{"XXBTZUSD":[[1700000000,"1","3","1","61000.5","2","42.5",9]],"last":1}})"),
              ElementsAre(line("XXBTZUSD", "candle",
                               R"("bid":null,"ask":null,"last":"61000.5","base_volume":"42.5",)"
                               R"("venue_time_ms":"1700000000000")")));
  EXPECT_THAT(rest("kraken", "/0/public/Spread?pair=XBTUSD",
                   R"({"error":[],"result":{"XXBTZUSD":[[1700000000,"61000.1","61000.2"]],"last":1}})"),
              ElementsAre(line("XXBTZUSD", "bbo",
                               R"("bid":"61000.1","ask":"61000.2","last":null,"base_volume":null,)"
                               R"("venue_time_ms":"1700000000000")")));
}

TEST(Kraken, a_warning_beside_a_result_does_not_hide_it) {
  EXPECT_THAT(rest("kraken", "/0/public/Spread",
                   R"({"error":["WGeneral:Slow"],"result":{"XXBTZUSD":[[1700000000,"61000.1","61000.2"]]}})"),
              ElementsAre(line("XXBTZUSD", "bbo",
                               R"("bid":"61000.1","ask":"61000.2","last":null,"base_volume":null,)"
                               R"("venue_time_ms":"1700000000000")")));
}

TEST(Kraken, what_is_missing_or_unknown_is_refused_by_name) {
  EXPECT_EQ(ws_refusal("kraken", R"({"channel":"ticker","type":"update","data":[{"bid":1,"ask":2}]})"),
            "symbol_unknown");
  EXPECT_EQ(ws_refusal("kraken", R"({"channel":"ticker","type":"update","data":[{"symbol":"BTC/USD"}]})"),
            "missing_field");
  EXPECT_EQ(ws_refusal("kraken", R"({"channel":"ticker","type":"update"})"), "missing_field");
  EXPECT_EQ(ws_refusal("kraken", R"({"channel":"trade","type":"update","data":[{"symbol":"BTC/USD","price":-1}]})"),
            "negative_price");
  EXPECT_EQ(ws_refusal("kraken", R"({"channel":"executions","data":[]})"), "unsupported");
  EXPECT_EQ(ws_refusal("kraken", R"({"hello":1})"), "missing_field");
  EXPECT_EQ(ws_refusal("kraken", "7"), "missing_field");
  EXPECT_EQ(ws_refusal("kraken", ""), "malformed");
  EXPECT_EQ(rest_refusal("kraken", "/x", "{}"), "missing_field");
  EXPECT_EQ(rest_refusal("kraken", "/x", R"({"error":[]})"), "missing_field");
  EXPECT_EQ(rest_refusal("kraken", "/x", R"({"error":[],"result":{"XXBTZUSD":5}})"), "unsupported");
  EXPECT_EQ(rest_refusal("kraken", "/x", R"({"error":[],"result":{"XXBTZUSD":[[1]]}})"), "missing_field");
  EXPECT_EQ(rest_refusal("kraken", "/x", R"({"error":[],"result":{"XXBTZUSD":{"a":["x"],"b":["1"]}}})"), "bad_number");
  EXPECT_EQ(rest_refusal("kraken", "/x", "<html>"), "html_page");
}

TEST(Kraken, subscribes_in_v2_spelling_and_polls_in_rest_spelling) {
  const std::vector<std::string> symbols = {"XBT/USD", "DOGE/EUR", "ETHUSDT"};
  const auto subscription = find_adapter("kraken")->subscribe(symbols);
  EXPECT_EQ(subscription.target, "/v2");
  EXPECT_THAT(subscription.frames, ElementsAre(R"({"method":"subscribe","params":{"channel":"book","symbol":)"
                                               R"(["BTC/USD","DOGE/EUR","ETH/USDT"],"depth":100,"snapshot":true}})"));
  EXPECT_THAT(find_adapter("kraken")->rest_targets(symbols),
              ElementsAre("/0/public/Ticker?pair=XBTUSD,XDGEUR,ETHUSDT"));
  EXPECT_EQ(find_adapter("kraken")->ping().frame, R"({"method":"ping"})");
  EXPECT_GT(find_adapter("kraken")->ping().interval, micros(0));
}

}  // namespace
}  // namespace assay::fetchers::testing
