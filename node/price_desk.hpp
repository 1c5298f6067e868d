#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/quote_book.hpp"
#include "core/observation.hpp"
#include "fetchers/io/venue_feed.hpp"
#include "node/mailbox.hpp"
#include "node/venue_table.hpp"

namespace assay::node {

/// The quote book where two threads meet: the committee's observes, the publisher's asks why. Neither keeps the other
/// for longer than one observation, one copy of its numbers, or one document of a single feed takes.
class PriceDesk {
 public:
  explicit PriceDesk(const aggregator::AggregationPolicy& policy);  ///< borrowed

  Observation observe(std::span<const Quote> fresh, MonoTime mono, WallTime wall);
  /// Why this node last said what it said of a feed or leg, as `/v1/explain` tells it; none for an unknown one.
  std::optional<std::string> explain(std::string_view symbol);
  VenueTable table();  ///< what every source says
  /// The same as a document, as `/v1/venues` tells it.
  std::string venues(const std::vector<fetchers::VenueState>& states);

 private:
  struct Desk {
    aggregator::QuoteBook book;
    WallTime at;  ///< of the last observation
  };

  const aggregator::AggregationPolicy& policy_;
  Guarded<Desk> desk_;
};

}  // namespace assay::node
