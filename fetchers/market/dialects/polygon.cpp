#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

std::string currencies(const Pair& pair) {
  return "C:" + joined(pair);
}

constexpr std::string_view ticker =
    R"({"ticker":"$symbol","todaysChangePerc":0,"todaysChange":$change,"updated":$ns,"day":{"o":$open,"h":$high,)"
    R"("l":$low,"c":$last,"v":$sequence},"lastQuote":{"a":$ask,"b":$bid,"x":48,"t":$ms}})";

constexpr std::array routes{
    Route{.path = "/v2/snapshot/locale/global/markets/forex/tickers",
          .names = Names::some,
          .parameter = "tickers",
          .head = R"({"status":"OK","count":1,"tickers":[)",
          .entry = ticker,
          .tail = "]}"},
    Route{.path = "/v3/reference/tickers",
          .head = R"({"status":"OK","request_id":"1","results":[)",
          .entry = R"({"ticker":"$symbol","market":"fx","active":true,"currency_symbol":"$quote",)"
                   R"("base_currency_symbol":"$base"})",
          .tail = "]}"},
};

}  // namespace

const Dialect& polygon_dialect() {
  static const Dialect dialect{
      .venue = "polygon",
      .spell = currencies,
      .routes = routes,
      .unknown = {404, R"({"status":"NOT_FOUND","request_id":"1","message":"Ticker $symbol not found."})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
