#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view ticker =
    R"({"timestamp":"$s","open":"$open","high":"$high","low":"$low","last":"$last","volume":"$volume","vwap":"$last",)"
    R"("bid":"$bid","ask":"$ask","side":"0","open_24":"$open","percent_change_24":"0.00","pair":"$base/$quote",)"
    R"("market_type":"SPOT"})";
constexpr std::string_view book =
    R"({"timestamp":"$s","microtimestamp":"$us","bids":[["$bid","$bid_size"]],"asks":[["$ask","$ask_size"]]})";
constexpr std::string_view listed =
    R"({"name":"$base/$quote","url_symbol":"$symbol","base_decimals":8,"counter_decimals":2,"trading":"$trading[Enabled|Disabled]",)"
    R"("instant_and_market_orders":"Enabled","description":"$base / $quote","minimum_order":"10 $quote"})";
constexpr std::string_view market =
    R"({"name":"$base/$quote","market_symbol":"$symbol","base_currency":"$base","base_decimals":8,)"
    R"("counter_currency":"$quote","counter_decimals":2,"trading":"$trading[Enabled|Disabled]","market_type":"SPOT"})";

constexpr std::array replies{
    Reply{"/event", "bts:heartbeat", R"({"event":"bts:heartbeat","channel":"","data":{"status":"success"}})"}};
constexpr std::array routes{
    Route{.path = "/api/v2/ticker/", .head = "[", .entry = ticker, .tail = "]"},
    Route{.path = "/api/v2/ticker/$symbol/", .names = Names::one, .entry = ticker},
    Route{.path = "/api/v2/order_book/$symbol/", .names = Names::one, .entry = book},
    Route{.path = "/api/v2/trading-pairs-info/", .head = "[", .entry = listed, .tail = "]"},
    Route{.path = "/api/v2/markets/", .head = "[", .entry = market, .tail = "]"},
};

}  // namespace

const Dialect& bitstamp_dialect() {
  static const Dialect dialect{
      .venue = "bitstamp",
      .spell = lower_joined,  // in channels and paths; the lists write "BTC/USD"
      .stream_path = "/",
      .replies = replies,
      .listening =
          {.key = "/event",
           .value = "bts:subscribe",
           .names = "/data/channel",
           .channel = "order_book_$symbol",
           .ack = R"({"event":"bts:subscription_succeeded","channel":"order_book_$symbol","data":{}})",
           .ack_all = {},
           .unknown = R"({"event":"bts:error","channel":"","data":{"code":null,"message":"Incorrect JSON format."}})"},
      .confused = R"({"event":"bts:error","channel":"","data":{"code":null,"message":"Bad subscription string."}})",
      .push = R"({"data":{"timestamp":"$s","microtimestamp":"$us","bids":[["$bid","$bid_size"]],)"
              R"("asks":[["$ask","$ask_size"]]},"channel":"order_book_$symbol","event":"data"})",
      .routes = routes,
      .unknown = {404, R"({"code":"404.002","reason":"Currency pair not found"})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
