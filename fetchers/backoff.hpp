#pragma once
#include <cstdint>

#include "core/entropy.hpp"
#include "core/time.hpp"

namespace assay::fetchers {

/// How long to wait before the next attempt: exponential, capped, with full jitter, so that a thousand clients whom one
/// venue dropped do not come back together. Owned by one thread; draws from the Entropy once, at construction.
///   wait n (n = 0, 1, ...)   uniform in [step/8, step], step = min(max, min * 2^n)
class Backoff {
 public:
  struct Limits {
    Micros min = millis(250);
    Micros max = millis(30'000);
  };
  Backoff(Limits limits, Entropy& entropy);

  /// The wait before the next attempt; each call doubles the step.
  Micros next() noexcept;
  /// The last attempt went well: start over with the smallest step.
  void reset() noexcept { failures_ = 0; }
  std::uint32_t failures() const noexcept { return failures_; }
  /// Uniform in [least, most]: for moments that many clients must not choose alike.
  Micros within(Micros least, Micros most) noexcept;

 private:
  Limits limits_;
  std::uint64_t state_ = 0;
  std::uint32_t failures_ = 0;
};

}  // namespace assay::fetchers
