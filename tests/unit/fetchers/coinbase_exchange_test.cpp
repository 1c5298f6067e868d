// Samples follow the shapes of Coinbase's documentation; every value is invented.
#include "fetchers/venues/coinbase_exchange.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view venue = "coinbase_exchange";

std::string line(std::string_view kind, std::string_view values) {
  return R"({"venue":"coinbase_exchange","symbol":"BTC-USD","base":"BTC","quote":"USD","kind":")" + std::string(kind) +
         "\"," + std::string(values) + "}";
}

TEST(CoinbaseExchange, tickers_give_all_values) {
  for (const std::string_view type : {"ticker", "ticker_batch"}) {
    EXPECT_THAT(ws(venue, R"({"type":")" + std::string(type) +
                              R"(","sequence":5,"product_id":"BTC-USD","price":"61000.15","open_24h":"1",)"
                              R"("volume_24h":"1234.5","best_bid":"61000.1","best_ask":"61000.20","side":"buy",)"
                              R"("time":"2023-11-14T22:13:20.123456Z","trade_id":1,"last_size":"2"})"),
                ElementsAre(line("ticker", R"("bid":"61000.1","ask":"61000.20","last":"61000.15",)"
                                           R"("base_volume":"1234.5","venue_time_ms":"1700000000123")")));
  }
}

TEST(CoinbaseExchange, matches_give_last_only) {
  for (const std::string_view type : {"match", "last_match"}) {
    EXPECT_THAT(ws(venue, R"({"type":")" + std::string(type) +
                              R"(","trade_id":1,"side":"sell","size":"0.5","price":"61000.15",)"
                              R"("product_id":"BTC-USD","sequence":5,"time":"2023-11-14T22:13:20.123456Z"})"),
                ElementsAre(line("trade", R"("bid":null,"ask":null,"last":"61000.15","base_volume":null,)"
                                          R"("venue_time_ms":"1700000000123")")));
  }
}

TEST(CoinbaseExchange, snapshots_give_their_best_levels_in_any_order) {
  EXPECT_THAT(ws(venue, R"({"type":"snapshot","product_id":"BTC-USD","bids":[["60999","1"],["61000.1","2"]],)"
                        R"("asks":[["61005","1"],["61000.2","1"],["61000.05","0"]]})"),
              ElementsAre(line("book", R"("bid":"61000.1","ask":"61000.2","last":null,"base_volume":null,)"
                                       R"("venue_time_ms":null)")));
  EXPECT_THAT(ws(venue, R"({"type":"snapshot","product_id":"BTC-USD","bids":[],"asks":[["61000.2","1"]]})"),
              ElementsAre(line("book", R"("bid":null,"ask":"61000.2","last":null,"base_volume":null,)"
                                       R"("venue_time_ms":null)")));
}

TEST(CoinbaseExchange, messages_without_prices_are_controls) {
  for (const std::string_view type : {"l2update", "received", "open", "done", "change", "activate"}) {
    EXPECT_THAT(ws(venue, R"({"type":")" + std::string(type) + R"(","product_id":"BTC-USD","price":"1"})"),
                ElementsAre(R"({"control":"delta"})"));
  }
  EXPECT_THAT(ws(venue, R"(["change","BTC-USD","9","id","1","2","2023-11-14T22:13:20Z"])"),
              ElementsAre(R"({"control":"delta"})"));
  EXPECT_THAT(ws(venue, R"({"type":"heartbeat","sequence":9,"last_trade_id":2,"product_id":"BTC-USD","time":"x"})"),
              ElementsAre(R"({"control":"heartbeat"})"));
  EXPECT_THAT(ws(venue, R"({"type":"status","products":[],"currencies":[]})"), ElementsAre(R"({"control":"status"})"));
  EXPECT_THAT(ws(venue, R"({"type":"subscriptions","channels":[]})"), ElementsAre(R"({"control":"ack"})"));
  EXPECT_THAT(ws(venue, R"({"type":"subscribe","channels":["ticker"]})"), ElementsAre(R"({"control":"subscribe"})"));
  EXPECT_THAT(rest(venue, "/products", R"([{"id":"BTC-USD","base_currency":"BTC"}])"),
              ElementsAre(R"({"control":"instruments"})"));
  EXPECT_THAT(rest(venue, "/time", R"({"iso":"2023-11-14T22:13:20Z","epoch":1700000000})"),
              ElementsAre(R"({"control":"time"})"));
  EXPECT_THAT(rest(venue, "/v2/time", R"({"data":{"iso":"2023-11-14T22:13:20Z","epoch":1700000000}})"),
              ElementsAre(R"({"control":"time"})"));
  EXPECT_THAT(rest(venue, "/v2/currencies", R"({"data":[{"id":"USD","name":"US Dollar"}]})"),
              ElementsAre(R"({"control":"instruments"})"));
  EXPECT_THAT(rest(venue, "/products/BTC-USD/trades", "[]"), ElementsAre(R"({"control":"empty"})"));
  EXPECT_THAT(rest(venue, "/v2/exchange-rates", R"({"data":{"currency":"USD","rates":{}}})"),
              ElementsAre(R"({"control":"empty"})"));
}

