// Samples follow the shapes of Binance's documentation; every value is invented.
#include "fetchers/venues/binance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

std::string line(std::string_view kind, std::string_view values) {
  return R"({"venue":"binance","symbol":"BTCUSDT","base":"BTC","quote":"USDT","kind":")" + std::string(kind) + "\"," +
         std::string(values) + "}";
}

TEST(Binance, book_ticker_streams_give_bid_and_ask_without_a_time) {
  const auto expected =
      line("bbo", R"("bid":"61000.10","ask":"61000.20","last":null,"base_volume":null,"venue_time_ms":null)");
  const std::string event = R"({"u":7,"s":"BTCUSDT","b":"61000.10","B":"1.5","a":"61000.20","A":"2.5"})";
  EXPECT_THAT(ws("binance", event), ElementsAre(expected));
  EXPECT_THAT(ws("binance", R"({"stream":"btcusdt@bookTicker","data":)" + event + "}"), ElementsAre(expected));
}

TEST(Binance, tickers_give_all_values_with_millisecond_or_microsecond_time) {
  const auto expected = line(
      "ticker",
      R"("bid":"61000.1","ask":"61000.2","last":"61000.15","base_volume":"1234.5","venue_time_ms":"1700000000123")");
  const auto event = [](std::string_view time) {
    return R"({"e":"24hrTicker","E":)" + std::string(time) +
           R"(,"s":"BTCUSDT","p":"1","c":"61000.15","b":"61000.1","B":"1","a":"61000.2","A":"2","v":"1234.5","q":"9"})";
  };
  EXPECT_THAT(ws("binance", event("1700000000123")), ElementsAre(expected));
  EXPECT_THAT(ws("binance", event("1700000000123999")), ElementsAre(expected));
  EXPECT_THAT(ws("binance", "[" + event("1700000000123") + "," + event("1700000000123") + "]"),
              ElementsAre(expected, expected));
  EXPECT_THAT(ws("binance", R"({"stream":"!ticker@arr","data":[)" + event("1700000000123") + "]}"),
              ElementsAre(expected));
}

TEST(Binance, funding_of_the_past_and_liquidations_are_no_prices) {
  EXPECT_THAT(rest("binance", "/fapi/v1/fundingRate",
                   R"([{"symbol":"BTCUSDT","fundingRate":"0.0001","fundingTime":1700000000000,"markPrice":"61000"}])"),
              ElementsAre(control("funding")));
  EXPECT_THAT(ws("binance", R"({"e":"forceOrder","E":1700000000123,"o":{"s":"BTCUSDT","p":"61000"}})"),
              ElementsAre(control("liquidation")));
}

TEST(Binance, mini_and_window_tickers_have_no_sides) {
  const auto expected =
      line("ticker", R"("bid":null,"ask":null,"last":"61000.15","base_volume":"12","venue_time_ms":"1700000000123")");
  for (const std::string_view name : {"24hrMiniTicker", "1hTicker", "4hTicker", "1dTicker"}) {
    EXPECT_THAT(ws("binance", R"({"e":")" + std::string(name) +
                                  R"(","E":1700000000123,"s":"BTCUSDT","c":"61000.15","o":"1","v":"12"})"),
                ElementsAre(expected));
  }
}

TEST(Binance, trades_give_last_only_at_the_time_of_the_trade) {
  const auto expected =
      line("trade", R"("bid":null,"ask":null,"last":"61000.15","base_volume":null,"venue_time_ms":"1700000000122")");
  for (const std::string_view name : {"trade", "aggTrade"}) {
    EXPECT_THAT(ws("binance", R"({"e":")" + std::string(name) +
                                  R"(","E":1700000000123,"s":"BTCUSDT","p":"61000.15","q":"3","T":1700000000122,)"
                                  R"("m":true,"M":true})"),
                ElementsAre(expected));
  }
}

TEST(Binance, klines_give_their_close) {
  EXPECT_THAT(ws("binance", R"({"e":"kline","E":1700000000123,"s":"BTCUSDT","k":{"t":1700000000000,"i":"1m",)"
                            R"("o":"60999","c":"61000.15","h":"61001","l":"60998","v":"42","x":false}})"),
              ElementsAre(line("candle", R"("bid":null,"ask":null,"last":"61000.15","base_volume":"42",)"
                                         R"("venue_time_ms":"1700000000123")")));
}

