#include "threshold/sim/turnover.hpp"

#include <algorithm>

namespace assay::threshold::sim {
namespace {

constexpr std::uint64_t away_before = 10;
constexpr std::uint64_t away_after = 6;

}  // namespace

Turnover::Turnover(World& world, Invariants& invariants, const Plan& plan)
    : world_(world), invariants_(invariants), plan_(plan), chance_(Chance(mix(plan.seed, plan.nodes)).branch("turn")) {
  for (std::uint16_t i = 0; i < world.members(); ++i) {
    world.at(world.now() + change().staged_at[i], [this, i] { hand_over(MemberIndex{i}); });
  }
}

/// To both machines of a twin, too.
void Turnover::hand_over(MemberIndex member) {
  const auto liar = std::ranges::find(plan_.liars, member, &Plan::Liar::member);
  const bool only_says_so =
      liar != plan_.liars.end() && std::ranges::find(liar->habits, Fault::false_ready) != liar->habits.end();
  const bool wrong = change().mistaken == member && wrong_ == Wrong::stays;
  if (wrong) world_.suffer(Fault::wrong_file, member.value);
  for (Seat seat = 0; seat < world_.seats(); ++seat) {
    if (world_.seat(seat).member != member) continue;
    const bool joins = seat < world_.members() && member.value >= plan_.nodes;
    if (joins && !world_.alive(seat)) world_.restart(seat);
    if (world_.seat(seat).epoch > 0 || only_says_so) continue;
    world_.stage(seat, wrong ? File::wrong : File::right);
  }
}

bool Turnover::sound(MemberIndex member) const {
  return change().robbed != member && (change().mistaken != member || wrong_ == Wrong::replaced);
}

void Turnover::settled(Seat, const threshold::Event&, const Protocol&, Now) {
  const Height highest = invariants_.chronicle().highest();
  if (finished_ || highest <= seen_) return;
  for (Height height = next(seen_); height <= highest; height = next(height)) {
    world_.at(world_.now(), [this, height] { reached(height); });
  }
  seen_ = highest;
}

void Turnover::reached(Height height) {
  if (finished_) return;
  if (change().robbed && height == change().robbed_at) rob();
  const std::uint64_t begin = invariants_.chronicle().span_of(0).second.value;
  if (change().away && height.value + away_before == begin) world_.crash(change().away->value);
  if (change().away && height.value == begin + away_after && !world_.alive(change().away->value)) {
    world_.restart(change().away->value);
  }
  if (change().blow && height.value + change().blow_before == begin) strike();
}

void Turnover::rob() {
  const Seat seat = change().robbed->value;
  if (world_.seat(seat).epoch > 0) return;
  invariants_.distrust_for_now(MemberIndex{seat});
  world_.suffer(Fault::log_lost, seat);
  world_.crash(seat);
  world_.seat(seat).disk.log.replace_disk();
  world_.restart(seat);
  world_.at(world_.now() + chance_.span(millis(50), millis(800)), [this, seat] {
    if (world_.seat(seat).epoch == 0) world_.move_on(seat);
  });
}

void Turnover::strike() {
  world_.suffer(*change().blow, 0);
  const bool all = *change().blow == Fault::power_cut;
  const auto one = static_cast<Seat>(chance_.below(world_.members()));
  for (Seat seat = 0; seat < world_.seats(); ++seat) {
    if (!world_.alive(seat) || (!all && seat != one)) continue;
    world_.crash(seat);
    world_.at(world_.now() + chance_.span(millis(1), millis(600)), [this, seat] {
      if (!world_.alive(seat)) world_.restart(seat);
    });
  }
}

void Turnover::finish(Wrong wrong) {
  finished_ = true;
  wrong_ = wrong;
  for (std::uint16_t i = 0; i < world_.members(); ++i) {
    if (MemberIndex{i} != change().mistaken || wrong == Wrong::replaced) hand_over(MemberIndex{i});
  }
}

}  // namespace assay::threshold::sim
