#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace assay::threshold::sim {

/// What went wrong in a run, by our doing.
enum class Fault : std::uint8_t {
  frame_lost,
  frame_doubled,
  frame_late,
  frame_replayed,
  link_cut,
  link_half_open,
  link_clogged,
  link_reset,
  link_slow,
  partition,
  isolated,
  deaf,
  mute,
  disk_slow,
  disk_stalled,
  disk_full,
  write_torn,
  write_unacknowledged,
  log_rolled_back,
  log_lost,
  log_corrupt,
  log_stale,
  log_misdirected,
  log_foreign,
  ledger_rolled_back,
  clock_skewed,
  clock_drifting,
  clock_jumped,
  crashed,
  crashed_at_write,
  power_cut,
  paused,
  wrong_settings,
  share_missing,
  silent,
  selective,
  twin,
  false_observation,
  equivocal_proposal,
  equivocal_vote,
  lying_aggregate,
  bad_share,
  withheld_share,
  nonce_game,
  hidden_lock,
  withheld_body,
  collapsed_names,
  forged_lock,
  stripped_new_view,
  far_wish,
  flood,
  garbage,
  mutation,
  bogus_history,
  slow_leader,
  old_request,
  foreign_cfg,
  false_ready,
  false_announcement,
  wrong_file,
};
inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::wrong_file) + 1;
std::string_view name(Fault fault);

/// What a run must reach now and then, or the simulator is too gentle.
enum class Branch : std::uint8_t {
  roast_attempt_2,      ///< attested by a second signing session of one view
  backup_coordinator,   ///< a batch locked under one leader is signed under a later one
  lock_reproposal,      ///< a locked header is proposed again
  fence,                ///< a restarted member kept silent in views that it may have spoken in, and votes again above
  disk_loss_rejoin,     ///< a member without its log, or with an old one, came back and was refused
  jump_confirm,         ///< a jump became the new price after K heights
  late_lock,            ///< a lock became durable after its view was left: no share followed
  lock_survived_crash,  ///< a member came back with a lock above its tip
  bodies_pulled,        ///< a proposal arrived before its observations
  range_fetched,        ///< a batch was learnt from a peer
  empty_signer_set,     ///< a proposal without attempt 0
  carried_price,        ///< a leaf carried an older price
  liar_convicted,       ///< evidence was handed out
  epoch_switched,       ///< the first batch of a new epoch
  held_out,             ///< a member without the right file stayed behind where the epoch changed
  readmitted,           ///< a member that lost its log votes in the next epoch
};
inline constexpr std::size_t branch_count = static_cast<std::size_t>(Branch::readmitted) + 1;
std::string_view name(Branch branch);

/// Figures of one run, or the sum over many.
struct Counts {
  std::array<std::uint64_t, fault_count> faults{};
  std::array<std::uint64_t, branch_count> branches{};

  void add(Fault fault) { ++faults[static_cast<std::size_t>(fault)]; }
  void add(Branch branch) { ++branches[static_cast<std::size_t>(branch)]; }
  void add(const Counts& other);
  std::uint64_t fault_sum() const;
};

}  // namespace assay::threshold::sim