TEST(Binance, partial_depth_gives_its_best_levels_in_any_order) {
  const std::string book = R"({"lastUpdateId":7,"bids":[["60999.9","1"],["61000.1","2"],["61000.15","0.0"]],)"
                           R"("asks":[["61000.9","1"],["61000.20","1"]]})";
  const auto expected = [](std::string_view symbol) {
    return R"({"venue":"binance","symbol":")" + std::string(symbol) +
           R"(","base":"BTC","quote":"USDT","kind":"book","bid":"61000.1","ask":"61000.20","last":null,)"
           R"("base_volume":null,"venue_time_ms":null})";
  };
  EXPECT_THAT(ws("binance", R"({"stream":"btcusdt@depth5@100ms","data":)" + book + "}"),
              ElementsAre(expected("btcusdt")));
  EXPECT_THAT(ws("binance", book, "/ws/btcusdt@depth5"), ElementsAre(expected("btcusdt")));
  EXPECT_THAT(ws("binance", book, "/stream?streams=btcusdt@depth5"), ElementsAre(expected("btcusdt")));
  EXPECT_THAT(to_json_lines("binance", find_adapter("binance")->parse_ws_with_symbol(as_bytes(book), "", "BTCUSDT")),
              ElementsAre(expected("BTCUSDT")));
}

TEST(Binance, depth_without_a_symbol_is_refused) {
  const std::string_view book = R"({"lastUpdateId":7,"bids":[["1","1"]],"asks":[["2","1"]]})";
  EXPECT_EQ(ws_refusal("binance", book), "symbol_unknown");
  EXPECT_EQ(ws_refusal("binance", book, "/stream?streams=a@depth5/b@depth5"), "symbol_unknown");
  EXPECT_EQ(rest_refusal("binance", "/api/v3/depth?limit=5", book), "symbol_unknown");
}

TEST(Binance, differences_of_a_book_are_deltas_unless_the_stream_is_partial) {
  const std::string event =
      R"({"e":"depthUpdate","E":1700000000123,"s":"BTCUSDT","U":1,"u":2,"b":[["61000.1","2"]],"a":[["61000.2","1"]]})";
  EXPECT_THAT(ws("binance", event), ElementsAre(R"({"control":"delta"})"));
  EXPECT_THAT(ws("binance", R"({"stream":"btcusdt@depth@100ms","data":)" + event + "}"),
              ElementsAre(R"({"control":"delta"})"));
  EXPECT_THAT(ws("binance", R"({"stream":"btcusdt@depth10","data":)" + event + "}"),
              ElementsAre(line("book", R"("bid":"61000.1","ask":"61000.2","last":null,"base_volume":null,)"
                                       R"("venue_time_ms":"1700000000123")")));
}

TEST(Binance, averages_marks_and_indices_are_of_kind_index) {
  const auto expected =
      line("index", R"("bid":null,"ask":null,"last":"61000.5","base_volume":null,"venue_time_ms":"1700000000123")");
  for (const std::string_view event :
       {R"({"e":"avgPrice","E":1700000000123,"s":"BTCUSDT","i":"5m","w":"61000.5","T":1})",
        R"({"e":"markPriceUpdate","E":1700000000123,"s":"BTCUSDT","p":"1","i":"61000.5"})",
        R"({"e":"markPriceUpdate","E":1700000000123,"s":"BTCUSDT","p":"61000.5"})",
        R"({"e":"indexPriceUpdate","E":1700000000123,"i":"BTCUSDT","p":"61000.5"})",
        R"({"e":"referencePrice","s":"BTCUSDT","r":"61000.5","t":1700000000123})"}) {
    EXPECT_THAT(ws("binance", event), ElementsAre(expected)) << event;
  }
}

