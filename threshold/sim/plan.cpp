#include "threshold/sim/plan.hpp"

#include <algorithm>

namespace assay::threshold::sim {
namespace {

constexpr Fault habits[] = {Fault::silent,
                            Fault::selective,
                            Fault::twin,
                            Fault::false_observation,
                            Fault::equivocal_proposal,
                            Fault::equivocal_vote,
                            Fault::lying_aggregate,
                            Fault::bad_share,
                            Fault::withheld_share,
                            Fault::nonce_game,
                            Fault::hidden_lock,
                            Fault::withheld_body,
                            Fault::forged_lock,
                            Fault::stripped_new_view,
                            Fault::far_wish,
                            Fault::flood,
                            Fault::garbage,
                            Fault::mutation,
                            Fault::bogus_history,
                            Fault::collapsed_names,
                            Fault::slow_leader,
                            Fault::old_request,
                            Fault::foreign_cfg};

/// Some of `from`, at least one.
template <std::size_t size>
std::vector<Fault> some_of(const Fault (&from)[size], std::uint32_t percent, Chance& chance) {
  std::vector<Fault> chosen;
  for (const Fault one : from) {
    if (chance.percent(percent)) chosen.push_back(one);
  }
  if (chosen.empty()) chosen.push_back(from[chance.below(size)]);
  return chosen;
}

void add(std::vector<Fault>& all, const std::vector<Fault>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

void draw_network(Plan& plan, Chance chance) {
  LinkQuality& links = plan.links;
  if (chance.percent(50)) links.loss_ppm = static_cast<std::uint32_t>(chance.below(80'000));
  if (chance.percent(30)) links.double_ppm = static_cast<std::uint32_t>(chance.below(100'000));
  if (chance.percent(40)) links.late_ppm = static_cast<std::uint32_t>(chance.below(30'000));
  if (chance.percent(30)) links.replay_ppm = static_cast<std::uint32_t>(chance.below(20'000));
  links.in_order = chance.percent(60);
  constexpr Fault all[] = {Fault::link_cut,   Fault::link_half_open, Fault::link_clogged,
                           Fault::link_reset, Fault::link_slow,      Fault::partition,
                           Fault::isolated,   Fault::deaf,           Fault::mute};
  add(plan.gusts, some_of(all, 35, chance));
}

void draw_disk(Plan& plan, Chance chance, std::uint16_t spare) {
  plan.disks.latency = chance.span(micros(50), millis(15));
  if (chance.percent(50)) plan.disks.slow_ppm = static_cast<std::uint32_t>(chance.below(60'000));
  if (chance.percent(40)) plan.disks.ledger_lag = chance.span(micros(0), millis(300));
  if (chance.percent(60)) plan.disks.log.compact_at_bytes = static_cast<std::size_t>(chance.between(2'000, 60'000));
  constexpr Fault all[] = {Fault::disk_stalled, Fault::disk_full, Fault::ledger_rolled_back};
  add(plan.gusts, some_of(all, 40, chance));
  if (spare == 0 || !chance.percent(60)) return;
  constexpr Fault robberies[] = {Fault::log_rolled_back, Fault::log_lost,        Fault::log_corrupt,
                                 Fault::log_stale,       Fault::log_misdirected, Fault::log_foreign};
  add(plan.gusts, some_of(robberies, 40, chance));
  plan.robbed_max = spare;
}

void draw_clocks(Plan& plan, Chance chance) {
  for (std::uint16_t i = 0; i < plan.nodes; ++i) {
    plan.skews[i] = chance.percent(70) ? chance.span(millis(-10), millis(10)) : chance.span(millis(-300), millis(300));
    plan.drifts[i] = chance.between(-200, 200);
  }
  if (chance.percent(60)) plan.gusts.push_back(Fault::clock_jumped);
}

void draw_operations(Plan& plan, Chance chance) {
  constexpr Fault all[] = {Fault::crashed, Fault::power_cut, Fault::paused};
  add(plan.gusts, some_of(all, 50, chance));
  if (chance.percent(50)) plan.strike_ppm = static_cast<std::uint32_t>(chance.between(2'000, 30'000));
}

void draw_liars(Plan& plan, Chance chance, std::uint16_t count) {
  std::vector<std::uint16_t> members;
  for (std::uint16_t i = 0; i < plan.nodes; ++i) members.push_back(i);
  for (std::uint16_t i = 0; i < count; ++i) {
    std::swap(members[i], members[i + chance.below(members.size() - i)]);
    plan.liars.push_back({MemberIndex{members[i]}, some_of(habits, 18, chance)});
  }
}

/// Somebody who is no liar, where one more may fail.
void draw_unfit(Plan& plan, Chance chance) {
  const auto f = static_cast<std::size_t>((plan.nodes - 1) / 3);
  if (plan.change || plan.liars.size() >= f || !chance.percent(15)) return;
  const MemberIndex one{static_cast<std::uint16_t>(chance.below(plan.nodes))};
  if (std::ranges::find(plan.liars, one, &Plan::Liar::member) != plan.liars.end()) return;
  plan.unfit = {one, chance.percent(70) ? Setup::other_settings : Setup::no_share};
  plan.robbed_max = std::min(plan.robbed_max, static_cast<std::uint16_t>(f - plan.liars.size() - 1));
}

std::string text_of(const Plan::Change& change) {
  std::string out = "then " + std::to_string(change.nodes) + " nodes, " + std::to_string(change.feeds) + " feeds, " +
                    (change.shares == Shares::kept ? "the same shares" : "new shares") + ", storm from height " +
                    std::to_string(change.storm_from.value);
  if (change.mistaken) out += ", member " + std::to_string(change.mistaken->value) + " with a wrong file";
  if (change.robbed) {
    out += ", member " + std::to_string(change.robbed->value) + " loses its log at height " +
           std::to_string(change.robbed_at.value);
  }
  if (change.away) out += ", member " + std::to_string(change.away->value) + " away over the switch";
  if (change.blow) out.append(", ").append(name(*change.blow)) += " " + std::to_string(change.blow_before) + " before";
  return out;
}

}  // namespace

bool Plan::has(Fault gust) const {
  return std::find(gusts.begin(), gusts.end(), gust) != gusts.end();
}

Plan draw_plan(std::uint64_t seed, std::uint16_t nodes) {
  Plan plan;
  plan.seed = seed;
  plan.nodes = nodes;
  const Chance root(mix(seed, nodes));
  Chance chance = root.branch("plan");
  if (seed % 18 == 1) plan.scheme = seed % 54 == 1 ? Plan::Scheme::all : Plan::Scheme::frost;
  plan.feeds = static_cast<std::uint32_t>(chance.between(1, 3));
  plan.rotation_heights = static_cast<std::uint32_t>(chance.percent(50) ? 64 : chance.between(4, 40));
  plan.links.delay = chance.span(micros(100), millis(8));
  plan.links.jitter = chance.span(micros(0), millis(6));
  plan.disks.latency = chance.span(micros(50), millis(3));
  plan.storm = chance.span(millis(1'000), millis(3'000));
  plan.gust_max = chance.span(millis(40), millis(400));
  plan.skews.resize(nodes);
  plan.drifts.resize(nodes);
  const auto f = static_cast<std::uint16_t>((nodes - 1) / 3);
  const bool heavy = seed % 2 == 0;
  // Which of network, disk, clock, operations are on.
  std::uint32_t on = static_cast<std::uint32_t>(chance.below(16));
  if (heavy) on = 15U & ~(chance.percent(60) ? 1U << chance.below(4) : 0U);
  const auto liars = heavy ? f : static_cast<std::uint16_t>(chance.percent(50) ? 0 : chance.below(f + 1U));
  if (liars > 0) draw_liars(plan, root.branch("liars"), liars);
  if ((on & 1U) != 0) draw_network(plan, root.branch("network"));
  if ((on & 2U) != 0) draw_disk(plan, root.branch("disks"), static_cast<std::uint16_t>(f - liars));
  if ((on & 4U) != 0) draw_clocks(plan, root.branch("clocks"));
  if ((on & 8U) != 0) draw_operations(plan, root.branch("operations"));
  if (seed % 7 == 5) draw_change(plan, root.branch("change"));
  draw_unfit(plan, root.branch("unfit"));
  plan.classes = static_cast<std::uint32_t>(__builtin_popcount(on)) + (liars > 0 ? 1U : 0U);
  return plan;
}

std::string Plan::text() const {
  std::string out = "seed " + std::to_string(seed) + ", " + std::to_string(nodes) + " nodes, " +
                    (scheme == Scheme::stand_in ? "stand-in"
                     : scheme == Scheme::frost  ? "FROST"
                                                : "FROST, Ed25519") +
                    ", " + std::to_string(feeds) + " feeds, rotation " + std::to_string(rotation_heights) + ", delay " +
                    std::to_string(links.delay.value) + "+" + std::to_string(links.jitter.value) + " us" +
                    (links.in_order ? "" : ", unordered") + ", disk " + std::to_string(disks.latency.value) +
                    " us, loss " + std::to_string(links.loss_ppm) + " ppm, late " + std::to_string(links.late_ppm) +
                    " ppm, crash at write " + std::to_string(strike_ppm) + " ppm, storm " +
                    std::to_string(storm.value / 1000) + " ms of";
  for (const Fault gust : gusts) out.append(" ").append(name(gust));
  if (unfit) {
    out += "; member " + std::to_string(unfit->member.value);
    out += unfit->setup == Setup::no_share ? " without a key share" : " with other settings";
  }
  for (const Liar& liar : liars) {
    out += "; member " + std::to_string(liar.member.value) + " Byzantine:";
    for (const Fault habit : liar.habits) out.append(" ").append(name(habit));
  }
  if (change) out += "; " + text_of(*change);
  return out;
}

}  // namespace assay::threshold::sim
