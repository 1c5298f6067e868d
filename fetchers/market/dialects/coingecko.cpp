#include <array>
#include <utility>

#include "fetchers/market/dialects/dialects.hpp"
#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

/// Ids are names. Coins that are not here go by their code in lower case.
constexpr std::array<std::pair<std::string_view, std::string_view>, 30> ids{
    {{"AAVE", "aave"},      {"ALGO", "algorand"},    {"APT", "aptos"},
     {"ARB", "arbitrum"},   {"AVAX", "avalanche-2"}, {"BNB", "binancecoin"},
     {"BTC", "bitcoin"},    {"BCH", "bitcoin-cash"}, {"ADA", "cardano"},
     {"LINK", "chainlink"}, {"ATOM", "cosmos"},      {"DAI", "dai"},
     {"DOGE", "dogecoin"},  {"ETH", "ethereum"},     {"ETC", "ethereum-classic"},
     {"FIL", "filecoin"},   {"LTC", "litecoin"},     {"NEAR", "near"},
     {"OP", "optimism"},    {"DOT", "polkadot"},     {"XRP", "ripple"},
     {"SHIB", "shiba-inu"}, {"SOL", "solana"},       {"XLM", "stellar"},
     {"SUI", "sui"},        {"USDT", "tether"},      {"TRX", "tron"},
     {"UNI", "uniswap"},    {"USDC", "usd-coin"},    {"WBTC", "wrapped-bitcoin"}}};

std::string id_of(const Pair& pair) {
  for (const auto& [code, id] : ids) {
    if (code == pair.base) return std::string(id);
  }
  return lower(pair.base);
}

bool is_among(std::string_view list, std::string_view name) {
  return ("," + std::string(list) + ",").find("," + std::string(name) + ",") != std::string::npos;
}

/// /simple/price?ids=bitcoin,ethereum&vs_currencies=usd,eur: every coin in every currency, grouped by coin.
std::optional<RestAnswer> simple_price(const Asked& asked) {
  if (path_of(asked.target) != "/simple/price") return std::nullopt;
  const std::string coins = query_value(asked.target, "ids").value_or("");
  const std::string currencies = query_value(asked.target, "vs_currencies").value_or("");
  std::string body;
  std::string done = ",";
  for (std::size_t i = 0; i < asked.board.pairs().size(); ++i) {
    const std::string id = id_of(asked.board.pairs()[i]);
    if (!is_among(coins, id) || is_among(done, id)) continue;
    done += id + ",";
    std::string prices;
    for (std::size_t j = i; j < asked.board.pairs().size(); ++j) {
      const Pair& pair = asked.board.pairs()[j];
      if (id_of(pair) != id || !asked.board.is_listed(j) || !is_among(currencies, lower(pair.quote))) continue;
      prices += "\"" + lower(pair.quote) +
                "\":" + render("$mid,", Said{{}, &pair, &asked.board.ticker(j), j + 1, {}, asked.now});
    }
    if (prices.empty()) continue;
    body += (body.empty() ? "\"" : ",\"") + id + "\":{" + prices +
            render(R"("last_updated_at":$s})", Said{{}, nullptr, &asked.board.ticker(i), 0, {}, asked.now});
  }
  return RestAnswer{200, "{" + body + "}", {}};
}

constexpr std::array routes{Route{
    .path = "/coins/list", .head = "[", .entry = R"({"id":"$symbol","symbol":"$base","name":"$base"})", .tail = "]"}};

}  // namespace

const Dialect& coingecko_dialect() {
  static const Dialect dialect{.venue = "coingecko",
                               .spell = id_of,
                               .routes = routes,
                               .unknown = {404, R"({"error":"coin not found"})"},
                               .rest_otherwise = simple_price};
  return dialect;
}

}  // namespace assay::fetchers::market
