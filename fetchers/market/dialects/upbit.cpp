#include <array>

#include "fetchers/market/dialects/dialects.hpp"

/// Upbit, and Bithumb, which took over its format: frames are JSON in binary messages.
namespace assay::fetchers::market {
namespace {

constexpr std::string_view book =
    R"({"market":"$symbol","timestamp":$ms,"total_ask_size":$ask_size,"total_bid_size":$bid_size,)"
    R"("orderbook_units":[{"ask_price":$ask,"bid_price":$bid,"ask_size":$ask_size,"bid_size":$bid_size}],"level":0})";
constexpr std::string_view ticker =
    R"({"market":"$symbol","opening_price":$open,"high_price":$high,"low_price":$low,"trade_price":$last,)"
    R"("prev_closing_price":$open,"change":"EVEN","trade_volume":$last_size,"acc_trade_price_24h":$turnover,)"
    R"("acc_trade_volume_24h":$volume,"trade_timestamp":$ms,"timestamp":$ms})";
constexpr std::string_view listed =
    R"({"market":"$symbol","korean_name":"$base","english_name":"$base","market_event":{"warning":false}})";

constexpr std::array replies{Reply{"", "PING", R"({"status":"UP"})"}};
constexpr std::array routes{
    Route{
        .path = "/v1/orderbook", .names = Names::some, .parameter = "markets", .head = "[", .entry = book, .tail = "]"},
    Route{
        .path = "/v1/ticker", .names = Names::some, .parameter = "markets", .head = "[", .entry = ticker, .tail = "]"},
    Route{.path = "/v1/market/all", .head = "[", .entry = listed, .tail = "]"},
};

Dialect korean(std::string_view venue) {
  return {.venue = venue,
          .spell = reversed,
          .stream_form = Form::binary,
          .stream_path = "/websocket/v1",
          .replies = replies,
          .listening = {.key = "/1/type",
                        .value = "orderbook",
                        .names = "/1/codes/*",
                        .channel = "$symbol",
                        .ack = {},
                        .ack_all = {},
                        .unknown = R"({"error":{"name":"INVALID_PARAM","message":"codes: $symbol"}})"},
          .confused = R"({"error":{"name":"WRONG_FORMAT","message":"format does not match"}})",
          .push = R"({"type":"orderbook","code":"$symbol","timestamp":$ms,"total_ask_size":$ask_size,)"
                  R"("total_bid_size":$bid_size,"orderbook_units":[{"ask_price":$ask,"bid_price":$bid,)"
                  R"("ask_size":$ask_size,"bid_size":$bid_size}],"stream_type":"REALTIME","level":0})",
          .routes = routes,
          .unknown = {404, R"({"error":{"name":404,"message":"Code not found"}})"}};
}

}  // namespace

const Dialect& upbit_dialect() {
  static const Dialect dialect = korean("upbit");
  return dialect;
}

const Dialect& bithumb_dialect() {
  static const Dialect dialect = korean("bithumb");
  return dialect;
}

}  // namespace assay::fetchers::market
