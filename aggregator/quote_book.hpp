#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/policy.hpp"
#include "core/observation.hpp"
#include "core/quote.hpp"
#include "core/result.hpp"

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

struct SourceReport {
  std::size_t source{};  ///< index into FeedPolicy::sources
  Verdict verdict{};
  std::int64_t price{};  ///< at the feed's exponent; 0 when none
  std::uint64_t uncertainty{};
  std::uint32_t weight_ppm{};  ///< after caps; 0 unless counted
};

/// What one node concludes of one feed, with the reasons.
struct FeedReport {
  std::optional<ObservationEntry> entry;  ///< absent: nothing to say
  std::vector<SourceReport> sources;
};

/// The node step: newest quote per source, in; this node's observation, out. Pure; owned by one thread.
class QuoteBook {
 public:
  explicit QuoteBook(AggregationPolicy policy);

  /// Keeps the newest quote per (venue, symbol). Returns false for one that no feed lists (ignored).
  bool accept(Quote quote);

  /// This node's opinion of every feed at one moment.   cost  O(sources log sources) a feed
  Observation observe(MonoTime mono, WallTime wall) const;

  /// The same for one feed, with a verdict per source.   feed < policy().feeds.size()
  FeedReport report(std::size_t feed, MonoTime mono, WallTime wall) const;

  const AggregationPolicy& policy() const noexcept { return policy_; }

 private:
  AggregationPolicy policy_;
  std::vector<std::vector<std::optional<Quote>>> newest_;  ///< [feed][source]
};

}  // namespace assay::aggregator
