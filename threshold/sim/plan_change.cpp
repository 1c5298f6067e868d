#include <algorithm>

#include "threshold/sim/plan.hpp"

namespace assay::threshold::sim {
namespace {

constexpr std::uint16_t size_step = 3;

/// How many more of those below `nodes` may fail.
int spare_of(const Plan& plan, std::uint16_t nodes) {
  const auto liars = std::ranges::count_if(plan.liars, [&](const auto& one) { return one.member.value < nodes; });
  return (nodes - 1) / 3 - static_cast<int>(liars);
}

bool is_liar(const Plan& plan, MemberIndex member) {
  return std::ranges::any_of(plan.liars, [&](const auto& one) { return one.member == member; });
}

/// Of liars at most f of either committee.
void fit_liars(Plan& plan, std::uint16_t nodes, Chance& chance) {
  for (auto one = plan.liars.rbegin(); one != plan.liars.rend() && nodes < plan.nodes; ++one) {
    if (spare_of(plan, nodes) >= 0) break;
    if (one->member.value >= nodes) continue;
    for (std::uint16_t leaver = nodes; leaver < plan.nodes; ++leaver) {
      if (is_liar(plan, MemberIndex{leaver})) continue;
      one->member = MemberIndex{leaver};
      break;
    }
  }
  for (Plan::Liar& liar : plan.liars) {
    if (chance.percent(35)) liar.habits.push_back(Fault::false_ready);
    if (chance.percent(35)) liar.habits.push_back(Fault::false_announcement);
  }
}

/// A member of both committees that is no liar, and no other yet.
std::optional<MemberIndex> somebody(const Plan& plan, std::uint16_t nodes, std::vector<MemberIndex>& taken,
                                    Chance& chance) {
  const MemberIndex one{static_cast<std::uint16_t>(chance.below(std::min(plan.nodes, nodes)))};
  if (is_liar(plan, one) || std::ranges::find(taken, one) != taken.end()) return std::nullopt;
  taken.push_back(one);
  return one;
}

}  // namespace

void draw_change(Plan& plan, Chance chance) {
  Plan::Change change;
  change.nodes = plan.nodes;
  if (chance.percent(30) && plan.nodes > 4) change.nodes = static_cast<std::uint16_t>(plan.nodes - size_step);
  if (chance.percent(40) && plan.nodes < 31) change.nodes = static_cast<std::uint16_t>(plan.nodes + size_step);
  change.feeds = static_cast<std::uint32_t>(chance.between(1, 3));
  change.shares = change.nodes == plan.nodes && chance.percent(60) ? Shares::kept : Shares::renewed;
  fit_liars(plan, change.nodes, chance);
  const std::uint16_t all = std::max(plan.nodes, change.nodes);
  for (std::uint16_t i = 0; i < all; ++i) {
    change.staged_at.push_back(chance.percent(85) ? chance.span(millis(0), millis(1'000))
                                                  : chance.span(millis(1'000), millis(6'000)));
  }
  plan.skews.resize(all);
  plan.drifts.resize(all);
  // Liars, those with a wrong file, without a log or away: of either committee at most f.
  int spare = std::min(spare_of(plan, plan.nodes), spare_of(plan, change.nodes));
  std::vector<MemberIndex> taken;
  change.storm_from = Height{static_cast<std::uint64_t>(chance.between(10, 100))};
  if (spare > 0 && chance.percent(55)) {
    change.mistaken = somebody(plan, change.nodes, taken, chance);
    if (change.mistaken) --spare;
  }
  if (spare > 0 && chance.percent(80)) {
    change.robbed = somebody(plan, change.nodes, taken, chance);
    change.robbed_at = Height{5 + chance.below(std::min<std::uint64_t>(change.storm_from.value, 85))};
    if (change.robbed) --spare;
  }
  if (chance.percent(40)) change.away = somebody(plan, change.nodes, taken, chance);
  if (chance.percent(50)) change.blow = chance.percent(50) ? Fault::crashed : Fault::power_cut;
  change.blow_before = chance.below(4);
  plan.robbed_max = std::min(plan.robbed_max, static_cast<std::uint16_t>(spare));
  plan.change = std::move(change);
}

}  // namespace assay::threshold::sim
