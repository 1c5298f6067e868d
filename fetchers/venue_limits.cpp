#include "fetchers/venue_limits.hpp"

#include <algorithm>

namespace assay::fetchers {
namespace {

constexpr RateRule per(std::uint32_t allowance, std::int64_t seconds) {
  return {.allowance = allowance, .window = millis(seconds * 1000)};
}
constexpr Micros day = millis(86'400'000);

// One line a venue would hide what is what; the order of the fields is that of the structure.
constexpr VenueLimits table[] = {
    {.venue = "binance",
     .requests = {per(6000, 60)},
     .connects = per(300, 300),
     .messages = per(5, 1),
     .symbols_per_stream = 1024,
     .life_max = day,
     .used_header = "X-MBX-USED-WEIGHT-1M",
     .source = "https://developers.binance.com/docs/binance-spot-api-docs/rest-api/limits"},
    {.venue = "binance_us",
     .requests = {per(1200, 60)},
     .connects = per(300, 300),
     .messages = per(5, 1),
     .symbols_per_stream = 1024,
     .life_max = day,
     .used_header = "X-MBX-USED-WEIGHT-1M",
     .source = "https://docs.binance.us/#general-information-on-api-limits"},
    {.venue = "bitfinex",
     .requests = {per(30, 60)},
     .connects = per(20, 60),
     .symbols_per_stream = 30,
     .source = "https://docs.bitfinex.com/docs/requirements-and-limitations"},
    {.venue = "bitget",
     .requests = {per(20, 1)},
     .messages = per(10, 1),
     .symbols_per_stream = 50,
     .source = "https://www.bitget.com/api-doc/common/websocket-intro"},
    {.venue = "bithumb", .requests = {per(150, 1)}, .connects = per(10, 1), .source = "https://apidocs.bithumb.com"},
    {.venue = "bitstamp",
     .requests = {per(400, 1), per(10'000, 600)},
     .life_max = 90 * day,
     .source = "https://www.bitstamp.net/api/"},
    {.venue = "bybit",
     .requests = {per(600, 5)},
     .connects = per(500, 300),
     .source = "https://bybit-exchange.github.io/docs/v5/rate-limit"},
    {.venue = "coinbase_advanced",
     .requests = {per(10, 1)},
     .connects = per(8, 1),
     .messages = per(8, 1),
     .source = "https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket/websocket-rate-limits"},
    {.venue = "coinbase_exchange",
     .requests = {per(10, 1)},
     .connects = per(8, 1),
     .messages = per(100, 1),
     .source = "https://docs.cdp.coinbase.com/exchange/docs/rate-limits"},
    {.venue = "coingecko",
     .requests = {per(5, 60)},
     .source = "https://docs.coingecko.com/docs/common-errors-rate-limit"},
    {.venue = "crypto_com",
     .requests = {per(100, 1)},
     .messages = per(100, 1),
     .symbols_per_stream = 400,
     .settle = millis(1000),
     .source = "https://exchange-docs.crypto.com/exchange/v1/rest-ws/index.html#rate-limits"},
    {.venue = "deribit",
     .requests = {per(20, 1)},
     .messages = per(3, 1),
     .source = "https://docs.deribit.com/#rate-limits"},
    {.venue = "dydx",
     .requests = {per(100, 10)},
     .symbols_per_stream = 32,
     .source = "https://docs.dydx.exchange/api_integration-indexer/indexer_websocket"},
    // No published limit: the file changes once a working day.
    {.venue = "ecb",
     .requests = {per(10, 60)},
     .source = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates"},
    {.venue = "exchangerate_host", .source = "https://exchangerate.host/documentation"},
    {.venue = "gateio",
     .requests = {per(200, 10)},
     .source = "https://www.gate.io/docs/developers/apiv4/#frequency-limit-rule"},
    {.venue = "gemini", .requests = {per(120, 60), per(1, 1)}, .source = "https://docs.gemini.com/rate-limit"},
    {.venue = "htx",
     .requests = {per(10, 1)},
     .connects = per(50, 1),
     .source = "https://huobiapi.github.io/docs/spot/v1/en/#rate-limiting-rule"},
    {.venue = "hyperliquid",
     .requests = {per(1200, 60)},
     .connects = per(30, 60),
     .messages = per(2000, 60),
     .symbols_per_stream = 1000,
     .source = "https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/rate-limits-and-user-limits"},
    {.venue = "kraken",
     .requests = {per(1, 1)},
     .connects = per(150, 600),
     .source = "https://docs.kraken.com/api/docs/guides/spot-rest-ratelimits"},
    {.venue = "kucoin",
     .requests = {per(2000, 30)},
     .connects = per(30, 60),
     .messages = per(100, 10),
     .symbols_per_stream = 300,
     .life_max = day,
     .source = "https://www.kucoin.com/docs/basic-info/request-rate-limit/websocket"},
    {.venue = "mexc",
     .requests = {per(500, 10)},
     .symbols_per_stream = 30,
     .life_max = day,
     .source = "https://mexcdevelop.github.io/apidocs/spot_v3_en/#limits"},
    {.venue = "oanda", .source = "https://developer.oanda.com/exchange-rates-api"},
    {.venue = "okx",
     .requests = {per(20, 2)},
     .connects = per(3, 1),
     .messages = per(480, 3600),
     .source = "https://www.okx.com/docs-v5/en/#overview-rate-limits"},
    {.venue = "polygon", .source = "https://polygon.io/docs/rest/quickstart"},
    {.venue = "twelvedata", .source = "https://twelvedata.com/docs#overview"},
    {.venue = "uniswap", .source = "https://ethereum.org/en/developers/docs/apis/json-rpc"},
    {.venue = "upbit",
     .requests = {per(10, 1)},
     .connects = per(5, 1),
     .messages = per(5, 1),
     .source = "https://docs.upbit.com/kr/reference/rate-limits"},
};

/// Requests that weigh more than one, by what stands in them.
struct Weight {
  std::string_view venue;
  std::string_view part;
  std::uint32_t weight;
};
constexpr Weight weights[] = {
    {"binance", "/api/v3/ticker/bookTicker", 4},
    {"binance", "/api/v3/exchangeInfo", 20},
    {"binance_us", "/api/v3/ticker/bookTicker", 4},
    {"binance_us", "/api/v3/exchangeInfo", 20},
    {"hyperliquid", "\"l2Book\"", 2},
    {"hyperliquid", "\"meta\"", 20},
    {"hyperliquid", "\"spotMeta\"", 20},
    {"kucoin", "/allTickers", 15},
    {"kucoin", "/orderbook/level1", 2},
    {"kucoin", "/bullet-public", 10},
    {"kucoin", "/symbols", 4},
    {"mexc", "/api/v3/exchangeInfo", 10},
};

}  // namespace

const VenueLimits& limits_of(std::string_view venue) {
  static constexpr VenueLimits none{};
  const auto found =
      std::find_if(std::begin(table), std::end(table), [venue](const VenueLimits& row) { return row.venue == venue; });
  return found == std::end(table) ? none : *found;
}

std::uint32_t weight_of(std::string_view venue, std::string_view request) {
  if (venue == "twelvedata") {  // one credit a symbol
    return 1 + static_cast<std::uint32_t>(std::count(request.begin(), request.end(), ','));
  }
  for (const Weight& row : weights) {
    if (row.venue == venue && request.find(row.part) != std::string_view::npos) return row.weight;
  }
  return 1;
}

}  // namespace assay::fetchers
