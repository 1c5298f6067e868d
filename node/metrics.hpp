#pragma once
#include <memory>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "core/errc.hpp"
#include "fetchers/io/venue_feed.hpp"
#include "node/venue_table.hpp"
#include "publisher/audit/postgres_writer.hpp"
#include "threshold/protocol.hpp"

namespace assay::node {

/// The node's counters and gauges, as OpenMetrics text. Every series exists from the start, at zero, but for those of
/// venues and sources, which the first look brings. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  void attested(const Batch& batch, bool live, WallTime now);
  void note(Errc code);
  void protocol(const threshold::ProtocolStatus& status);
  void accused(threshold::evidence::Kind kind);
  void ledger_tip(Height height);
  void venues(const std::vector<fetchers::VenueState>& states);
  /// What each source weighs in each feed and leg now: 0 where it does not count.   policy  the one of the table's book
  void sources(const aggregator::AggregationPolicy& policy, const VenueTable& table);

  void audit(const publisher::AuditStatus& status);

  std::string text() const;

 private:
  struct Series;
  std::unique_ptr<Series> series_;
};

}  // namespace assay::node
