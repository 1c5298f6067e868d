#include <array>

#include "fetchers/market/dialects/dialects.hpp"
#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

/// /v2/rates/spot.json?base=EUR&quote=USD&quote=GBP: one base, the quotes one by one.
std::optional<RestAnswer> spot(const Asked& asked) {
  if (path_of(asked.target) != "/v2/rates/spot.json") return std::nullopt;
  const std::string base = query_value(asked.target, "base").value_or("");
  const std::string wanted = std::string(asked.target) + "&";
  std::string quotes;
  for (std::size_t i = 0; i < asked.board.pairs().size(); ++i) {
    const Pair& pair = asked.board.pairs()[i];
    const bool chosen = wanted.find("quote=" + pair.quote + "&") != std::string::npos;
    if (pair.base != base || !chosen || !asked.board.is_listed(i)) continue;
    quotes += (quotes.empty() ? "" : ",") +
              render(R"({"base_currency":"$base","quote_currency":"$quote","bid":"$bid","ask":"$ask",)"
                     R"("midpoint":"$mid","date_time":"$iso"})",
                     Said{{}, &pair, &asked.board.ticker(i), i + 1, {}, asked.now});
  }
  if (quotes.empty()) return RestAnswer{400, R"({"code":4,"message":"Invalid currency: base or quote"})", {}};
  return RestAnswer{200, R"({"meta":{"effective_params":{"data_set":"OANDA"}},"quotes":[)" + quotes + "]}", {}};
}

constexpr std::array routes{Route{.path = "/v2/currencies.json",
                                  .head = R"({"currencies":[)",
                                  .entry = R"({"code":"$quote","description":"$quote"})",
                                  .tail = "]}"}};

}  // namespace

const Dialect& oanda_dialect() {
  static const Dialect dialect{.venue = "oanda",
                               .spell = slashed,
                               .routes = routes,
                               .unknown = {404, R"({"code":1,"message":"no such resource"})"},
                               .rest_otherwise = spot};
  return dialect;
}

}  // namespace assay::fetchers::market
