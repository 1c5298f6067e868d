#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/ids.hpp"
#include "core/time.hpp"

namespace assay {

/// What everybody who reads a feed must know of it. Never changes for a symbol: another exponent is another symbol.
struct FeedTerms {
  std::string symbol;      ///< "BTC/USD"
  FeedId id;               ///< feed_id(symbol)
  std::int8_t exponent{};  ///< price = mantissa * 10^exponent; -12..0
  Micros ttl;              ///< how long a fresh price stays valid
};

/// SHA-256("assay/feed/v1" 00 symbol).
FeedId feed_id(std::string_view symbol);

}  // namespace assay
