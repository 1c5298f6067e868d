// Samples follow the shapes of MEXC's documentation; every value is invented.
#include "fetchers/venues/mexc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string btc(std::string_view kind, const Said& values) {
  Said quote = values;
  quote.symbol = values.symbol.empty() ? "BTCUSDT" : values.symbol;
  quote.base = "BTC";
  quote.quote = "USDT";
  quote.kind = kind;
  return said("mexc", quote);
}

std::string varint(std::uint64_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7U) {
    out += static_cast<char>(0x80U | (value & 0x7fU));
  }
  return out + static_cast<char>(value);
}
std::string text_field(std::uint64_t number, std::string_view text) {
  return varint(number << 3U | 2U) + varint(text.size()) + std::string(text);
}
std::string number_field(std::uint64_t number, std::uint64_t value) {
  return varint(number << 3U) + varint(value);
}
/// A wrapper around one body, as the venue sends it.
std::string wrapper(std::string_view channel, std::uint64_t body, std::string_view bytes) {
  return text_field(1, "spot@public." + std::string(channel) + ".v3.api.pb@BTCUSDT") + text_field(3, "BTCUSDT") +
         number_field(6, 1700000000123) + text_field(body, bytes);
}
std::string level(std::string_view price, std::string_view size) {
  return text_field(1, price) + text_field(2, size);
}

constexpr std::string_view time_ms = "1700000000123";

TEST(Mexc, protocol_buffers_give_best_prices) {
  const std::string body =
      text_field(1, "61000.10") + text_field(2, "1") + text_field(3, "61000.2") + text_field(4, "2");
  for (const std::uint64_t number : {305U, 315U}) {
    EXPECT_THAT(ws("mexc", wrapper("bookTicker", number, body)),
                ElementsAre(btc("bbo", {.bid = "61000.10", .ask = "61000.2", .time_ms = time_ms})));
  }
  EXPECT_THAT(ws("mexc", wrapper("bookTicker.batch", 311, text_field(1, body) + text_field(1, body))),
              ::testing::SizeIs(2));
}

TEST(Mexc, protocol_buffers_give_trades_with_their_own_time) {
  const auto deal = [](std::string_view price, std::uint64_t time) {
    return text_field(1, text_field(1, price) + text_field(2, "1") + number_field(3, 1) + number_field(4, time));
  };
  EXPECT_THAT(ws("mexc", wrapper("aggre.deals", 314, deal("1.5", 1700000000121) + deal("1.6", 1700000000122))),
              ElementsAre(btc("trade", {.last = "1.5", .time_ms = "1700000000121"}),
                          btc("trade", {.last = "1.6", .time_ms = "1700000000122"})));
}

TEST(Mexc, protocol_buffers_give_books_candles_and_mini_tickers) {
  EXPECT_THAT(ws("mexc", wrapper("limit.depth", 303,
                                 text_field(1, level("1.7", "1")) + text_field(1, level("1.6", "2")) +
                                     text_field(2, level("1.5", "1")))),
              ElementsAre(btc("book", {.bid = "1.5", .ask = "1.6", .time_ms = time_ms})));
  EXPECT_THAT(ws("mexc", wrapper("limit.depth", 303, text_field(2, level("1.5", "1")))),
              ElementsAre(btc("book", {.bid = "1.5", .time_ms = time_ms})));
  EXPECT_THAT(ws("mexc", wrapper("aggre.depth", 313, text_field(2, level("1.5", "1")))), ElementsAre(control("delta")));
  EXPECT_THAT(ws("mexc", wrapper("kline", 308,
                                 text_field(1, "Min1") + number_field(2, 1700000000) + text_field(4, "1.5") +
                                     text_field(7, "9"))),
              ElementsAre(btc("candle", {.last = "1.5", .volume = "9", .time_ms = "1700000000000"})));
  EXPECT_THAT(
      ws("mexc", wrapper("miniTicker", 309, text_field(1, "BTCUSDT") + text_field(2, "1.5") + text_field(8, "9"))),
      ElementsAre(btc("ticker", {.last = "1.5", .volume = "9", .time_ms = time_ms})));
}

