#pragma once
#include <cstdint>
#include <span>

#include "core/entropy.hpp"

namespace assay::bench {

/// Reproducible bytes (SplitMix64), so that runs compare. Never for keys that matter.
class SeededEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) {
      state_ += 0x9e3779b97f4a7c15U;
      auto mixed = state_;
      mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9U;
      mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebU;
      byte = static_cast<std::uint8_t>(mixed >> 56U);
    }
  }

 private:
  std::uint64_t state_ = 1;
};

}  // namespace assay::bench
