#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/candidate.hpp"
#include "aggregator/policy.hpp"
#include "core/observation.hpp"
#include "core/quote.hpp"

namespace assay::aggregator {

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

  /// Keeps the newest usable quote per (venue, symbol): one without the sides its source is read by never displaces one
  /// that has them, and neither does one that the venue itself dated earlier, while the kept one is not too old.
  /// Returns false for a quote that no feed lists (ignored).   cost  O(log sources)
  bool accept(Quote quote);

  /// This node's opinion of every feed at one moment.   cost  O(sources log sources) a feed
  Observation observe(MonoTime mono, WallTime wall) const;

  /// The same for one feed, with a verdict per source.   feed < policy().feeds.size()
  FeedReport report(std::size_t feed, MonoTime mono, WallTime wall) const;

  const AggregationPolicy& policy() const noexcept { return policy_; }

 private:
  /// Where a venue's symbol is listed.
  struct Listing {
    std::string venue;
    std::string symbol;
    std::size_t feed{};
    std::size_t source{};
  };

  AggregationPolicy policy_;
  std::vector<Listing> listings_;                          ///< ascending by (venue, symbol)
  std::vector<std::vector<std::optional<Quote>>> newest_;  ///< [feed][source]
};

}  // namespace assay::aggregator
