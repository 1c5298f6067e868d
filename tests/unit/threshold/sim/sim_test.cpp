#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "threshold/sim/meanings.hpp"
#include "threshold/sim/run.hpp"
#include "threshold/sim/stand_in.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold::sim {
namespace {

std::string why(const RunReport& report) {
  return report.violation ? report.violation->invariant + ": " + report.violation->detail : std::string();
}

TEST(Sim, the_same_seed_gives_the_same_run_event_by_event) {
  const Keys keys(Quorum{4});
  std::string first;
  const auto collect = [](std::string& into) { return [&into](const std::string& line) { into += line + "\n"; }; };
  const RunReport one = run(keys, draw_plan(12, 4), collect(first));
  std::string second;
  const RunReport two = run(keys, draw_plan(12, 4), collect(second));
  EXPECT_GT(first.size(), 10'000U);
  EXPECT_EQ(first, second);
  EXPECT_EQ(one.trace, two.trace);
  EXPECT_NE(one.trace, run(keys, draw_plan(14, 4)).trace);
}

TEST(Sim, a_run_with_real_FROST_and_one_without_attest_fifty_heights) {
  const Keys keys(Quorum{4});
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Plan plan = draw_plan(seed, 4);
    EXPECT_EQ(plan.scheme != Plan::Scheme::stand_in, seed == 1);
    const RunReport report = run(keys, plan);
    EXPECT_EQ(why(report), "") << plan.text();
    EXPECT_GE(report.heights, heights_min);
  }
}

TEST(Sim, seven_members_under_two_liars_hold) {
  const Keys keys(Quorum{7});
  const RunReport report = run(keys, draw_plan(4, 7));
  EXPECT_EQ(why(report), "");
  EXPECT_GE(report.heights, heights_min);
}

TEST(Sim, half_the_seeds_draw_three_classes_of_faults_and_f_liars_and_one_in_twenty_real_FROST) {
  for (const auto nodes : {std::uint16_t{4}, std::uint16_t{7}, std::uint16_t{31}}) {
    std::size_t frost = 0;
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
      const Plan plan = draw_plan(seed, nodes);
      frost += plan.scheme == Plan::Scheme::stand_in ? 0U : 1U;
      EXPECT_LE(plan.liars.size() + plan.robbed_max + (plan.unfit ? 1U : 0U), (nodes - 1U) / 3U);
      if (seed % 2 == 1) continue;
      EXPECT_EQ(plan.liars.size(), (nodes - 1U) / 3U);
      EXPECT_GE(plan.classes, 3U);
    }
    EXPECT_GE(frost, 10U);
  }
}

TEST(Sim, a_member_whose_ledger_stands_still_stops_at_the_bound_and_goes_on_with_it) {
  const Keys keys(Quorum{4});
  const StandIn signatures(1);
  WorldSettings settings;
  settings.feeds = feed_count_max;  // 64 MiB are few batches
  settings.timing = usual_timing(64);
  World world(keys, signatures, settings);
  constexpr Micros standstill = millis(6'000);
  world.seat(3).disk.quality.ledger_lag = standstill;
  world.begin();
  const Height bound{Limits::unsaved(world.limits().batch())};
  while (world.tip(0) < Height{bound.value + 4} && world.advance(MonoTime{0} + standstill)) {
  }
  ASSERT_GE(world.tip(0), Height{bound.value + 4}) << "it is not missed";
  EXPECT_EQ(world.tip(3), bound);
  EXPECT_GT(world.seat(3).machine->status().target, bound) << "and knows that it is behind";
  while (world.tip(3) == bound && world.advance(MonoTime{0} + 2 * standstill)) {
  }
  EXPECT_GT(world.tip(3), bound) << "its ledger has begun to move";
}

TEST(Sim, every_invariant_that_can_break_says_what_that_means) {
  const std::regex reported("(?:report\\(|Finding\\{)\"([a-z_]+)\"");
  std::size_t names = 0;
  for (const auto& file : std::filesystem::directory_iterator(std::string(ASSAY_SOURCE_DIR) + "/threshold/sim")) {
    std::ostringstream text;
    text << std::ifstream(file.path()).rdbuf();
    const std::string source = text.str();
    for (std::sregex_iterator found(source.begin(), source.end(), reported), end; found != end; ++found, ++names) {
      EXPECT_NE(meaning((*found)[1].str()), "") << (*found)[1].str() << " in " << file.path();
    }
  }
  EXPECT_GT(names, 30U);
  EXPECT_EQ(meaning("no_such_rule"), "");
}

TEST(Sim, a_transcript_tells_of_proposals_votes_locks_and_attestations) {
  const Keys keys(Quorum{4});
  std::string text;
  (void)run(keys, draw_plan(3, 4), [&text](const std::string& line) { text += line + "\n"; });
  for (const char* const word : {"PROP of", "PREP for", "durably holds lock", "SHARE of", "is attested"}) {
    EXPECT_NE(text.find(word), std::string::npos) << word;
  }
}

}  // namespace
}  // namespace assay::threshold::sim
