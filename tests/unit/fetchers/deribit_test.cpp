// Samples follow the shapes of the venue's documentation; every value is invented.
#include "fetchers/venues/deribit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view venue = "deribit";

Lines frame(std::string_view text, std::string_view path = {}) {
  return ws_brief(venue, text, path);
}

Lines body(std::string_view endpoint, std::string_view text, std::string_view symbol = {}) {
  return rest_brief(venue, endpoint, text, symbol);
}

std::string push(std::string_view channel, std::string_view data) {
  return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":")" + std::string(channel) + R"(","data":)" +
         std::string(data) + "}}";
}

constexpr std::string_view ticker =
    R"("best_bid_price":61000.5,"best_ask_price":61001.0,"last_price":61000.75,"stats":{"volume":9.5},"timestamp":1700000000123)";

TEST(Deribit, tickers_tell_pairs_by_the_kind_of_instrument) {
  const auto of = [](std::string_view name) {
    return frame(push("ticker." + std::string(name) + ".100ms",
                      R"({"instrument_name":")" + std::string(name) + "\"," + std::string(ticker) + "}"));
  };
  const std::string values = " ticker 61000.5 61001.0 61000.75 volume 9.5 at 1700000000123";
  EXPECT_THAT(of("BTC-PERPETUAL"), ElementsAre("BTC-PERPETUAL BTC/USD" + values));
  EXPECT_THAT(of("BTC-27AUG27"), ElementsAre("BTC-27AUG27 BTC/USD" + values));
  EXPECT_THAT(of("SOL_USDC-PERPETUAL"), ElementsAre("SOL_USDC-PERPETUAL SOL/USDC" + values));
  EXPECT_THAT(of("ETH-27AUG27-4000-P"), ElementsAre("ETH-27AUG27-4000-P ETH/ETH" + values));
  EXPECT_THAT(of("BTC_USDT"), ElementsAre("BTC_USDT BTC/USDT" + values));
}

TEST(Deribit, channels) {
  const std::string best = R"("instrument_name":"BTC-PERPETUAL","timestamp":1700000000123})";
  EXPECT_THAT(frame(push("quote.BTC-PERPETUAL", R"({"best_bid_price":1.0,"best_ask_price":2.0,)" + best)),
              ElementsAre("BTC-PERPETUAL BTC/USD bbo 1.0 2.0 - at 1700000000123"));
  EXPECT_THAT(frame(push("book.BTC-PERPETUAL.100ms",
                         R"({"type":"snapshot","bids":[["new",1.0,5.0]],"asks":[["new",2.0,5.0]],)" + best)),
              ElementsAre("BTC-PERPETUAL BTC/USD book 1.0 2.0 - at 1700000000123"));
  EXPECT_THAT(frame(push("book.BTC-PERPETUAL.none.10.100ms", R"({"bids":[[1.0,5.0]],"asks":[[2.0,5.0]],)" + best)),
              ElementsAre("BTC-PERPETUAL BTC/USD book 1.0 2.0 - at 1700000000123"));
  EXPECT_THAT(
      frame(push("book.BTC-PERPETUAL.raw", R"({"type":"change","bids":[["delete",1.0,0.0]],"asks":[],)" + best)),
      ElementsAre("control delta"));
  EXPECT_THAT(
      frame(push("book.BTC-PERPETUAL.raw", R"({"prev_change_id":1,"bids":[["delete",1.0,0.0]],"asks":[],)" + best)),
      ElementsAre("control delta"));
  EXPECT_THAT(frame(push("trades.BTC-PERPETUAL.raw", R"([{"price":1.5,)" + best + "]")),
              ElementsAre("BTC-PERPETUAL BTC/USD trade - - 1.5 at 1700000000123"));
  EXPECT_THAT(frame(push("chart.trades.BTC-PERPETUAL.1", R"({"close":2.5,"volume":9.5,"tick":1700000000000})")),
              ElementsAre("BTC-PERPETUAL BTC/USD candle - - 2.5 volume 9.5 at 1700000000000"));
  EXPECT_THAT(frame(push("deribit_price_index.btc_usd",
                         R"({"price":61000.5,"index_name":"btc_usd","timestamp":1700000000123})")),
              ElementsAre("btc_usd BTC/USD index - - 61000.5 at 1700000000123"));
  EXPECT_THAT(frame(push("platform_state", "{}")), ElementsAre("control status"));
  EXPECT_THAT(frame(push("odd", "{}")), ElementsAre("refused unsupported"));
}

