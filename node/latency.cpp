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

Micros LatencyWindow::rank(unsigned per_mille) const {
  if (window_.empty()) {
    return Micros{};
  }
  auto sorted = window_;
  const auto place = (sorted.size() * per_mille + 999) / 1000;
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(place, 1) - 1);
  std::nth_element(sorted.begin(), at, sorted.end());
  return *at;
}

}  // namespace assay::node
