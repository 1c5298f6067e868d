#pragma once
#include <deque>
#include <optional>
#include <string>

#include "threshold/sim/chronicle.hpp"
#include "threshold/sim/epoch_rules.hpp"

namespace assay::threshold::sim {

/// All that must hold in a run, checked as it happens: the rules of each epoch for who is in it, one chain over all.
class Invariants final : public Witness {
 public:
  Invariants(const World& world, Counts& counts);
  /// Call when `world` has got another epoch; whoever is distrusted in that one too is told after this.
  void learn_epochs();

  /// Byzantine: whatever it says is no violation, in any epoch.
  void distrust(MemberIndex member);
  /// Robbed of its log: the same until it moves to the next epoch.
  void distrust_for_now(MemberIndex member) { rules_of(member.value).distrust(member); }
  /// Others hear in its name what it never said: it may be taken for a liar, but what it says itself is checked.
  void frame(MemberIndex member);
  bool framed(MemberIndex member) const;
  /// In every epoch.
  bool trusted(MemberIndex member) const;
  /// Its log lost records that it has spoken on: it must not vote again in its epoch.
  void expect_silence(MemberIndex member) { rules_of(member.value).expect_silence(member); }
  void report(std::string invariant, std::string detail) { chronicle_.report(std::move(invariant), std::move(detail)); }

  const std::optional<Violation>& violation() const { return chronicle_.violation(); }
  const Chronicle& chronicle() const { return chronicle_; }

  void started(Seat seat, const Start& start) override;
  void ended(Seat seat, std::optional<Error> why) override;
  void does(Seat seat, const Effect& effect) override;
  void durable(Seat seat, const Bytes& record) override;
  void settled(Seat seat, const threshold::Event& event, const Protocol& machine, Now now) override;
  void lies(MemberIndex from, MemberIndex to, const Bytes& frame) override;

 private:
  EpochRules& rules_of(Seat seat) { return rules_[world_.seat(seat).epoch]; }
  void switched(std::size_t epoch);

  const World& world_;
  Counts& counts_;
  Chronicle chronicle_;
  std::deque<EpochRules> rules_;
  std::size_t newest_ = 0;  ///< epoch that has begun
  std::set<MemberIndex> readmitted_;
};

}  // namespace assay::threshold::sim