TEST(CoinbaseExchange, its_errors_are_refusals_and_limits_have_their_own_code) {
  EXPECT_EQ(ws_refusal(venue, R"({"type":"error","message":"Failed to subscribe","reason":"bad product"})"),
            "venue_error");
  EXPECT_EQ(ws_refusal(venue, R"({"type":"error","message":"Too many requests"})"), "rate_limited");
  EXPECT_EQ(rest_refusal(venue, "/products/X/ticker", R"({"message":"NotFound"})"), "venue_error");
  EXPECT_EQ(rest_refusal(venue, "/products/X/ticker", R"({"message":"Public rate limit exceeded"})"), "rate_limited");
  EXPECT_EQ(rest_refusal(venue, "/products/X/ticker", R"({"message":"This API has been retired."})"), "retired_api");
  EXPECT_EQ(rest_refusal(venue, "/v2/prices/X/spot", R"({"errors":[{"id":"not_found","message":"Invalid"}]})"),
            "venue_error");
}

TEST(CoinbaseExchange, rest_bodies_take_their_symbol_from_the_path) {
  EXPECT_THAT(rest(venue, "GET https://api.exchange.coinbase.com/products/BTC-USD/ticker",
                   R"({"trade_id":1,"price":"61000.15","size":"2","bid":"61000.1","ask":"61000.2","volume":"9.5",)"
                   R"("time":"2023-11-14T22:13:20Z"})"),
              ElementsAre(line("ticker", R"("bid":"61000.1","ask":"61000.2","last":"61000.15","base_volume":"9.5",)"
                                         R"("venue_time_ms":"1700000000000")")));
  EXPECT_THAT(rest(venue, "/products/BTC-USD/trades",
                   R"([{"trade_id":1,"price":"61000.15","size":"2","side":"buy","time":"2023-11-14T22:13:20Z"}])"),
              ElementsAre(line("trade", R"("bid":null,"ask":null,"last":"61000.15","base_volume":null,)"
                                        R"("venue_time_ms":"1700000000000")")));
  EXPECT_THAT(rest(venue, "/products/BTC-USD/candles?granularity=60", "[[1700000000,1,3,2,61000.15,4.5]]"),
              ElementsAre(line("candle", R"("bid":null,"ask":null,"last":"61000.15","base_volume":"4.5",)"
                                         R"("venue_time_ms":"1700000000000")")));
  EXPECT_THAT(
      rest(venue, "/products/BTC-USD/stats", R"({"open":"1","high":"2","low":"1","last":"61000.15","volume":"7"})"),
      ElementsAre(line("ticker", R"("bid":null,"ask":null,"last":"61000.15","base_volume":"7",)"
                                 R"("venue_time_ms":null)")));
}

TEST(CoinbaseExchange, books_of_every_level_give_their_best_levels) {
  const auto expected = line("book", R"("bid":"61000.1","ask":"61000.2","last":null,"base_volume":null,)"
                                     R"("venue_time_ms":"1700000000000")");
  EXPECT_THAT(rest(venue, "/products/BTC-USD/book?level=2",
                   R"({"bids":[["61000.1","2",3]],"asks":[["61000.2","1",1]],"sequence":5,"auction_mode":false,)"
                   R"("auction":null,"time":"2023-11-14T22:13:20Z"})"),
              ElementsAre(expected));
  EXPECT_THAT(rest(venue, "/products/BTC-USD/book?level=3",
                   R"({"bids":[["60000","2","order-a"],["61000.1","2","order-b"]],"asks":[["61000.2","1","order-c"]],)"
                   R"("sequence":5,"time":"2023-11-14T22:13:20Z"})"),
              ElementsAre(expected));
}

