#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/entropy.hpp"
#include "fetchers/host_gate.hpp"

namespace assay::fetchers {

/// A HostGate that several threads ask.
class SharedGate {
 public:
  SharedGate(GateLimits limits, Entropy& jitter) : gate_(std::move(limits), jitter) {}

  std::optional<MonoTime> ask(MonoTime now, std::uint32_t weight) {
    const std::lock_guard lock(mutex_);
    return gate_.ask(now, weight);
  }
  void answered(MonoTime now, Condition condition, Micros asked_to_wait) {
    const std::lock_guard lock(mutex_);
    gate_.answered(now, condition, asked_to_wait);
  }
  void heard(MonoTime now, Micros window, std::uint32_t used) {
    const std::lock_guard lock(mutex_);
    gate_.heard(now, window, used);
  }
  /// One more source asks this host: the stricter rule of each window holds for both.
  void restrict(std::span<const RateRule> rules) {
    const std::lock_guard lock(mutex_);
    gate_.restrict(rules);
  }

  struct View {
    Condition condition{};
    Micros left_alone;
  };
  View view(MonoTime now) const {
    const std::lock_guard lock(mutex_);
    return {gate_.condition(), gate_.left_alone(now)};
  }

 private:
  mutable std::mutex mutex_;
  HostGate gate_;
};

/// One gate a host, whoever asks it: sources that share a host, and two epochs' venues side by side, share its
/// allowance. Any thread.
class HostGates {
 public:
  /// The gate of that host; the first caller's limits hold, later ones may only restrict it further.
  std::shared_ptr<SharedGate> of(const std::string& host, const GateLimits& limits, Entropy& jitter) {
    const std::lock_guard lock(mutex_);
    auto& gate = gates_[host];
    if (gate) {
      gate->restrict(limits.rules);
    } else {
      gate = std::make_shared<SharedGate>(limits, jitter);
    }
    return gate;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<SharedGate>> gates_;
};

}  // namespace assay::fetchers
