#include "node/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace assay::node {

namespace {

prometheus::Counter& counter(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry).Add({});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

}  // namespace

struct Metrics::Series {
  prometheus::Registry registry;
  prometheus::Counter& attested_live =
      counter(registry, "assay_batches_attested_total", "Batches agreed while present");
  prometheus::Counter& caught_up = counter(registry, "assay_batches_caught_up_total", "Batches fetched from peers");
  prometheus::Gauge& tip = gauge(registry, "assay_tip_height", "Height of the newest attested batch");
  prometheus::Gauge& target = gauge(registry, "assay_target_height", "Highest attested height heard of");
  prometheus::Gauge& ledger = gauge(registry, "assay_ledger_height", "Height up to which the ledger is durable");
  prometheus::Gauge& view = gauge(registry, "assay_view", "Current view");
  prometheus::Gauge& view_changes = gauge(registry, "assay_view_changes", "Views entered since the start");
  prometheus::Gauge& fenced = gauge(registry, "assay_fenced", "1 while silent after a restart");
  prometheus::Gauge& audit_height = gauge(registry, "assay_audit_height", "Newest height in the audit store");
  prometheus::Gauge& audit_failures = gauge(registry, "assay_audit_failures", "Failed attempts at the audit store");
  prometheus::Gauge& audit_conflict = gauge(registry, "assay_audit_conflict", "1: the audit store holds another chain");
  prometheus::Histogram& age =
      prometheus::BuildHistogram()
          .Name("assay_attestation_age_seconds")
          .Help("Local time when a batch became attested, minus its header time")
          .Register(registry)
          .Add({}, prometheus::Histogram::BucketBoundaries{0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5});
  prometheus::Family<prometheus::Counter>& notes = prometheus::BuildCounter()
                                                       .Name("assay_protocol_notes_total")
                                                       .Help("Refusals and irregularities, by code")
                                                       .Register(registry);
  prometheus::Family<prometheus::Counter>& accusations = prometheus::BuildCounter()
                                                             .Name("assay_evidence_total")
                                                             .Help("Proofs of a member's misbehaviour, by kind")
                                                             .Register(registry);
  prometheus::Family<prometheus::Gauge>& venues =
      prometheus::BuildGauge().Name("assay_venue_events").Help("What each venue sent").Register(registry);
  prometheus::Family<prometheus::Gauge>& weights = prometheus::BuildGauge()
                                                       .Name("assay_source_weight")
                                                       .Help("Share of a source in a feed; 0: it does not count")
                                                       .Register(registry);
};

Metrics::Metrics() : series_(std::make_unique<Series>()) {
  for (const auto kind : threshold::evidence::all_kinds) {
    series_->accusations.Add({{"kind", name(kind)}});
  }
}
Metrics::~Metrics() = default;

void Metrics::attested(const Batch& batch, bool live, WallTime now) {
  (live ? series_->attested_live : series_->caught_up).Increment();
  if (live) {
    series_->age.Observe(static_cast<double>((now - batch.header.time).value) / 1e6);
  }
}

void Metrics::note(Errc code) {
  series_->notes.Add({{"code", std::string(name(code))}}).Increment();
}

void Metrics::accused(threshold::evidence::Kind kind) {
  series_->accusations.Add({{"kind", name(kind)}}).Increment();
}

void Metrics::protocol(const threshold::ProtocolStatus& status) {
  series_->tip.Set(static_cast<double>(status.tip.value));
  series_->target.Set(static_cast<double>(status.target.value));
  series_->view.Set(static_cast<double>(status.view.value));
  series_->view_changes.Set(static_cast<double>(status.view_changes));
  series_->fenced.Set(status.fenced ? 1 : 0);
}

void Metrics::ledger_tip(Height height) {
  series_->ledger.Set(static_cast<double>(height.value));
}

void Metrics::venues(const std::vector<fetchers::VenueState>& states) {
  for (const auto& venue : states) {
    const auto set = [&](const char* event, std::uint64_t count) {
      series_->venues.Add({{"venue", venue.venue}, {"event", event}}).Set(static_cast<double>(count));
    };
    set("message", venue.messages);
    set("quote", venue.quotes);
    set("refusal", venue.refusals);
    set("unlisted", venue.unlisted);
    set("untimely", venue.untimely);
    set("reconnect", venue.reconnects);
    set("renewal", venue.renewals);
    set("gap", venue.gaps);
    set("disagreement", venue.disagreements);
    set("poll_failure", venue.poll_failures);
  }
}

void Metrics::sources(const aggregator::AggregationPolicy& policy, const VenueTable& table) {
  for (const auto& row : table.sources) {
    const auto& rules = node_policy(policy, row.node);
    const auto& source = rules.sources[row.source];
    series_->weights.Add({{"feed", rules.terms.symbol}, {"venue", source.venue}, {"symbol", source.symbol}})
        .Set(row.weight_ppm / 1e6);
  }
}

void Metrics::audit(const publisher::AuditStatus& status) {
  series_->audit_height.Set(static_cast<double>(status.written.value));
  series_->audit_failures.Set(static_cast<double>(status.failures));
  series_->audit_conflict.Set(status.state == publisher::AuditState::conflict ? 1 : 0);
}

std::string Metrics::text() const {
  return prometheus::TextSerializer().Serialize(series_->registry.Collect());
}

}  // namespace assay::node
