#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view ticker =
    R"({"symbol":"$symbol","open":$open,"high":$high,"low":$low,"close":$last,"amount":$volume,"vol":$turnover,)"
    R"("count":$sequence,"bid":$bid,"bidSize":$bid_size,"ask":$ask,"askSize":$ask_size})";
constexpr std::string_view merged =
    R"({"ch":"market.$symbol.detail.merged","status":"ok","ts":$ms,"tick":{"id":$sequence,"version":$sequence,)"
    R"("open":$open,"close":$last,"low":$low,"high":$high,"amount":$volume,"vol":$turnover,"count":$sequence,)"
    R"("bid":[$bid,$bid_size],"ask":[$ask,$ask_size]}})";
constexpr std::string_view listed =
    R"({"base-currency":"$base","quote-currency":"$quote","price-precision":2,"amount-precision":6,)"
    R"("symbol-partition":"main","symbol":"$symbol","state":"$trading[online|suspend]","value-precision":8,"api-trading":"enabled"})";

/// The server asks every five seconds; the client answers with the same number.
constexpr std::array replies{Reply{"/pong", "*", ""}};
constexpr std::array routes{
    Route{.path = "/market/tickers", .head = R"({"status":"ok","ts":$ms,"data":[)", .entry = ticker, .tail = "]}"},
    Route{.path = "/market/detail/merged", .names = Names::one, .parameter = "symbol", .entry = merged},
    Route{.path = "/v1/common/symbols", .head = R"({"status":"ok","data":[)", .entry = listed, .tail = "]}"},
    Route{.path = "/v1/common/timestamp", .names = Names::none, .head = R"({"status":"ok","data":$ms})"},
};

}  // namespace

const Dialect& htx_dialect() {
  static const Dialect dialect{
      .venue = "htx",
      .spell = lower_joined,
      .stream_form = Form::gzip,
      .stream_path = "/ws",
      .replies = replies,
      .listening =
          {.key = "",
           .value = "",
           .names = "/sub",
           .channel = "market.$symbol.ticker",
           .ack = R"({"id":$id,"status":"ok","subbed":"market.$symbol.ticker","ts":$ms})",
           .ack_all = {},
           .unknown =
               R"({"status":"error","ts":$ms,"id":$id,"err-code":"bad-request","err-msg":"invalid symbol $symbol"})"},
      .confused = R"({"status":"error","ts":$ms,"err-code":"bad-request","err-msg":"request is not understood"})",
      .push = R"({"ch":"market.$symbol.ticker","ts":$ms,"tick":{"open":$open,"high":$high,"low":$low,"close":$last,)"
              R"("amount":$volume,"vol":$turnover,"count":$sequence,"bid":$bid,"bidSize":$bid_size,"ask":$ask,)"
              R"("askSize":$ask_size,"lastPrice":$last,"lastSize":$last_size}})",
      .beat = R"({"ping":$ms})",
      .beat_s = 5,
      .routes = routes,
      .unknown = {200, R"({"status":"error","ts":$ms,"err-code":"invalid-parameter","err-msg":"invalid symbol"})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
