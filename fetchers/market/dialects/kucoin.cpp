#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view level1 =
    R"({"time":$ms,"sequence":"$sequence","price":"$last","size":"$last_size","bestBid":"$bid",)"
    R"("bestBidSize":"$bid_size","bestAsk":"$ask","bestAskSize":"$ask_size"})";
constexpr std::string_view ticker =
    R"({"symbol":"$symbol","symbolName":"$symbol","buy":"$bid","bestBidSize":"$bid_size","sell":"$ask",)"
    R"("bestAskSize":"$ask_size","changeRate":"$change_part","changePrice":"$change","high":"$high","low":"$low",)"
    R"("vol":"$volume","volValue":"$turnover","last":"$last","averagePrice":"$last","takerFeeRate":"0.001",)"
    R"("makerFeeRate":"0.001"})";
constexpr std::string_view listed =
    R"({"symbol":"$symbol","name":"$symbol","baseCurrency":"$base","quoteCurrency":"$quote","market":"$quote",)"
    R"("baseMinSize":"0.00001","priceIncrement":"0.1","enableTrading":$trading[true|false]})";
constexpr std::string_view token =
    R"({"code":"200000","data":{"token":"2neAiuYvAU61ZDXANAGAsiL4-iAExhsBXZxftpOeh_55i3Ysy2q2LEsEWU64mdzUOPusi34M",)"
    R"("instanceServers":[{"endpoint":"wss://ws-api-spot.kucoin.com/","encrypt":true,"protocol":"websocket",)"
    R"("pingInterval":18000,"pingTimeout":10000}]}})";

constexpr std::array replies{Reply{"/type", "ping", R"({"id":$id,"type":"pong","timestamp":$us})"}};
constexpr std::array routes{
    Route{.method = Method::post, .path = "/api/v1/bullet-public", .names = Names::none, .head = token},
    Route{.path = "/api/v1/market/orderbook/level1",
          .names = Names::one,
          .parameter = "symbol",
          .head = R"({"code":"200000","data":)",
          .entry = level1,
          .tail = "}"},
    Route{.path = "/api/v1/market/allTickers",
          .head = R"({"code":"200000","data":{"time":$ms,"ticker":[)",
          .entry = ticker,
          .tail = "]}}"},
    Route{.path = "/api/v2/symbols", .head = R"({"code":"200000","data":[)", .entry = listed, .tail = "]}"},
    Route{.path = "/api/v1/timestamp", .names = Names::none, .head = R"({"code":"200000","data":$ms})"},
};

}  // namespace

const Dialect& kucoin_dialect() {
  static const Dialect dialect{
      .venue = "kucoin",
      .spell = dashed,
      .stream_path = "/",
      .greeting = R"({"id":"h6vFvE9FZn","type":"welcome"})",
      .replies = replies,
      .listening = {.key = "/type",
                    .value = "subscribe",
                    .names = "/topic",
                    .channel = "/market/ticker:$symbol",
                    .ack = {},
                    .ack_all = R"({"id":"1","type":"ack"})",
                    .unknown =
                        R"({"id":"1","type":"error","code":404,"data":"topic /market/ticker:$symbol is not found"})"},
      .confused = R"({"id":"1","type":"error","code":400,"data":"type is not supported"})",
      .push = R"({"type":"message","topic":"/market/ticker:$symbol","subject":"trade.ticker","data":{"bestAsk":"$ask",)"
              R"("bestAskSize":"$ask_size","bestBid":"$bid","bestBidSize":"$bid_size","price":"$last",)"
              R"("sequence":"$sequence","size":"$last_size","time":$ms}})",
      .routes = routes,
      .unknown = {200, R"({"code":"400100","msg":"This pair is not provided at present"})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
