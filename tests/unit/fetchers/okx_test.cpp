// Samples follow the shapes of the venue's documentation; every value is invented.
#include "fetchers/venues/okx.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view venue = "okx";

Lines frame(std::string_view text, std::string_view path = {}) {
  return ws_brief(venue, text, path);
}

Lines body(std::string_view endpoint, std::string_view text, std::string_view symbol = {}) {
  return rest_brief(venue, endpoint, text, symbol);
}

constexpr std::string_view ticker =
    R"("last":"61000.10","askPx":"61000.2","bidPx":"61000.1","vol24h":"12.5","volCcy24h":"99","ts":"1700000000123"})";

TEST(Okx, tickers_count_volume_in_the_base_currency) {
  EXPECT_THAT(frame(R"({"arg":{"channel":"tickers","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT",)" +
                    std::string(ticker) + "]}"),
              ElementsAre("BTC-USDT BTC/USDT ticker 61000.1 61000.2 61000.10 volume 12.5 at 1700000000123"));
  EXPECT_THAT(
      body("/api/v5/market/tickers?instType=SWAP",
           R"({"code":"0","msg":"","data":[{"instId":"BTC-USD-SWAP",)" + std::string(ticker) +
               R"(,{"instId":"NEW-USDT","last":"","askPx":"","bidPx":"","ts":"1"}]})"),
      ElementsAre("BTC-USD-SWAP BTC/USD ticker 61000.1 61000.2 61000.10 volume 99 at 1700000000123", "control empty"));
}

TEST(Okx, best_levels_come_from_snapshots_and_updates_are_deltas) {
  const std::string data = R"("data":[{"asks":[["61000.2","1","0","1"]],"bids":[["61000.1","1","0","1"]],)"
                           R"("ts":"1700000000123"}]})";
  const auto of = [&](std::string_view channel, std::string_view action) {
    return frame(R"({"arg":{"channel":")" + std::string(channel) + R"(","instId":"BTC-USDT"},)" + std::string(action) +
                 data);
  };
  EXPECT_THAT(of("books", R"("action":"snapshot",)"),
              ElementsAre("BTC-USDT BTC/USDT book 61000.1 61000.2 - at 1700000000123"));
  EXPECT_THAT(of("books5", ""), ElementsAre("BTC-USDT BTC/USDT book 61000.1 61000.2 - at 1700000000123"));
  EXPECT_THAT(of("bbo-tbt", ""), ElementsAre("BTC-USDT BTC/USDT bbo 61000.1 61000.2 - at 1700000000123"));
  EXPECT_THAT(of("books", R"("action":"update",)"), ElementsAre("control delta"));
  EXPECT_THAT(body("/api/v5/market/books?instId=ETH-USDT", R"({"code":"0",)" + data),
              ElementsAre("ETH-USDT ETH/USDT book 61000.1 61000.2 - at 1700000000123"));
  EXPECT_THAT(body("/api/v5/market/books", R"({"code":"0",)" + data), ElementsAre("refused symbol_unknown"));
}

TEST(Okx, trades_indices_and_candles) {
  EXPECT_THAT(
      frame(R"({"arg":{"channel":"trades","instId":"BTC-USDT"},"data":[{"instId":"BTC-USDT","px":"61000.5",)"
            R"("sz":"1","ts":"1700000000123"},{"instId":"BTC-USDT","px":"61000.4","sz":"1","ts":"1"}]})"),
      ElementsAre("BTC-USDT BTC/USDT trade - - 61000.5 at 1700000000123", "BTC-USDT BTC/USDT trade - - 61000.4 at 1"));
  EXPECT_THAT(frame(R"({"arg":{"channel":"index-tickers","instId":"BTC-USD"},"data":[{"instId":"BTC-USD",)"
                    R"("idxPx":"61000","ts":"1700000000123"}]})"),
              ElementsAre("BTC-USD BTC/USD index - - 61000 at 1700000000123"));
  const std::string row = R"(["1700000000000","1","3","0.5","2","12.5","99","99","1"])";
  EXPECT_THAT(body("/api/v5/market/candles?instId=BTC-USDT", R"({"code":"0","data":[)" + row + "]}"),
              ElementsAre("BTC-USDT BTC/USDT candle - - 2 volume 12.5 at 1700000000000"));
  EXPECT_THAT(frame(R"({"arg":{"channel":"candle1m","instId":"BTC-USDT-SWAP"},"data":[)" + row + "]}"),
              ElementsAre("BTC-USDT-SWAP BTC/USDT candle - - 2 volume 99 at 1700000000000"));
  EXPECT_THAT(
      frame(
          R"({"arg":{"channel":"index-candle1m","instId":"BTC-USD"},"data":[["1700000000000","1","3","0","2","1"]]})"),
      ElementsAre("BTC-USD BTC/USD candle - - 2 at 1700000000000"));
}

