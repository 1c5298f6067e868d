#pragma once
#include <array>
#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace assay::fetchers {

/// How far a venue's clock is from ours, and whether a time that it states can be believed.
/// The offset is the least of (our clock at receipt - venue's time) over the last two minutes: the quickest message's
/// way, plus how far the venue's clock is behind ours; below zero it is ahead at least that much. Minima of ten slots
/// of twelve seconds, so that a clock that was set, or a route that has become longer, is noticed after a while. Pure,
/// integers only, 12 words; owned by one thread.
class VenueClock {
 public:
  enum class Verdict : std::uint8_t {
    believable,
    from_future,  ///< ahead of us by more than future_max without having been so before, or by more than ahead_max ever
    stale,        ///< stale_max later here than the venue's quickest messages are
  };

  /// Judges a time stated in a message that has just come, and learns from it when it is believable. A lead that is
  /// repeated leaps_believed times in a row is the venue's clock and no slip of one message.
  Verdict judge(MonoTime now, WallTime received, WallTime stated);

  std::optional<Micros> offset(MonoTime now) const;

  /// A stated time by our clock, as far as that is known: a lead of more than future_max is taken off, a smaller one
  /// does no harm, a lag may be the way.
  WallTime by_our_clock(MonoTime now, WallTime stated) const;

  static constexpr Micros future_max = millis(2'000);
  static constexpr Micros ahead_max = millis(60'000);
  static constexpr Micros stale_max = millis(900'000);
  static constexpr int leaps_believed = 8;

 private:
  static constexpr std::int64_t slot_us = 12'000'000;
  struct Slot {
    std::int64_t number = -1;  ///< counted from the clock's zero; -1: empty
    Micros least{};
  };

  void learn(MonoTime now, Micros lag);

  std::array<Slot, 10> slots_;
  int leaps_ = 0;  ///< believable leads in a row that were not known yet
};

}  // namespace assay::fetchers
