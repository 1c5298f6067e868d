#include <array>

#include "fetchers/market/dialects/dialects.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::string_view rate = R"({"symbol":"$symbol","rate":$mid,"timestamp":$s})";

/// One symbol is answered plainly, several under their names.
constexpr std::array routes{
    Route{.path = "/exchange_rate", .names = Names::one, .parameter = "symbol", .entry = rate},
    Route{.path = "/exchange_rate",
          .names = Names::some,
          .parameter = "symbol",
          .head = "{",
          .entry = R"("$symbol":{"symbol":"$symbol","rate":$mid,"timestamp":$s})",
          .tail = "}"},
    Route{.path = "/price", .names = Names::one, .parameter = "symbol", .entry = R"({"price":"$mid"})"},
    Route{.path = "/forex_pairs",
          .head = R"({"data":[)",
          .entry = R"({"symbol":"$symbol","currency_group":"Major","currency_base":"$base","currency_quote":"$quote"})",
          .tail = R"(],"status":"ok"})"},
};

}  // namespace

const Dialect& twelvedata_dialect() {
  static const Dialect dialect{
      .venue = "twelvedata",
      .spell = slashed,
      .routes = routes,
      .unknown = {200, R"({"code":404,"message":"symbol $symbol is not found","status":"error"})"}};
  return dialect;
}

}  // namespace assay::fetchers::market
