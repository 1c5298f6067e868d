#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view ticker =
    R"({"currency_pair":"$symbol","last":"$last","lowest_ask":"$ask","lowest_size":"$ask_size","highest_bid":"$bid",)"
    R"("highest_size":"$bid_size","change_percentage":"0","base_volume":"$volume","quote_volume":"$turnover",)"
    R"("high_24h":"$high","low_24h":"$low"})";
constexpr std::string_view listed =
    R"({"id":"$symbol","base":"$base","quote":"$quote","fee":"0.2","min_base_amount":"0.00001","amount_precision":6,)"
    R"("precision":1,"trade_status":"$trading[tradable|untradable]","sell_start":0,"buy_start":0})";

constexpr std::array replies{
    Reply{"/channel", "spot.ping", R"({"time":$s,"time_ms":$ms,"channel":"spot.pong","event":"","result":null})"}};
constexpr std::array routes{
    Route{.path = "/api/v4/spot/tickers",
          .names = Names::some,
          .parameter = "currency_pair",
          .head = "[",
          .entry = ticker,
          .tail = "]"},
    Route{.path = "/api/v4/spot/currency_pairs", .head = "[", .entry = listed, .tail = "]"},
    Route{.path = "/api/v4/spot/time", .names = Names::none, .head = R"({"server_time":$ms})"},
};

}  // namespace

const Dialect& gateio_dialect() {
  static const Dialect dialect{
      .venue = "gateio",
      .spell = underlined,
      .stream_path = "/ws/v4/",
      .replies = replies,
      .listening = {.key = "/event",
                    .value = "subscribe",
                    .names = "/payload/*",
                    .channel = "$symbol",
                    .ack = {},
                    .ack_all = R"({"time":$s,"time_ms":$ms,"channel":"spot.book_ticker","event":"subscribe",)"
                               R"("result":{"status":"success"}})",
                    .unknown = R"({"time":$s,"time_ms":$ms,"channel":"spot.book_ticker","event":"subscribe",)"
                               R"("error":{"code":2,"message":"unknown currency pair $symbol"},"result":null})"},
      .confused = R"({"time":$s,"time_ms":$ms,"channel":"","event":"","error":{"code":1,"message":"invalid request"}})",
      .push = R"({"time":$s,"time_ms":$ms,"channel":"spot.book_ticker","event":"update","result":{"t":$ms,)"
              R"("u":$sequence,"s":"$symbol","b":"$bid","B":"$bid_size","a":"$ask","A":"$ask_size"}})",
      .routes = routes,
      .unknown = {400, R"({"label":"INVALID_CURRENCY_PAIR","message":"Invalid currency pair $symbol"})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
