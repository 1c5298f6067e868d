#pragma once
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "fetchers/json_reader.hpp"
#include "fetchers/json_text.hpp"

/// The recordings beside the project, read in place.
namespace assay::fetchers::testing {

/// The folder of fixtures: $ASSAY_SHARED/fixtures, else ../shared/fixtures.
inline std::filesystem::path fixtures_folder() {
  const char* shared = std::getenv("ASSAY_SHARED");
  return std::filesystem::path(shared != nullptr ? shared : ASSAY_SOURCE_DIR "/../shared") / "fixtures";
}

/// The venues that there are recordings of.
inline auto recorded_venues() {
  return ::testing::Values("binance", "binance_us", "bitfinex", "bitget", "bithumb", "bitstamp", "bybit",
                           "coinbase_advanced", "coinbase_exchange", "coingecko", "crypto_com", "deribit", "dydx",
                           "ecb", "exchangerate_host", "gateio", "gemini", "htx", "hyperliquid", "kraken", "kucoin",
                           "mexc", "okx", "polygon", "twelvedata", "uniswap", "upbit");
}

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The JSON text of a value, numbers as they were.
inline std::string json_of(JsonValue value) {
  if (value.is_object() || value.is_array()) {
    std::string out;
    for (const JsonValue child : value) {
      out += out.empty() ? "" : ",";
      out += value.is_object() ? json_string(child.key()) + ":" : "";
      out += json_of(child);
    }
    return value.is_object() ? "{" + out + "}" : "[" + out + "]";
  }
  if (value.is_string()) {
    return json_string(value.text());
  }
  return value.is_number() ? std::string(value.text()) : value.is_null() ? "null" : value.is_true() ? "true" : "false";
}

/// Without the marks between base and quote.
inline std::string letters(std::string_view symbol) {
  std::string out;
  for (const char c : symbol) {
    out += c == '/' || c == '-' || c == '_' ? "" : std::string(1, c);
  }
  return out;
}

/// The instrument that a recorded body was asked for, where its source noted it and the endpoint does not.
inline std::string noted_symbol(JsonValue entry) {
  const std::string_view endpoint = entry["endpoint"].text();
  return endpoint.find("/depth") != std::string_view::npos && endpoint.find('?') == std::string_view::npos
             ? letters(entry["expected"]["symbol"].text())
             : std::string(entry["expected"]["pair"].text());
}

}  // namespace assay::fetchers::testing
