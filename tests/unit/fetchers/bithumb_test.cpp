// What Bithumb spoke before it took over Upbit's language; every value is invented.
#include "fetchers/venues/bithumb.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string btc(std::string_view kind, const Said& values) {
  Said quote = values;
  quote.symbol = values.symbol.empty() ? "BTC_KRW" : values.symbol;
  quote.base = "BTC";
  quote.quote = values.quote.empty() ? "KRW" : values.quote;
  quote.kind = kind;
  return said("bithumb", quote);
}

TEST(Bithumb, old_streams_speak_korean_time) {
  EXPECT_THAT(ws("bithumb", R"({"type":"transaction","content":{"list":[{"symbol":"BTC_KRW","contPrice":"81000000",)"
                            R"("contDtm":"2023-11-15 07:13:20.123456"}]}})"),
              ElementsAre(btc("trade", {.last = "81000000", .time_ms = "1700000000123"})));
  EXPECT_THAT(ws("bithumb", R"({"type":"ticker","content":{"symbol":"BTC_KRW","closePrice":"1.5","volume":"9",)"
                            R"("date":"20231115","time":"071320"}})"),
              ElementsAre(btc("ticker", {.last = "1.5", .volume = "9", .time_ms = "1700000000000"})));
  EXPECT_THAT(
      ws("bithumb", R"({"type":"orderbooksnapshot","content":{"symbol":"BTC_KRW","datetime":"1700000000123456",)"
                    R"("asks":[["1.6","1"]],"bids":[["1.5","1"]]}})"),
      ElementsAre(btc("book", {.bid = "1.5", .ask = "1.6", .time_ms = "1700000000123"})));
  EXPECT_THAT(ws("bithumb", R"({"type":"orderbookdepth","content":{"list":[]}})"), ElementsAre(control("delta")));
  EXPECT_THAT(ws("bithumb", R"({"status":"0000","resmsg":"Connected Successfully"})"), ElementsAre(control("ack")));
  EXPECT_EQ(ws_refusal("bithumb", R"({"status":"5100","resmsg":"Invalid Filter Syntax"})"), "venue_error");
  EXPECT_EQ(ws_refusal("bithumb", R"({"type":"transaction","content":{}})"), "missing_field");
}

TEST(Bithumb, a_list_of_tickers_takes_its_quote_asset_from_the_endpoint) {
  const std::string body = R"({"status":"0000","data":{"BTC":{"closing_price":"1.5","units_traded_24H":"9"},)"
                           R"("date":"1700000000123"}})";
  const Said values{.symbol = "BTC", .last = "1.5", .volume = "9", .time_ms = "1700000000123"};
  EXPECT_THAT(rest("bithumb", "GET https://api.bithumb.com/public/ticker/ALL_KRW", body),
              ElementsAre(btc("ticker", values)));
  Said in_bitcoin = values;
  in_bitcoin.quote = "USDT";
  EXPECT_THAT(rest("bithumb", "/public/ticker/ALL_USDT", body), ElementsAre(btc("ticker", in_bitcoin)));
}

TEST(Bithumb, single_answers_take_their_symbol_from_the_endpoint) {
  EXPECT_THAT(rest("bithumb", "/public/ticker/BTC_KRW",
                   R"({"status":"0000","data":{"closing_price":"1.5","units_traded_24H":"9","date":"1700000000123"}})"),
              ElementsAre(btc("ticker", {.last = "1.5", .volume = "9", .time_ms = "1700000000123"})));
  EXPECT_THAT(rest("bithumb", "/public/transaction_history/BTC_KRW",
                   R"({"status":"0000","data":[{"transaction_date":"2023-11-15 07:13:20","price":"1.5"}]})"),
              ElementsAre(btc("trade", {.last = "1.5", .time_ms = "1700000000000"})));
  EXPECT_THAT(rest("bithumb", "/public/candlestick/BTC_KRW/1m",
                   R"({"status":"0000","data":[[1700000000123,"1","1.5","2","1","9"]]})"),
              ElementsAre(btc("candle", {.last = "1.5", .volume = "9", .time_ms = "1700000000123"})));
}

TEST(Bithumb, books_name_both_currencies) {
  EXPECT_THAT(rest("bithumb", "/public/orderbook/BTC_KRW",
                   R"({"status":"0000","data":{"timestamp":"1700000000123","payment_currency":"KRW",)"
                   R"("order_currency":"BTC","bids":[{"price":"1.5","quantity":"1"}],)"
                   R"("asks":[{"price":"1.6","quantity":"1"}]}})"),
              ElementsAre(btc("book", {.bid = "1.5", .ask = "1.6", .time_ms = "1700000000123"})));
  EXPECT_THAT(rest("bithumb", "/public/orderbook/ALL_KRW",
                   R"({"status":"0000","data":{"timestamp":"1700000000123","payment_currency":"KRW","BTC":{)"
                   R"("bids":[{"price":"1.5","quantity":"1"}],"asks":[]}}})"),
              ElementsAre(btc("book", {.symbol = "BTC", .bid = "1.5", .time_ms = "1700000000123"})));
  EXPECT_EQ(rest_refusal("bithumb", "/public/ticker/X_KRW", R"({"status":"5500","message":"Invalid Parameter"})"),
            "venue_error");
}

TEST(Bithumb, the_closed_global_site) {
  const auto frame = [](std::string_view code, std::string_view topic, std::string_view data) {
    return R"({"code":")" + std::string(code) + R"(","topic":")" + std::string(topic) + R"(","data":)" +
           std::string(data) + R"(,"timestamp":1700000000123})";
  };
  const std::string book = R"({"symbol":"BTC-USDT","b":[["1.5","1"]],"s":[["1.4","0.000"],["1.6","1"]]})";
  EXPECT_THAT(
      ws("bithumb", frame("00006", "ORDERBOOK", book)),
      ElementsAre(btc(
          "book", {.symbol = "BTC-USDT", .quote = "USDT", .bid = "1.5", .ask = "1.6", .time_ms = "1700000000123"})));
  EXPECT_THAT(ws("bithumb", frame("00007", "ORDERBOOK", book)), ElementsAre(control("delta")));
  EXPECT_THAT(
      ws("bithumb", frame("00007", "TRADE", R"({"p":"1.5","symbol":"BTC-USDT","t":"1700000000"})")),
      ElementsAre(btc("trade", {.symbol = "BTC-USDT", .quote = "USDT", .last = "1.5", .time_ms = "1700000000123"})));
  EXPECT_EQ(ws_refusal("bithumb", R"({"code":"10002","msg":"invalid request"})"), "venue_error");
}

}  // namespace
}  // namespace assay::fetchers::testing
