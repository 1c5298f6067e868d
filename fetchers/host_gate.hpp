#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "fetchers/backoff.hpp"
#include "fetchers/condition.hpp"
#include "fetchers/rate_ledger.hpp"

namespace assay::fetchers {

/// What a host is asked to bear, and how long it is left alone when it does not.
struct GateLimits {
  std::vector<RateRule> rules;     ///< never exceeded
  std::uint32_t failures_max = 3;  ///< so many in a row, without an answer between them, open the breaker
  Backoff::Limits backoff = {millis(1000), millis(60'000)};
  // At least so long after one answer of the kind, whatever Retry-After says; doubled by what back-off adds.
  Micros rate_limited = millis(10'000);
  Micros banned = millis(120'000);
  Micros forbidden = millis(600'000);
  Micros region_refused = millis(3'600'000);
};

/// Whether a host may be asked now: its allowance, and a circuit breaker. All that asks one host asks one gate.
///   closed     everything passes that the allowance has room for. failures_max troubles in a row open it, and so
///              does a single 429, 418 or 451
///   open       nothing passes until a time: the longest of back-off with jitter, what the host asked for, and the
///              floor of its kind
///   half open  then one request passes, the probe. If it fares well the breaker closes, else it opens for longer;
///              a probe of which nothing is heard for probe_patience is given up, and another may pass
/// Pure; owned by one thread. `jitter` is drawn from in the constructor only.
class HostGate {
 public:
  enum class State : std::uint8_t { closed, open, half_open };

  HostGate(GateLimits limits, Entropy& jitter);

  /// None: it may leave, and is booked as sent. Else when to ask again, later than `now`.
  std::optional<MonoTime> ask(MonoTime now, std::uint32_t weight);
  /// What became of a request that was let through.   asked_to_wait  Retry-After; zero: nothing was said
  void answered(MonoTime now, Condition condition, Micros asked_to_wait);
  /// The host's own count of what we spent (RateLedger::heard).
  void heard(MonoTime now, Micros window, std::uint32_t used) { ledger_.heard(now, window, used); }

  /// Further rules for the same host (RateLedger::restrict).
  void restrict(std::span<const RateRule> rules) { ledger_.restrict(rules); }

  State state(MonoTime now) const;
  /// Of the newest answer; a request that was wrong does not make a good one worse.
  Condition condition() const { return condition_; }
  /// How long it is still left alone; zero unless open.
  Micros left_alone(MonoTime now) const;

  static constexpr Micros probe_patience = millis(30'000);

 private:
  Micros floor_of(Condition condition) const;

  GateLimits limits_;
  RateLedger ledger_;
  Backoff backoff_;
  Condition condition_ = Condition::unknown;
  std::uint32_t failures_ = 0;          ///< in a row
  std::optional<MonoTime> open_until_;  ///< none: closed
  std::optional<MonoTime> probe_;       ///< when the probe left that is under way
};

}  // namespace assay::fetchers
