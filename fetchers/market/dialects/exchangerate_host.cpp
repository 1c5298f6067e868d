#include <array>

#include "fetchers/market/dialects/dialects.hpp"
#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

/// /live?source=EUR&currencies=USD,GBP: only the wanted of one source, which no table says.
std::optional<RestAnswer> live(const Asked& asked) {
  if (path_of(asked.target) != "/live") return std::nullopt;
  const std::string source = query_value(asked.target, "source").value_or("USD");
  const std::string wanted = "," + query_value(asked.target, "currencies").value_or("") + ",";
  const Said plain{{}, nullptr, nullptr, 0, {}, asked.now};
  std::string quotes;
  for (std::size_t i = 0; i < asked.board.pairs().size(); ++i) {
    const Pair& pair = asked.board.pairs()[i];
    const bool chosen = wanted == ",," || wanted.find("," + pair.quote + ",") != std::string::npos;
    if (pair.base != source || !chosen || !asked.board.is_listed(i)) continue;
    quotes += (quotes.empty() ? "" : ",") +
              render(R"("$base$quote":$mid)", Said{{}, &pair, &asked.board.ticker(i), i + 1, {}, asked.now});
  }
  if (quotes.empty()) {
    return RestAnswer{200, R"({"success":false,"error":{"code":202,"info":"invalid currency codes"}})", {}};
  }
  return RestAnswer{200,
                    R"({"success":true,"timestamp":)" + render("$s", plain) + R"(,"source":")" + source +
                        R"(","quotes":{)" + quotes + "}}",
                    {}};
}

constexpr std::array routes{
    Route{.path = "/list", .head = R"({"success":true,"currencies":{)", .entry = R"("$quote":"$quote")", .tail = "}}"}};

}  // namespace

const Dialect& exchangerate_host_dialect() {
  static const Dialect dialect{.venue = "exchangerate_host",
                               .spell = slashed,
                               .routes = routes,
                               .unknown = {404, R"({"success":false,"error":{"code":103,"info":"no such endpoint"}})"},
                               .rest_otherwise = live};
  return dialect;
}

}  // namespace assay::fetchers::market
