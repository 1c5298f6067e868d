#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "threshold/certificate.hpp"
#include "threshold/codec.hpp"
#include "threshold/durable.hpp"
#include "threshold/envelope.hpp"
#include "threshold/sim/chronicle.hpp"
#include "threshold/sim/counts.hpp"
#include "threshold/sim/price_check.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold::sim {

/// What must always hold among the honest members of one epoch (docs/agreement.md), checked after each of their effects
/// and writes. Reads the wire and the disks only, never a machine's insides, and has its own arithmetic:
///   one_batch_per_height, chain    one header a height, linked, times ascend
///   said_twice                     one OBS, PROP, PREP, VENTER per (view, height); shares for one D
///   nonce_reuse                    a published commitment serves one session
///   share_before_lock, view_not_durable   what a share or a view rests on is on the disk at that instant
///   share_of_left_view             shares only in the present view
///   fence                          silence in the views of the log
///   lock_hidden                    VENTER tells the lock
///   weak_certificate, lock_without_bodies   a lock record holds 2f+1 votes that were cast, and can be re-proposed
///   two_certificates, locked_batch_changed  one certificate a view, and after a signature only for its batch
///   signed_without_quorum          a signature needs 2f+1 shares of one session behind durable locks
///   price, carried_price, header_time   see price_check.hpp
///   refused_to_run, busy_loop, honest_expelled   an honest member is not punished
///   rolled_back_log_speaks         who lost its log is silent
///   outside_its_epoch              nothing that binds is said of heights before the epoch or beyond it
///   vote_without_epoch             who does not hold the next epoch votes for no fresh header that announces it
class EpochRules {
 public:
  EpochRules(const World& world, std::size_t epoch, Chronicle& chronicle, Counts& counts);

  /// Byzantine, or robbed of its log in this epoch: whatever it says is no violation.
  void distrust(MemberIndex member) { distrusted_.insert(member); }
  bool trusted(MemberIndex member) const { return !distrusted_.contains(member); }
  /// Words that it never said reach others in its name: who takes it for a liar does no wrong.
  void frame(MemberIndex member) { framed_.insert(member); }
  bool framed(MemberIndex member) const { return framed_.contains(member); }
  /// Its log lost records that it has spoken on: it must not vote again.
  void expect_silence(MemberIndex member) { silent_.insert(member); }

  void started(Seat seat, const Start& start);
  void ended(Seat seat, std::optional<Error> why);
  void does(Seat seat, const Effect& effect);
  void durable(Seat seat, const Bytes& record);
  void settled(Seat seat, const threshold::Event& event, const Protocol& machine, Now now);
  void lies(MemberIndex from, const Bytes& frame);
  /// A batch of this epoch, whoever attests it.
  void attests(const Batch& batch);
  bool votes(MemberIndex member) const { return !members_[member.value].votes.empty(); }

 private:
  using Place = std::pair<View, Height>;
  struct Mine {
    std::optional<View> issued;
    std::optional<View> durable;
    std::optional<View> fence;
    bool fenced = false;
    std::map<Height, std::map<View, Digest>> locks;  ///< durable
    std::map<std::tuple<MessageType, Place, std::uint8_t>, std::uint64_t> said;
    std::map<Place, Digest> votes;
  };
  /// What a session is, read off the PROP or SIGNREQ that opened it.
  struct Session {
    Place place;
    std::uint8_t attempt{};
    Digest header_hash;
    std::vector<frost::SignerCommitment> signers;
    std::uint32_t shares{};  ///< bitmap
  };

  bool blameless(MemberIndex member) const { return trusted(member) && !framed(member); }
  bool honest(Seat seat) const { return seat < members_.size() && trusted(MemberIndex{seat}); }
  std::uint32_t trusted_bits() const;
  void report(std::string invariant, std::string detail) { chronicle_.report(std::move(invariant), std::move(detail)); }
  void says(MemberIndex member, const Bytes& frame);
  void check_place(MemberIndex member, const Envelope& envelope);
  void check_vote(MemberIndex member, const Envelope& envelope, const PrepMessage& vote);
  bool first_time(MemberIndex member, const Envelope& envelope, std::uint8_t attempt);
  void overhear(const Envelope& envelope, const Message& message, const Bytes& frame);
  void open_first_sessions(const Envelope& envelope, const PropMessage& proposal);
  void open_session(const Envelope& envelope, std::uint8_t attempt, const Digest& header_hash,
                    std::vector<frost::SignerCommitment> signers);
  void check_entry(MemberIndex member, const Envelope& envelope, const VenterMessage& summary);
  void check_share(MemberIndex member, const Envelope& envelope, const ShareMessage& share);
  void issues(MemberIndex member, const Bytes& record);
  void check_lock(const LockRecord& lock);
  void compare_locks(const LockRecord& lock);
  void check_signed(const Batch& batch, const Digest& hash);
  void punishes(const Effect& effect);

  const World& world_;
  std::size_t epoch_;
  const Committee& committee_;
  Limits limits_;
  Chronicle& chronicle_;
  Counts& counts_;
  PriceCheck prices_;
  std::vector<Mine> members_;
  std::set<MemberIndex> distrusted_;
  std::set<MemberIndex> silent_;
  std::set<MemberIndex> framed_;
  std::map<Digest, frost::Commitment> observed_;  ///< commitments by the name of their OBS
  std::map<Digest, Session> sessions_;
  std::map<Place, std::vector<std::pair<MemberIndex, PropMessage>>> proposed_;
  std::map<std::pair<MemberIndex, Bytes32>, Digest> spent_;                    ///< session of a commitment
  std::map<Height, std::map<View, std::map<Digest, std::uint32_t>>> lockers_;  ///< durable locks, by member
  std::set<std::pair<Place, Digest>> announcing_;  ///< fresh proposals whose header announces an epoch
};

}  // namespace assay::threshold::sim