TEST(Mexc, a_wrapper_without_a_symbol_is_named_by_its_channel) {
  const std::string bytes = text_field(1, "spot@public.kline.v3.api.pb@BTCUSDT@Min1") + number_field(6, 1) +
                            text_field(308, number_field(2, 1700000000) + text_field(4, "1.5"));
  EXPECT_THAT(ws("mexc", bytes), ElementsAre(btc("candle", {.last = "1.5", .time_ms = "1700000000000"})));
}

TEST(Mexc, damaged_and_unknown_wrappers_are_refused) {
  const std::string good = wrapper("aggre.bookTicker", 315, text_field(1, "1") + text_field(3, "2"));
  for (std::size_t size = 1; size < good.size(); ++size) {
    const std::string code = ws_refusal("mexc", good.substr(0, size));
    EXPECT_TRUE(code == "malformed" || code == "unsupported" || code == "missing_field") << size << " " << code;
  }
  EXPECT_EQ(ws_refusal("mexc", wrapper("private.orders", 304, "")), "unsupported");
  EXPECT_EQ(ws_refusal("mexc", wrapper("x\xff", 315, text_field(1, "1"))), "malformed");
  EXPECT_EQ(ws_refusal("mexc", wrapper("x", 315, text_field(1, "one"))), "bad_number");
}

TEST(Mexc, the_decoded_form_reads_the_same) {
  EXPECT_THAT(ws("mexc", R"({"channel":"spot@public.aggre.bookTicker.v3.api.pb@10ms@BTCUSDT","symbol":"BTCUSDT",)"
                         R"("sendTime":"1700000000123","publicAggreBookTicker":{"bidPrice":"1.5","askPrice":"1.6"}})"),
              ElementsAre(btc("bbo", {.bid = "1.5", .ask = "1.6", .time_ms = time_ms})));
}

TEST(Mexc, retired_streams_of_v3) {
  const auto frame = [](std::string_view channel, std::string_view data) {
    return R"({"c":"spot@public.)" + std::string(channel) + R"(.v3.api@BTCUSDT","d":)" + std::string(data) +
           R"(,"s":"BTCUSDT","t":1700000000123})";
  };
  EXPECT_THAT(ws("mexc", frame("bookTicker", R"({"A":"1","B":"2","a":"1.6","b":"1.5"})")),
              ElementsAre(btc("bbo", {.bid = "1.5", .ask = "1.6", .time_ms = time_ms})));
  EXPECT_THAT(ws("mexc", frame("deals", R"({"deals":[{"S":2,"p":"1.5","t":1700000000121,"v":"1"}]})")),
              ElementsAre(btc("trade", {.last = "1.5", .time_ms = "1700000000121"})));
  EXPECT_THAT(ws("mexc", frame("limit.depth", R"({"bids":[{"p":"1.5","v":"1"}],"asks":[{"p":"1.6","v":"1"}]})")),
              ElementsAre(btc("book", {.bid = "1.5", .ask = "1.6", .time_ms = time_ms})));
  EXPECT_THAT(ws("mexc", frame("increase.depth", R"({"asks":[]})")), ElementsAre(control("delta")));
  EXPECT_THAT(ws("mexc", frame("miniTicker", R"({"s":"BTCUSDT","p":"1.5","v":"99","q":"9"})")),
              ElementsAre(btc("ticker", {.last = "1.5", .volume = "9", .time_ms = time_ms})));
}

TEST(Mexc, streams_before_v3) {
  const auto frame = [](std::string_view channel, std::string_view data) {
    return R"({"symbol":"BTC_USDT","data":)" + std::string(data) + R"(,"channel":"push.)" + std::string(channel) +
           "\"}";
  };
  EXPECT_THAT(ws("mexc", frame("deal", R"({"deals":[{"t":1700000000123,"p":"1.5","q":"1","T":2}]})")),
              ElementsAre(btc("trade", {.symbol = "BTC_USDT", .last = "1.5", .time_ms = time_ms})));
  EXPECT_THAT(ws("mexc", frame("limit.depth", R"({"asks":[["1.6","1"]],"bids":[["1.5","1"]]})")),
              ElementsAre(btc("book", {.symbol = "BTC_USDT", .bid = "1.5", .ask = "1.6"})));
  EXPECT_THAT(ws("mexc", frame("depth", R"({"bids":[{"p":"1","q":"1"}]})")), ElementsAre(control("delta")));
  EXPECT_THAT(ws("mexc", frame("kline", R"({"t":1700000000,"c":1.5,"v":99,"q":9,"tdt":1700000000123})")),
              ElementsAre(btc("candle", {.symbol = "BTC_USDT", .last = "1.5", .volume = "9", .time_ms = time_ms})));
}

