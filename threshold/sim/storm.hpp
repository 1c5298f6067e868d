#pragma once
#include <memory>
#include <vector>

#include "threshold/sim/invariants.hpp"
#include "threshold/sim/plan.hpp"
#include "threshold/sim/traitor.hpp"
#include "threshold/sim/turnover.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold::sim {

/// Carries a plan out: the weather of the links and disks, the liars, then one gust after another; and in the end heals
/// a core of 2f+1 trusted members. Liars scheme on to the end of the run, and of the rest some stay away, some hear
/// nobody or are not heard, with bad links, disks and clocks.
class Storm {
 public:
  Storm(World& world, Invariants& invariants, const Plan& plan);

  void gust();
  /// Until the height from which the plan wants a storm, only liars stir.
  bool fair() const;
  /// Heals; returns the core.
  std::vector<Seat> heal();

 private:
  std::vector<Seat> choose_core();
  void arm_strikes();
  void blow(Fault fault);
  Seat anyone() { return static_cast<Seat>(chance_.below(world_.members())); }
  void knock_out(Seat seat, Micros longest);
  void cut_for(std::uint32_t from, std::uint32_t to, Micros span);
  void power_cut();
  void jump(Seat seat);
  void rob(Fault fault);
  bool chain_tells(Seat seat) const;
  void roll_back_ledger(Seat seat);
  void scheme_on();
  void mend(Seat seat);
  void calm_links(std::uint32_t broken);
  void leave_broken(Seat seat, const std::vector<Seat>& core);
  void slow_down(Seat a, Seat b);

  World& world_;
  Invariants& invariants_;
  const Plan& plan_;
  Chance chance_;
  Chance strikes_;
  bool raging_ = true;
  std::uint16_t robbed_ = 0;
  std::uint16_t ledgers_robbed_ = 0;
  std::vector<std::unique_ptr<Traitor>> traitors_;
  std::optional<Turnover> turnover_;
};

}  // namespace assay::threshold::sim
