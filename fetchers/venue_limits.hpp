#pragma once
#include <array>
#include <cstdint>
#include <string_view>

#include "core/time.hpp"
#include "fetchers/rate_ledger.hpp"

namespace assay::fetchers {

/// What a venue bears of one address, as it publishes it; zeros where it says nothing. docs/venues.md shows the table.
struct VenueLimits {
  std::string_view venue;
  std::array<RateRule, 2> requests{};    ///< REST, in the venue's own weight
  RateRule connects{};                   ///< streams opened
  RateRule messages{};                   ///< frames that we send, of one stream
  std::uint32_t symbols_per_stream = 0;  ///< more go to a further stream
  Micros settle{};                       ///< between the opening of a stream and our first frame
  Micros life_max{};                     ///< the venue ends a stream at this age
  std::string_view used_header{};        ///< of an answer: how much of requests[0] is spent by the venue's count
  std::string_view source;               ///< where the venue says so
};

/// The row of a built-in venue; one of zeros for any other.
const VenueLimits& limits_of(std::string_view venue);

/// What one request weighs there.   request  path and query, for a POST with " " and its body behind
std::uint32_t weight_of(std::string_view venue, std::string_view request);

}  // namespace assay::fetchers
