#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view ticker =
    R"({"i":"$symbol","h":"$high","l":"$low","a":"$last","v":"$volume","vv":"$turnover","c":"$change_part","b":"$bid",)"
    R"("bs":"$bid_size","k":"$ask","ks":"$ask_size","oi":"0","t":$ms})";
constexpr std::string_view listed =
    R"({"symbol":"$symbol","inst_type":"CCY_PAIR","display_name":"$base/$quote","base_ccy":"$base",)"
    R"("quote_ccy":"$quote","quote_decimals":2,"quantity_decimals":5,"price_tick_size":"0.01",)"
    R"("qty_tick_size":"0.00001","tradable":$trading[true|false]})";

constexpr std::array replies{Reply{"/method", "public/respond-heartbeat", ""}};
constexpr std::array routes{
    Route{.path = "/exchange/v1/public/get-tickers",
          .names = Names::some,
          .parameter = "instrument_name",
          .head = R"({"id":-1,"method":"public/get-tickers","code":0,"result":{"data":[)",
          .entry = ticker,
          .tail = "]}}"},
    Route{.path = "/exchange/v1/public/get-instruments",
          .head = R"({"id":-1,"method":"public/get-instruments","code":0,"result":{"data":[)",
          .entry = listed,
          .tail = "]}}"},
};

}  // namespace

const Dialect& crypto_com_dialect() {
  static const Dialect dialect{
      .venue = "crypto_com",
      .spell = underlined,
      .stream_path = "/exchange/v1/market",
      .replies = replies,
      .listening = {.key = "/method",
                    .value = "subscribe",
                    .names = "/params/channels/*",
                    .channel = "ticker.$symbol",
                    .ack = {},
                    .ack_all = R"({"id":$id,"method":"subscribe","code":0})",
                    .unknown = R"({"id":$id,"method":"subscribe","code":40004,"message":"Unknown symbol $symbol"})"},
      .confused = R"({"id":$id,"code":40003,"message":"Invalid request"})",
      .push =
          R"({"id":-1,"method":"subscribe","code":0,"result":{"instrument_name":"$symbol",)"
          R"("subscription":"ticker.$symbol","channel":"ticker","data":[{"h":"$high","l":"$low","a":"$last",)"
          R"("c":"$change_part","b":"$bid","bs":"$bid_size","k":"$ask","ks":"$ask_size","i":"$symbol","v":"$volume",)"
          R"("vv":"$turnover","oi":"0","t":$ms}]}})",
      .beat = R"({"id":$ms,"method":"public/heartbeat","code":0})",
      .beat_s = 30,
      .routes = routes,
      .unknown = {400, R"({"id":-1,"method":"","code":40004,"message":"Invalid instrument_name"})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