TEST(Deribit, a_test_request_is_answered_at_once) {
  const DeribitAdapter deribit;
  const Parsed asked =
      deribit.parse_ws(as_bytes(R"({"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}})"), {});
  EXPECT_EQ(asked.reply, R"({"jsonrpc":"2.0","id":2,"method":"public/test","params":{}})");
  const Parsed beat =
      deribit.parse_ws(as_bytes(R"({"jsonrpc":"2.0","method":"heartbeat","params":{"type":"heartbeat"}})"), {});
  EXPECT_EQ(beat.reply, std::nullopt);
  EXPECT_THAT(briefs(beat), ElementsAre("control heartbeat"));
}

TEST(Deribit, answers) {
  const auto answer = [](std::string_view endpoint, std::string_view result) {
    return body(endpoint, R"({"jsonrpc":"2.0","result":)" + std::string(result) + "}");
  };
  EXPECT_THAT(answer("/public/ticker", R"({"instrument_name":"BTC-PERPETUAL",)" + std::string(ticker) + "}"),
              ElementsAre("BTC-PERPETUAL BTC/USD ticker 61000.5 61001.0 61000.75 volume 9.5 at 1700000000123"));
  EXPECT_THAT(
      answer("/public/get_order_book",
             R"({"instrument_name":"BTC-PERPETUAL","bids":[[61000.5,1.0]],"asks":[],)" + std::string(ticker) + "}"),
      ElementsAre("BTC-PERPETUAL BTC/USD book 61000.5 - 61000.75 volume 9.5 at 1700000000123"));
  EXPECT_THAT(
      answer(
          "/public/get_book_summary_by_currency",
          R"([{"instrument_name":"BTC-PERPETUAL","bid_price":1.0,"ask_price":2.0,"mid_price":1.5,"last":1.5,"volume":9.5,"creation_timestamp":1700000000123}])"),
      ElementsAre("BTC-PERPETUAL BTC/USD ticker 1.0 2.0 1.5 volume 9.5 at 1700000000123"));
  EXPECT_THAT(
      answer(
          "/public/get_last_trades_by_instrument",
          R"({"trades":[{"trade_id":"1","price":1.5,"instrument_name":"BTC-PERPETUAL","timestamp":1700000000123}]})"),
      ElementsAre("BTC-PERPETUAL BTC/USD trade - - 1.5 at 1700000000123"));
  EXPECT_THAT(answer("/public/get_index_price?index_name=btc_usd",
                     R"({"index_price":61000.5,"estimated_delivery_price":61000.5})"),
              ElementsAre("btc_usd BTC/USD index - - 61000.5"));
  EXPECT_THAT(answer("/public/get_tradingview_chart_data?instrument_name=BTC-PERPETUAL",
                     R"({"ticks":[1700000000000,1700000060000],"close":[2.5,3.5],"volume":[9.5,1.0],"status":"ok"})"),
              ElementsAre("BTC-PERPETUAL BTC/USD candle - - 2.5 volume 9.5 at 1700000000000",
                          "BTC-PERPETUAL BTC/USD candle - - 3.5 volume 1.0 at 1700000060000"));
  EXPECT_THAT(answer("/public/get_instruments", R"([{"tick_size":0.5}])"), ElementsAre("control instruments"));
  EXPECT_THAT(answer("/public/get_time", "1700000000123"), ElementsAre("control time"));
  EXPECT_THAT(answer("/public/test", R"({"version":"1.2"})"), ElementsAre("control status"));
  EXPECT_THAT(frame(R"({"jsonrpc":"2.0","id":1,"result":["ticker.BTC-PERPETUAL.100ms"]})"), ElementsAre("control ack"));
  EXPECT_THAT(frame(R"({"jsonrpc":"2.0","id":0,"result":"ok"})"), ElementsAre("control ack"));
  EXPECT_THAT(body("/x", R"({"error":{"code":10028,"message":"too_many_requests"}})"),
              ElementsAre("refused rate_limited"));
  EXPECT_THAT(body("/x", R"({"error":{"code":13020,"message":"instrument_not_found"}})"),
              ElementsAre("refused venue_error"));
  EXPECT_THAT(frame("{}"), ElementsAre("refused missing_field"));
}

TEST(Deribit, asks_for_heartbeats_first) {
  const DeribitAdapter deribit;
  const std::vector<std::string> symbols = {"BTC-PERPETUAL", "btc_usd"};
  EXPECT_THAT(
      deribit.subscribe(symbols).frames,
      ElementsAre(
          R"({"jsonrpc":"2.0","id":0,"method":"public/set_heartbeat","params":{"interval":10}})",
          R"({"jsonrpc":"2.0","id":1,"method":"public/subscribe","params":{"channels":["ticker.BTC-PERPETUAL.100ms","deribit_price_index.btc_usd"]}})"));
  EXPECT_THAT(deribit.rest_targets(symbols), ElementsAre("/api/v2/public/ticker?instrument_name=BTC-PERPETUAL",
                                                         "/api/v2/public/get_index_price?index_name=btc_usd"));
}

}  // namespace
}  // namespace assay::fetchers::testing
