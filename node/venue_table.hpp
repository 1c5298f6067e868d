#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aggregator/quote_book.hpp"
#include "aggregator/risk.hpp"
#include "core/result.hpp"
#include "fetchers/io/venue_feed.hpp"

namespace assay::node {

/// What each source says now, and whether it counts: the document of `/v1/venues`, for `assay venues` and `assay risk`.

/// One source of one feed or leg, as of the book's last observe().
struct SourceRow {
  std::size_t node{};
  std::size_t source{};
  aggregator::Number bid;  ///< none while nothing is held
  aggregator::Number ask;
  std::optional<Micros> age;  ///< since it was heard; none: never
  aggregator::Verdict verdict{};
  std::int64_t price{};  ///< in the feed's pair, at its exponent; 0: none
  std::uint32_t weight_ppm{};
  std::uint64_t depth_usd{};  ///< within 1 %; 0: unknown
};
struct NodeRow {
  aggregator::State state{};
  std::int64_t price{};  ///< 0: none
};
struct VenueTable {
  WallTime at;                     ///< of that observe()
  std::vector<NodeRow> nodes;      ///< by node number
  std::vector<SourceRow> sources;  ///< by node, then by source
};
/// Copies what a document needs, so that the book is kept for no longer than that.
VenueTable venue_table(const aggregator::QuoteBook& book, WallTime at, MonoTime now);

/// {"at_ms","venues":[{...venue_state_json(),"instruments":[{"symbol","bid","ask","age_ms","feeds":[{"feed","counted",
/// "reason","price","weight_ppm","depth_usd"}]}]}],"feeds":[{"feed","state","price"}]}: one line. 64-bit numbers and
/// prices are text, null where there is none; feeds names legs too. docs/venues.schema.json says the same to machines.
///   policy  the one of the table's book
std::string venues_json(const aggregator::AggregationPolicy& policy, const VenueTable& table,
                        const std::vector<fetchers::VenueState>& states);

/// One feed or leg as a running node tells it.
struct ToldNode {
  aggregator::MeasuredNode measured;
  std::string state;
  std::string price;  ///< empty: none
};
/// By node number of `policy`; what the node does not know of is not priced, what `policy` does not know is passed
/// over.
///   errors  malformed: not such a document
Result<std::vector<ToldNode>> told_nodes(const aggregator::AggregationPolicy& policy, std::string_view document);

}  // namespace assay::node
