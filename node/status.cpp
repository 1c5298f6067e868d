#include "node/status.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

#include "core/bytes.hpp"
#include "node/venue_state_json.hpp"

namespace assay::node {

std::string_view name(publisher::AuditState state) noexcept {
  switch (state) {
    case publisher::AuditState::idle:
      return "idle";
    case publisher::AuditState::disconnected:
      return "disconnected";
    case publisher::AuditState::writing:
      return "writing";
    case publisher::AuditState::waiting:
      return "waiting";
    case publisher::AuditState::conflict:
      return "conflict";
  }
  return "unknown";
}

namespace {

std::string_view part_name(threshold::Part part) noexcept {
  switch (part) {
    case threshold::Part::voting:
      return "voting";
    case threshold::Part::waiting:
      return "waiting";
    case threshold::Part::ended:
      return "ended";
    case threshold::Part::mismatched:
      return "mismatched";
  }
  return "unknown";
}

/// Why this node takes no part in agreement, or soon will not; empty when nothing stands in its way.
std::string epoch_problem(const threshold::ProtocolStatus& protocol, const std::string& stage_problem) {
  switch (protocol.part) {
    case threshold::Part::waiting:
      return "waits for its epoch to begin";
    case threshold::Part::mismatched:
      return "the epoch that began is not the one whose settings are here";
    case threshold::Part::voting:
    case threshold::Part::ended:
      break;
  }
  if (protocol.switch_height.value == 0 || protocol.staged == protocol.next_epoch) {
    return protocol.part == threshold::Part::ended ? "this member is not in the epoch that began" : "";
  }
  const auto begins = "epoch " + std::to_string(protocol.epoch.value + 1) + " begins at height " +
                      std::to_string(protocol.switch_height.value) + ", and ";
  if (!stage_problem.empty()) {
    return begins + stage_problem;
  }
  return begins + (protocol.staged ? "another one is staged here" : "nothing is staged here");
}

boost::json::array venue_list(const std::vector<fetchers::VenueState>& venues) {
  boost::json::array list;
  for (const auto& venue : venues) list.push_back(venue_state_json(venue));
  return list;
}

boost::json::object evidence_object(const std::vector<publisher::EvidenceLabel>& kept) {
  std::set<std::uint16_t> members;
  for (const auto& label : kept) {
    members.insert(label.member.value);
  }
  return {{"kept", std::to_string(kept.size())}, {"against", boost::json::array(members.begin(), members.end())}};
}

/// The server's own words stay out: libpq may repeat the connection string, and with it a password.
boost::json::value audit_object(const std::optional<publisher::AuditStatus>& audit) {
  if (!audit) {
    return nullptr;
  }
  return boost::json::object{{"state", std::string(name(audit->state))},
                             {"written", std::to_string(audit->written.value)},
                             {"tip", std::to_string(audit->tip.value)},
                             {"failures", std::to_string(audit->failures)},
                             {"last_error", audit->failures == 0 ? "" : std::string(name(audit->last_error.code))}};
}

}  // namespace

void StatusBoard::configure(Limits limits) {
  board_.update([&](Board& board) { board.limits = limits; });
}

void StatusBoard::protocol(const threshold::ProtocolStatus& status) {
  board_.update([&](Board& board) { board.protocol = status; });
}

void StatusBoard::stage(StageState state) {
  board_.update([&](Board& board) { board.stage = std::move(state); });
}

void StatusBoard::attested(const Batch& batch, bool live, WallTime now) {
  board_.update([&](Board& board) {
    board.newest_header = batch.header.time;
    if (live) {
      ++board.attested_live;
      board.attest_latency.add(now - batch.header.time);
    }
  });
}

void StatusBoard::evidence(const std::vector<publisher::EvidenceLabel>& kept) {
  board_.update([&](Board& board) { board.evidence = kept; });
}

publisher::Readiness StatusBoard::readiness(WallTime now) const {
  const auto board = board_.read();
  const auto age_ms = board.newest_header ? (now - *board.newest_header).value / 1000 : -1;
  const auto limit_ms = board.limits.stale_after.value / 1000;
  const auto behind = board.protocol.target.value - std::min(board.protocol.target.value, board.protocol.tip.value);
  constexpr std::uint64_t behind_max = 2;
  const auto problem = epoch_problem(board.protocol, board.stage.problem);
  return {
      .checks = {
          {.name = "last_batch_age_ms",
           .ok = age_ms >= 0 && age_ms <= limit_ms,
           .value = std::to_string(age_ms),
           .limit = std::to_string(limit_ms)},
          {.name = "epoch", .ok = problem.empty(), .value = problem.empty() ? "voting" : problem, .limit = "voting"},
          {.name = "heights_behind",
           .ok = behind <= behind_max,
           .value = std::to_string(behind),
           .limit = std::to_string(behind_max)}}};
}

std::string StatusBoard::json(WallTime now, const std::vector<fetchers::VenueState>& venues,
                              const std::optional<publisher::AuditStatus>& audit) const {
  const auto board = board_.read();
  const auto& protocol = board.protocol;
  boost::json::object document{{"member", board.limits.member.value},
                               {"committee", board.limits.members},
                               {"tip", std::to_string(protocol.tip.value)},
                               {"target", std::to_string(protocol.target.value)},
                               {"view", std::to_string(protocol.view.value)},
                               {"fence", std::to_string(protocol.fence.value)},
                               {"fenced", protocol.fenced},
                               {"leader", protocol.leader.value},
                               {"view_changes", std::to_string(protocol.view_changes)},
                               {"attested_live", std::to_string(board.attested_live)},
                               {"ready", readiness(now).ready()}};
  document["epoch"] = {{"number", protocol.epoch.value},
                       {"part", std::string(part_name(protocol.part))},
                       {"problem", epoch_problem(protocol, board.stage.problem)},
                       {"staged", nullptr},
                       {"stage_problem", board.stage.problem},
                       {"announced", nullptr},
                       {"old_share", board.stage.old_share},
                       {"switch_height", std::to_string(protocol.switch_height.value)}};
  if (protocol.staged) {
    document["epoch"].as_object()["staged"] = to_hex(protocol.staged->bytes);
  }
  if (protocol.switch_height.value != 0) {
    document["epoch"].as_object()["announced"] = to_hex(protocol.next_epoch.bytes);
  }
  document["attest_latency_us"] = {{"count", std::to_string(board.attest_latency.count())},
                                   {"p50", std::to_string(board.attest_latency.rank(500).value)},
                                   {"p99", std::to_string(board.attest_latency.rank(990).value)},
                                   {"p999", std::to_string(board.attest_latency.rank(999).value)}};
  document["evidence"] = evidence_object(board.evidence);
  document["venues"] = venue_list(venues);
  document["audit"] = audit_object(audit);
  return boost::json::serialize(document);
}

}  // namespace assay::node
