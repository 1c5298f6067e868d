#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/threshold/protocol/cluster.hpp"

namespace assay::threshold {
namespace {

TEST(Faults, one_dead_node_of_four_does_not_stop_the_attestation) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{5}, millis(5'000)));
  cluster.kill(2);  // not the leader of view 0
  EXPECT_TRUE(cluster.reach(Height{40}, millis(20'000)));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Faults, a_dead_leader_is_replaced_by_view_change) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{5}, millis(5'000)));
  cluster.kill(0);
  EXPECT_TRUE(cluster.reach(Height{25}, millis(20'000)));
  EXPECT_GE(cluster.status(1).view, View{1});
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Faults, two_dead_leaders_in_a_row_of_seven_are_passed_over) {
  Cluster cluster({.nodes = 7});
  ASSERT_TRUE(cluster.reach(Height{3}, millis(5'000)));
  cluster.kill(0);
  cluster.kill(1);
  EXPECT_TRUE(cluster.reach(Height{15}, millis(30'000)));
  EXPECT_GE(cluster.status(2).view, View{2});
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Faults, two_dead_of_four_attest_nothing_and_one_return_heals_it) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{5}, millis(5'000)));
  cluster.kill(1);
  cluster.kill(3);
  cluster.run_for(millis(100));
  const Height stuck = cluster.highest_tip();
  cluster.run_for(millis(10'000));
  EXPECT_EQ(cluster.highest_tip(), stuck);
  cluster.restart(3);
  EXPECT_TRUE(cluster.reach(Height{stuck.value + 10}, millis(30'000)));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Faults, a_restarted_node_is_silent_within_its_fence_catches_up_and_votes_after_the_rotation) {
  Cluster cluster({.nodes = 4, .rotation_heights = 16});
  ASSERT_TRUE(cluster.reach(Height{18}, millis(20'000)));
  cluster.kill(3);
  ASSERT_TRUE(cluster.reach(Height{22}, millis(20'000)));
  cluster.restart(3);
  const View fence = cluster.status(3).fence;
  EXPECT_EQ(fence, View{1});
  EXPECT_TRUE(cluster.status(3).fenced);
  ASSERT_TRUE(cluster.reach(Height{28}, millis(20'000)));
  EXPECT_TRUE(cluster.status(3).fenced);
  EXPECT_EQ(cluster.votes_above(3, fence), 0U);
  ASSERT_TRUE(cluster.reach(Height{44}, millis(20'000)));
  EXPECT_FALSE(cluster.status(3).fenced);
  EXPECT_GT(cluster.votes_above(3, fence), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Faults, a_node_restarted_in_view_zero_stays_silent_there) {
  Cluster cluster({.nodes = 4, .rotation_heights = 16});
  ASSERT_TRUE(cluster.reach(Height{4}, millis(20'000)));
  cluster.restart(2);
  EXPECT_TRUE(cluster.status(2).fenced);
  ASSERT_TRUE(cluster.reach(Height{14}, millis(20'000)));
  EXPECT_TRUE(cluster.status(2).fenced);
  ASSERT_TRUE(cluster.reach(Height{24}, millis(20'000)));
  EXPECT_FALSE(cluster.status(2).fenced);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Faults, rotation_goes_on_without_the_node_that_would_lead) {
  Cluster cluster({.nodes = 4, .rotation_heights = 8});
  ASSERT_TRUE(cluster.reach(Height{4}, millis(20'000)));
  cluster.kill(1);
  EXPECT_TRUE(cluster.reach(Height{40}, millis(40'000)));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Faults, a_node_cut_off_for_long_catches_up_in_ranges) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{3}, millis(20'000)));
  cluster.isolate(2);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.tip(0) >= Height{150}; }, millis(60'000)));
  EXPECT_LT(cluster.tip(2), Height{8});
  cluster.heal();
  EXPECT_TRUE(cluster.reach(Height{160}, millis(10'000)));
  EXPECT_EQ(cluster.ledger(2)[100].header, cluster.ledger(0)[100].header);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Faults, a_lone_wish_is_harmless) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{3}, millis(20'000)));
  cluster.isolate(2);
  cluster.run_for(millis(1'500));
  const View before = cluster.status(0).view;
  cluster.heal();
  cluster.run_for(millis(1'000));
  ASSERT_LT(cluster.highest_tip(), Height{64});
  EXPECT_EQ(cluster.status(0).view, before);
  EXPECT_EQ(cluster.status(2).view, before);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Faults, a_member_that_was_deaf_for_a_while_lends_no_voice_to_a_liar) {
  Cluster cluster({.nodes = 4, .rotation_heights = 10'000});
  ASSERT_TRUE(cluster.reach(Height{3}, millis(5'000)));
  std::size_t wishes = 0;
  cluster.filter([&](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    wishes += from == 2 && static_cast<MessageType>(frame[32]) == MessageType::wish ? 1U : 0U;
    return to != 2;
  });
  ASSERT_TRUE(cluster.run_until([&] { return wishes > 0; }, millis(2'000)));
  cluster.filter(nullptr);
  ASSERT_TRUE(cluster.reach(Height{cluster.highest_tip().value + 5}, millis(5'000)));
  cluster.distrust(3);
  const Scope scope{MessageType::wish, View{1}, Height{1}, MemberIndex{3}};
  for (int i = 0; i < 20; ++i) {
    for (std::uint16_t to = 0; to < 3; ++to) {
      cluster.inject(3, to, seal(cluster.committee(), cluster.identity(3), scope, {}));
    }
    cluster.run_for(millis(100));
  }
  for (std::uint16_t node = 0; node < 3; ++node) EXPECT_EQ(cluster.status(node).view, View{0});
  EXPECT_EQ(cluster.violation(), "");
}

/// Heights that all live members learn in so many ticks of 50 ms.
std::uint64_t heights_in(std::int64_t ticks, std::uint16_t nodes, const std::set<std::uint16_t>& mute) {
  Cluster cluster({.nodes = nodes});
  EXPECT_TRUE(cluster.reach(Height{3}, millis(5'000)));
  for (const std::uint16_t node : mute) cluster.kill(node);
  const Height before = cluster.lowest_tip();
  cluster.run_for(millis(50 * ticks));
  EXPECT_EQ(cluster.violation(), "");
  return cluster.lowest_tip().value - before.value;
}

TEST(Faults, nine_ticks_of_ten_bring_a_height_while_f_members_are_mute) {
  EXPECT_GE(heights_in(130, 4, {1}), 117U) << "the leader of the second view is one of them";
  EXPECT_GE(heights_in(40, 7, {5, 6}), 36U);
}

TEST(Faults, who_restarts_votes_again_within_a_rotation_and_one_patience) {
  constexpr std::uint32_t rotation = 8;
  for (std::uint64_t phase = 0; phase < rotation; phase += 2) {
    Cluster cluster({.nodes = 4, .rotation_heights = rotation});
    ASSERT_TRUE(cluster.reach(Height{10 + phase}, millis(20'000)));
    cluster.kill(2);
    cluster.run_for(millis(100));
    cluster.restart(2);
    const View fence = cluster.status(2).fence;
    const Micros allowed = millis((rotation + 1) * 50 + 400);
    EXPECT_TRUE(cluster.run_until([&] { return cluster.votes_above(2, fence) > 0; }, allowed)) << "phase " << phase;
    EXPECT_EQ(cluster.violation(), "");
  }
}

TEST(Faults, a_tenth_of_all_frames_lost_slows_but_never_forks) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    Cluster cluster({.nodes = 4, .seed = seed, .loss_ppm = 100'000});
    EXPECT_TRUE(cluster.reach(Height{60}, millis(120'000))) << "seed " << seed;
    EXPECT_EQ(cluster.violation(), "");
  }
}

TEST(Faults, a_partition_without_a_quorum_attests_nothing_and_heals) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{3}, millis(20'000)));
  for (std::uint16_t a = 0; a < 2; ++a) {
    for (std::uint16_t b = 2; b < 4; ++b) cluster.cut(a, b);
  }
  cluster.run_for(millis(100));
  const Height stuck = cluster.highest_tip();
  cluster.run_for(millis(12'000));
  EXPECT_EQ(cluster.highest_tip(), stuck);
  cluster.heal();
  EXPECT_TRUE(cluster.reach(Height{stuck.value + 10}, millis(20'000)));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Faults, storms_of_kills_and_restarts_never_fork) {
  for (const std::uint64_t seed : {11U, 12U, 13U, 14U}) {
    Cluster cluster({.nodes = 4, .seed = seed, .loss_ppm = 20'000, .ledger_lag = millis(3), .rotation_heights = 8});
    std::mt19937_64 random(seed);
    for (int i = 0; i < 40; ++i) {
      cluster.run_for(micros(static_cast<std::int64_t>(random() % 400'000)));
      const auto victim = static_cast<std::uint16_t>(random() % 4);
      if (cluster.alive(victim)) {
        cluster.kill(victim);
      } else {
        cluster.restart(victim);
      }
    }
    for (std::uint16_t node = 0; node < 4; ++node) {
      if (!cluster.alive(node)) cluster.restart(node);
      EXPECT_FALSE(cluster.stopped(node)) << "node " << node;
    }
    const Height before = cluster.highest_tip();
    EXPECT_TRUE(cluster.reach(Height{before.value + 20}, millis(60'000))) << "seed " << seed;
    EXPECT_EQ(cluster.violation(), "");
  }
}

}  // namespace
}  // namespace assay::threshold
