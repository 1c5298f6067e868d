#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view product =
    R"({"product_id":"$symbol","price":"$last","price_percentage_change_24h":"0","volume_24h":"$volume",)"
    R"("base_increment":"0.00000001","quote_increment":"0.01","is_disabled":false,"trading_disabled":$trading[false|true],)"
    R"("status":"$trading[online|offline]","product_type":"SPOT","quote_currency_id":"$quote","base_currency_id":"$base"})";
constexpr std::string_view trades =
    R"({"trades":[{"trade_id":"$sequence","product_id":"$symbol","price":"$last","size":"$last_size","time":"$iso",)"
    R"("side":"BUY"}],"best_bid":"$bid","best_ask":"$ask"})";

constexpr std::array replies{
    Reply{"/channel", "heartbeats",
          R"({"channel":"subscriptions","client_id":"","timestamp":"$iso","sequence_num":$serial,)"
          R"("events":[{"subscriptions":{"heartbeats":["heartbeats"]}}]})"}};
constexpr std::array routes{
    Route{.path = "/api/v3/brokerage/market/products",
          .names = Names::some,
          .parameter = "product_ids",
          .head = R"({"products":[)",
          .entry = product,
          .tail = R"(],"num_products":1})"},
    Route{.path = "/api/v3/brokerage/market/products/$symbol", .names = Names::one, .entry = product},
    Route{.path = "/api/v3/brokerage/market/products/$symbol/ticker", .names = Names::one, .entry = trades},
    Route{.path = "/api/v3/brokerage/time",
          .names = Names::none,
          .head = R"({"iso":"$iso","epochSeconds":"$s","epochMillis":"$ms"})"},
};

}  // namespace

const Dialect& coinbase_advanced_dialect() {
  static const Dialect dialect{
      .venue = "coinbase_advanced",
      .spell = dashed,
      .stream_path = "/",
      .replies = replies,
      .listening = {.key = "/type",
                    .value = "subscribe",
                    .names = "/product_ids/*",
                    .channel = "$symbol",
                    .ack = {},
                    .ack_all = R"({"channel":"subscriptions","client_id":"","timestamp":"$iso","sequence_num":$serial,)"
                               R"("events":[{"subscriptions":{"ticker":[]}}]})",
                    .unknown = R"({"type":"error","message":"$symbol is not a valid product"})"},
      .confused = R"({"type":"error","message":"invalid request"})",
      .push = R"({"channel":"ticker","client_id":"","timestamp":"$iso","sequence_num":$serial,"events":[{)"
              R"("type":"update","tickers":[{"type":"ticker","product_id":"$symbol","price":"$last",)"
              R"("volume_24_h":"$volume","low_24_h":"$low","high_24_h":"$high","best_bid":"$bid",)"
              R"("best_bid_quantity":"$bid_size","best_ask":"$ask","best_ask_quantity":"$ask_size"}]}]})",
      .beat = R"({"channel":"heartbeats","client_id":"","timestamp":"$iso","sequence_num":$serial,"events":[{)"
              R"("current_time":"$iso","heartbeat_counter":$s}]})",
      .beat_s = 1,
      .standing = R"({"channel":"status","client_id":"","timestamp":"$iso","sequence_num":$serial,"events":[{)"
                  R"("type":"snapshot","products":[{"product_type":"SPOT","id":"$symbol","base_currency":"$base",)"
                  R"("quote_currency":"$quote","status":"$trading[online|offline]","status_message":""}]}]})",
      .routes = routes,
      .unknown = {404, R"({"error":"NOT_FOUND","error_details":"valid product_id is required","message":"$symbol"})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
