#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view ticker =
    R"({"instType":"SPOT","instId":"$symbol","last":"$last","lastSz":"$last_size","askPx":"$ask","askSz":"$ask_size",)"
    R"("bidPx":"$bid","bidSz":"$bid_size","open24h":"$open","high24h":"$high","low24h":"$low","volCcy24h":"$turnover",)"
    R"("vol24h":"$volume","ts":"$ms","sodUtc0":"$open","sodUtc8":"$open"})";
constexpr std::string_view listed =
    R"({"instType":"SPOT","instId":"$symbol","baseCcy":"$base","quoteCcy":"$quote","lotSz":"0.00000001",)"
    R"("minSz":"0.00001","tickSz":"0.1","state":"$trading[live|suspend]"})";
constexpr std::string_view head = R"({"code":"0","msg":"","data":[)";

constexpr std::array replies{Reply{"", "ping", "pong"}};
constexpr std::array routes{
    Route{.path = "/api/v5/market/ticker",
          .names = Names::one,
          .parameter = "instId",
          .head = head,
          .entry = ticker,
          .tail = "]}"},
    Route{.path = "/api/v5/market/tickers", .head = head, .entry = ticker, .tail = "]}"},
    Route{.path = "/api/v5/public/instruments",
          .names = Names::some,
          .parameter = "instId",
          .head = head,
          .entry = listed,
          .tail = "]}"},
    Route{
        .path = "/api/v5/public/time", .names = Names::none, .head = R"({"code":"0","msg":"","data":[{"ts":"$ms"}]})"},
};

constexpr std::string_view push =
    R"({"arg":{"channel":"tickers","instId":"$symbol"},"data":[{"instType":"SPOT","instId":"$symbol","last":"$last",)"
    R"("lastSz":"$last_size","askPx":"$ask","askSz":"$ask_size","bidPx":"$bid","bidSz":"$bid_size","open24h":"$open",)"
    R"("high24h":"$high","low24h":"$low","volCcy24h":"$turnover","vol24h":"$volume","ts":"$ms","sodUtc0":"$open",)"
    R"("sodUtc8":"$open"}]})";

}  // namespace

const Dialect& okx_dialect() {
  static const Dialect dialect{
      .venue = "okx",
      .spell = dashed,
      .stream_path = "/ws/v5/public",
      .replies = replies,
      .listening = {.key = "/op",
                    .value = "subscribe",
                    .names = "/args/*/instId",
                    .channel = "$symbol",
                    .ack =
                        R"({"event":"subscribe","arg":{"channel":"tickers","instId":"$symbol"},"connId":"a4d3ae55"})",
                    .ack_all = {},
                    .unknown = R"({"event":"error","code":"60018","msg":"Wrong URL or channel:tickers,instId:$symbol )"
                               R"(doesn't exist.","connId":"a4d3ae55"})"},
      .confused = R"({"event":"error","code":"60012","msg":"Invalid request","connId":"a4d3ae55"})",
      .push = push,
      .routes = routes,
      .unknown = {200, R"({"code":"51001","msg":"Instrument ID doesn't exist.","data":[]})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
