#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "aggregator/number.hpp"
#include "core/quote.hpp"

namespace assay::aggregator {

/// What a known book says beyond its top.
struct Impact {
  Number buy;             ///< average price of buying `notional`; of all that is listed when that is less
  Number sell;            ///< likewise of selling; buy and sell are none for a notional of 0
  std::uint64_t depth{};  ///< the lesser side's worth within 1 % of the middle, in whole units of the quote
};

/// Walks both sides of a book. A last trade or the top of a book costs nothing to fake; moving this takes what stands
/// there.
///   bids descend, asks ascend (what does not is passed over); notional in units of the quote, up to 10^12
///   returns  none when a side is empty or the book is crossed
///   cost     O(levels), no allocation.  Prices keep 12 digits.  pure
std::optional<Impact> impact_of(std::span<const PriceLevel> bids, std::span<const PriceLevel> asks,
                                std::uint64_t notional);

}  // namespace assay::aggregator
