#pragma once
#include "threshold/sim/invariants.hpp"
#include "threshold/sim/plan.hpp"

namespace assay::threshold::sim {

/// Carries out what a plan says of the change of epochs: who holds which file from when on, who joins, and what befalls
/// members near the switch.
class Turnover final : public Witness {
 public:
  /// `world` has the next epoch already; call before it begins.
  Turnover(World& world, Invariants& invariants, const Plan& plan);

  void settled(Seat seat, const threshold::Event& event, const Protocol& machine, Now now) override;
  /// Nothing bad happens any more, and every operator does what is left to do.
  enum class Wrong : std::uint8_t { stays, replaced };
  void finish(Wrong wrong);
  /// May be relied upon in either epoch.
  bool sound(MemberIndex member) const;

 private:
  const Plan::Change& change() const { return *plan_.change; }
  void hand_over(MemberIndex member);
  void reached(Height height);
  void rob();
  void strike();

  World& world_;
  Invariants& invariants_;
  const Plan& plan_;
  Chance chance_;
  Height seen_;
  bool finished_ = false;
  Wrong wrong_ = Wrong::stays;
};

}  // namespace assay::threshold::sim
