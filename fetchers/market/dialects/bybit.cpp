#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view ticker =
    R"({"symbol":"$symbol","bid1Price":"$bid","bid1Size":"$bid_size","ask1Price":"$ask","ask1Size":"$ask_size",)"
    R"("lastPrice":"$last","prevPrice24h":"$open","price24hPcnt":"$change_part","highPrice24h":"$high",)"
    R"("lowPrice24h":"$low","turnover24h":"$turnover","volume24h":"$volume"})";
constexpr std::string_view listed =
    R"({"symbol":"$symbol","baseCoin":"$base","quoteCoin":"$quote","innovation":"0","status":"$trading[Trading|Closed]",)"
    R"("priceFilter":{"tickSize":"0.01"}})";
constexpr std::string_view head = R"({"retCode":0,"retMsg":"OK","result":{"category":"spot","list":[)";
constexpr std::string_view tail = R"(]},"retExtInfo":{},"time":$ms})";

constexpr std::array replies{
    Reply{"/op", "ping", R"({"success":true,"ret_msg":"pong","conn_id":"0970e817","req_id":"","op":"ping"})"}};
constexpr std::array routes{
    Route{.path = "/v5/market/tickers",
          .names = Names::some,
          .parameter = "symbol",
          .head = head,
          .entry = ticker,
          .tail = tail},
    Route{.path = "/v5/market/instruments-info",
          .names = Names::some,
          .parameter = "symbol",
          .head = head,
          .entry = listed,
          .tail = tail},
    Route{
        .path = "/v5/market/time",
        .names = Names::none,
        .head =
            R"({"retCode":0,"retMsg":"OK","result":{"timeSecond":"$s","timeNano":"$ns"},"retExtInfo":{},"time":$ms})"},
};

}  // namespace

const Dialect& bybit_dialect() {
  static const Dialect dialect{
      .venue = "bybit",
      .spell = joined,
      .stream_path = "/v5/public/spot",
      .replies = replies,
      .listening =
          {.key = "/op",
           .value = "subscribe",
           .names = "/args/*",
           .channel = "orderbook.1.$symbol",
           .ack = {},
           .ack_all = R"({"success":true,"ret_msg":"subscribe","conn_id":"0970e817","op":"subscribe"})",
           .unknown =
               R"({"success":false,"ret_msg":"Invalid symbol :[$symbol]","conn_id":"0970e817","op":"subscribe"})"},
      .confused = R"({"success":false,"ret_msg":"error:unknown op","conn_id":"0970e817","op":""})",
      .push = R"({"topic":"orderbook.1.$symbol","ts":$ms,"type":"snapshot","data":{"s":"$symbol","b":[["$bid",)"
              R"("$bid_size"]],"a":[["$ask","$ask_size"]],"u":$sequence,"seq":$sequence},"cts":$ms})",
      .routes = routes,
      .unknown = {200, R"({"retCode":10001,"retMsg":"Not supported symbols","result":{},"retExtInfo":{},"time":$ms})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
