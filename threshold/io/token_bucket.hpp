#pragma once
#include <algorithm>
#include <cstdint>

#include "core/time.hpp"

namespace assay::threshold {

/// How much of something may come per second, with one second's worth at once. What has come is always taken, also into
/// debt: the caller then waits. Pure.
class TokenBucket {
 public:
  /// per_second: 1 to 2^30.
  TokenBucket(std::int64_t per_second, MonoTime now) : rate_(per_second), level_(full()), at_(now) {}

  void take(std::int64_t tokens, MonoTime now) {
    refill(now);
    level_ = std::max(level_ - tokens * second, -debt_max * full());
  }
  /// How long until the debt is paid; zero when there is none.
  Micros wait(MonoTime now) {
    refill(now);
    return Micros{level_ >= 0 ? 0 : (-level_ + rate_ - 1) / rate_};
  }
  /// Takes one, unless there is a debt.
  bool try_take(MonoTime now) {
    if (wait(now) > Micros{0}) return false;
    take(1, now);
    return true;
  }

 private:
  static constexpr std::int64_t second = 1'000'000;
  static constexpr std::int64_t debt_max = 30;  ///< seconds

  std::int64_t full() const { return rate_ * second; }
  void refill(MonoTime now) {
    const std::int64_t passed = std::clamp<std::int64_t>((now - at_).value, 0, (debt_max + 1) * second);
    level_ = std::min(level_ + passed * rate_, full());
    at_ = now;
  }

  std::int64_t rate_;
  std::int64_t level_;  ///< in millionths
  MonoTime at_;
};

}  // namespace assay::threshold
