#pragma once
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <type_traits>

#include "core/check.hpp"

namespace assay::aggregator {

/// Sources that one feed may have. Sets of them fit the bits of one word.
inline constexpr std::size_t sources_max = 64;

/// A list with a fixed room and no allocation: a feed has at most 64 sources, and is priced many times a second. Only
/// what is in it is ever written or copied: clearing the room for all costs more than pricing the few.
template <class T, std::size_t Room>
class Bounded {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  using value_type = T;

  Bounded() noexcept {}  // not defaulted: that would be deleted for the room below
  Bounded(const Bounded& other) noexcept { *this = other; }
  Bounded& operator=(const Bounded& other) noexcept {
    size_ = other.size_;
    std::uninitialized_copy(other.begin(), other.end(), begin());
    return *this;
  }

  void push_back(const T& item) {
    if (size_ >= Room) [[unlikely]]
      check(false, overfull);
    std::construct_at(items_ + size_, item);
    ++size_;
  }
  void assign(std::size_t count, const T& item) {
    check(count <= Room, overfull);
    size_ = count;
    std::uninitialized_fill(begin(), end(), item);
  }
  void clear() noexcept { size_ = 0; }

  T& operator[](std::size_t at) { return items_[at]; }
  const T& operator[](std::size_t at) const { return items_[at]; }
  T* begin() noexcept { return items_; }
  T* end() noexcept { return items_ + size_; }
  const T* begin() const noexcept { return items_; }
  const T* end() const noexcept { return items_ + size_; }
  const T* data() const noexcept { return items_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }

  template <class Range>
  friend bool operator==(const Bounded& a, const Range& b) {
    return std::equal(a.begin(), a.end(), std::begin(b), std::end(b));
  }

 private:
  static constexpr const char* overfull = "a bounded list has room for what it was made for";

  union {
    T items_[Room];  // written up to size_
  };
  std::size_t size_ = 0;
};

}  // namespace assay::aggregator
