#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

std::string code(const std::string& asset) {
  if (asset == "USDT") return "UST";
  if (asset == "USDC") return "UDC";
  return asset == "DASH" ? "DSH" : asset == "IOTA" ? "IOT" : asset == "ALGO" ? "ALG" : asset == "ATOM" ? "ATO" : asset;
}

/// Six letters as they are; a colon where a code is longer.
std::string pair_name(const Pair& pair) {
  const std::string base = code(pair.base);
  const std::string quote = code(pair.quote);
  return base + (base.size() > 3 || quote.size() > 3 ? ":" : "") + quote;
}

std::string trading_symbol(const Pair& pair) {
  return "t" + pair_name(pair);
}

constexpr std::string_view row =
    R"(["$symbol",$bid,$bid_size,$ask,$ask_size,$change,$change_part,$last,$volume,$high,$low])";

constexpr std::array replies{Reply{"/event", "conf", R"({"event":"conf","status":"OK","flags":98304})"},
                             Reply{"/event", "ping", R"({"event":"pong","ts":$ms,"cid":1})"}};
constexpr std::array routes{
    Route{.path = "/v2/tickers", .names = Names::some, .parameter = "symbols", .head = "[", .entry = row, .tail = "]"},
    Route{.path = "/v2/platform/status", .names = Names::none, .head = "[1]"},
};

/// [["BTCUSD","AVAX:USD",...]], and of futures, which this market has none of: names without the letter of the kind,
/// which no form has.
std::optional<RestAnswer> listed_pairs(const Asked& asked) {
  if (asked.target == "/v2/conf/pub:list:pair:futures") return RestAnswer{200, "[[]]", {}};
  if (asked.target != "/v2/conf/pub:list:pair:exchange") return std::nullopt;
  std::string list;
  for (std::size_t i = 0; i < asked.board.pairs().size(); ++i) {
    if (asked.board.is_listed(i)) list += (list.empty() ? "\"" : ",\"") + pair_name(asked.board.pairs()[i]) + "\"";
  }
  return RestAnswer{200, "[[" + list + "]]", {}};
}

}  // namespace

const Dialect& bitfinex_dialect() {
  static const Dialect dialect{
      .venue = "bitfinex",
      .spell = trading_symbol,
      .stream_path = "/ws/2",
      .greeting = R"({"event":"info","version":2,"serverId":"b1a4b1a4","platform":{"status":1}})",
      .replies = replies,
      .listening =
          {.key = "/event",
           .value = "subscribe",
           .names = "/symbol",
           .channel = "$symbol",
           .ack =
               R"({"event":"subscribed","channel":"ticker","chanId":$channel,"symbol":"$symbol","pair":"$base$quote"})",
           .ack_all = {},
           .unknown =
               R"({"event":"error","msg":"symbol: invalid","code":10300,"channel":"ticker","symbol":"$symbol"})"},
      .confused = R"({"event":"error","msg":"unknown event","code":10000})",
      .push = R"([$channel,[$bid,$bid_size,$ask,$ask_size,$change,$change_part,$last,$volume,$high,$low],$serial,$ms])",
      .routes = routes,
      .unknown = {500, R"(["error",10020,"symbol: invalid"])"},
      .rest_otherwise = listed_pairs};
  return dialect;
}

}  // namespace assay::fetchers::market
