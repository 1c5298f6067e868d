#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

/// A perpetual is its coin; a spot pair names both.
std::string coin_of(const Pair& pair) {
  return pair.quote == "USD" ? pair.base : slashed(pair);
}

constexpr std::string_view book = R"({"coin":"$symbol","time":$ms,"levels":[[{"px":"$bid","sz":"$bid_size","n":3}],)"
                                  R"([{"px":"$ask","sz":"$ask_size","n":2}]]})";

constexpr std::array replies{Reply{"/method", "ping", R"({"channel":"pong"})"}};
constexpr std::array routes{
    Route{.method = Method::post,
          .path = "/info",
          .names = Names::one,
          .parameter = "/coin",
          .key = "/type",
          .value = "l2Book",
          .entry = book},
    Route{.method = Method::post,
          .path = "/info",
          .key = "/type",
          .value = "allMids",
          .head = "{",
          .entry = R"("$symbol":"$mid")",
          .tail = "}"},
    Route{.method = Method::post,
          .path = "/info",
          .key = "/type",
          .value = "meta",
          .head = R"({"universe":[)",
          .entry = R"({"name":"$symbol","szDecimals":5,"maxLeverage":40,"isDelisted":$trading[false|true]})",
          .tail = "]}"},
    Route{.method = Method::post,
          .path = "/info",
          .key = "/type",
          .value = "spotMeta",
          .head = R"({"tokens":[],"universe":[)",
          .entry = R"({"name":"$symbol","tokens":[1,0],"index":$channel})",
          .tail = "]}"},
};

}  // namespace

const Dialect& hyperliquid_dialect() {
  static const Dialect dialect{
      .venue = "hyperliquid",
      .spell = coin_of,
      .stream_path = "/ws",
      .replies = replies,
      .listening = {.key = "/method",
                    .value = "subscribe",
                    .names = "/subscription/coin",
                    .channel = "$symbol",
                    .ack = R"({"channel":"subscriptionResponse","data":{"method":"subscribe","subscription":{)"
                           R"("type":"bbo","coin":"$symbol"}}})",
                    .ack_all = {},
                    .unknown = R"({"channel":"error","data":"Invalid subscription: $symbol"})"},
      .confused = R"({"channel":"error","data":"Error parsing JSON into valid websocket request"})",
      .push = R"({"channel":"bbo","data":{"coin":"$symbol","time":$ms,"bbo":[{"px":"$bid","sz":"$bid_size","n":3},)"
              R"({"px":"$ask","sz":"$ask_size","n":2}]}})",
      .routes = routes,
      .unknown = {422, "Failed to deserialize the JSON body into the target type"}};
  return dialect;
}

}  // namespace assay::fetchers::market
