#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view trade =
    R"({"id":"$sequence","size":"$last_size","price":"$last","side":"BUY","createdAt":"$iso","type":"LIMIT",)"
    R"("createdAtHeight":"$sequence"})";
constexpr std::string_view market =
    R"("$symbol":{"clobPairId":"$channel","ticker":"$symbol","status":"$trading[ACTIVE|PAUSED]","oraclePrice":"$mid",)"
    R"("priceChange24H":"$change","volume24H":"$turnover","trades24H":$sequence,"marketType":"CROSS"})";

constexpr std::array<Reply, 0> replies{};
constexpr std::array routes{
    Route{.path = "/v4/orderbooks/perpetualMarket/$symbol",
          .names = Names::one,
          .entry = R"({"bids":[{"price":"$bid","size":"$bid_size"}],"asks":[{"price":"$ask","size":"$ask_size"}]})"},
    Route{.path = "/v4/trades/perpetualMarket/$symbol",
          .names = Names::one,
          .head = R"({"trades":[)",
          .entry = trade,
          .tail = "]}"},
    Route{.path = "/v4/perpetualMarkets",
          .names = Names::some,
          .parameter = "ticker",
          .head = R"({"markets":{)",
          .entry = market,
          .tail = "}}"},
    Route{.path = "/v4/time", .names = Names::none, .head = R"({"iso":"$iso","epoch":$s})"},
};

}  // namespace

const Dialect& dydx_dialect() {
  static const Dialect dialect{
      .venue = "dydx",
      .spell = dashed,
      .stream_path = "/v4/ws",
      .greeting = R"({"type":"connected","connection_id":"0a1b2c3d","message_id":0})",
      .replies = replies,
      .listening = {.key = "/type",
                    .value = "subscribe",
                    .names = "/id",
                    .channel = "$symbol",
                    .ack = R"({"type":"subscribed","connection_id":"0a1b2c3d","message_id":1,"channel":"v4_trades",)"
                           R"("id":"$symbol","contents":{"trades":[]}})",
                    .ack_all = {},
                    .unknown =
                        R"({"type":"error","message":"Invalid subscription id $symbol","connection_id":"0a1b2c3d"})"},
      .confused = R"({"type":"error","message":"Invalid message","connection_id":"0a1b2c3d"})",
      .push =
          R"({"type":"channel_data","connection_id":"0a1b2c3d","message_id":2,"id":"$symbol","channel":"v4_trades",)"
          R"("version":"2.1.0","contents":{"trades":[{"id":"$sequence","size":"$last_size","price":"$last",)"
          R"("side":"BUY","createdAt":"$iso","type":"LIMIT","createdAtHeight":"$sequence"}]}})",
      .routes = routes,
      .unknown = {404, R"({"errors":[{"msg":"perpetual market $symbol not found","param":"ticker"}]})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