TEST(Binance, answers_without_prices_are_controls) {
  EXPECT_THAT(ws("binance", R"({"result":null,"id":1})"), ElementsAre(R"({"control":"ack"})"));
  EXPECT_THAT(ws("binance", R"({"result":["btcusdt@trade"],"id":3})"), ElementsAre(R"({"control":"ack"})"));
  EXPECT_THAT(ws("binance", R"({"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":1})"),
              ElementsAre(R"({"control":"subscribe"})"));
  EXPECT_THAT(ws("binance", R"({"e":"serverShutdown","E":1700000000123})"), ElementsAre(R"({"control":"shutdown"})"));
  EXPECT_THAT(ws("binance", "[]"), ElementsAre(R"({"control":"empty"})"));
  EXPECT_THAT(rest("binance", "/api/v3/ping", "{}"), ElementsAre(R"({"control":"ack"})"));
  EXPECT_THAT(rest("binance", "/api/v3/time", R"({"serverTime":1700000000123})"), ElementsAre(R"({"control":"time"})"));
  EXPECT_THAT(rest("binance", "/api/v3/exchangeInfo", R"({"timezone":"UTC","symbols":[{"symbol":"BTCUSDT"}]})"),
              ElementsAre(R"({"control":"instruments"})"));
  EXPECT_THAT(rest("binance", "/api/v3/trades?symbol=BTCUSDT", "[]"), ElementsAre(R"({"control":"empty"})"));
}

TEST(Binance, its_errors_are_refusals_and_limits_have_their_own_code) {
  EXPECT_EQ(ws_refusal("binance", R"({"code":2,"msg":"Invalid request","id":1})"), "venue_error");
  EXPECT_EQ(ws_refusal("binance", R"({"error":{"code":3,"msg":"Invalid JSON"},"id":1})"), "venue_error");
  EXPECT_EQ(ws_refusal("binance", R"({"id":1,"status":429,"error":{"code":-1003,"msg":"Too many requests"}})"),
            "rate_limited");
  EXPECT_EQ(rest_refusal("binance", "/api/v3/depth", R"({"code":-1121,"msg":"Invalid symbol."})"), "venue_error");
  EXPECT_EQ(rest_refusal("binance", "/api/v3/depth", R"({"code":-1003,"msg":"Too much request weight used"})"),
            "rate_limited");
  EXPECT_EQ(rest_refusal("binance", "/api/v1/depth", R"({"code":-1,"msg":"This endpoint is deprecated."})"),
            "retired_api");
  EXPECT_EQ(ws_refusal("binance", R"({"code":2,"msg":"Invalid request: too many parameters"})"), "venue_error");
  EXPECT_THAT(
      rest("binance", "/x", R"({"code":-1121,"msg":"Invalid\u0007 symbol."})"),
      ElementsAre(R"({"error":"venue_error","detail":"the venue answered with an error: -1121 Invalid? symbol."})"));
}

TEST(Binance, rest_tickers_are_read_alone_and_in_lists) {
  const std::string full = R"({"symbol":"BTCUSDT","lastPrice":"61000.15","bidPrice":"61000.1","askPrice":"61000.2",)"
                           R"("volume":"1234.5","openTime":1,"closeTime":1700000000123})";
  const auto expected = line(
      "ticker",
      R"("bid":"61000.1","ask":"61000.2","last":"61000.15","base_volume":"1234.5","venue_time_ms":"1700000000123")");
  EXPECT_THAT(rest("binance", "/api/v3/ticker/24hr?symbol=BTCUSDT", full), ElementsAre(expected));
  EXPECT_THAT(rest("binance", "/api/v3/ticker/24hr", "[" + full + "," + full + "]"), ElementsAre(expected, expected));
  EXPECT_THAT(rest("binance", "/api/v3/ticker/bookTicker",
                   R"([{"symbol":"BTCUSDT","bidPrice":"61000.1","bidQty":"1","askPrice":"61000.2","askQty":"2"}])"),
              ElementsAre(line("bbo", R"("bid":"61000.1","ask":"61000.2","last":null,"base_volume":null,)"
                                      R"("venue_time_ms":null)")));
  EXPECT_THAT(rest("binance", "/api/v3/ticker/price", R"({"symbol":"BTCUSDT","price":"61000.15"})"),
              ElementsAre(line("ticker", R"("bid":null,"ask":null,"last":"61000.15","base_volume":null,)"
                                         R"("venue_time_ms":null)")));
}

