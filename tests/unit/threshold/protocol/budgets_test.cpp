#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/merkle.hpp"
#include "tests/unit/threshold/protocol/cluster.hpp"
#include "threshold/observations.hpp"

namespace assay::threshold {
namespace {

using testing::IsEmpty;

/// Member 3 asks member 0 for much more than an honest member would.
struct Budgets : testing::Test {
  Bytes say(MessageType type, Height height, const Message& message, std::uint16_t from = 3) const {
    const Scope scope{type, cluster.status(0).view, height, MemberIndex{from}};
    return seal(cluster.committee(), cluster.identity(from), scope, encode_payload(message));
  }
  /// From now on counts what member 0 sends to member 3.
  void count_answers() {
    cluster.filter([this](std::uint16_t from, std::uint16_t to, Bytes& frame) {
      if (from == 0 && to == 3) ++answers[static_cast<MessageType>(frame[32])];
      return true;
    });
  }
  Cluster cluster{{.nodes = 4, .read = millis(250)}};
  std::map<MessageType, std::size_t> answers;
};

TEST_F(Budgets, one_range_is_read_for_a_peer_at_a_time) {
  ASSERT_TRUE(cluster.reach(Height{20}, millis(5'000)));
  for (int round = 0; round < 10; ++round) {
    for (std::uint64_t height = 1; height < 20; ++height) {
      cluster.inject(3, 0, say(MessageType::get, Height{height}, GetMessage{64}));
    }
    cluster.join(0, 3);  // a new link earns nothing
  }
  cluster.run_for(millis(200));
  EXPECT_EQ(cluster.reads(0), 1U);
  cluster.run_for(millis(200));
  cluster.inject(3, 0, say(MessageType::get, Height{20}, GetMessage{64}));
  cluster.run_for(millis(5));
  EXPECT_EQ(cluster.reads(0), 2U) << "the first one is answered";
}

TEST_F(Budgets, the_same_heights_are_read_again_only_after_a_while) {
  Cluster fast({.nodes = 4});
  ASSERT_TRUE(fast.reach(Height{20}, millis(5'000)));
  const Scope scope{MessageType::get, View{0}, Height{7}, MemberIndex{3}};
  const auto frame = seal(fast.committee(), fast.identity(3), scope, encode_payload(GetMessage{1}));
  for (int i = 0; i < 30; ++i) {
    fast.inject(3, 0, frame);
    fast.run_for(millis(3));
  }
  EXPECT_EQ(fast.reads(0), 1U);
  fast.run_for(millis(100));
  fast.inject(3, 0, frame);
  fast.run_for(millis(5));
  EXPECT_EQ(fast.reads(0), 2U);
}

TEST_F(Budgets, the_newest_batch_is_given_to_a_peer_once) {
  ASSERT_TRUE(cluster.reach(Height{3}, millis(5'000)));
  count_answers();
  const auto frame = say(MessageType::get, cluster.tip(0), GetMessage{1});
  for (int i = 0; i < 50; ++i) cluster.inject(3, 0, frame);
  cluster.run_for(millis(5));
  EXPECT_EQ(answers[MessageType::range], 1U);
}

TEST_F(Budgets, bodies_are_given_once_for_a_proposal_and_then_only_after_a_while) {
  PullMessage wanted;
  cluster.filter([&](std::uint16_t, std::uint16_t, Bytes& frame) {
    const auto envelope = open_envelope(cluster.committee(), frame);
    if (envelope->type != MessageType::prop) return envelope->type != MessageType::share;
    const auto message = decode_payload(MessageType::prop, envelope->payload, {Quorum{4}, 2});
    wanted.digests.clear();
    for (const Listed& one : std::get<PropMessage>(*message).observers) wanted.digests.push_back(one.digest);
    return true;
  });
  ASSERT_TRUE(cluster.run_until([&] { return !wanted.digests.empty(); }, millis(1'000)));
  cluster.run_for(millis(10));
  count_answers();
  for (int i = 0; i < 40; ++i) cluster.inject(3, 0, say(MessageType::pull, Height{1}, wanted));
  cluster.run_for(millis(5));
  EXPECT_EQ(answers[MessageType::bodies], 1U);
  cluster.filter([this](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    if (from == 0 && to == 3) ++answers[static_cast<MessageType>(frame[32])];
    return static_cast<MessageType>(frame[32]) != MessageType::share;
  });
  cluster.run_for(millis(100));
  cluster.inject(3, 0, say(MessageType::pull, Height{1}, wanted));
  cluster.run_for(millis(5));
  EXPECT_EQ(answers[MessageType::bodies], 2U);
}

TEST(Inputs, of_a_lock_are_found_by_the_digest_of_their_frame) {
  const LockInputs inputs({Bytes{1, 2}, Bytes{3}});
  ASSERT_NE(inputs.find(merkle_leaf(Bytes{3})), nullptr);
  EXPECT_EQ(**inputs.find(merkle_leaf(Bytes{3})), Bytes{3});
  EXPECT_EQ(inputs.find(merkle_leaf(Bytes{4})), nullptr);
  EXPECT_EQ(inputs.all(), (std::vector<Bytes>{{1, 2}, {3}}));
}

}  // namespace
}  // namespace assay::threshold
