#pragma once
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "core/time.hpp"

namespace assay::fetchers {

/// At most so much in any span of this length.
struct RateRule {
  std::uint32_t allowance = 0;  ///< requests, weight, frames: whatever is counted; 0: no limit
  Micros window{};              ///< at least a millisecond
};

/// How much of several allowances is spent, whichever way their windows are laid: no span of a rule's length ever holds
/// more than its allowance. A token bucket would let through nearly twice as much at the seam of two windows.
/// Pure; memory and cost are bounded by slots_per_window a rule. Owned by one thread.
class RateLedger {
 public:
  explicit RateLedger(std::span<const RateRule> rules = {});

  /// These rules hold too; of two for one window the stricter. What was spent before counts in a window that is known.
  void restrict(std::span<const RateRule> rules);
  /// When this much may be spent: `now` or later. What exceeds a whole allowance waits until nothing else is spent.
  MonoTime earliest(MonoTime now, std::uint32_t weight);
  /// Spends it, whether there is room or not.
  void spend(MonoTime now, std::uint32_t weight);
  /// The venue counts `used` in its own present window of this length: what others at our address spent is booked too.
  void heard(MonoTime now, Micros window, std::uint32_t used);

  static constexpr std::int64_t slots_per_window = 16;

 private:
  struct Spent {
    MonoTime until;  ///< counts before this moment
    std::uint64_t weight;
  };
  struct Book {
    RateRule rule;
    std::deque<Spent> spent;  ///< ascending
    std::uint64_t total = 0;
  };

  static void forget(Book& book, MonoTime now);
  static void book_in(Book& book, MonoTime now, std::uint64_t weight);

  std::vector<Book> books_;
};

/// Four fifths of a rule, at least one: others may share our address, and clocks and windows differ.
RateRule careful(RateRule rule);

}  // namespace assay::fetchers
