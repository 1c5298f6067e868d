#include "fetchers/venues/binance.hpp"

#include <array>

#include "fetchers/endpoint.hpp"
#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"
#include "fetchers/venues/binance_messages.hpp"

namespace assay::fetchers {

namespace {

constexpr std::array<std::string_view, 49> binance_quotes = {
    "FDUSD", "RLUSD", "BFUSD", "USDT", "USDC", "USDP", "USDS", "USD1", "BUSD", "TUSD", "XUSD", "BIDR", "BKRW",
    "IDRT",  "BVND",  "AEUR",  "EURI", "DOGE", "USD",  "EUR",  "GBP",  "TRY",  "BRL",  "AUD",  "RUB",  "UAH",
    "NGN",   "ZAR",   "PLN",   "RON",  "ARS",  "CZK",  "MXN",  "COP",  "JPY",  "IDR",  "CHF",  "PAX",  "DAI",
    "VAI",   "UST",   "BTC",   "ETH",  "BNB",  "XRP",  "TRX",  "SOL",  "DOT",  "U"};

constexpr std::array<std::string_view, 12> binance_us_quotes = {"USDT", "USDC", "BUSD", "USD4", "USD", "BTC",
                                                                "ETH",  "BNB",  "DAI",  "VAI",  "UST", "EUR"};

constexpr BinanceSite site_global{.venue = "binance",
                                  .rest_base = "https://api.binance.com",
                                  .ws_base = "wss://stream.binance.com:9443",
                                  .quotes = binance_quotes};

constexpr BinanceSite site_us{.venue = "binance_us",
                              .rest_base = "https://api.binance.us",
                              .ws_base = "wss://stream.binance.us:9443",
                              .quotes = binance_us_quotes};

/// The one stream of a raw connection ("/ws/btcusdt@depth5") or of a combined one; empty when there are several.
std::string stream_of_path(std::string_view path) {
  const Endpoint endpoint = split_endpoint(path);
  auto stream = segment_after(endpoint, "ws");
  if (!stream) {
    stream = query_value(endpoint, "streams");
  }
  return stream && stream->find('/') == std::string::npos ? *stream : std::string{};
}

/// "btcusdt@depth5" -> "btcusdt"; none in "!ticker@arr".
std::string symbol_of_stream(std::string_view stream) {
  const std::size_t at = stream.find('@');
  return at == std::string_view::npos || stream.starts_with('!') ? std::string{} : std::string(stream.substr(0, at));
}

}  // namespace

const BinanceSite& binance_site() {
  return site_global;
}

const BinanceSite& binance_us_site() {
  return site_us;
}

void BinanceAdapter::on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const {
  BinanceContext context{.site = site_, .symbol = std::string(symbol), .stream = stream_of_path(path)};
  if (message["stream"].is_string() && message["data"].exists()) {
    context.stream = message["stream"].text();
    message = message["data"];
  }
  if (std::string named = symbol_of_stream(context.stream); !named.empty()) {
    context.symbol = std::move(named);
  }
  read_binance_stream(context, message, out);
}

void BinanceAdapter::on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const {
  std::string named = symbol_or_query(symbol, endpoint, "symbol");
  for (const std::string_view other : {"pair", "underlying"}) {
    named = symbol_or_query(named, endpoint, other);
  }
  const std::string_view path = split_endpoint(endpoint).path;
  read_binance_rest(
      {.site = site_,
       .symbol = std::move(named),
       .stream = {},
       .asked = std::string(path.substr(path.rfind('/') == std::string_view::npos ? 0 : path.rfind('/') + 1))},
      body, out);
}

Subscription BinanceAdapter::subscribe(std::span<const std::string> symbols) const {
  std::string target = "/stream?streams=";
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    target += (i == 0 ? "" : "/") + lower_case(symbols[i]) + "@bookTicker";
  }
  return {.target = std::move(target), .frames = {}};
}

std::vector<std::string> BinanceAdapter::rest_targets(std::span<const std::string> symbols) const {
  if (symbols.empty()) {
    return {};
  }
  std::string list = "[";
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    list += (i == 0 ? "\"" : ",\"") + upper_case(symbols[i]) + "\"";
  }
  return {"/api/v3/ticker/bookTicker?symbols=" + percent_encoded(list + "]")};
}

}  // namespace assay::fetchers
