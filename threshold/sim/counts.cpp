#include "threshold/sim/counts.hpp"

namespace assay::threshold::sim {
namespace {

constexpr std::array<std::string_view, fault_count> fault_names = {"frame_lost",
                                                                   "frame_doubled",
                                                                   "frame_late",
                                                                   "frame_replayed",
                                                                   "link_cut",
                                                                   "link_half_open",
                                                                   "link_clogged",
                                                                   "link_reset",
                                                                   "link_slow",
                                                                   "partition",
                                                                   "isolated",
                                                                   "deaf",
                                                                   "mute",
                                                                   "disk_slow",
                                                                   "disk_stalled",
                                                                   "disk_full",
                                                                   "write_torn",
                                                                   "write_unacknowledged",
                                                                   "log_rolled_back",
                                                                   "log_lost",
                                                                   "log_corrupt",
                                                                   "log_stale",
                                                                   "log_misdirected",
                                                                   "log_foreign",
                                                                   "ledger_rolled_back",
                                                                   "clock_skewed",
                                                                   "clock_drifting",
                                                                   "clock_jumped",
                                                                   "crashed",
                                                                   "crashed_at_write",
                                                                   "power_cut",
                                                                   "paused",
                                                                   "wrong_settings",
                                                                   "share_missing",
                                                                   "silent",
                                                                   "selective",
                                                                   "twin",
                                                                   "false_observation",
                                                                   "equivocal_proposal",
                                                                   "equivocal_vote",
                                                                   "lying_aggregate",
                                                                   "bad_share",
                                                                   "withheld_share",
                                                                   "nonce_game",
                                                                   "hidden_lock",
                                                                   "withheld_body",
                                                                   "collapsed_names",
                                                                   "forged_lock",
                                                                   "stripped_new_view",
                                                                   "far_wish",
                                                                   "flood",
                                                                   "garbage",
                                                                   "mutation",
                                                                   "bogus_history",
                                                                   "slow_leader",
                                                                   "old_request",
                                                                   "foreign_cfg",
                                                                   "false_ready",
                                                                   "false_announcement",
                                                                   "wrong_file"};

constexpr std::array<std::string_view, branch_count> branch_names = {
    "roast_attempt_2", "backup_coordinator",  "lock_reproposal", "fence",         "disk_loss_rejoin", "jump_confirm",
    "late_lock",       "lock_survived_crash", "bodies_pulled",   "range_fetched", "empty_signer_set", "carried_price",
    "liar_convicted",  "epoch_switched",      "held_out",        "readmitted"};

}  // namespace

std::string_view name(Fault fault) {
  return fault_names[static_cast<std::size_t>(fault)];
}

std::string_view name(Branch branch) {
  return branch_names[static_cast<std::size_t>(branch)];
}

void Counts::add(const Counts& other) {
  for (std::size_t i = 0; i < fault_count; ++i) faults[i] += other.faults[i];
  for (std::size_t i = 0; i < branch_count; ++i) branches[i] += other.branches[i];
}

std::uint64_t Counts::fault_sum() const {
  std::uint64_t sum = 0;
  for (const std::uint64_t one : faults) sum += one;
  return sum;
}

}  // namespace assay::threshold::sim
