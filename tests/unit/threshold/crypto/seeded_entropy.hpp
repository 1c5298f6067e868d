#pragma once
#include <random>

#include "core/entropy.hpp"

namespace assay::threshold {

/// Repeatable bytes for tests; never linked into anything that ships.
class SeededEntropy : public Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : engine_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (auto& byte : out) byte = static_cast<std::uint8_t>(engine_());
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace assay::threshold
