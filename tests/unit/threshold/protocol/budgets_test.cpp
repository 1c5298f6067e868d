#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/merkle.hpp"
#include "tests/unit/threshold/protocol/cluster.hpp"
#include "threshold/observations.hpp"

namespace assay::threshold {
namespace {

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

TEST_F(Budgets, hello_and_ask_view_are_answered_once_in_a_while) {
  cluster.kill(0);
  ASSERT_TRUE(cluster.reach(Height{5}, millis(10'000)));  // in view 1, which a PROP opened
  cluster.filter([this](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    const auto envelope = open_envelope(cluster.committee(), frame);
    const auto* type = &envelope->type;
    const bool opening = *type == MessageType::prop && envelope->height == Height{1};
    if (from == 1 && to == 3 && (opening || *type == MessageType::echo)) ++answers[*type];
    return true;
  });
  const View view = cluster.status(1).view;
  for (int i = 0; i < 20; ++i) {
    for (const Message& message : {Message{HelloMessage{}}, Message{AskView{}}}) {
      const auto type = static_cast<MessageType>(message.index() + 1);
      const Scope scope{type, view, Height{6}, MemberIndex{3}};
      cluster.inject(3, 1, seal(cluster.committee(), cluster.identity(3), scope, encode_payload(message)));
    }
  }
  cluster.run_for(millis(5));
  EXPECT_EQ(answers[MessageType::echo], 1U);
  EXPECT_EQ(answers[MessageType::prop], 1U);
}

TEST_F(Budgets, a_refused_signing_request_closes_its_attempt) {
  cluster.distrust(0);
  std::size_t refused = 0;
  cluster.filter([&](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    const auto type = static_cast<MessageType>(frame[32]);
    if (type == MessageType::share || type == MessageType::att) return false;
    if (from != 0 || type != MessageType::sign_request) return true;
    const auto envelope = open_envelope(cluster.committee(), frame);
    auto message = decode_payload(type, envelope->payload, {Quorum{4}, 2});
    std::get<SignRequest>(*message).signers.back().signature.bytes[3] ^= 1;
    const Scope scope{type, envelope->view, envelope->height, MemberIndex{0}};
    frame = seal(cluster.committee(), cluster.identity(0), scope, encode_payload(*message));
    for (int i = 0; i < 20; ++i) cluster.inject(0, to, frame);
    ++refused;
    return true;
  });
  ASSERT_TRUE(cluster.run_until([&] { return refused == 3; }, millis(2'000)));
  cluster.run_for(millis(5));
  EXPECT_EQ(cluster.notes_about(Errc::bad_signer_set, 0), 3U) << "one at each of the other members";
}

TEST_F(Budgets, what_no_honest_member_sends_ends_its_link) {
  ASSERT_TRUE(cluster.reach(Height{3}, millis(5'000)));
  EXPECT_EQ(cluster.disconnects(3), 0U);
  const auto wish = say(MessageType::wish, Height{4}, WishMessage{});
  std::vector<Bytes> proofs(4, wish);
  proofs[0][60] ^= 1;     // the signature
  proofs[1].resize(100);  // no whole envelope
  proofs[2].resize(frame_bytes_max(cluster.committee().quorum, 2) + 1);
  const Scope get{MessageType::get, View{0}, Height{4}, MemberIndex{3}};
  proofs[3] = seal(cluster.committee(), cluster.identity(3), get, Bytes{1, 2, 3});  // signed, and no GET
  std::size_t expected = 0;
  for (const Bytes& frame : proofs) {
    cluster.inject(3, 0, frame);
    cluster.run_for(millis(5));
    EXPECT_EQ(cluster.disconnects(3), ++expected);
  }
  cluster.inject(3, 0, say(MessageType::wish, Height{4}, WishMessage{}, 2));  // of another sender
  cluster.run_for(millis(5));
  EXPECT_EQ(cluster.disconnects(3), ++expected);
  auto elsewhere = wish;
  elsewhere[0] ^= 1;  // another committee's
  cluster.inject(3, 0, elsewhere);
  cluster.run_for(millis(5));
  EXPECT_EQ(cluster.disconnects(3), expected);
  for (std::uint16_t honest = 0; honest < 3; ++honest) EXPECT_EQ(cluster.disconnects(honest), 0U);
}

TEST_F(Budgets, only_what_decodes_is_told_to_a_member_that_restarts) {
  ASSERT_TRUE(cluster.reach(Height{3}, millis(5'000)));
  const Scope far{MessageType::share, View{7}, Height{99}, MemberIndex{3}};
  for (std::uint16_t to = 0; to < 3; ++to) {
    cluster.inject(3, to, seal(cluster.committee(), cluster.identity(3), far, Bytes(200, 1)));
  }
  cluster.run_for(millis(5));
  cluster.restart(3);
  cluster.run_for(millis(200));
  EXPECT_FALSE(cluster.stopped(3));
}

TEST(Proofs, are_sent_again_only_to_a_leader_that_asks) {
  Cluster cluster({.nodes = 4, .jitter = micros(0)});  // frames in order, as on a link
  cluster.kill(0);
  std::map<std::uint16_t, std::size_t> proofs;
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    const auto type = static_cast<MessageType>(frame[32]);
    if (type == MessageType::proofs && cluster.status(from).view == View{1}) ++proofs[from];
    return type != MessageType::prop;  // the view never opens
  });
  ASSERT_TRUE(cluster.run_until([&] { return proofs.size() == 2; }, millis(3'000)));
  cluster.run_for(millis(350));
  EXPECT_THAT(proofs, testing::ElementsAre(testing::Pair(2, 1U), testing::Pair(3, 1U)));
}

TEST_F(Budgets, a_leader_asks_for_the_proofs_that_it_misses) {
  cluster.kill(0);
  std::set<std::uint16_t> lost;
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    return static_cast<MessageType>(frame[32]) != MessageType::proofs || !lost.insert(from).second;
  });
  EXPECT_TRUE(cluster.reach(Height{4}, millis(3'000)));
  EXPECT_EQ(lost.size(), 2U);
  EXPECT_EQ(cluster.status(1).view, View{1});
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Inputs, of_a_lock_are_found_by_the_digest_of_their_frame) {
  const LockInputs inputs(std::vector<Bytes>{{1, 2}, {3}});
  ASSERT_NE(inputs.find(merkle_leaf(Bytes{3})), nullptr);
  EXPECT_EQ(*inputs.find(merkle_leaf(Bytes{3})), Bytes{3});
  EXPECT_EQ(inputs.find(merkle_leaf(Bytes{4})), nullptr);
  EXPECT_TRUE(inputs.complete());
}

TEST(Inputs, known_by_name_only_are_missing_until_each_has_come) {
  const Digest one = merkle_leaf(Bytes{1, 2});
  const Digest two = merkle_leaf(Bytes{3});
  LockInputs inputs = LockInputs::named({one, two});
  EXPECT_EQ(inputs.missing(), (std::vector{one, two}));
  inputs.supply(two, std::make_shared<const Bytes>(Bytes{3}));
  inputs.supply(merkle_leaf(Bytes{4}), std::make_shared<const Bytes>(Bytes{4}));
  EXPECT_EQ(inputs.missing(), std::vector{one});
  EXPECT_FALSE(inputs.complete());
  inputs.supply(one, std::make_shared<const Bytes>(Bytes{1, 2}));
  EXPECT_TRUE(inputs.complete());
  EXPECT_EQ(inputs.names(), (std::vector{one, two}));
}

}  // namespace
}  // namespace assay::threshold
