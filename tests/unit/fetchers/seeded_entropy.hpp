#pragma once
#include "core/entropy.hpp"

namespace assay::fetchers::testing {

/// The same bytes in every run.
class SeededEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out)
      byte = static_cast<std::uint8_t>((state_ = state_ * 6364136223846793005U + 1) >> 56U);
  }

 private:
  std::uint64_t state_ = 1;
};

}  // namespace assay::fetchers::testing
