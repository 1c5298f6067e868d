#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay::fetchers {

/// What a request asked for, taken apart. Views into the text it was read from.
struct Endpoint {
  std::string_view host;   ///< "api.binance.com"; empty when only a path was given
  std::string_view path;   ///< "/api/v3/depth", without query
  std::string_view query;  ///< "symbol=BTCUSDT&limit=5", without '?'
};

/// Reads "GET https://host/path?query", "https://host/path?query" or "/path?query". Total: odd text gives odd parts.
Endpoint split_endpoint(std::string_view text);

/// Value of a query parameter, percent-decoded; none when absent, empty, a placeholder or holding control bytes.
std::optional<std::string> query_value(const Endpoint& endpoint, std::string_view name);

/// The path segment after `segment` ("/products/BTC-USD/book" after "products" is "BTC-USD"), percent-decoded;
/// none when absent, empty or a placeholder.
std::optional<std::string> segment_after(const Endpoint& endpoint, std::string_view segment);

/// True when the path's last segment is `name`, a trailing '/' aside.
bool ends_with_segment(const Endpoint& endpoint, std::string_view name);

/// Undoes percent-encoding; a broken escape stays as it is.
std::string percent_decoded(std::string_view text);
/// Percent-encodes everything that may not stand in a query value (RFC 3986 section 3.4).
std::string percent_encoded(std::string_view text);
/// Each of them, with commas between.
std::string percent_encoded(std::span<const std::string> texts);

}  // namespace assay::fetchers