TEST(CoinbaseExchange, a_placeholder_in_the_path_names_no_symbol) {
  const std::string_view body = R"({"price":"61000.15","bid":"1","ask":"2","time":"2023-11-14T22:13:20Z"})";
  EXPECT_EQ(rest_refusal(venue, "/products/<id>/ticker", body), "symbol_unknown");
  EXPECT_EQ(rest_refusal(venue, "/products/{id}/ticker", body), "symbol_unknown");
  EXPECT_EQ(rest_refusal(venue, "", body), "symbol_unknown");
  EXPECT_EQ(rest_refusal(venue, "/products/<id>/ticker", body, "BTC-USD"), "");
}

TEST(CoinbaseExchange, all_stats_and_all_rates_give_a_quote_each) {
  EXPECT_THAT(rest(venue, "/products/stats",
                   R"({"BTC-USD":{"stats_30day":{"volume":"8"},"stats_24hour":{"last":"61000.15","volume":"7"}}})"),
              ElementsAre(line("ticker", R"("bid":null,"ask":null,"last":"61000.15","base_volume":"7",)"
                                         R"("venue_time_ms":null)")));
  EXPECT_THAT(rest(venue, "/v2/prices/BTC-USD/spot", R"({"data":{"base":"BTC","currency":"USD","amount":"61000.15"}})"),
              ElementsAre(line("rate", R"("bid":null,"ask":null,"last":"61000.15","base_volume":null,)"
                                       R"("venue_time_ms":null)")));
  EXPECT_THAT(
      rest(venue, "/v2/exchange-rates?currency=BTC", R"({"data":{"currency":"BTC","rates":{"USD":"61000.15"}}})"),
      ElementsAre(line("rate", R"("bid":null,"ask":null,"last":"61000.15","base_volume":null,)"
                               R"("venue_time_ms":null)")));
}

TEST(CoinbaseExchange, what_is_missing_or_unknown_is_refused_by_name) {
  EXPECT_EQ(ws_refusal(venue, R"({"type":"ticker","product_id":"BTC-USD"})"), "missing_field");
  EXPECT_EQ(ws_refusal(venue, R"({"type":"ticker","price":"1"})"), "symbol_unknown");
  EXPECT_EQ(ws_refusal(venue, R"({"type":"snapshot","product_id":"BTC-USD"})"), "missing_field");
  EXPECT_EQ(ws_refusal(venue, R"({"type":"match","product_id":"BTC-USD","price":"-2"})"), "negative_price");
  EXPECT_EQ(ws_refusal(venue, R"({"type":"brand_new"})"), "unsupported");
  EXPECT_EQ(ws_refusal(venue, R"({"kind":"ticker"})"), "missing_field");
  EXPECT_EQ(ws_refusal(venue, "[]"), "missing_field");
  EXPECT_EQ(ws_refusal(venue, "{\"type\":\"tick"), "malformed");
  EXPECT_EQ(rest_refusal(venue, "/x", R"({"hello":1})"), "unsupported");
  EXPECT_EQ(rest_refusal(venue, "/x", "5"), "missing_field");
  EXPECT_EQ(rest_refusal(venue, "/x", R"({"data":{"amount":"1"}})"), "missing_field");
  EXPECT_EQ(rest_refusal(venue, "/products/BTC-USD/candles", "[[1700000000,1]]"), "missing_field");
  EXPECT_EQ(rest_refusal(venue, "/x", "<!DOCTYPE html><html></html>"), "html_page");
}

TEST(CoinbaseExchange, subscribes_to_tickers_and_heartbeats) {
  const std::vector<std::string> symbols = {"BTC-USD", "ETH-\"USD"};
  const auto subscription = find_adapter(venue)->subscribe(symbols);
  EXPECT_EQ(subscription.target, "/");
  EXPECT_THAT(
      subscription.frames,
      ElementsAre(
          R"({"type":"subscribe","product_ids":["BTC-USD","ETH-\"USD"],"channels":["ticker","heartbeat","status"]})"));
  EXPECT_THAT(find_adapter(venue)->rest_targets(symbols),
              ElementsAre("/products/BTC-USD/ticker", "/products/ETH-%22USD/ticker"));
}

}  // namespace
}  // namespace assay::fetchers::testing