TEST(Okx, what_carries_no_price_is_named) {
  EXPECT_THAT(frame("pong"), ElementsAre("control pong"));
  EXPECT_THAT(frame(R"({"event":"subscribe","arg":{"channel":"tickers"}})"), ElementsAre("control ack"));
  EXPECT_THAT(frame(R"({"op":"subscribe","args":[]})"), ElementsAre("control subscribe"));
  EXPECT_THAT(frame(R"({"event":"notice","code":"64008"})"), ElementsAre("control shutdown"));
  EXPECT_THAT(frame(R"({"arg":{"channel":"funding-rate","instId":"X-Y-SWAP"},"data":[{}]})"),
              ElementsAre("control status"));
  EXPECT_THAT(body("/api/v5/public/instruments", R"({"code":"0","data":[{"tickSz":"1"}]})"),
              ElementsAre("control instruments"));
  EXPECT_THAT(body("/api/v5/public/time", R"({"code":"0","data":[{"ts":"1"}]})"), ElementsAre("control time"));
  EXPECT_THAT(body("/api/v5/market/tickers", R"({"code":"0","data":[]})"), ElementsAre("control empty"));
}

TEST(Okx, errors_are_told_apart) {
  EXPECT_THAT(frame(R"({"event":"error","code":"60012","msg":"Invalid request"})"), ElementsAre("refused venue_error"));
  EXPECT_THAT(frame(R"({"event":"error","code":"60014","msg":"slow"})"), ElementsAre("refused rate_limited"));
  EXPECT_THAT(body("/x", R"({"code":"50011","msg":"slow","data":[]})"), ElementsAre("refused rate_limited"));
  EXPECT_THAT(body("/x", R"({"code":"51001","msg":"no such instrument","data":[]})"),
              ElementsAre("refused venue_error"));
  EXPECT_THAT(body("/x", R"({"code":"0"})"), ElementsAre("refused missing_field"));
  EXPECT_THAT(frame("{}"), ElementsAre("refused missing_field"));
  EXPECT_THAT(frame("PONG!"), ElementsAre("refused malformed"));
}

TEST(Okx, the_retired_v3_is_read) {
  EXPECT_THAT(frame(R"({"table":"spot/ticker","data":[{"instrument_id":"BTC-USDT","last":"1.5","best_bid":"1",)"
                    R"("best_ask":"2","base_volume_24h":"9","timestamp":"2023-11-14T22:13:20.123Z"}]})"),
              ElementsAre("BTC-USDT BTC/USDT ticker 1 2 1.5 volume 9 at 1700000000123"));
  EXPECT_THAT(frame(R"({"table":"spot/trade","data":[{"instrument_id":"BTC-USDT","price":"1.5","trade_id":"1",)"
                    R"("timestamp":"2023-11-14T22:13:20.123Z"}]})"),
              ElementsAre("BTC-USDT BTC/USDT trade - - 1.5 at 1700000000123"));
  EXPECT_THAT(frame(R"({"table":"spot/depth","action":"update","data":[{}]})"), ElementsAre("control delta"));
}

TEST(Okx, subscribes_to_tickers_and_polls_one_or_all) {
  const OkxAdapter okx;
  const std::vector<std::string> one = {"BTC-USDT"};
  const std::vector<std::string> many = {"BTC-USDT", "ETH-USDT", "BTC-USD-SWAP", "BTC-USD-240628"};
  EXPECT_EQ(okx.subscribe(one).target, "/ws/v5/public");
  EXPECT_THAT(okx.subscribe(one).frames,
              ElementsAre(R"({"op":"subscribe","args":[{"channel":"tickers","instId":"BTC-USDT"}]})"));
  EXPECT_THAT(okx.rest_targets(one), ElementsAre("/api/v5/market/ticker?instId=BTC-USDT"));
  EXPECT_THAT(okx.rest_targets(many),
              ElementsAre("/api/v5/market/tickers?instType=SPOT", "/api/v5/market/tickers?instType=SWAP",
                          "/api/v5/market/tickers?instType=FUTURES"));
  EXPECT_THAT(okx.rest_targets({}), ElementsAre());
  EXPECT_EQ(okx.ping().frame, "ping");
}

}  // namespace
}  // namespace assay::fetchers::testing
