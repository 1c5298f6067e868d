// Samples follow the shapes of Upbit's and Bithumb's documentation; every value is invented.
#include "fetchers/venues/upbit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view time_ms = "1700000000123";

/// Both venues speak this language.
class Upbit : public ::testing::TestWithParam<const char*> {
 protected:
  std::string btc(std::string_view kind, const Said& values) const {
    Said quote = values;
    quote.symbol = "KRW-BTC";
    quote.base = "BTC";
    quote.quote = "KRW";
    quote.kind = kind;
    return said(GetParam(), quote);
  }
};

TEST_P(Upbit, books_in_both_formats) {
  const auto expected = btc("book", {.bid = "81000000.0", .ask = "81001000.0", .time_ms = time_ms});
  EXPECT_THAT(ws(GetParam(), R"({"type":"orderbook","code":"KRW-BTC","timestamp":1700000000123,"orderbook_units":[)"
                             R"({"ask_price":81001000.0,"bid_price":81000000.0,"ask_size":1,"bid_size":2},)"
                             R"({"ask_price":0,"bid_price":80999000.0,"ask_size":1,"bid_size":2}]})"),
              ElementsAre(expected));
  EXPECT_THAT(ws(GetParam(), R"({"ty":"orderbook","cd":"KRW-BTC","tms":1700000000123,"obu":[)"
                             R"({"ap":81001000.0,"bp":81000000.0,"as":1,"bs":2}]})"),
              ElementsAre(expected));
  EXPECT_THAT(rest(GetParam(), "/v1/orderbook?markets=KRW-BTC",
                   R"([{"market":"KRW-BTC","timestamp":1700000000123000,"orderbook_units":[)"
                   R"({"ask_price":81001000.0,"bid_price":81000000.0,"ask_size":1,"bid_size":2}]}])"),
              ElementsAre(expected));
}

TEST_P(Upbit, trades_and_tickers_are_of_the_time_of_the_trade) {
  EXPECT_THAT(
      ws(GetParam(), R"({"ty":"trade","cd":"KRW-BTC","tms":1700000000999,"ttms":1700000000123,"tp":1.5,"tv":2})"),
      ElementsAre(btc("trade", {.last = "1.5", .time_ms = time_ms})));
  EXPECT_THAT(rest(GetParam(), "/v1/trades/ticks?market=KRW-BTC",
                   R"([{"market":"KRW-BTC","timestamp":1700000000123,"trade_price":1.5,"trade_volume":2}])"),
              ElementsAre(btc("trade", {.last = "1.5", .time_ms = time_ms})));
  EXPECT_THAT(rest(GetParam(), "/v1/ticker?markets=KRW-BTC",
                   R"([{"market":"KRW-BTC","trade_timestamp":1700000000123,"trade_price":1.50,)"
                   R"("acc_trade_volume_24h":9,"timestamp":1700000000999}])"),
              ElementsAre(btc("ticker", {.last = "1.50", .volume = "9", .time_ms = time_ms})));
}

TEST_P(Upbit, candles_start_when_they_say) {
  EXPECT_THAT(rest(GetParam(), "/v1/candles/minutes/1?market=KRW-BTC",
                   R"([{"market":"KRW-BTC","candle_date_time_utc":"2023-11-14T22:13:20","trade_price":1.5,)"
                   R"("timestamp":1700000059999,"candle_acc_trade_volume":9}])"),
              ElementsAre(btc("candle", {.last = "1.5", .volume = "9", .time_ms = "1700000000000"})));
}

TEST_P(Upbit, controls_and_refusals) {
  EXPECT_THAT(ws(GetParam(), R"({"status":"UP"})"), ElementsAre(control("pong")));
  EXPECT_THAT(
      rest(GetParam(), "/v1/market/all", R"([{"market":"KRW-BTC","korean_name":"x","english_name":"Bitcoin"}])"),
      ElementsAre(control("instruments")));
  EXPECT_EQ(ws_refusal(GetParam(), R"({"error":{"name":"INVALID_AUTH","message":"no"}})"), "venue_error");
  EXPECT_EQ(ws_refusal(GetParam(), R"({"error":{"name":"too_many_requests","message":"no"}})"), "rate_limited");
  EXPECT_EQ(ws_refusal(GetParam(), "{}"), GetParam() == std::string_view("upbit") ? "unsupported" : "missing_field");
}

TEST_P(Upbit, subscribes_to_books_and_polls_them_in_one_request) {
  const std::vector<std::string> both = {"KRW-BTC", "KRW-ETH"};
  const Subscription subscription = find_adapter(GetParam())->subscribe(both);
  EXPECT_EQ(subscription.target, "/websocket/v1");
  EXPECT_THAT(subscription.frames,
              ElementsAre(R"([{"ticket":"assay"},{"type":"orderbook","codes":["KRW-BTC","KRW-ETH"]}])"));
  EXPECT_THAT(find_adapter(GetParam())->rest_targets(both), ElementsAre("/v1/orderbook?markets=KRW-BTC,KRW-ETH"));
}

INSTANTIATE_TEST_SUITE_P(And, Upbit, ::testing::Values("upbit", "bithumb"),
                         [](const auto& venue) { return std::string(venue.param); });

}  // namespace
}  // namespace assay::fetchers::testing
