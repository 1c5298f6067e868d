#include "threshold/sim/meanings.hpp"

#include <algorithm>
#include <utility>

namespace assay::threshold::sim {
namespace {

constexpr std::pair<std::string_view, std::string_view> meanings[] = {
    {"announcement", "a header announces the next epoch for another height than the 64th after, or does not repeat it"},
    {"bad_record", "a member wrote a safety record that does not decode"},
    {"busy_loop", "a machine's deadline has passed and stays: its driver would spin"},
    {"carried_price", "a leaf carries an old price and changed it, or carries one where a fresh one was due"},
    {"chain", "an attested header does not continue the one before it"},
    {"contents", "leaves or inputs of an attested batch are not those of its header"},
    {"disk_queue", "more than one VIEW and one LOCK record of a member wait for its disk"},
    {"epoch_switch", "an epoch began at another height than announced, or with other settings"},
    {"fence", "a restarted member voted in a view that it may have voted in before"},
    {"foreign_frame", "an honest member sent bytes that are no message of its own"},
    {"header_time", "a header's time lies outside the times that honest members observed at"},
    {"honest_accused", "evidence or a note convicts a member that kept the rules"},
    {"honest_expelled", "an honest member's link was closed for what it sent"},
    {"liveness", "after the faults stopped, no height was attested within the bound"},
    {"lock_hidden", "a member entered a view without telling of the newest lock in its safety log"},
    {"lock_without_bodies", "a lock was made durable without the observations that it takes to propose it again"},
    {"locked_batch_changed", "f+1 honest members hold a lock, and another batch was locked at that height later"},
    {"log_damage_missed", "a safety log that its disk had damaged was read as if it were whole"},
    {"nonce_reuse", "a nonce pair was used in two signing sessions"},
    {"one_batch_per_height", "two batches are attested at one height: a fork"},
    {"outside_its_epoch", "a member spoke about a height that belongs to another epoch than its own"},
    {"price", "an attested price is not what the honest observations of its height allow"},
    {"refused_to_run", "an honest member, whose disk kept its promises, found its own past contradictory"},
    {"rolled_back_log_speaks", "a member whose safety log lost records voted again in that epoch"},
    {"said_twice", "an honest member signed two different messages where the rules allow one"},
    {"share_before_lock", "a signature share left before its lock was durable"},
    {"share_of_left_view", "a signature share left for a session of a view that its signer had left"},
    {"signature", "an attested header's signature does not verify under the group key"},
    {"signed_without_quorum", "a batch is signed without 2f+1 shares of one session, or without the locks behind them"},
    {"too_many_effects", "one event made a member do more than the protocol's parameters allow"},
    {"too_much_to_a_peer", "a member sent a peer more within a span of resend than the protocol's parameters allow"},
    {"two_certificates", "two batches were prepared in one view at one height"},
    {"unknown_session", "a share belongs to no session that a leader could have opened"},
    {"view_goes_down", "a member wrote a view below one that it wrote before"},
    {"view_not_durable", "a message left before the view that it names was durable"},
    {"vote_without_epoch", "a member voted for a header that announces an epoch whose file it does not hold"},
    {"weak_certificate", "a lock rests on fewer than 2f+1 votes, or on votes that were not cast"},
};

}  // namespace

std::string_view meaning(std::string_view invariant) {
  const auto* const found =
      std::ranges::find(meanings, invariant, &std::pair<std::string_view, std::string_view>::first);
  return found == std::end(meanings) ? std::string_view{} : found->second;
}

}  // namespace assay::threshold::sim
