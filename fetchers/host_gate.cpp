#include "fetchers/host_gate.hpp"

#include <algorithm>
#include <utility>

namespace assay::fetchers {

HostGate::HostGate(GateLimits limits, Entropy& jitter)
    : limits_(std::move(limits)), ledger_(limits_.rules), backoff_(limits_.backoff, jitter) {}

HostGate::State HostGate::state(MonoTime now) const {
  if (!open_until_) return State::closed;
  return now < *open_until_ ? State::open : State::half_open;
}

Micros HostGate::left_alone(MonoTime now) const {
  return state(now) == State::open ? *open_until_ - now : Micros{};
}

std::optional<MonoTime> HostGate::ask(MonoTime now, std::uint32_t weight) {
  const State state_now = state(now);
  if (state_now == State::open) return *open_until_;
  const bool probing = probe_ && now < *probe_ + probe_patience;
  if (state_now == State::half_open && probing) return now + limits_.backoff.min;
  const MonoTime room = ledger_.earliest(now, weight);
  if (room > now) return room;
  if (state_now == State::half_open) probe_ = now;
  ledger_.spend(now, weight);
  return std::nullopt;
}

void HostGate::answered(MonoTime now, Condition condition, Micros asked_to_wait) {
  // One request that was wrong says nothing against a host that answers others.
  if (condition != Condition::bad_answer || condition_ != Condition::good) condition_ = condition;
  const bool was_probe = probe_.has_value();
  const State state_now = state(now);
  if (state_now != State::open) probe_.reset();
  if (!is_trouble(condition)) {
    failures_ = 0;
    if (state_now != State::half_open) return;  // an answer to what left before it opened closes nothing
    open_until_.reset();
    backoff_.reset();
    return;
  }
  ++failures_;
  const Micros floor = floor_of(condition);
  const bool at_once =
      condition == Condition::rate_limited || condition == Condition::banned || condition == Condition::region_refused;
  if (state_now == State::open) {
    open_until_ = std::max(*open_until_, now + std::max(asked_to_wait, at_once ? floor : Micros{}));
  } else if (at_once || was_probe || failures_ >= limits_.failures_max) {
    open_until_ = now + std::max({asked_to_wait, floor, backoff_.next()});
  }
}

Micros HostGate::floor_of(Condition condition) const {
  switch (condition) {
    case Condition::rate_limited:
      return limits_.rate_limited;
    case Condition::banned:
      return limits_.banned;
    case Condition::forbidden:
      return limits_.forbidden;
    case Condition::region_refused:
      return limits_.region_refused;
    case Condition::unknown:
    case Condition::good:
    case Condition::server_error:
    case Condition::html_page:
    case Condition::bad_answer:
    case Condition::unreachable:
    case Condition::timed_out:
      return {};
  }
  return {};
}

}  // namespace assay::fetchers
