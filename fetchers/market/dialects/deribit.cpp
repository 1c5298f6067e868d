#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

/// In dollars a perpetual, else a spot pair.
std::string perpetual_or_spot(const Pair& pair) {
  return pair.quote == "USD" ? pair.base + "-PERPETUAL" : underlined(pair);
}

constexpr std::string_view ticker =
    R"({"timestamp":$ms,"state":"$trading[open|closed]","stats":{"high":$high,"low":$low,"price_change":0,"volume":$volume,)"
    R"("volume_usd":$turnover},"open_interest":1,"min_price":$low,"max_price":$high,"mark_price":$mid,)"
    R"("last_price":$last,"instrument_name":"$symbol","index_price":$mid,"best_bid_price":$bid,)"
    R"("best_bid_amount":$bid_size,"best_ask_price":$ask,"best_ask_amount":$ask_size})";
constexpr std::string_view listed =
    R"({"instrument_name":"$symbol","base_currency":"$base","quote_currency":"$quote","kind":"future",)"
    R"("is_active":$trading[true|false],"tick_size":0.5,"settlement_period":"perpetual"})";
constexpr std::string_view head = R"({"jsonrpc":"2.0","result":)";
constexpr std::string_view tail = R"(,"usIn":$us,"usOut":$us,"usDiff":0,"testnet":false})";

constexpr std::array replies{
    Reply{"/method", "public/set_heartbeat", R"({"jsonrpc":"2.0","id":$id,"result":"ok","testnet":false})"},
    Reply{"/method", "public/test", R"({"jsonrpc":"2.0","id":$id,"result":{"version":"1.2.26"},"testnet":false})"}};
constexpr std::array routes{
    Route{.path = "/api/v2/public/ticker",
          .names = Names::one,
          .parameter = "instrument_name",
          .head = head,
          .entry = ticker,
          .tail = tail},
    Route{.path = "/api/v2/public/get_instruments",
          .head = R"({"jsonrpc":"2.0","result":[)",
          .entry = listed,
          .tail = R"(],"usIn":$us,"usOut":$us,"usDiff":0,"testnet":false})"},
    Route{.path = "/api/v2/public/get_time", .names = Names::none, .head = R"({"jsonrpc":"2.0","result":$ms})"},
};

}  // namespace

const Dialect& deribit_dialect() {
  static const Dialect dialect{
      .venue = "deribit",
      .spell = perpetual_or_spot,
      .stream_path = "/ws/api/v2",
      .replies = replies,
      .listening = {.key = "/method",
                    .value = "public/subscribe",
                    .names = "/params/channels/*",
                    .channel = "ticker.$symbol.100ms",
                    .ack = {},
                    .ack_all = R"({"jsonrpc":"2.0","id":$id,"result":["ticker"],"testnet":false})",
                    .unknown = R"({"jsonrpc":"2.0","id":$id,"error":{"message":"Invalid params","data":{)"
                               R"("reason":"unknown instrument $symbol"},"code":-32602}})"},
      .confused = R"({"jsonrpc":"2.0","id":$id,"error":{"message":"Method not found","code":-32601}})",
      .push =
          R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":"ticker.$symbol.100ms","data":{)"
          R"("timestamp":$ms,"state":"$trading[open|closed]","stats":{"high":$high,"low":$low,"price_change":0,"volume":$volume},)"
          R"("open_interest":1,"mark_price":$mid,"last_price":$last,"instrument_name":"$symbol",)"
          R"("index_price":$mid,"best_bid_price":$bid,"best_bid_amount":$bid_size,"best_ask_price":$ask,)"
          R"("best_ask_amount":$ask_size}}})",
      .beat = R"({"jsonrpc":"2.0","method":"heartbeat","params":{"type":"test_request"}})",
      .beat_s = 10,
      .routes = routes,
      .unknown = {400, R"({"jsonrpc":"2.0","error":{"message":"Invalid params","data":{"param":"instrument_name",)"
                       R"("reason":"wrong format"},"code":-32602},"testnet":false})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
