#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/decimal.hpp"
#include "core/time.hpp"

namespace assay::aggregator {

/// A time-weighted average that fails closed: it is there only when the whole window was watched. An average that fell
/// back to the spot price when its window was short was how one market was emptied.
class AverageWindow {
 public:
  /// window >= gap_max > 0 (check()). Holds at most marks_max + 2 marks; allocates once.
  AverageWindow(Micros window, Micros gap_max);

  /// A sound price at `now`; it holds until the next one. A gap since the last longer than gap_max empties the window,
  /// and so does a clock that goes backwards.
  void add(std::int64_t price, MonoTime now);

  /// The mean price over at least the window, at most 1/64 longer, rounded half to even; none while it is not covered,
  /// or when the newest price is older than gap_max.
  std::optional<std::int64_t> average(MonoTime now) const;

 private:
  /// The integral of the price over time up to a moment.
  struct Mark {
    MonoTime at;
    Int128 area{};
  };
  static constexpr std::size_t marks_max = 64;

  Micros window_;
  Micros gap_max_;
  std::vector<Mark> marks_;  ///< ascending; the first is the newest that is at least a window old, or the start
  Mark newest_;
  std::int64_t price_ = 0;  ///< since newest_; 0: the window is empty
};

}  // namespace assay::aggregator
