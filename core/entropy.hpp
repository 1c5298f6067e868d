#pragma once
#include <cstdint>
#include <span>

namespace assay {

/// Where secret randomness comes from. The process has one (node/system); tests bring a seeded one that never ships.
class Entropy {
 public:
  virtual ~Entropy() = default;
  /// Fills `out` with uniform bytes. Cannot fail: an implementation without randomness aborts.
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

}  // namespace assay
