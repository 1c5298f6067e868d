// Samples follow the shapes of HTX's documentation; every value is invented.
#include "fetchers/venues/htx.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string btc(std::string_view kind, const Said& values) {
  Said quote = values;
  quote.symbol = "btcusdt";
  quote.base = "BTC";
  quote.quote = "USDT";
  quote.kind = kind;
  return said("htx", quote);
}

constexpr std::string_view time_ms = "1700000000123";

TEST(Htx, tickers_take_both_sides_and_the_last_price) {
  EXPECT_THAT(
      ws("htx", R"({"ch":"market.btcusdt.ticker","ts":1700000000123,"tick":{"open":60000,"close":61000.10,)"
                R"("amount":42.50,"vol":1,"bid":61000.1,"bidSize":1,"ask":61000.2,"askSize":2,)"
                R"("lastPrice":61000.15,"lastSize":0.1}})"),
      ElementsAre(btc(
          "ticker", {.bid = "61000.1", .ask = "61000.2", .last = "61000.15", .volume = "42.50", .time_ms = time_ms})));
  EXPECT_THAT(
      rest("htx", "/market/detail/merged?symbol=btcusdt",
           R"({"ch":"market.btcusdt.detail.merged","status":"ok","ts":1700000000123,"tick":{"close":61000,)"
           R"("amount":42,"bid":[61000.1,1],"ask":[61000.2,1]}})"),
      ElementsAre(
          btc("ticker", {.bid = "61000.1", .ask = "61000.2", .last = "61000", .volume = "42", .time_ms = time_ms})));
}

TEST(Htx, the_list_of_all_tickers_names_each) {
  EXPECT_THAT(
      rest("htx", "/market/tickers",
           R"({"status":"ok","ts":1700000000123,"data":[{"symbol":"btcusdt","close":1e-7,"amount":9,"bid":1e-7,)"
           R"("ask":2e-7},{"symbol":"ltcht","close":12.5,"bid":12.4,"ask":12.6}]})"),
      ElementsAre(btc("ticker", {.bid = "1e-7", .ask = "2e-7", .last = "1e-7", .volume = "9", .time_ms = time_ms}),
                  said("htx", {.symbol = "ltcht",
                               .base = "LTC",
                               .quote = "HT",
                               .kind = "ticker",
                               .bid = "12.4",
                               .ask = "12.6",
                               .last = "12.5",
                               .time_ms = time_ms})));
}

TEST(Htx, books_are_snapshots_unless_they_say_otherwise) {
  const std::string tick = R"("tick":{"bids":[[61000.1,1],[61000.9,0]],"asks":[[61000.3,1],[61000.2,1]]}})";
  const auto expected = btc("book", {.bid = "61000.1", .ask = "61000.2", .time_ms = time_ms});
  for (const std::string_view kind : {"depth.step0", "mbp.refresh.20"}) {
    EXPECT_THAT(ws("htx", R"({"ch":"market.btcusdt.)" + std::string(kind) + R"(","ts":1700000000123,)" + tick),
                ElementsAre(expected));
  }
  EXPECT_THAT(ws("htx", R"({"ch":"market.btcusdt.mbp.150","ts":1,)" + tick), ElementsAre(control("delta")));
  EXPECT_THAT(ws("htx", R"({"ch":"market.BTC_CQ.depth.step0","update":true,"ts":1,)" + tick),
              ElementsAre(control("delta")));
  EXPECT_THAT(ws("htx", R"({"ch":"market.BTC-USD.depth.size_20.high_freq","ts":1,"tick":{"event":"update"}})"),
              ElementsAre(control("delta")));
}

TEST(Htx, trades_carry_their_own_time) {
  const std::string trades = R"([{"id":1,"ts":1700000000122,"price":61000.1,"amount":1},)"
                             R"({"id":1361078430513484260000000000,"ts":1700000000121,"price":61000.2,"amount":1}])";
  const auto first = btc("trade", {.last = "61000.1", .time_ms = "1700000000122"});
  const auto second = btc("trade", {.last = "61000.2", .time_ms = "1700000000121"});
  EXPECT_THAT(
      ws("htx", R"({"ch":"market.btcusdt.trade.detail","ts":1700000000123,"tick":{"id":1,"data":)" + trades + "}}"),
      ElementsAre(first, second));
  EXPECT_THAT(
      rest("htx", "/market/history/trade?symbol=btcusdt",
           R"({"ch":"market.btcusdt.trade.detail","status":"ok","ts":1,"data":[{"id":1,"data":)" + trades + "}]}"),
      ElementsAre(first, second));
}

TEST(Htx, best_prices_and_candles) {
  EXPECT_THAT(ws("htx", R"({"ch":"market.btcusdt.bbo","ts":1700000000123,"tick":{"bid":1.5,"ask":1.6,"symbol":"x"}})"),
              ElementsAre(btc("bbo", {.bid = "1.5", .ask = "1.6", .time_ms = time_ms})));
  EXPECT_THAT(ws("htx", R"({"ch":"market.btcusdt.kline.1min","ts":1700000000123,"tick":{"close":1.5,"amount":3}})"),
              ElementsAre(btc("candle", {.last = "1.5", .volume = "3", .time_ms = time_ms})));
  EXPECT_THAT(ws("htx", R"({"rep":"market.btcusdt.kline.1min","status":"ok","data":[{"id":1700000000,"close":1.5,)"
                        R"("amount":3}]})"),
              ElementsAre(btc("candle", {.last = "1.5", .volume = "3", .time_ms = "1700000000000"})));
}

