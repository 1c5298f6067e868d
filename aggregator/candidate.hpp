#pragma once
#include <cstdint>
#include <span>
#include <variant>

#include "aggregator/held_quote.hpp"
#include "aggregator/number.hpp"
#include "aggregator/policy.hpp"
#include "aggregator/verdict.hpp"
#include "core/time.hpp"

namespace assay::aggregator {

/// A quote that passed every gate, converted to the feed's pair, as mantissas at the feed's exponent.
///   0 < bid <= ask <= 2^62, 0 < uncertainty < price
struct Candidate {
  std::size_t source{};  ///< index into FeedPolicy::sources
  std::int64_t price{};  ///< middle of bid and ask, or of the impact prices where the book is known; half to even
  std::int64_t bid{};
  std::int64_t ask{};
  std::uint64_t uncertainty{};  ///< half the spread, at least one unit, widened by age and by each conversion
  std::uint64_t depth{};        ///< within 1 %, in whole units of the feed's quote; 0: unknown
  WallTime time;                ///< the venue's clock where it told, else ours at reception; later as it is repeated
  std::uint32_t freshness{};    ///< 4, 3, 2, 1 by quarters of age_max
};

/// Whether a jump of a venue against its own last price has to settle first.
enum class Jumps : std::uint8_t { wait, count };

/// What the gates need to know beside the quote.
struct Gate {
  const FeedPolicy& feed;
  const Route& route;
  std::span<const Rate> rates;  ///< of every node; those of the route must be computed already
  Micros venue_future_max;
  MonoTime now;
  Jumps jumps = Jumps::wait;
};

/// The gates of docs/aggregation.md, in the order of Verdict.
///   returns  the candidate, or the first gate that refused
///   source < feed.sources.size(), its route;  no allocation;  pure
std::variant<Candidate, Verdict> admit(const HeldQuote& held, std::size_t source, const Gate& gate);

/// The held middle in the feed's pair, whatever the gates say; 0 when it cannot be converted.
std::int64_t converted(const HeldQuote& held, const Gate& gate);

}  // namespace assay::aggregator
