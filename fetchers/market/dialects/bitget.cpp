#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view ticker =
    R"({"open":"$open","symbol":"$symbol","high24h":"$high","low24h":"$low","lastPr":"$last","quoteVolume":"$turnover",)"
    R"("baseVolume":"$volume","usdtVolume":"$turnover","ts":"$ms","bidPr":"$bid","askPr":"$ask","bidSz":"$bid_size",)"
    R"("askSz":"$ask_size","openUtc":"$open","changeUtc24h":"$change_part","change24h":"$change_part"})";
constexpr std::string_view listed =
    R"({"symbol":"$symbol","baseCoin":"$base","quoteCoin":"$quote","minTradeAmount":"0","pricePrecision":"2",)"
    R"("quantityPrecision":"6","status":"$trading[online|halt]"})";
constexpr std::string_view head = R"({"code":"00000","msg":"success","requestTime":$ms,"data":[)";

constexpr std::array replies{Reply{"", "ping", "pong"}};
constexpr std::array routes{
    Route{.path = "/api/v2/spot/market/tickers",
          .names = Names::some,
          .parameter = "symbol",
          .head = head,
          .entry = ticker,
          .tail = "]}"},
    Route{.path = "/api/v2/spot/public/symbols",
          .names = Names::some,
          .parameter = "symbol",
          .head = head,
          .entry = listed,
          .tail = "]}"},
    Route{.path = "/api/v2/public/time",
          .names = Names::none,
          .head = R"({"code":"00000","msg":"success","requestTime":$ms,"data":{"serverTime":"$ms"}})"},
};

}  // namespace

const Dialect& bitget_dialect() {
  static const Dialect dialect{
      .venue = "bitget",
      .spell = joined,
      .stream_path = "/v2/ws/public",
      .replies = replies,
      .listening = {.key = "/op",
                    .value = "subscribe",
                    .names = "/args/*/instId",
                    .channel = "$symbol",
                    .ack = R"({"event":"subscribe","arg":{"instType":"SPOT","channel":"ticker","instId":"$symbol"}})",
                    .ack_all = {},
                    .unknown = R"({"event":"error","arg":{"instType":"SPOT","channel":"ticker","instId":"$symbol"},)"
                               R"("code":30001,"msg":"instType:SPOT,channel:ticker,instId:$symbol doesn't exist"})"},
      .confused = R"({"event":"error","code":30003,"msg":"Invalid op"})",
      .push = R"({"action":"snapshot","arg":{"instType":"SPOT","channel":"ticker","instId":"$symbol"},)"
              R"("data":[{"instId":"$symbol","lastPr":"$last","open24h":"$open","high24h":"$high","low24h":"$low",)"
              R"("change24h":"$change_part","bidPr":"$bid","askPr":"$ask","bidSz":"$bid_size","askSz":"$ask_size",)"
              R"("baseVolume":"$volume","quoteVolume":"$turnover","openUtc":"$open","ts":"$ms"}],"ts":$ms})",
      .routes = routes,
      .unknown = {400, R"({"code":"40034","msg":"Parameter $symbol does not exist","requestTime":$ms,"data":null})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