TEST(Binance, rest_lists_take_their_symbol_from_the_request) {
  const auto trade =
      line("trade", R"("bid":null,"ask":null,"last":"61000.15","base_volume":null,"venue_time_ms":"1700000000122")");
  EXPECT_THAT(rest("binance", "GET https://api.binance.com/api/v3/trades?symbol=BTCUSDT&limit=1",
                   R"([{"id":1,"price":"61000.15","qty":"1","quoteQty":"1","time":1700000000122}])"),
              ElementsAre(trade));
  EXPECT_THAT(rest("binance", "/api/v3/aggTrades", R"([{"a":1,"p":"61000.15","q":"1","T":1700000000122}])", "BTCUSDT"),
              ElementsAre(trade));
  EXPECT_THAT(rest("binance", "/api/v3/klines?symbol=BTCUSDT&interval=1m",
                   R"([[1700000000000,"1","3","0.5","61000.15","42",1700000059999,"9",5,"1","1","0"]])"),
              ElementsAre(line("candle", R"("bid":null,"ask":null,"last":"61000.15","base_volume":"42",)"
                                         R"("venue_time_ms":"1700000000000")")));
  EXPECT_THAT(
      rest("binance", "/api/v3/avgPrice?symbol=BTCUSDT", R"({"mins":5,"price":"61000.5","closeTime":1700000000123})"),
      ElementsAre(line("index", R"("bid":null,"ask":null,"last":"61000.5","base_volume":null,)"
                                R"("venue_time_ms":"1700000000123")")));
}

TEST(Binance, a_list_without_a_symbol_is_refused_once) {
  const std::string_view trades =
      R"([{"id":1,"price":"1","qty":"1","time":1},{"id":2,"price":"1","qty":"1","time":1}])";
  EXPECT_THAT(rest("binance", "/api/v3/trades", trades), SizeIs(1));
  EXPECT_EQ(rest_refusal("binance", "/api/v3/trades", trades), "symbol_unknown");
}

TEST(Binance, prices_are_kept_digit_for_digit_and_bad_ones_refused) {
  const auto ticker = [](std::string_view bid) {
    return R"({"u":7,"s":"BTCUSDT","b":)" + std::string(bid) + R"(,"B":"1","a":"9","A":"2"})";
  };
  EXPECT_THAT(ws("binance", ticker("0.000001000")),
              ElementsAre(line("bbo", R"("bid":"0.000001000","ask":"9","last":null,"base_volume":null,)"
                                      R"("venue_time_ms":null)")));
  EXPECT_THAT(ws("binance", ticker("1.50e-3")),
              ElementsAre(line("bbo", R"("bid":"1.50e-3","ask":"9","last":null,"base_volume":null,)"
                                      R"("venue_time_ms":null)")));
  EXPECT_EQ(ws_refusal("binance", ticker(R"("NaN")")), "bad_number");
  EXPECT_EQ(ws_refusal("binance", ticker(R"("1,000.5")")), "bad_number");
  EXPECT_EQ(ws_refusal("binance", ticker(R"("-1")")), "negative_price");
  EXPECT_EQ(ws_refusal("binance", ticker("-1")), "negative_price");
  EXPECT_EQ(ws_refusal("binance", ticker(R"("1e9999")")), "overflow");
  EXPECT_EQ(ws_refusal("binance", ticker("\"" + std::string(200, '1') + "\"")), "too_large");
  EXPECT_EQ(ws_refusal("binance", ticker("[1]")), "missing_field");
  EXPECT_EQ(ws_refusal("binance", ticker("true")), "missing_field");
}

