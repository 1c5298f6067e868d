#include "threshold/sim/run.hpp"

#include <algorithm>

#include "threshold/sim/burdens.hpp"
#include "threshold/sim/stand_in.hpp"
#include "threshold/sim/storm.hpp"

namespace assay::threshold::sim {
namespace {

constexpr std::uint64_t heights_after_storm = 12;
constexpr std::uint64_t behind_max = 100;    ///< a member of the core that is further behind is lost
constexpr Micros fair_max = millis(10'000);  ///< for the heights before a storm

/// Heights by seat, and the fingerprint of all that was done.
class Ledger final : public Witness {
 public:
  Ledger(const World& world, Counts& counts) : world_(world), counts_(counts), tips_(64) {}

  void does(Seat seat, const Effect& effect) override {
    trace = mix(mix(trace, effect.index() << 16U | seat), static_cast<std::uint64_t>(world_.now().value));
    if (const auto* one = std::get_if<Broadcast>(&effect)) trace = fingerprint(*one->frame, trace);
    if (const auto* one = std::get_if<Send>(&effect)) trace = fingerprint(*one->frame, mix(trace, one->to.value));
    if (const auto* one = std::get_if<Persist>(&effect)) trace = fingerprint(one->record, trace);
    const auto* one = std::get_if<Attested>(&effect);
    if (one == nullptr) return;
    tips_[seat] = one->batch->header.height;
    if (tips_[seat] <= highest) return;
    highest = tips_[seat];
    moved = world_.now();
  }
  void started(Seat seat, const Start& start) override { tips_[seat] = start.status.tip; }
  void suffers(Fault fault, Seat) override { counts_.add(fault); }

  Height tip(Seat seat) const { return tips_[seat]; }
  /// Of those who are still members.
  Height lowest(const std::vector<Seat>& seats) const {
    Height low{UINT64_MAX};
    for (const Seat seat : seats) {
      if (!world_.seat(seat).left) low = std::min(low, tips_[seat]);
    }
    return low;
  }

  Height highest{0};
  MonoTime moved{0};  ///< when `highest` last grew
  std::uint64_t trace = 0;

 private:
  const World& world_;
  Counts& counts_;
  std::vector<Height> tips_;
};

WorldSettings settings_of(const Plan& plan) {
  WorldSettings settings;
  settings.seed = mix(plan.seed, plan.nodes);
  settings.feeds = plan.feeds;
  settings.timing = usual_timing(plan.rotation_heights);
  settings.links = plan.links;
  settings.disks = plan.disks;
  return settings;
}

}  // namespace

Micros progress_bound(Quorum quorum, const Timing& timing) {
  const Micros sessions = quorum.one_honest() * (timing.retry + 2 * timing.delay_max) + 2 * timing.delay_max;
  return (quorum.f() + 3) * (timing.timeout_max + sessions + 2 * timing.resend);
}

RunReport run(const Keys& keys, const Plan& plan, const Transcript::Line& tell) {
  RunReport report{plan.seed, plan.nodes, 0, {}, {}, 0};
  const StandIn stand_in(mix(plan.seed, 0x5EC));
  const FrostAlone frost(mix(plan.seed, 0x5EC), keys.first.group.group_key);
  const Signatures& signatures = plan.scheme == Plan::Scheme::all     ? Signatures::ed25519()
                                 : plan.scheme == Plan::Scheme::frost ? static_cast<const Signatures&>(frost)
                                                                      : stand_in;
  World world(keys, signatures, settings_of(plan));
  if (plan.change) world.add_epoch(Quorum{plan.change->nodes}, plan.change->feeds, plan.change->shares);
  Invariants invariants(world, report.counts);
  Ledger ledger(world, report.counts);
  Burdens burdens(world, invariants);
  world.add_witness(invariants);
  world.add_witness(burdens);
  world.add_witness(ledger);
  Transcript transcript(world, Transcript::Detail::everything, tell);
  if (tell) world.add_witness(transcript);
  Storm storm(world, invariants, plan);
  world.begin();
  const MonoTime fair_end = world.now() + fair_max;
  MonoTime storm_end = world.now() + plan.storm;
  while (world.now() < storm_end && !invariants.violation()) {
    storm.gust();
    if (storm.fair() && world.now() < fair_end) storm_end = world.now() + plan.storm;
  }
  const std::vector<Seat> core = storm.heal();
  Height target{std::max(heights_min, ledger.highest.value + heights_after_storm)};
  const Micros bound = progress_bound(world.quorum(world.epochs() - 1), world.settings().timing);
  ledger.moved = world.now();
  std::uint64_t events = 0;
  while (!invariants.violation() && ledger.lowest(core) < target) {
    // Once an epoch is announced, the run goes on into it.
    const Height end = invariants.chronicle().span_of(0).second;
    if (end != Height{UINT64_MAX}) target = std::max(target, Height{end.value + heights_after_storm});
    const bool left_behind = ledger.highest.value > target.value + behind_max;
    if (left_behind || !world.advance(ledger.moved + bound)) {
      invariants.report("liveness", "no height after " + std::to_string(ledger.highest.value) + " within " +
                                        std::to_string(bound.value / 1000) + " ms, the core's lowest at " +
                                        std::to_string(ledger.lowest(core).value));
    }
    ++events;
  }
  report.heights = ledger.highest.value;
  report.violation = invariants.violation();
  if (report.violation) {
    const auto& [invariant, detail, at] = *report.violation;
    transcript.remark("broke at " + Transcript::clock(at) + ": " + invariant + ": " + detail);
  }
  report.trace = mix(ledger.trace, events);
  return report;
}

}  // namespace assay::threshold::sim
