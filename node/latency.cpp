#include "node/latency.hpp"

#include <algorithm>

namespace assay::node {

void LatencyWindow::add(Micros span) {
  if (window_.size() < capacity) {
    window_.push_back(span);
  } else {
    window_[count_ % capacity] = span;
  }
  ++count_;
}

Micros LatencyWindow::percentile(unsigned percent) const {
  if (window_.empty()) {
    return Micros{};
  }
  auto sorted = window_;
  const auto rank = (sorted.size() * percent + 99) / 100;
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(sorted.begin(), at, sorted.end());
  return *at;
}

}  // namespace assay::node
