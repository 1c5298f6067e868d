#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view ticker =
    R"({"bid":"$bid","ask":"$ask","volume":{"$base":"$volume","$quote":"$turnover","timestamp":$ms},"last":"$last"})";
constexpr std::string_view details =
    R"({"symbol":"$base$quote","base_currency":"$base","quote_currency":"$quote","tick_size":1E-8,)"
    R"("quote_increment":0.01,"min_order_size":"0.00001","status":"open","product_type":"spot"})";

constexpr std::array replies{Reply{"/method", "ping", R"({"id":$id,"status":200,"result":{}})"}};
constexpr std::array routes{
    Route{.path = "/v1/pubticker/$symbol", .names = Names::one, .entry = ticker},
    Route{.path = "/v1/pricefeed",
          .head = "[",
          .entry = R"({"pair":"$base$quote","price":"$last","percentChange24h":"$change_part"})",
          .tail = "]"},
    Route{.path = "/v1/symbols", .head = "[", .entry = R"("$symbol")", .tail = "]"},
    Route{.path = "/v1/symbols/details/$symbol", .names = Names::one, .entry = details},
};

}  // namespace

const Dialect& gemini_dialect() {
  static const Dialect dialect{
      .venue = "gemini",
      .spell = lower_joined,
      .stream_path = "/",
      .replies = replies,
      .listening = {.key = "/method",
                    .value = "subscribe",
                    .names = "/params/*",
                    .channel = "$symbol@bookTicker",
                    .ack = {},
                    .ack_all = R"({"id":$id,"status":200,"result":{}})",
                    .unknown = R"({"id":$id,"status":400,"error":{"code":-1121,"msg":"Invalid symbol."}})"},
      .confused = R"({"id":$id,"status":400,"error":{"code":-1102,"msg":"Invalid request."}})",
      .push = R"({"u":$sequence,"E":$ns,"s":"$symbol","b":"$bid","B":"$bid_size","a":"$ask","A":"$ask_size"})",
      .routes = routes,
      .unknown = {
          400,
          R"({"result":"error","reason":"InvalidSymbol","message":"Supplied value '$symbol' is not a valid symbol"})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
