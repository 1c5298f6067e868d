#include "fetchers/venue_clock.hpp"

#include <algorithm>

namespace assay::fetchers {

VenueClock::Verdict VenueClock::judge(MonoTime now, WallTime received, WallTime stated) {
  const Micros lag = received - stated;
  if (lag < Micros{-ahead_max.value}) return Verdict::from_future;
  const Micros known = offset(now).value_or(Micros{});
  const bool leads = lag.value < std::min<std::int64_t>(known.value, 0) - future_max.value;
  if (leads && ++leaps_ < leaps_believed) return Verdict::from_future;
  leaps_ = 0;
  if (!leads && offset(now) && lag.value - known.value > stale_max.value) return Verdict::stale;
  learn(now, lag);
  return Verdict::believable;
}

void VenueClock::learn(MonoTime now, Micros lag) {
  const std::int64_t number = now.value / slot_us;
  Slot& slot = slots_[static_cast<std::size_t>(number) % slots_.size()];
  slot.least = slot.number == number ? std::min(slot.least, lag) : lag;
  slot.number = number;
}

std::optional<Micros> VenueClock::offset(MonoTime now) const {
  const std::int64_t number = now.value / slot_us;
  std::optional<Micros> least;
  for (const Slot& slot : slots_) {
    if (slot.number < 0 || number - slot.number >= static_cast<std::int64_t>(slots_.size())) continue;
    if (!least || slot.least < *least) least = slot.least;
  }
  return least;
}

WallTime VenueClock::by_our_clock(MonoTime now, WallTime stated) const {
  const Micros lead = offset(now).value_or(Micros{});
  return lead.value < -future_max.value ? stated + lead : stated;
}

}  // namespace assay::fetchers
