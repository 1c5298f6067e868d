#pragma once
#include <cstdint>

#include "core/strong.hpp"

namespace assay {

/// A signed span of time, microseconds.
using Micros = Strong<struct MicrosTag, std::int64_t>;
/// A reading of a UTC clock, microseconds since 1970. May step; goes into what we sign.
using WallTime = Strong<struct WallTimeTag, std::uint64_t>;
/// A reading of this machine's monotonic clock, microseconds. Only for ages and deadlines.
using MonoTime = Strong<struct MonoTimeTag, std::int64_t>;

constexpr Micros micros(std::int64_t us) {
  return Micros{us};
}
constexpr Micros millis(std::int64_t ms) {
  return Micros{ms * 1000};
}

constexpr MonoTime operator+(MonoTime at, Micros by) {
  return MonoTime{at.value + by.value};
}
constexpr Micros operator-(MonoTime to, MonoTime from) {
  return Micros{to.value - from.value};
}
constexpr Micros operator+(Micros a, Micros b) {
  return Micros{a.value + b.value};
}
constexpr Micros operator*(std::int64_t times, Micros span) {
  return Micros{times * span.value};
}

/// to - from; saturates where the difference leaves int64.
constexpr Micros operator-(WallTime to, WallTime from) {
  const auto diff = static_cast<__int128>(to.value) - static_cast<__int128>(from.value);
  constexpr auto top = static_cast<__int128>(INT64_MAX);
  constexpr auto low = static_cast<__int128>(INT64_MIN);
  return Micros{static_cast<std::int64_t>(diff > top ? top : diff < low ? low : diff)};
}

/// at + by; saturates at 0 and at the last representable time.
constexpr WallTime operator+(WallTime at, Micros by) {
  const auto sum = static_cast<__int128>(at.value) + by.value;
  constexpr auto top = static_cast<__int128>(UINT64_MAX);
  return WallTime{static_cast<std::uint64_t>(sum > top ? top : sum < 0 ? static_cast<__int128>(0) : sum)};
}

}  // namespace assay
