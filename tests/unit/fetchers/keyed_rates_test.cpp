// The services that want a key. Payloads follow the documentation; their numbers are chosen.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

TEST(Polygon, snapshots_give_the_last_quote_with_its_own_time) {
  EXPECT_THAT(rest_brief("polygon", "/v2/snapshot/locale/global/markets/forex/tickers", R"({"status":"OK","tickers":[
    {"ticker":"C:EURUSD","lastQuote":{"a":1.0712,"b":1.0710,"t":1700000000123,"x":48},"updated":1700000060000000000},
    {"ticker":"C:XAGCAD","lastQuote":{"a":28.51,"b":28.5},"updated":1700000060000000000},
    {"ticker":"X:BTCUSD","lastQuote":{"a":61000.5,"b":61000}},
    {"ticker":"C:NONE00"}]})"),
              ElementsAre("C:EURUSD EUR/USD ticker 1.0710 1.0712 - at 1700000000123",
                          "C:XAGCAD XAG/CAD ticker 28.5 28.51 - at 1700000060000",
                          "X:BTCUSD BTC/USD ticker 61000 61000.5 -", "control empty"));
}

TEST(Polygon, quotes_conversions_and_events) {
  EXPECT_THAT(
      rest_brief("polygon", "/v1/last_quote/currencies/EUR/USD",
                 R"({"status":"success","symbol":"EUR/USD","last":{"ask":1.2,"bid":1.1,"timestamp":1700000000123}})"),
      ElementsAre("EUR/USD EUR/USD bbo 1.1 1.2 - at 1700000000123"));
  EXPECT_THAT(
      rest_brief("polygon", "/v1/conversion/AUD/USD",
                 R"({"status":"success","from":"AUD","to":"USD","converted":0.65,"last":{"timestamp":1700000000123}})"),
      ElementsAre("AUD/USD AUD/USD rate - - 0.65 at 1700000000123"));
  EXPECT_THAT(ws_brief("polygon", R"([{"ev":"status","status":"connected","message":"Connected Successfully"},
    {"ev":"C","p":"USD/CNH","x":"44","a":6.8,"b":6.7,"t":1700000000123},
    {"ev":"CAS","pair":"EUR/USD","c":1.1,"s":1700000000000}])"),
              ElementsAre("control ack", "USD/CNH USD/CNH bbo 6.7 6.8 - at 1700000000123",
                          "EUR/USD EUR/USD candle - - 1.1 at 1700000000000"));
}

TEST(Polygon, a_conversion_of_a_power_of_ten_is_the_rate_and_of_another_amount_none) {
  const auto of = [](std::string_view amount) {
    return rest_brief("polygon", "/v1/conversion/AUD/USD",
                      R"({"status":"success","from":"AUD","to":"USD","converted":65.25,"initialAmount":)" +
                          std::string(amount) + "}");
  };
  EXPECT_THAT(of("1"), ElementsAre("AUD/USD AUD/USD rate - - 65.25"));
  EXPECT_THAT(of("100"), ElementsAre("AUD/USD AUD/USD rate - - 65.25e-2"));
  EXPECT_THAT(of("250"), ElementsAre("refused unsupported"));
  EXPECT_THAT(of("0"), ElementsAre("refused unsupported"));
}

TEST(Polygon, results_are_quotes_or_candles_of_what_was_asked_for_or_else_instruments) {
  EXPECT_THAT(rest_brief("polygon", "/v3/quotes/C:EUR-USD", R"({"status":"OK","results":[
    {"ask_price":1.2,"bid_price":1.1,"participant_timestamp":1700000000123000000}]})"),
              ElementsAre("C:EUR-USD EUR/USD bbo 1.1 1.2 - at 1700000000123"));
  EXPECT_THAT(rest_brief("polygon", "/v2/aggs/ticker/C:EURUSD/prev",
                         R"({"status":"OK","ticker":"C:EURUSD","results":[{"c":1.15,"t":1700000000123}]})"),
              ElementsAre("C:EURUSD EUR/USD candle - - 1.15 at 1700000000123"));
  EXPECT_THAT(rest_brief("polygon", "/v3/reference/tickers", R"({"status":"OK","results":[{"ticker":"C:EURUSD"}]})"),
              ElementsAre("control instruments"));
}

