#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>

#include "core/check.hpp"

namespace assay::aggregator {

/// Sources that one feed may have. Sets of them fit the bits of one word.
inline constexpr std::size_t sources_max = 64;

/// A list with a fixed room and no allocation: a feed has at most 64 sources, and is priced many times a second.
template <class T, std::size_t Room>
class Bounded {
 public:
  using value_type = T;

  void push_back(const T& item) {
    check(size_ < Room, "a bounded list has room for what it was made for");
    items_[size_++] = item;
  }
  void assign(std::size_t count, const T& item) {
    check(count <= Room, "a bounded list has room for what it was made for");
    size_ = count;
    std::fill(begin(), end(), item);
  }
  void clear() noexcept { size_ = 0; }

  T& operator[](std::size_t at) { return items_[at]; }
  const T& operator[](std::size_t at) const { return items_[at]; }
  T* begin() noexcept { return items_.data(); }
  T* end() noexcept { return items_.data() + size_; }
  const T* begin() const noexcept { return items_.data(); }
  const T* end() const noexcept { return items_.data() + size_; }
  const T* data() const noexcept { return items_.data(); }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  template <class Range>
  friend bool operator==(const Bounded& a, const Range& b) {
    return std::equal(a.begin(), a.end(), std::begin(b), std::end(b));
  }

 private:
  std::array<T, Room> items_;  // not zeroed: only the first size_ are ever read
  std::size_t size_ = 0;
};

}  // namespace assay::aggregator
