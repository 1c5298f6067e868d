#pragma once
#include <cstdint>
#include <vector>

#include "core/time.hpp"

namespace assay::node {

/// The newest `capacity` spans, and their percentiles. Owned by whoever guards it.
class LatencyWindow {
 public:
  static constexpr std::size_t capacity = 4096;

  void add(Micros span);
  std::uint64_t count() const noexcept { return count_; }  ///< ever added
  /// Nearest-rank percentile of the window, 1..100; zero when empty.   cost  O(capacity)
  Micros percentile(unsigned percent) const;

 private:
  std::vector<Micros> window_;
  std::uint64_t count_ = 0;
};

}  // namespace assay::node