TEST(Polygon, refusals_and_requests) {
  EXPECT_EQ(rest_refusal("polygon", "/", R"({"status":"ERROR","error":"Unknown API Key"})"), "venue_error");
  EXPECT_EQ(rest_refusal(
                "polygon", "/",
                R"({"status":"ERROR","error":"You've exceeded the maximum requests per minute, too many requests"})"),
            "rate_limited");
  EXPECT_EQ(rest_refusal("polygon", "/", R"({"status":"OK"})"), "missing_field");
  EXPECT_EQ(ws_refusal("polygon", R"([{"ev":"status","status":"auth_failed","message":"authentication failed"}])"),
            "venue_error");
  EXPECT_THAT(find_adapter("polygon")->rest_targets(std::vector<std::string>{"C:EURUSD", "C:USDJPY"}),
              ElementsAre("/v2/snapshot/locale/global/markets/forex/tickers?tickers=C%3AEURUSD,C%3AUSDJPY"));
  EXPECT_EQ(find_adapter("polygon")->key_rule().place, KeyRule::Place::header);
}

TEST(Twelvedata, one_symbol_or_several) {
  EXPECT_THAT(rest_brief("twelvedata", "/price?symbol=EUR/USD", R"({"price":"1.0712"})"),
              ElementsAre("EUR/USD EUR/USD rate - - 1.0712"));
  EXPECT_THAT(rest_brief("twelvedata", "/price", R"({"EUR/USD":{"price":"1.0712"},"GBP/USD":{"price":"1.2500"}})"),
              ElementsAre("EUR/USD EUR/USD rate - - 1.0712", "GBP/USD GBP/USD rate - - 1.2500"));
  EXPECT_THAT(
      rest_brief("twelvedata", "/exchange_rate", R"({"symbol":"USD/JPY","rate":151.25,"timestamp":1700000000})"),
      ElementsAre("USD/JPY USD/JPY rate - - 151.25 at 1700000000000"));
  EXPECT_THAT(rest_brief("twelvedata", "/eod",
                         R"({"symbol":"ABC","exchange":"X","currency":"USD","datetime":"2023-11-14","close":"20.10"})"),
              ElementsAre("ABC ABC/USD candle - - 20.10 at 1699920000000"));
  EXPECT_THAT(rest_brief("twelvedata", "/quote",
                         R"({"symbol":"EUR/USD","timestamp":1700000000,"close":"1.07","previous_close":"1.06"})"),
              ElementsAre("EUR/USD EUR/USD rate - - 1.07 at 1700000000000"));
  EXPECT_THAT(rest_brief("twelvedata", "/time_series", R"({"meta":{"symbol":"EUR/USD"},"values":[
    {"datetime":"2023-11-14 22:13:20","close":"1.07"}],"status":"ok"})"),
              ElementsAre("EUR/USD EUR/USD candle - - 1.07 at 1700000000000"));
}

TEST(Twelvedata, events_refusals_and_requests) {
  EXPECT_THAT(
      ws_brief("twelvedata",
               R"({"event":"price","symbol":"EUR/USD","timestamp":1700000000,"price":1.07,"bid":1.06,"ask":1.08})"),
      ElementsAre("EUR/USD EUR/USD rate 1.06 1.08 1.07 at 1700000000000"));
  EXPECT_THAT(ws_brief("twelvedata", R"({"event":"heartbeat","status":"ok"})"), ElementsAre("control heartbeat"));
  EXPECT_THAT(ws_brief("twelvedata", R"({"event":"subscribe-status","status":"ok","success":[]})"),
              ElementsAre("control ack"));
  EXPECT_EQ(
      rest_refusal("twelvedata", "/", R"({"code":401,"message":"**apikey** parameter is incorrect","status":"error"})"),
      "venue_error");
  EXPECT_EQ(rest_refusal("twelvedata", "/", R"({"code":429,"message":"credits","status":"error"})"), "rate_limited");
  EXPECT_EQ(rest_refusal("twelvedata", "/", R"({"price":"1.0712"})"), "symbol_unknown");
  EXPECT_EQ(rest_refusal("twelvedata", "/", "{}"), "missing_field");
  EXPECT_THAT(find_adapter("twelvedata")->rest_targets(std::vector<std::string>{"EUR/USD", "GBP/USD"}),
              ElementsAre("/exchange_rate?symbol=EUR%2FUSD,GBP%2FUSD"));
}

TEST(Oanda, rates_and_prices) {
  EXPECT_THAT(
      rest_brief("oanda", "/v2/rates/spot.json", R"({"meta":{},"quotes":[{"base_currency":"EUR","quote_currency":"USD",
    "bid":"1.0710","ask":"1.0712","midpoint":"1.0711","date_time":"2023-11-14T22:13:20Z"}]})"),
      ElementsAre("EUR/USD EUR/USD rate 1.0710 1.0712 1.0711 at 1700000000000"));
  EXPECT_THAT(rest_brief("oanda", "/v3/accounts/1/pricing",
                         R"({"prices":[{"type":"PRICE","time":"2023-11-14T22:13:20.000000000Z",
    "bids":[{"price":"1.0710","liquidity":10000000}],"asks":[{"price":"1.0712","liquidity":10000000}],
    "tradeable":true,"instrument":"EUR_USD"},{"type":"PRICE","tradeable":false,"instrument":"GBP_USD"}]})"),
              ElementsAre("EUR_USD EUR/USD book 1.0710 1.0712 - at 1700000000000", "control halted"));
  EXPECT_THAT(ws_brief("oanda", R"({"type":"HEARTBEAT","time":"2023-11-14T22:13:20Z"})"),
              ElementsAre("control heartbeat"));
}

TEST(Oanda, refusals_and_requests) {
  EXPECT_EQ(rest_refusal("oanda", "/", R"({"errorMessage":"Insufficient authorization"})"), "venue_error");
  EXPECT_EQ(rest_refusal("oanda", "/", R"({"code":3,"message":"Too Many Requests"})"), "rate_limited");
  EXPECT_EQ(rest_refusal("oanda", "/", "{}"), "missing_field");
  EXPECT_THAT(
      find_adapter("oanda")->rest_targets(std::vector<std::string>{"EUR/USD", "EUR/GBP", "USD/JPY", "odd"}),
      ElementsAre("/v2/rates/spot.json?base=EUR&quote=USD&quote=GBP", "/v2/rates/spot.json?base=USD&quote=JPY"));
}

}  // namespace
}  // namespace assay::fetchers::testing
