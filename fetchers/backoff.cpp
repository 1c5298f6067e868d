#include "fetchers/backoff.hpp"

#include <algorithm>
#include <array>

namespace assay::fetchers {
namespace {

/// SplitMix64 (Steele, Lea, Flood 2014): spreads waits; nothing secret hangs on it.
std::uint64_t mix(std::uint64_t& state) noexcept {
  state += 0x9e3779b97f4a7c15U;
  std::uint64_t z = state;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

}  // namespace

Backoff::Backoff(Limits limits, Entropy& entropy) : limits_(limits) {
  limits_.min = std::max(limits_.min, millis(1));
  limits_.max = std::max(limits_.max, limits_.min);
  std::array<std::uint8_t, 8> seed{};
  entropy.fill(seed);
  for (const std::uint8_t byte : seed) state_ = (state_ << 8U) | byte;
}

Micros Backoff::next() noexcept {
  std::int64_t step = limits_.min.value;
  for (std::uint32_t i = 0; i < failures_ && step < limits_.max.value; ++i) step *= 2;
  step = std::min(step, limits_.max.value);
  if (failures_ < 64) ++failures_;
  return within(Micros{step / 8}, Micros{step});
}

Micros Backoff::within(Micros least, Micros most) noexcept {
  const auto width = static_cast<std::uint64_t>(std::max(most, least).value - least.value) + 1;
  return Micros{least.value + static_cast<std::int64_t>(mix(state_) % width)};
}

}  // namespace assay::fetchers
