#pragma once
#include <cstdint>
#include <vector>

#include "core/time.hpp"

namespace assay::node {

/// The newest `capacity` spans, and their ranks. Owned by whoever guards it.
class LatencyWindow {
 public:
  static constexpr std::size_t capacity = 4096;

  void add(Micros span);
  std::uint64_t count() const noexcept { return count_; }  ///< ever added
  /// Nearest rank in the window: 500 is the median, 999 the 99.9th percentile; zero when empty.   per_mille  1..1000
  ///   cost  O(capacity)
  Micros rank(unsigned per_mille) const;

 private:
  std::vector<Micros> window_;
  std::uint64_t count_ = 0;
};

}  // namespace assay::node
