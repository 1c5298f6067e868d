#pragma once
#include <algorithm>
#include <cstdint>

#include "core/digest.hpp"

namespace assay {

/// Fuzz input as a source of values; zeros when it is used up.
class FuzzBytes {
 public:
  explicit FuzzBytes(ByteSpan in) : in_(in) {}

  std::uint8_t u8() { return static_cast<std::uint8_t>(take(1)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(take(4)); }
  std::uint64_t u64() { return take(8); }
  std::int64_t i64() { return static_cast<std::int64_t>(take(8)); }
  /// 0..bound-1; takes one byte for small bounds.   bound > 0
  std::uint64_t below(std::uint64_t bound) { return take(bound <= 256 ? 1 : 8) % bound; }
  ByteSpan raw(std::size_t length) {
    const ByteSpan out = in_.first(std::min(length, in_.size()));
    in_ = in_.subspan(out.size());
    return out;
  }
  bool empty() const { return in_.empty(); }

 private:
  std::uint64_t take(std::size_t length) {
    std::uint64_t out = 0;
    for (const std::uint8_t byte : raw(length)) out = out << 8U | byte;
    return out;
  }

  ByteSpan in_;
};

}  // namespace assay
