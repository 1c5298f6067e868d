#pragma once
#include <cstdint>
#include <string_view>
#include <variant>

#include "aggregator/policy.hpp"
#include "core/quote.hpp"
#include "core/time.hpp"

namespace assay::aggregator {

/// Why one source counted or did not, for `explain`, the dashboard and the tests.
enum class Verdict : std::uint8_t {
  counted,
  silent,
  too_old,
  from_future,
  no_two_sides,
  crossed,
  too_wide,
  outlier,
  bad_price
};
std::string_view name(Verdict verdict) noexcept;

/// A quote that passed every gate, as mantissas at the feed's exponent.
///   0 < bid <= price <= ask <= 2^62, 0 < uncertainty < price
struct Candidate {
  std::size_t source{};  ///< index into FeedPolicy::sources
  std::int64_t price{};  ///< mid of bid and ask, half to even
  std::int64_t bid{};
  std::int64_t ask{};
  std::uint64_t uncertainty{};  ///< half the spread, at least one unit, widened by age
  WallTime time;                ///< the venue's clock where it told, else ours at reception
  std::uint32_t freshness{};    ///< 4, 3, 2, 1 by quarters of age_max
};

/// Whether a quote has the sides that its source is read by: last for a last_only source, bid and ask otherwise.
bool has_sides(const Quote& quote, const SourcePolicy& source);

/// The gates of docs/aggregation.md, in order: age, clock, sides, crossing, range, spread.
///   returns  the candidate, or the first gate that refused
///   source < feed.sources.size();  pure
std::variant<Candidate, Verdict> admit(const Quote& quote, const FeedPolicy& feed, std::size_t source,
                                       Micros venue_future_max, MonoTime now);

}  // namespace assay::aggregator
