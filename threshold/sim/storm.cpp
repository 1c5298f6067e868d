#include "threshold/sim/storm.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include "threshold/durable.hpp"
#include "threshold/sim/robbery.hpp"

namespace assay::threshold::sim {

Storm::Storm(World& world, Invariants& invariants, const Plan& plan)
    : world_(world),
      invariants_(invariants),
      plan_(plan),
      chance_(Chance(mix(plan.seed, plan.nodes)).branch("storm")),
      strikes_(chance_.branch("strikes")) {
  for (std::uint16_t i = 0; i < world.members(); ++i) {
    world.seat(i).clock = Clock{plan.drifts[i], plan.skews[i]};
    if (plan.skews[i] != Micros{0}) world.suffer(Fault::clock_skewed, i);
    if (plan.drifts[i] != 0) world.suffer(Fault::clock_drifting, i);
  }
  for (const Plan::Liar& liar : plan.liars) {
    invariants.distrust(liar.member);
    traitors_.push_back(std::make_unique<Traitor>(world, liar, mix(plan.seed, plan.nodes)));
  }
  if (plan.unfit) {
    const Fault fault = plan.unfit->setup == Setup::no_share ? Fault::share_missing : Fault::wrong_settings;
    invariants.distrust(plan.unfit->member);
    world.seat(plan.unfit->member.value).setup = plan.unfit->setup;
    world.suffer(fault, plan.unfit->member.value);
  }
  if (plan.strike_ppm != 0) arm_strikes();
  if (!plan.change) return;
  turnover_.emplace(world, invariants, plan);
  world.add_witness(*turnover_);
}

bool Storm::fair() const {
  return plan_.change && invariants_.chronicle().highest() < plan_.change->storm_from;
}

void Storm::arm_strikes() {
  const auto strike = [this](Seat seat, const Bytes&) {
    if (!raging_ || fair() || !strikes_.ppm(plan_.strike_ppm)) return false;
    world_.suffer(Fault::crashed_at_write, seat);
    world_.at(world_.now() + strikes_.span(millis(5), millis(600)), [this, seat] {
      if (raging_ && !world_.alive(seat)) world_.restart(seat);
    });
    return true;
  };
  world_.strike_before_durable(strike);
  world_.strike_after_durable(strike);
}

void Storm::gust() {
  world_.run_for(chance_.span(millis(5), plan_.gust_max));
  if (!plan_.gusts.empty() && !fair()) blow(plan_.gusts[chance_.below(plan_.gusts.size())]);
  for (const auto& traitor : traitors_) traitor->scheme();
}

/// Only what a plan may draw as a gust; the rest of the faults belongs to links, disks, clocks and liars.
void Storm::blow(Fault fault) {  // NOLINT
  const Seat seat = anyone();
  const Seat other = static_cast<Seat>((seat + 1 + chance_.below(world_.members() - 1U)) % world_.members());
  const MemberIndex a{seat};
  const MemberIndex b{other};
  const auto all = static_cast<std::uint32_t>((std::uint64_t{1} << world_.members()) - 1);
  const Micros while_ = chance_.span(millis(30), millis(1500));
  if (fault >= Fault::log_rolled_back && fault <= Fault::log_foreign) return rob(fault);
  if (fault == Fault::ledger_rolled_back) return roll_back_ledger(seat);
  world_.suffer(fault, seat);
  if (fault == Fault::crashed) return knock_out(seat, millis(1500));
  if (fault == Fault::power_cut) return power_cut();
  if (fault == Fault::paused) {
    return world_.pause(seat, chance_.percent(95) ? chance_.span(millis(10), millis(2'500))
                                                  : chance_.span(millis(2'500), millis(60'000)));
  }
  if (fault == Fault::clock_jumped) return jump(seat);
  if (fault == Fault::link_half_open) return cut_for(bit_of(a), bit_of(b), while_);
  if (fault == Fault::link_reset) return world_.reset(a, b);
  if (fault == Fault::link_slow) return slow_down(seat, other);
  if (fault == Fault::link_cut) {
    cut_for(bit_of(a), bit_of(b), while_);
    return cut_for(bit_of(b), bit_of(a), while_);
  }
  if (fault == Fault::isolated) {
    cut_for(bit_of(a), all, while_);
    if (chance_.percent(70)) cut_for(all, bit_of(a), while_);
    return;
  }
  if (fault == Fault::deaf) return cut_for(all, bit_of(a), 2 * while_);
  if (fault == Fault::mute) return cut_for(bit_of(a), all, 2 * while_);
  if (fault == Fault::partition) {
    const auto side = static_cast<std::uint32_t>(chance_.below(all) + 1);
    cut_for(side, all & ~side, while_);
    if (chance_.percent(70)) cut_for(all & ~side, side, while_);
    return;
  }
  if (fault == Fault::link_clogged) {
    world_.link(a, b).clogged_until = world_.now() + while_;
    return;
  }
  if (fault == Fault::disk_stalled) {
    world_.stall_disk(seat);
    return world_.at(world_.now() + while_, [this, seat] { world_.resume_disk(seat); });
  }
  if (fault == Fault::disk_full) {
    world_.seat(seat).disk.full = true;
    world_.at(world_.now() + while_, [this, seat] {
      world_.seat(seat).disk.full = false;
      if (raging_ && !world_.alive(seat)) world_.restart(seat);
    });
  }
}

void Storm::knock_out(Seat seat, Micros longest) {
  world_.crash(seat);
  world_.at(world_.now() + chance_.span(millis(1), longest), [this, seat] {
    if (raging_ && !world_.alive(seat)) world_.restart(seat);
  });
}

void Storm::power_cut() {
  // Longer than `timely` at times: a locked batch is old by then.
  const Micros dark = chance_.span(millis(1), millis(2000));
  for (Seat seat = 0; seat < world_.seats(); ++seat) {
    world_.crash(seat);
    world_.at(world_.now() + dark + chance_.span(millis(0), millis(100)), [this, seat] {
      if (!world_.alive(seat)) world_.restart(seat);
    });
  }
}

void Storm::cut_for(std::uint32_t from, std::uint32_t to, Micros span) {
  for (const MemberIndex a : members_of(from)) {
    for (const MemberIndex b : members_of(to)) {
      if (a == b) continue;
      world_.cut(a, b);
      world_.at(world_.now() + span, [this, a, b] {
        if (raging_ && world_.link(a, b).cut) world_.join(a, b);
      });
    }
  }
}

void Storm::slow_down(Seat a, Seat b) {
  Link& way = world_.link(MemberIndex{a}, MemberIndex{b});
  way.quality.bytes_per_ms = static_cast<std::uint32_t>(chance_.between(5, 100));
  world_.at(world_.now() + chance_.span(millis(50), millis(1000)), [&way] { way.quality.bytes_per_ms = 0; });
}

void Storm::jump(Seat seat) {
  const Micros by = chance_.percent(70) ? chance_.span(millis(-800), millis(800))
                                        : chance_.span(millis(-3'600'000), millis(3'600'000));
  world_.jump_clock(seat, by);
  world_.at(world_.now() + chance_.span(millis(50), millis(1500)), [this, seat, by] {
    if (raging_) world_.jump_clock(seat, Micros{-by.value});
  });
}

/// Takes a member's log, or a part of it: from now on it counts as one of the f.
void Storm::rob(Fault fault) {
  if (robbed_ >= plan_.robbed_max) return;
  const Seat seat = anyone();
  if (!invariants_.trusted(MemberIndex{seat}) || world_.seat(seat).disk.log.empty()) return;
  ++robbed_;
  invariants_.distrust(MemberIndex{seat});
  world_.suffer(fault, seat);
  world_.crash(seat);
  Disk& disk = world_.seat(seat).disk;
  if (fault == Fault::log_lost && chance_.percent(25)) {
    disk.log.vanish();
  } else if (fault == Fault::log_lost) {
    disk.log.replace_disk();
    if (chance_.percent(60)) disk.ledger.clear();
  } else {
    const Disk& other = world_.seat(static_cast<Seat>((seat + 1U) % world_.members())).disk;
    if (const auto missed = spoil(disk.log, fault, other.log, chance_))
      invariants_.report("log_damage_missed", *missed);
    const bool whole_disk = fault == Fault::log_rolled_back && chance_.percent(40);
    if (whole_disk) disk.ledger.resize(chance_.below(disk.ledger.size() + 1));
  }
  if (chain_tells(seat)) invariants_.expect_silence(MemberIndex{seat});
  world_.restart(seat);
}

/// Whether f+1 trusted members hold several batches with what the member observed in views that its log does not know:
/// of 2f whom it asks at its start one has them, and until it has applied them it must say nothing. Where frames are
/// lost the inputs of a batch may be, and some are then taken without; and ledgers that roll back forget them.
bool Storm::chain_tells(Seat seat) const {
  constexpr std::size_t batches_enough = 3;
  const SeatState& robbed = world_.seat(seat);
  const Committee& committee = world_.committee_of(seat);
  const auto known =
      remember({committee.cfg, robbed.member}, world_.limits_of(seat), robbed.disk.log.records(), Height{0});
  if (!known || plan_.links.loss_ppm != 0 || plan_.has(Fault::ledger_rolled_back)) return false;
  const auto beyond = [&](const Bytes& body) {
    const auto said = open_envelope(committee, body);
    return said && said->sender == robbed.member && (!known->view || said->view > *known->view);
  };
  std::map<Height, std::size_t> holders;
  for (Seat other = 0; other < world_.members(); ++other) {
    if (!invariants_.trusted(MemberIndex{other})) continue;
    for (const auto& batch : world_.seat(other).disk.ledger) {
      if (std::ranges::any_of(batch->observations, beyond)) ++holders[batch->header.height];
    }
  }
  const auto told = [&](const auto& one) { return one.second >= committee.quorum.one_honest(); };
  return static_cast<std::size_t>(std::ranges::count_if(holders, told)) >= batches_enough;
}

/// Its log is whole, so it keeps its word and its vote; what it lacks the others still have, who keep theirs.
void Storm::roll_back_ledger(Seat seat) {
  if (ledgers_robbed_ >= world_.quorum().f() || !invariants_.trusted(MemberIndex{seat})) return;
  ++ledgers_robbed_;
  world_.suffer(Fault::ledger_rolled_back, seat);
  world_.crash(seat);
  auto& ledger = world_.seat(seat).disk.ledger;
  ledger.resize(chance_.below(ledger.size() + 1));
  world_.restart(seat);
}

/// 2f+1 of each committee, or a few more: whoever is of use to a committee that lacks some.
std::vector<Seat> Storm::choose_core() {
  std::vector<Seat> sound;
  for (Seat seat = 0; seat < world_.members(); ++seat) {
    const MemberIndex member{seat};
    if (invariants_.trusted(member) && (!turnover_ || turnover_->sound(member))) sound.push_back(seat);
  }
  for (std::size_t i = sound.size(); i > 1; --i) std::swap(sound[i - 1], sound[chance_.below(i)]);
  std::vector<Seat> core;
  for (const Seat seat : sound) {
    const auto lacks = [&](std::size_t epoch) {
      const auto in = [&](Seat one) { return one < world_.quorum(epoch).n; };
      return in(seat) && std::ranges::count_if(core, in) < world_.quorum(epoch).agree();
    };
    if (lacks(0) || lacks(world_.epochs() - 1)) core.push_back(seat);
  }
  std::sort(core.begin(), core.end());
  return core;
}

/// Liars have no storm of their own: they go on for as long as the run does.
void Storm::scheme_on() {
  world_.at(world_.now() + chance_.span(millis(5), plan_.gust_max), [this] {
    for (const auto& traitor : traitors_) traitor->scheme();
    scheme_on();
  });
}

void Storm::mend(Seat seat) {
  SeatState& state = world_.seat(seat);
  world_.pause(seat, micros(0));
  state.clock.skew = std::clamp(state.clock.skew, millis(-8), millis(8));
  state.disk.quality.slow_ppm = 0;
  state.disk.quality.latency = std::min(state.disk.quality.latency, millis(5));
  state.disk.full = false;
  world_.resume_disk(seat);
}

/// A member that the core can do without: gone, deaf, mute, half cut off from one of the core, or back.
void Storm::leave_broken(Seat seat, const std::vector<Seat>& core) {
  const MemberIndex me{seat};
  const std::uint64_t fate = chance_.below(100);
  if (fate < 35) return world_.crash(seat);
  for (Seat other = 0; other < world_.members() && fate < 65; ++other) {
    if (other == seat) continue;
    if (fate < 50) world_.cut(MemberIndex{other}, me);
    if (fate >= 50) world_.cut(me, MemberIndex{other});
  }
  if (fate < 65) return world_.suffer(fate < 50 ? Fault::deaf : Fault::mute, seat);
  const MemberIndex one{core[chance_.below(core.size())]};
  if (fate >= 80) return;
  world_.suffer(Fault::link_half_open, seat);
  if (chance_.percent(50)) return world_.cut(me, one);
  world_.cut(one, me);
}

std::vector<Seat> Storm::heal() {
  raging_ = false;
  if (turnover_) turnover_->finish(chance_.percent(30) ? Turnover::Wrong::replaced : Turnover::Wrong::stays);
  const std::vector<Seat> core = choose_core();
  const auto beyond = [&](Seat seat) {
    return world_.seat(seat).mouth == nullptr && std::ranges::find(core, seat) == core.end();
  };
  std::uint32_t broken = 0;
  for (Seat seat = 0; seat < world_.members(); ++seat) {
    if (beyond(seat) && chance_.percent(50)) {
      broken |= bit_of(MemberIndex{seat});
    } else {
      mend(seat);
    }
  }
  calm_links(broken);
  for (Seat seat = 0; seat < world_.seats(); ++seat) {
    if (!world_.alive(seat) && !world_.seat(seat).stopped) world_.restart(seat);
  }
  for (std::uint16_t a = 0; a < world_.members(); ++a) {
    for (std::uint16_t b = static_cast<std::uint16_t>(a + 1); b < world_.members(); ++b) {
      world_.join(MemberIndex{a}, MemberIndex{b});
    }
  }
  for (Seat seat = 0; seat < world_.members(); ++seat) {
    if (beyond(seat)) leave_broken(seat, core);
  }
  if (!traitors_.empty()) scheme_on();
  return core;
}

/// But those of `broken`, a bitmap.
void Storm::calm_links(std::uint32_t broken) {
  LinkQuality calm;
  calm.delay = std::min(plan_.links.delay, millis(8));
  calm.jitter = plan_.links.jitter;
  for (std::uint16_t a = 0; a < world_.members(); ++a) {
    for (std::uint16_t b = 0; b < world_.members(); ++b) {
      if ((broken & (bit_of(MemberIndex{a}) | bit_of(MemberIndex{b}))) != 0) continue;
      Link& link = world_.link(MemberIndex{a}, MemberIndex{b});
      link.quality = calm;
      link.clogged_until = MonoTime{0};
    }
  }
}

}  // namespace assay::threshold::sim
