#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/quote.hpp"
#include "core/result.hpp"

namespace assay::fetchers {

/// One side of a book that a venue tells by a snapshot and its changes. Pure; owned by one thread.
class KeptSide {
 public:
  enum class Best : std::uint8_t { highest, lowest };
  struct Level {
    PriceLevel exact;
    std::string price;  ///< as sent
  };

  explicit KeptSide(Best best) : best_(best) {}

  /// How much stands at a price now; nothing where that is zero.
  ///   errors  those of parse_price and parse_decimal: the side stays as it was
  ///   cost    O(log levels) to find the place, O(levels) to move what stands behind it
  Done set(std::string_view price, std::string_view size);
  /// Forgets what stands behind the best so many.
  void cut(std::size_t depth);

  const std::vector<Level>& levels() const { return levels_; }  ///< best first
  std::vector<PriceLevel> best(std::size_t count) const;

 private:
  Best best_;
  std::vector<Level> levels_;
};

struct KeptBook {
  KeptSide bids{KeptSide::Best::highest};
  KeptSide asks{KeptSide::Best::lowest};
};

}  // namespace assay::fetchers
