#include "threshold/sim/chance.hpp"

namespace assay::threshold::sim {

std::uint64_t fingerprint(ByteSpan bytes, std::uint64_t seed) {
  std::uint64_t state = mix(seed, bytes.size());
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 8; ++i) word |= std::uint64_t{bytes[at + i]} << (8 * i);
    state = mix(state, word);
  }
  std::uint64_t rest = 0;
  for (std::size_t i = 0; at + i < bytes.size(); ++i) rest |= std::uint64_t{bytes[at + i]} << (8 * i);
  return mix(state, rest);
}

std::uint64_t Chance::next() {
  state_ += 0x9E3779B97F4A7C15U;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

std::int64_t Chance::between(std::int64_t low, std::int64_t high) {
  if (high <= low) return low;
  return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
}

Chance Chance::branch(std::string_view concern) const {
  return Chance(fingerprint(as_bytes(concern), state_));
}

void RepeatableEntropy::fill(std::span<std::uint8_t> out) {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i % 8 == 0) word = chance_.next();
    out[i] = static_cast<std::uint8_t>(word >> (8 * (i % 8)));
  }
}

}  // namespace assay::threshold::sim
