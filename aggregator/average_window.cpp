#include "aggregator/average_window.hpp"

#include <algorithm>

#include "core/arith.hpp"
#include "core/check.hpp"

namespace assay::aggregator {

AverageWindow::AverageWindow(Micros window, Micros gap_max) : window_(window), gap_max_(gap_max) {
  check(gap_max.value > 0 && window >= gap_max, "a window is at least as long as its longest gap");
  marks_.reserve(marks_max + 2);
}

void AverageWindow::add(std::int64_t price, MonoTime now) {
  const Micros passed = now - newest_.at;
  if (price_ == 0 || passed.value < 0 || passed > gap_max_) {
    marks_.clear();
    newest_ = {now, 0};
    marks_.push_back(newest_);
  } else {
    newest_ = {now, newest_.area + static_cast<Int128>(price_) * passed.value};
    const std::int64_t step = std::max<std::int64_t>(1, window_.value / static_cast<std::int64_t>(marks_max));
    if ((now - marks_.back().at).value >= step) {
      while (marks_.size() > 1 && now - marks_[1].at >= window_) marks_.erase(marks_.begin());
      if (marks_.size() < marks_max + 2) marks_.push_back(newest_);
    }
  }
  price_ = price;
}

std::optional<std::int64_t> AverageWindow::average(MonoTime now) const {
  if (price_ == 0 || now < newest_.at || now - newest_.at > gap_max_) return std::nullopt;
  const Mark* from = nullptr;
  for (const Mark& mark : marks_) {
    if (now - mark.at >= window_) from = &mark;
  }
  if (from == nullptr) return std::nullopt;
  const Int128 area = newest_.area + static_cast<Int128>(price_) * (now - newest_.at).value - from->area;
  const auto mean = div_half_even(area, (now - from->at).value);
  return static_cast<std::int64_t>(mean.value());
}

}  // namespace assay::aggregator
