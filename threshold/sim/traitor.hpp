#pragma once
#include <map>
#include <vector>

#include "threshold/sim/plan.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold::sim {

/// A Byzantine member: real machines (two of them when it has a twin) whose words it alters, withholds, repeats and
/// contradicts, and whose ears it deceives. All liars of a run split their audience alike: they collude.
class Traitor final : public Mouth {
 public:
  Traitor(World& world, const Plan::Liar& liar, std::uint64_t cabal);

  void says(Seat seat, MemberIndex to, const SharedFrame& frame) override;
  SharedFrame hears(Seat seat, MemberIndex from, const SharedFrame& frame) override;
  /// Something unasked for.
  void scheme();

 private:
  bool has(Fault habit) const;
  /// Counts and answers: is it time for this one?
  bool now_and_then(Fault habit, std::uint32_t percent);
  bool on_the_dark_side(MemberIndex to, View view, Height height) const;
  void send(Seat seat, MemberIndex to, const Scope& scope, const Message& message);
  bool alter(Seat seat, const Envelope& envelope, MemberIndex to, Message& message);
  bool alter_observation(ObsMessage& obs, bool dark);
  bool announce(Seat seat, Header& header);
  bool alter_proposal(PropMessage& prop, bool dark);
  bool alter_entry(VenterMessage& summary);
  bool alter_proofs(ProofsMessage& proofs);
  void utter(Seat seat, MemberIndex to, const SharedFrame& frame);
  void mutate(Seat seat, MemberIndex to, const Envelope& envelope);
  bool collapse_names(PropMessage& prop);
  void remember_request(const Envelope& envelope);
  void repeat_request(Seat seat, MemberIndex to, View now, Height working);
  void speak_of_elsewhere(Seat seat, MemberIndex to);
  void restore_entries(Seat seat, PropMessage& prop, View view) const;
  void wake_the_stopped();

  World& world_;
  MemberIndex me_;
  std::vector<Fault> habits_;
  std::uint64_t cabal_;
  Chance chance_;
  std::map<std::tuple<std::size_t, MemberIndex, View>, VenterEntry>
      true_entries_;  ///< what others said before my machine was deceived
  std::optional<frost::Commitment> old_commitment_;
  std::vector<SharedFrame> heard_;
  struct Asked {
    View view;
    Height height;
    Bytes payload;
  };
  std::vector<Asked> requests_;  ///< SIGNREQ of any leader
};

}  // namespace assay::threshold::sim
