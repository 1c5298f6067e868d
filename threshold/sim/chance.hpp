#pragma once
#include <cstdint>
#include <string_view>

#include "core/bytes.hpp"
#include "core/entropy.hpp"
#include "core/time.hpp"

namespace assay::threshold::sim {

/// 64 bits that depend on every byte; the same on every machine. No cryptography: the simulator fools nobody but
/// itself.
std::uint64_t fingerprint(ByteSpan bytes, std::uint64_t seed = 0);

/// One value folded into a running fingerprint.
constexpr std::uint64_t mix(std::uint64_t state, std::uint64_t value) {
  state = (state ^ value) * 0x9E3779B97F4A7C15U;
  state ^= state >> 32U;
  return state * 0xD6E8FEB86659FD93U + 0x632BE59BD9B4E019U;
}

/// Repeatable randomness (splitmix64). One for each concern, so that a draw more in one leaves the others as they were.
class Chance {
 public:
  explicit constexpr Chance(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next();
  std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : next() % bound; }
  std::int64_t between(std::int64_t low, std::int64_t high);  ///< both included
  Micros span(Micros low, Micros high) { return micros(between(low.value, high.value)); }
  bool percent(std::uint32_t chance) { return below(100) < chance; }
  bool ppm(std::uint32_t chance) { return chance != 0 && below(1'000'000) < chance; }
  /// Another stream, fixed by this one's seed and the name.
  Chance branch(std::string_view concern) const;

 private:
  std::uint64_t state_;
};

/// Secret bytes of a simulated member: repeatable, so never linked into a node that signs.
class RepeatableEntropy final : public Entropy {
 public:
  explicit RepeatableEntropy(std::uint64_t seed) : chance_(seed) {}
  void fill(std::span<std::uint8_t> out) override;

 private:
  Chance chance_;
};

}  // namespace assay::threshold::sim
