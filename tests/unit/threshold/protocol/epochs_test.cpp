#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/threshold/protocol/cluster.hpp"

namespace assay::threshold {
namespace {

/// The height at which `node`'s chain enters the epoch; 0 when it has not.
Height begin_of(const Cluster& cluster, std::uint16_t node, Epoch epoch) {
  for (const Batch& batch : cluster.ledger(node)) {
    if (batch.header.epoch == epoch) return batch.header.height;
  }
  return Height{0};
}

void stage_all(Cluster& cluster, std::uint16_t nodes) {
  for (std::uint16_t i = 0; i < nodes; ++i) cluster.stage(i);
}

TEST(Epochs, a_feed_is_added_at_one_announced_height_without_a_gap) {
  Cluster cluster({.nodes = 4, .feeds = 2});
  ASSERT_TRUE(cluster.reach(Height{5}, millis(5'000)));
  cluster.add_epoch(4, 3);
  stage_all(cluster, 4);
  ASSERT_TRUE(cluster.reach(Height{100}, millis(60'000)));
  const Height begin = begin_of(cluster, 0, Epoch{1});
  ASSERT_NE(begin, Height{0});
  for (std::uint16_t node = 0; node < 4; ++node) {
    EXPECT_EQ(begin_of(cluster, node, Epoch{1}), begin);
    EXPECT_EQ(cluster.epoch(node), Epoch{1});
    const auto& chain = cluster.ledger(node);
    for (std::size_t i = 0; i < chain.size(); ++i) EXPECT_EQ(chain[i].header.height, Height{i + 1});
  }
  const auto& chain = cluster.ledger(0);
  const Batch& last = chain[begin.value - 2];
  const Batch& first = chain[begin.value - 1];
  EXPECT_EQ(last.header.switch_height, begin);
  EXPECT_EQ(last.header.next_epoch_digest, cluster.committee(1).descent->announced_as);
  EXPECT_EQ(first.header.config_digest, cluster.committee(1).config_digest);
  EXPECT_EQ(first.header.switch_height, Height{0});
  EXPECT_EQ(first.header.feed_count, 3U);
  // A feed that was there goes on from its last price.
  for (const Leaf& old_leaf : last.leaves) {
    const auto same = std::find_if(first.leaves.begin(), first.leaves.end(),
                                   [&](const Leaf& leaf) { return leaf.feed == old_leaf.feed; });
    ASSERT_NE(same, first.leaves.end());
    EXPECT_EQ(same->prev_publish_time, old_leaf.publish_time);
  }
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Epochs, a_feed_that_goes_away_leaves_the_others_as_they_are) {
  Cluster cluster({.nodes = 4, .feeds = 3});
  cluster.add_epoch(4, 1);
  stage_all(cluster, 4);
  ASSERT_TRUE(cluster.reach(Height{98}, millis(60'000)));
  EXPECT_EQ(cluster.ledger(0).back().header.feed_count, 1U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Epochs, four_become_seven_and_those_who_join_have_the_chain_before) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{5}, millis(5'000)));
  cluster.add_epoch(7, 2);
  stage_all(cluster, 4);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.tip(6) >= Height{50}; }, millis(60'000)));
  EXPECT_LE(cluster.tip(0), Height{65}) << "followed, long before it may vote";
  EXPECT_EQ(cluster.live_attested(6), 0U);
  ASSERT_TRUE(cluster.reach(Height{110}, millis(90'000)));
  EXPECT_GT(cluster.live_attested(6), 10U);
  EXPECT_EQ(begin_of(cluster, 6, Epoch{1}), begin_of(cluster, 0, Epoch{1}));
  // The old four alone are fewer than 2f+1 of seven: all three of those who joined are needed to lose two.
  cluster.kill(0);
  cluster.kill(1);
  EXPECT_TRUE(cluster.reach(Height{cluster.highest_tip().value + 10}, millis(60'000)));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Epochs, seven_become_four_and_those_who_leave_stop_at_the_last_height) {
  Cluster cluster({.nodes = 7});
  cluster.add_epoch(4, 2);
  stage_all(cluster, 7);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.tip(0) >= Height{100}; }, millis(60'000)));
  const Height begin = begin_of(cluster, 0, Epoch{1});
  EXPECT_EQ(cluster.ledger(5).back().header.height.value + 1, begin.value);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Epochs, nothing_is_announced_before_2f_plus_1_are_ready) {
  Cluster cluster({.nodes = 4});
  cluster.add_epoch(4, 3);
  cluster.stage(0);
  cluster.stage(1);
  ASSERT_TRUE(cluster.reach(Height{40}, millis(60'000)));
  EXPECT_EQ(cluster.ledger(0).back().header.switch_height, Height{0});
  cluster.stage(2);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.tip(0) >= Height{100}; }, millis(90'000)));
  EXPECT_EQ(cluster.ledger(0).back().header.switch_height, Height{160});
}

TEST(Epochs, a_node_with_the_wrong_file_votes_for_no_announcement_and_ends_with_its_epoch) {
  Cluster cluster({.nodes = 4});
  cluster.add_epoch(4, 3);
  for (std::uint16_t i = 0; i < 3; ++i) cluster.stage(i);
  cluster.stage_wrong(3);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.tip(0) >= Height{105}; }, millis(60'000)));
  const Height begin = begin_of(cluster, 0, Epoch{1});
  ASSERT_NE(begin, Height{0});
  EXPECT_EQ(cluster.tip(3).value + 1, begin.value);
  EXPECT_EQ(cluster.status(3).part, Part::ended);
  EXPECT_GT(cluster.count(Errc::wrong_committee), 0U);
  // It comes back with the right one, from where it stopped.
  cluster.stage(3);
  EXPECT_TRUE(cluster.reach(Height{115}, millis(30'000)));
  EXPECT_EQ(cluster.epoch(3), Epoch{1});
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Epochs, who_was_away_over_the_switch_is_brought_to_the_end_of_its_epoch_and_goes_on) {
  Cluster cluster({.nodes = 4});
  cluster.add_epoch(4, 3);
  stage_all(cluster, 4);
  ASSERT_TRUE(cluster.reach(Height{40}, millis(60'000)));
  cluster.kill(2);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.tip(0) >= Height{105}; }, millis(60'000)));
  cluster.restart(2);
  EXPECT_TRUE(cluster.reach(Height{125}, millis(60'000)));
  EXPECT_EQ(cluster.epoch(2), Epoch{1});
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Epochs, all_restart_around_the_switch_at_every_height_near_it) {
  for (std::uint64_t stop = 94; stop <= 96; ++stop) {
    Cluster cluster({.nodes = 4, .seed = stop, .ledger_lag = millis(30)});
    cluster.add_epoch(4, 3);
    stage_all(cluster, 4);
    ASSERT_TRUE(cluster.run_until([&] { return cluster.highest_tip() >= Height{stop}; }, millis(60'000)));
    for (std::uint16_t i = 0; i < 4; ++i) cluster.kill(i);
    for (std::uint16_t i = 0; i < 4; ++i) cluster.restart(i);
    EXPECT_TRUE(cluster.reach(Height{100}, millis(60'000))) << "stopped at " << stop;
    EXPECT_EQ(begin_of(cluster, 0, Epoch{1}), Height{96});
    EXPECT_EQ(cluster.violation(), "");
  }
}

TEST(Epochs, an_announcement_for_a_distant_height_gets_no_vote) {
  Cluster cluster({.nodes = 4});
  cluster.add_epoch(4, 3);
  stage_all(cluster, 4);
  const Committee& committee = cluster.committee();
  const auto& liar = cluster.identity(0);
  cluster.distrust(0);
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    const auto envelope = open_envelope(committee, frame);
    if (from != 0 || !envelope || envelope->type != MessageType::prop || envelope->height != Height{10}) return true;
    auto message = std::get<PropMessage>(
        decode_payload(MessageType::prop, envelope->payload, Limits{committee.quorum, cluster.feed_count()}).value());
    message.header.next_epoch_digest = cluster.committee(1).descent->announced_as;
    message.header.switch_height = Height{1'000'000};
    frame = seal(committee, liar, {MessageType::prop, envelope->view, envelope->height, MemberIndex{0}},
                 encode_payload(message));
    return true;
  });
  ASSERT_TRUE(cluster.reach(Height{20}, millis(60'000)));
  EXPECT_GE(cluster.status(1).view, View{1});
  EXPECT_EQ(cluster.ledger(1)[9].header.switch_height, Height{0});
}

TEST(Epochs, readiness_that_is_a_lie_costs_one_view_and_no_more) {
  Cluster cluster({.nodes = 4});
  cluster.add_epoch(4, 3);
  cluster.stage(0);
  cluster.stage(1);
  // Member 2 says that it is ready and votes for nothing that announces.
  const Committee& committee = cluster.committee();
  const auto& liar = cluster.identity(2);
  const Bytes lie = seal(committee, liar, {MessageType::ready, View{0}, Height{20}, MemberIndex{2}},
                         encode_payload(ReadyMessage{cluster.committee(1).descent->announced_as}));
  ASSERT_TRUE(cluster.reach(Height{20}, millis(60'000)));
  for (const auto to : std::initializer_list<std::uint16_t>{0, 1, 3}) cluster.inject(2, to, lie);
  ASSERT_TRUE(cluster.reach(Height{60}, millis(60'000)));
  EXPECT_EQ(cluster.ledger(1).back().header.switch_height, Height{0});
  EXPECT_EQ(cluster.status(1).view, View{1});
}

}  // namespace
}  // namespace assay::threshold