TEST(Htx, contracts_have_a_list_of_their_own_indices_and_notices) {
  EXPECT_THAT(rest("htx", "/linear-swap-ex/market/detail/batch_merged",
                   R"({"status":"ok","ts":1,"ticks":[{"contract_code":"BTC-USDT","bid":[1.5,2],"ask":[1.6,2],)"
                   R"("close":"1.55","amount":"9","ts":1700000000123}]})"),
              ElementsAre(said("htx", {.symbol = "BTC-USDT",
                                       .base = "BTC",
                                       .quote = "USDT",
                                       .kind = "ticker",
                                       .bid = "1.5",
                                       .ask = "1.6",
                                       .last = "1.55",
                                       .volume = "9",
                                       .time_ms = time_ms})));
  EXPECT_THAT(
      ws("htx", R"({"ch":"market.BTC-USDT.index.1min","ts":1700000000123,"tick":{"open":"1","close":"1.5"}})"),
      ElementsAre(said(
          "htx",
          {.symbol = "BTC-USDT", .base = "BTC", .quote = "USDT", .kind = "index", .last = "1.5", .time_ms = time_ms})));
  EXPECT_THAT(ws("htx", R"({"op":"notify","topic":"public.BTC-USDT.funding_rate","data":[{}]})"),
              ElementsAre(control("funding")));
  EXPECT_EQ(ws_refusal("htx", R"({"op":"sub","err-code":2011,"err-msg":"invalid"})"), "venue_error");
}

TEST(Htx, contracts_by_their_suffix_are_quoted_in_dollars) {
  EXPECT_THAT(ws("htx", R"({"ch":"market.BTC_CQ.bbo","ts":1700000000123,"tick":{"bid":[1,2],"ask":[3,4]}})"),
              ElementsAre(said("htx", {.symbol = "BTC_CQ",
                                       .base = "BTC",
                                       .quote = "USD",
                                       .kind = "bbo",
                                       .bid = "1",
                                       .ask = "3",
                                       .time_ms = time_ms})));
  EXPECT_THAT(ws("htx", R"({"ch":"market.BTC-USDT-CW.bbo","ts":1700000000123,"tick":{"bid":[1,2],"ask":[3,4]}})"),
              ElementsAre(said("htx", {.symbol = "BTC-USDT-CW",
                                       .base = "BTC",
                                       .quote = "USDT",
                                       .kind = "bbo",
                                       .bid = "1",
                                       .ask = "3",
                                       .time_ms = time_ms})));
}

TEST(Htx, each_generation_of_pings_is_answered_with_its_number) {
  const std::pair<const char*, const char*> pings[] = {
      {R"({"ping":1700000000123})", R"({"pong":1700000000123})"},
      {R"({"op":"ping","ts":"1700000000123"})", R"({"op":"pong","ts":"1700000000123"})"},
      {R"({"action":"ping","data":{"ts":1700000000123}})", R"({"action":"pong","data":{"ts":1700000000123}})"}};
  for (const auto& [ping, pong] : pings) {
    const Parsed parsed = find_adapter("htx")->parse_ws(as_bytes(std::string_view(ping)), {});
    EXPECT_THAT(to_json_lines("htx", parsed), ElementsAre(control("ping")));
    EXPECT_EQ(parsed.reply, pong);
  }
}

TEST(Htx, everything_else_is_a_control_or_a_refusal) {
  EXPECT_THAT(ws("htx", R"({"id":1,"status":"ok","subbed":"market.btcusdt.ticker","ts":1})"),
              ElementsAre(control("ack")));
  EXPECT_THAT(ws("htx", R"({"sub":"market.btcusdt.ticker","id":"1"})"), ElementsAre(control("subscribe")));
  EXPECT_THAT(rest("htx", "/v1/common/timestamp", R"({"status":"ok","data":1700000000123})"),
              ElementsAre(control("time")));
  EXPECT_THAT(rest("htx", "/v1/common/symbols", R"({"status":"ok","data":[{"base-currency":"btc"}]})"),
              ElementsAre(control("instruments")));
  EXPECT_EQ(ws_refusal("htx", R"({"status":"error","err-code":"bad-request","err-msg":"invalid topic"})"),
            "venue_error");
  EXPECT_EQ(ws_refusal("htx", R"({"ch":"market.btcusdt.unheard","tick":{}})"), "unsupported");
  EXPECT_EQ(ws_refusal("htx", R"({"ch":"market.btcusdt.bbo","tick":{"bid":1,"ask":"x"}})"), "bad_number");
  EXPECT_EQ(ws_refusal("htx", "{}"), "missing_field");
}

TEST(Htx, subscribes_to_tickers_and_polls_one_or_all) {
  const std::vector<std::string> both = {"BTCUSDT", "ethusdt"};
  const Subscription subscription = find_adapter("htx")->subscribe(both);
  EXPECT_EQ(subscription.target, "/ws");
  EXPECT_THAT(subscription.frames, ElementsAre(R"({"sub":"market.btcusdt.ticker","id":"BTCUSDT"})",
                                               R"({"sub":"market.ethusdt.ticker","id":"ethusdt"})"));
  EXPECT_THAT(find_adapter("htx")->rest_targets(both), ElementsAre("/market/tickers"));
  EXPECT_THAT(find_adapter("htx")->rest_targets(std::vector<std::string>{"btcusdt"}),
              ElementsAre("/market/detail/merged?symbol=btcusdt"));
}

}  // namespace
}  // namespace assay::fetchers::testing