TEST(Binance, what_is_missing_or_unknown_is_refused_by_name) {
  EXPECT_EQ(ws_refusal("binance", R"({"e":"24hrTicker","E":1,"s":"BTCUSDT"})"), "missing_field");
  EXPECT_EQ(ws_refusal("binance", R"({"e":"trade","s":"BTCUSDT","p":null})"), "missing_field");
  EXPECT_EQ(ws_refusal("binance", R"({"e":"kline","s":"BTCUSDT","k":5})"), "missing_field");
  EXPECT_EQ(ws_refusal("binance", R"({"e":"trade","p":"1"})"), "symbol_unknown");
  EXPECT_EQ(ws_refusal("binance", R"({"e":"trade","p":"1","s":")" + std::string(65, 'A') + R"("})"), "too_large");
  EXPECT_EQ(ws_refusal("binance", R"({"e":"nav","p":"1"})"), "unsupported");
  EXPECT_EQ(ws_refusal("binance", R"({"hello":1})"), "unsupported");
  EXPECT_EQ(ws_refusal("binance", "5"), "missing_field");
  EXPECT_EQ(rest_refusal("binance", "/x", R"({"hello":1})"), "unsupported");
  EXPECT_EQ(rest_refusal("binance", "/x", "[5]"), "missing_field");
  EXPECT_EQ(rest_refusal("binance", "/x?symbol=BTCUSDT", R"({"bids":5,"asks":[]})"), "missing_field");
  EXPECT_EQ(rest_refusal("binance", "/x?symbol=BTCUSDT", R"({"bids":[[]],"asks":[]})"), "missing_field");
  EXPECT_EQ(rest_refusal("binance", "/x?symbol=BTCUSDT", R"({"bids":[["x","1"]],"asks":[]})"), "bad_number");
  EXPECT_EQ(rest_refusal("binance", "/x", "<html>"), "html_page");
  EXPECT_EQ(rest_refusal("binance", "/x", ""), "malformed");
  EXPECT_EQ(ws_refusal("binance", "{"), "malformed");
}

TEST(Binance, an_answer_of_the_websocket_api_is_read_as_rest) {
  EXPECT_THAT(
      ws("binance", R"({"id":"a","status":200,"result":{"symbol":"BTCUSDT","price":"61000.15"},"rateLimits":[]})"),
      ElementsAre(line("ticker", R"("bid":null,"ask":null,"last":"61000.15","base_volume":null,)"
                                 R"("venue_time_ms":null)")));
}

TEST(Binance, subscribes_to_the_best_prices_of_every_symbol_in_one_connection) {
  const std::vector<std::string> symbols = {"BTCUSDT", "ETHUSD"};
  const auto subscription = find_adapter("binance_us")->subscribe(symbols);
  EXPECT_EQ(subscription.target, "/stream?streams=btcusdt@bookTicker/ethusd@bookTicker");
  EXPECT_TRUE(subscription.frames.empty());
  EXPECT_THAT(find_adapter("binance")->rest_targets(symbols),
              ElementsAre("/api/v3/ticker/bookTicker?symbols=%5B%22BTCUSDT%22%2C%22ETHUSD%22%5D"));
  EXPECT_TRUE(find_adapter("binance")->rest_targets({}).empty());
}

TEST(Binance, the_two_houses_differ_in_hosts_and_quote_assets) {
  EXPECT_EQ(find_adapter("binance")->ws_base(), "wss://stream.binance.com:9443");
  EXPECT_EQ(find_adapter("binance_us")->ws_base(), "wss://stream.binance.us:9443");
  EXPECT_THAT(rest("binance_us", "/x", R"({"symbol":"BTCUSD","price":"1"})").front(),
              ::testing::HasSubstr(R"("base":"BTC","quote":"USD")"));
  EXPECT_THAT(rest("binance", "/x", R"({"symbol":"BTCTRY","price":"1"})").front(),
              ::testing::HasSubstr(R"("base":"BTC","quote":"TRY")"));
  EXPECT_THAT(rest("binance_us", "/x", R"({"symbol":"BTCTRY","price":"1"})").front(),
              ::testing::HasSubstr(R"("base":null,"quote":null)"));
}

TEST(Binance, a_list_beyond_the_limit_ends_in_one_refusal) {
  std::string list = "[";
  for (std::size_t i = 0; i < items_max + 100; ++i) {
    list += (i == 0 ? "" : ",") + std::string(R"({"symbol":"BTCUSDT","price":"1"})");
  }
  const Parsed parsed = find_adapter("binance")->parse_rest("/x", as_bytes(list + "]"), {});
  ASSERT_EQ(parsed.items.size(), items_max);
  ASSERT_TRUE(std::holds_alternative<Refusal>(parsed.items.back()));
  EXPECT_EQ(std::get<Refusal>(parsed.items.back()).error.code, Errc::too_large);
  EXPECT_TRUE(std::holds_alternative<ParsedQuote>(parsed.items[items_max - 2]));
}

}  // namespace
}  // namespace assay::fetchers::testing
