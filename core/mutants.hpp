#pragma once
#include <cstdint>

namespace assay {

/// Deliberate bugs, one at a time, to show that the simulator finds them (`./dev sim --mutants`). Every build but that
/// one answers with a constant, so that nothing of them is left in a node.
enum class Mutant : std::uint8_t {
  none,
  smaller_threshold,      ///< f+1 shares make a signature
  no_lock_rule,           ///< a new view forgets locks
  amnesia,                ///< a restarted member forgets its lock
  no_fence,               ///< a restarted member speaks in the view it may have spoken in
  cross_view_session,     ///< a share for a session of an old view
  smaller_certificate,    ///< 2f votes prepare a batch
  kept_nonce,             ///< a retry signs with the nonces of the first session
  send_before_fsync,      ///< a share leaves before its lock is durable
  timely_reproposal,      ///< a locked batch must be fresh
  wrong_rank,             ///< a median one rank off
  fresh_carried_time,     ///< a carried price looks new
  clamped_price,          ///< a price out of the band is moved to its edge
  unproved_lock_skipped,  ///< a lock claim without proof is ignored
  late_share,             ///< a share follows a lock that became durable after its view was left
  lock_without_bodies,    ///< a lock that cannot be proposed again
  rolled_back_log,        ///< what peers heard of a member does not count
  announced_anywhere,     ///< an epoch may be announced for any height
  wrong_file_votes,       ///< a member votes for an epoch that it does not hold
  endless_epoch,          ///< the old committee goes on at the switch
  wrong_log,              ///< a member of the new epoch opens the log of the old one
  bodiless_obligation,    ///< a lock counts that nobody could propose again
  lock_by_root,           ///< what a lock's inputs are called is what its first holder says, for all its holders
  unread_chain,           ///< what the chain shows of a member does not count
  early_voice,            ///< a member speaks before it has caught up after its start
  stripped_chain,         ///< what one peer hands on of a batch is all that there is
};
inline constexpr int mutant_count = static_cast<int>(Mutant::stripped_chain) + 1;

#ifdef ASSAY_MUTANTS
inline Mutant planted_everywhere = Mutant::none;  ///< what a thread begins with
inline thread_local Mutant planted_mutant = planted_everywhere;
inline bool planted(Mutant mutant) {
  return planted_mutant == mutant;
}
#else
constexpr bool planted(Mutant) {
  return false;
}
#endif

}  // namespace assay
