#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/threshold/protocol/cluster.hpp"
#include "threshold/signing.hpp"

namespace assay::threshold {
namespace {

struct Refusals : testing::Test {
  /// `liar` changes what it proposes.
  template <class Twist>
  void twist_proposals(std::uint16_t liar, Twist twist) {
    cluster.distrust(liar);
    cluster.filter([this, liar, twist](std::uint16_t from, std::uint16_t, Bytes& frame) {
      if (from != liar || static_cast<MessageType>(frame[32]) != MessageType::prop) return true;
      const auto envelope = open_envelope(cluster.committee(), frame);
      auto message = decode_payload(MessageType::prop, envelope->payload, {Quorum{4}, 2});
      twist(std::get<PropMessage>(*message));
      frame = seal(cluster.committee(), cluster.identity(liar),
                   {MessageType::prop, envelope->view, envelope->height, MemberIndex{liar}}, encode_payload(*message));
      return true;
    });
  }
  void expect_refused_and_replaced(Errc code, std::uint16_t liar) {
    EXPECT_TRUE(cluster.reach(Height{3}, millis(20'000)));
    EXPECT_GT(cluster.notes_about(code, liar), 0U);
    EXPECT_GE(cluster.status(2).view, View{liar + 1U});
    EXPECT_EQ(cluster.violation(), "");
  }
  Cluster cluster{{.nodes = 4}};
};

TEST_F(Refusals, a_proposal_over_another_tip) {
  twist_proposals(0, [](PropMessage& m) { m.header.prev_header_hash.bytes[0] ^= 1; });
  expect_refused_and_replaced(Errc::wrong_tip, 0);
}

TEST_F(Refusals, a_proposal_with_another_history) {
  twist_proposals(0, [](PropMessage& m) { m.header.history_root.bytes[0] ^= 1; });
  expect_refused_and_replaced(Errc::bad_proof, 0);
}

TEST_F(Refusals, a_proposal_of_another_configuration) {
  twist_proposals(0, [](PropMessage& m) { m.header.config_digest.bytes[0] ^= 1; });
  expect_refused_and_replaced(Errc::wrong_committee, 0);
}

TEST_F(Refusals, a_proposal_that_announces_an_unknown_epoch) {
  twist_proposals(0, [](PropMessage& m) {
    m.header.next_epoch_digest.bytes[0] = 1;
    m.header.switch_height = Height{1000};
  });
  expect_refused_and_replaced(Errc::wrong_committee, 0);
}

TEST_F(Refusals, a_proposal_with_a_header_time_of_its_own) {
  twist_proposals(0, [](PropMessage& m) { m.header.time.value += 1; });
  expect_refused_and_replaced(Errc::wrong_aggregate, 0);
}

TEST_F(Refusals, a_list_that_does_not_lead_to_the_inputs) {
  twist_proposals(0, [](PropMessage& m) { m.observers[0].digest.bytes[0] ^= 1; });
  expect_refused_and_replaced(Errc::wrong_aggregate, 0);
}

TEST_F(Refusals, signers_beyond_the_listed_observers) {
  cluster.kill(3);
  twist_proposals(0, [](PropMessage& m) { m.signers = 0b1011; });
  EXPECT_TRUE(cluster.run_until([&] { return cluster.notes_about(Errc::bad_signer_set, 0) > 0; }, millis(5'000)));
}

TEST_F(Refusals, a_tip_certificate_that_is_not_of_the_height_before) {
  twist_proposals(0, [](PropMessage& m) { m.tip.header.height = Height{7}; });
  expect_refused_and_replaced(Errc::wrong_height, 0);
}

TEST_F(Refusals, a_proposal_of_a_member_that_does_not_lead) {
  twist_proposals(0, [this](PropMessage& m) {
    const Scope scope{MessageType::prop, View{0}, m.header.height, MemberIndex{2}};
    cluster.inject(2, 1, seal(cluster.committee(), cluster.identity(2), scope, encode_payload(m)));
  });
  EXPECT_TRUE(cluster.reach(Height{3}, millis(20'000)));
  EXPECT_GT(cluster.notes_about(Errc::not_leader, 2), 0U);
}

TEST_F(Refusals, a_new_view_with_a_forged_summary) {
  cluster.kill(0);
  twist_proposals(1, [](PropMessage& m) {
    if (m.new_view) m.new_view->entries[0].summary.tip.bytes[0] ^= 1;
  });
  // With one dead and one lying there is no quorum: the refusal is all there is to see.
  EXPECT_TRUE(cluster.run_until([&] { return cluster.notes_about(Errc::bad_new_view, 1) > 0; }, millis(5'000)));
  EXPECT_EQ(cluster.votes_above(2, View{0}), 0U);
}

TEST_F(Refusals, a_frame_from_another_sender_than_its_link) {
  const Scope scope{MessageType::wish, View{9}, Height{1}, MemberIndex{1}};
  for (std::uint16_t to : {std::uint16_t{0}, std::uint16_t{3}}) {
    cluster.inject(2, to, seal(cluster.committee(), cluster.identity(1), scope, {}));
  }
  cluster.run_for(millis(200));
  EXPECT_EQ(cluster.notes_about(Errc::unknown_member, 2), 2U);
  EXPECT_EQ(cluster.status(0).view, View{0});
}

TEST_F(Refusals, commitments_in_a_signing_request_that_their_owner_did_not_sign) {
  cluster.distrust(0);
  cluster.filter([this](std::uint16_t from, std::uint16_t, Bytes& frame) {
    const auto type = static_cast<MessageType>(frame[32]);
    if (from == 2 && (type == MessageType::share || type == MessageType::att)) return false;
    if (from != 0 || type != MessageType::sign_request) return true;
    const auto envelope = open_envelope(cluster.committee(), frame);
    auto message = decode_payload(type, envelope->payload, {Quorum{4}, 2});
    auto& request = std::get<SignRequest>(*message);
    std::swap(request.signers[0].commitment, request.signers[1].commitment);
    frame = seal(cluster.committee(), cluster.identity(0), {type, envelope->view, envelope->height, MemberIndex{0}},
                 encode_payload(*message));
    return true;
  });
  EXPECT_TRUE(cluster.run_until([&] { return cluster.notes_about(Errc::bad_signer_set, 0) > 0; }, millis(5'000)));
  EXPECT_EQ(cluster.count(Errc::bad_share), 0U);
}

TEST(Roads, observations_that_only_the_leader_heard_are_pulled) {
  Cluster cluster({.nodes = 4});
  cluster.filter([](std::uint16_t, std::uint16_t to, Bytes& frame) {
    return to == 0 || static_cast<MessageType>(frame[32]) != MessageType::obs;
  });
  EXPECT_TRUE(cluster.reach(Height{10}, millis(3'000)));
  EXPECT_GT(cluster.said(MessageType::pull), 0U);
  EXPECT_EQ(cluster.status(0).view, View{0});
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Roads, a_member_that_hears_no_share_and_no_attestation_follows_by_the_proposals) {
  Cluster cluster({.nodes = 4});
  cluster.filter([](std::uint16_t, std::uint16_t to, Bytes& frame) {
    const auto type = static_cast<MessageType>(frame[32]);
    return to != 3 || (type != MessageType::share && type != MessageType::att);
  });
  EXPECT_TRUE(cluster.reach(Height{15}, millis(3'000)));
  EXPECT_GE(cluster.live_attested(3), 15U);
  EXPECT_EQ(cluster.said(MessageType::get), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Roads, a_bogus_range_is_refused_and_another_peer_asked) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{3}, millis(5'000)));
  cluster.isolate(2);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.tip(0) >= Height{40}; }, millis(20'000)));
  std::optional<std::uint16_t> liar;
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    const auto type = static_cast<MessageType>(frame[32]);
    if (type != MessageType::range || liar.value_or(from) != from) return true;
    liar = from;  // whoever is asked first
    const auto envelope = open_envelope(cluster.committee(), frame);
    auto message = decode_payload(type, envelope->payload, {Quorum{4}, 2});
    auto& batches = std::get<RangeMessage>(*message).batches;
    if (!batches.empty()) batches[0][300] ^= 1;  // of its signature
    frame = seal(cluster.committee(), cluster.identity(from),
                 {type, envelope->view, envelope->height, MemberIndex{from}}, encode_payload(*message));
    return true;
  });
  cluster.heal();
  EXPECT_TRUE(cluster.reach(Height{60}, millis(10'000)));
  ASSERT_TRUE(liar.has_value());
  EXPECT_GE(cluster.disconnects(*liar), 1U);  // nobody else hands on what the group has not signed
  EXPECT_EQ(cluster.violation(), "");
}

/// Takes the bodies out of the batches that `liars` hand on.
Cluster::Filter stripping(Cluster& cluster, std::set<std::uint16_t> liars) {
  return [&cluster, liars = std::move(liars)](std::uint16_t from, std::uint16_t, Bytes& frame) {
    const auto type = static_cast<MessageType>(frame[32]);
    if (!liars.contains(from) || type != MessageType::range) return true;
    const auto envelope = open_envelope(cluster.committee(), frame);
    auto message = decode_payload(type, envelope->payload, {Quorum{4}, 2});
    for (Bytes& bytes : std::get<RangeMessage>(*message).batches) {
      auto batch = decode_batch(bytes);
      batch->observations.clear();
      bytes = encode(*batch);
    }
    frame = seal(cluster.committee(), cluster.identity(from),
                 {type, envelope->view, envelope->height, MemberIndex{from}}, encode_payload(*message));
    return true;
  };
}

TEST(Roads, batches_stripped_of_their_observations_are_asked_of_the_next_peer) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{3}, millis(5'000)));
  cluster.isolate(2);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.tip(0) >= Height{12}; }, millis(20'000)));
  cluster.filter(stripping(cluster, {0, 3}));
  cluster.heal();
  EXPECT_TRUE(cluster.reach(Height{14}, millis(10'000)));
  for (const Batch& batch : cluster.ledger(2)) EXPECT_FALSE(batch.observations.empty());
  EXPECT_EQ(cluster.notes_about(Errc::missing_field, 2), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Roads, observations_that_no_peer_has_any_more_do_not_stop_catching_up) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{3}, millis(5'000)));
  cluster.isolate(2);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.tip(0) >= Height{30}; }, millis(20'000)));
  cluster.filter(stripping(cluster, {0, 1, 3}));
  cluster.heal();
  EXPECT_TRUE(cluster.reach(Height{33}, millis(10'000)));
  std::uint64_t bare = 0;
  for (const Batch& batch : cluster.ledger(2)) bare += batch.observations.empty() ? 1 : 0;
  EXPECT_GT(bare, 20U);
  EXPECT_EQ(cluster.notes_about(Errc::missing_field, 2), 1U) << "where they begin";
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Roads, clocks_apart_by_less_than_the_window_agree) {
  Cluster cluster({.nodes = 4});
  cluster.skew(1, millis(120));
  cluster.skew(3, millis(-120));
  EXPECT_TRUE(cluster.reach(Height{20}, millis(20'000)));
  EXPECT_EQ(cluster.count(Errc::untimely), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Roads, the_same_seed_gives_the_same_chain) {
  const auto run = [] {
    Cluster cluster({.nodes = 4, .seed = 42, .loss_ppm = 50'000});
    EXPECT_TRUE(cluster.reach(Height{15}, millis(60'000)));
    return header_hash(cluster.ledger(1)[14].header);
  };
  EXPECT_EQ(run(), run());
}

TEST(Roads, thirty_one_nodes_attest) {
  Cluster cluster({.nodes = 31, .feeds = 1});
  EXPECT_TRUE(cluster.reach(Height{2}, millis(10'000)));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Sessions, no_part_of_the_scope_can_differ_within_one_session) {
  const Digest cfg = sha256(as_bytes("cfg"));
  const std::vector<frost::SignerCommitment> signers{{MemberIndex{0}, {}}, {MemberIndex{1}, {}}};
  const SessionScope base{View{3}, Height{9}, 0, MemberIndex{1}, sha256(as_bytes("D"))};
  std::set<Digest> names{session_id(cfg, base, signers), session_id(sha256(as_bytes("other")), base, signers)};
  SessionScope other = base;
  other.view = View{4};
  names.insert(session_id(cfg, other, signers));
  other = base;
  other.height = Height{10};
  names.insert(session_id(cfg, other, signers));
  other = base;
  other.attempt = 1;
  names.insert(session_id(cfg, other, signers));
  other = base;
  other.coordinator = MemberIndex{2};
  names.insert(session_id(cfg, other, signers));
  other = base;
  other.header_hash = cfg;
  names.insert(session_id(cfg, other, signers));
  auto listed = signers;
  listed[1].commitment.binding[0] = 1;
  names.insert(session_id(cfg, base, listed));
  EXPECT_EQ(names.size(), 8U);
}

TEST(Requests, only_its_own_leader_hands_out_the_proposal_that_opened_a_view) {
  Cluster cluster({.nodes = 4, .rotation_heights = 4});
  ASSERT_TRUE(cluster.reach(Height{6}, millis(20'000)));
  ASSERT_EQ(cluster.status(0).view, View{1});
  // Member 3 is behind, or says so: members 0 and 2 hold the proposal, but a link carries its owner's frames only.
  const auto ask = seal(cluster.committee(), cluster.identity(3),
                        {MessageType::ask_view, View{0}, Height{1}, MemberIndex{3}}, encode_payload(AskView{}));
  std::size_t openings = 0;
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    const auto envelope = open_envelope(cluster.committee(), frame);
    openings += envelope->type == MessageType::prop && envelope->height == Height{5} ? 1U : 0U;
    EXPECT_EQ(envelope->sender, MemberIndex{from});
    return true;
  });
  for (std::uint16_t node = 0; node < 3; ++node) cluster.inject(3, node, ask);
  cluster.run_for(millis(20));
  EXPECT_EQ(openings, 1U);
  EXPECT_EQ(cluster.disconnects(0) + cluster.disconnects(1) + cluster.disconnects(2), 0U);
}

}  // namespace
}  // namespace assay::threshold
