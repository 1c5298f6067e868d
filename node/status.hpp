#pragma once
#include <optional>
#include <string>
#include <vector>

#include "fetchers/io/venue_feed.hpp"
#include "node/latency.hpp"
#include "node/mailbox.hpp"
#include "node/stage_state.hpp"
#include "publisher/audit/evidence_folder.hpp"
#include "publisher/audit/postgres_writer.hpp"
#include "publisher/io/server.hpp"
#include "threshold/protocol.hpp"

namespace assay::node {

/// "disconnected", "writing", ...: what people and metrics read.
std::string_view name(publisher::AuditState state) noexcept;

/// What the node says of itself: written by the committee thread, read by the publisher's. Thread-safe.
class StatusBoard {
 public:
  struct Limits {
    MemberIndex member;
    std::uint16_t members{};
    Micros stale_after;  ///< the newest header older than this: not ready
  };

  void configure(Limits limits);
  void protocol(const threshold::ProtocolStatus& status);
  void stage(StageState state);
  void attested(const Batch& batch, bool live, WallTime now);
  /// What the folder of evidence holds.
  void evidence(const std::vector<publisher::EvidenceLabel>& kept);

  /// Ready: a batch was attested, it is fresh, and at most two heights are known elsewhere that this node lacks.
  publisher::Readiness readiness(WallTime now) const;
  /// `/v1/status`: docs/architecture.md lists the fields.
  /// `audit` is null in it without an audit store.
  std::string json(WallTime now, const std::vector<fetchers::VenueState>& venues,
                   const std::optional<publisher::AuditStatus>& audit) const;

 private:
  struct Board {
    Limits limits;
    threshold::ProtocolStatus protocol;
    StageState stage;
    std::optional<WallTime> newest_header;
    std::uint64_t attested_live = 0;
    std::vector<publisher::EvidenceLabel> evidence;
    LatencyWindow attest_latency;  ///< local clock at attestation minus header time, live batches only
  };
  Guarded<Board> board_;
};

}  // namespace assay::node