TEST(Mexc, answers_to_our_requests_stay_json) {
  EXPECT_THAT(ws("mexc", R"({"id":0,"code":0,"msg":"PONG"})"), ElementsAre(control("pong")));
  EXPECT_THAT(ws("mexc", R"({"id":0,"code":0,"msg":"spot@public.aggre.deals.v3.api.pb@100ms@BTCUSDT"})"),
              ElementsAre(control("ack")));
  EXPECT_EQ(ws_refusal("mexc", R"({"id":0,"code":0,"msg":"Not Subscribed successfully! [x]. Reason: Blocked!"})"),
            "venue_error");
  EXPECT_EQ(ws_refusal("mexc", "{}"), "missing_field");
}

TEST(Mexc, rest_bodies_have_binances_shape_or_that_of_the_open_api) {
  EXPECT_THAT(
      rest("mexc", "/api/v3/ticker/24hr",
           R"({"symbol":"BTCUSDT","lastPrice":"1.55","bidPrice":"1.5","bidQty":"","askPrice":"1.6",)"
           R"("volume":"9","quoteVolume":null,"closeTime":1700000000123})"),
      ElementsAre(btc("ticker", {.bid = "1.5", .ask = "1.6", .last = "1.55", .volume = "9", .time_ms = time_ms})));
  EXPECT_THAT(rest("mexc", "/api/v3/defaultSymbols", R"({"data":["BTCUSDT"],"code":0,"msg":"success"})"),
              ElementsAre(control("instruments")));
  const std::string depth =
      R"({"code":200,"data":{"asks":[{"price":"1.6","quantity":"1"}],"bids":[{"price":"1.5","quantity":"1"}]}})";
  EXPECT_THAT(rest("mexc", "/open/api/v2/market/depth?symbol=BTC_USDT", depth),
              ElementsAre(btc("book", {.symbol = "BTC_USDT", .bid = "1.5", .ask = "1.6"})));
  EXPECT_EQ(rest_refusal("mexc", "/open/api/v2/market/depth", depth), "symbol_unknown");
  EXPECT_EQ(rest_refusal("mexc", "/api/v3/depth", R"({"code":-1121,"msg":"Invalid symbol."})"), "venue_error");
}

TEST(Mexc, the_contract_market_answers_like_the_open_api) {
  EXPECT_THAT(rest("mexc", "/api/v1/contract/ticker",
                   R"({"success":true,"code":0,"data":{"symbol":"BTC_USDT","lastPrice":1.55,"bid1":1.5,"ask1":1.6,)"
                   R"("volume24":9,"timestamp":1700000000123}})"),
              ElementsAre(btc("ticker",
                              {.symbol = "BTC_USDT", .bid = "1.5", .ask = "1.6", .last = "1.55", .time_ms = time_ms})));
  EXPECT_THAT(ws("mexc", R"({"channel":"push.funding.rate","symbol":"BTC_USDT","data":{}})"),
              ElementsAre(control("funding")));
}

TEST(Mexc, subscribes_to_aggregated_best_prices) {
  const std::vector<std::string> both = {"BTCUSDT", "ethusdt"};
  const Subscription subscription = find_adapter("mexc")->subscribe(both);
  EXPECT_EQ(subscription.target, "/ws");
  EXPECT_THAT(
      subscription.frames,
      ElementsAre(R"({"method":"SUBSCRIPTION","params":["spot@public.aggre.bookTicker.v3.api.pb@100ms@BTCUSDT",)"
                  R"("spot@public.aggre.bookTicker.v3.api.pb@100ms@ETHUSDT"]})"));
  EXPECT_THAT(find_adapter("mexc")->rest_targets(both), ElementsAre("/api/v3/ticker/bookTicker"));
}

}  // namespace
}  // namespace assay::fetchers::testing
