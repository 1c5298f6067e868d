#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/threshold/protocol/cluster.hpp"

namespace assay::threshold {
namespace {

/// Changes the payload of every frame of one type that `liar` sends, and signs it again with its identity.
template <class MessageT, class Twist>
Cluster::Filter lying(Cluster& cluster, std::uint16_t liar, MessageType type, Twist twist) {
  return [&cluster, liar, type, twist](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    if (from != liar) return true;
    // A liar also keeps what it could aggregate to itself.
    if (static_cast<MessageType>(frame[32]) == MessageType::att) return false;
    if (static_cast<MessageType>(frame[32]) != type) return true;
    const auto envelope = open_envelope(cluster.committee(), frame);
    auto message = decode_payload(type, envelope->payload, {cluster.committee().quorum, cluster.feed_count()});
    if (!twist(std::get<MessageT>(*message), to)) return true;
    const Scope scope{type, envelope->view, envelope->height, envelope->sender};
    frame = seal(cluster.committee(), cluster.identity(liar), scope, encode_payload(*message));
    return true;
  };
}

TEST(SigningFaults, a_bad_share_is_named_and_worked_around_in_the_same_view) {
  Cluster cluster({.nodes = 4});
  cluster.filter(lying<ShareMessage>(cluster, 2, MessageType::share, [](ShareMessage& m, std::uint16_t) {
    m.share.z[0] ^= 1;
    return true;
  }));
  EXPECT_TRUE(cluster.reach(Height{30}, millis(20'000)));
  EXPECT_GT(cluster.notes_about(Errc::bad_share, 2), 0U);
  for (const std::uint16_t honest : {std::uint16_t{0}, std::uint16_t{1}, std::uint16_t{3}}) {
    EXPECT_EQ(cluster.notes_about(Errc::bad_share, honest), 0U);
  }
  EXPECT_GT(cluster.said(MessageType::sign_request), 0U);
  EXPECT_EQ(cluster.status(0).view, View{0});
  EXPECT_EQ(cluster.violation(), "");
}

TEST(SigningFaults, a_member_that_withholds_its_share_is_worked_around_in_the_same_view) {
  Cluster cluster({.nodes = 7});
  cluster.filter([](std::uint16_t from, std::uint16_t, Bytes& frame) {
    const auto type = static_cast<MessageType>(frame[32]);
    return !((from == 2 || from == 5) && (type == MessageType::share || type == MessageType::att));
  });
  EXPECT_TRUE(cluster.reach(Height{12}, millis(20'000)));
  EXPECT_EQ(cluster.status(0).view, View{0});
  EXPECT_EQ(cluster.violation(), "");
}

/// Heights that needed more than the session of their proposal, while these followers of the first leader are silent
/// with their shares, or lie in them.
std::set<Height> bad_heights(std::uint16_t nodes, const std::map<std::uint16_t, bool>& liars, std::uint64_t heights) {
  Cluster cluster({.nodes = nodes});
  std::set<Height> bad;
  const auto spoil = [](ShareMessage& m, std::uint16_t) {
    m.share.z[7] ^= 16;
    return true;
  };
  cluster.filter([&](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    const auto type = static_cast<MessageType>(frame[32]);
    if (type == MessageType::nonce_request) bad.insert(open_envelope(cluster.committee(), frame)->height);
    const auto liar = liars.find(from);
    if (liar == liars.end()) return true;
    if (liar->second) return lying<ShareMessage>(cluster, from, MessageType::share, spoil)(from, to, frame);
    return type != MessageType::share && type != MessageType::att;
  });
  EXPECT_TRUE(cluster.reach(Height{heights}, millis(30'000)));
  EXPECT_EQ(cluster.status(0).view, View{0}) << "no view change was needed";
  EXPECT_EQ(cluster.violation(), "");
  return bad;
}

TEST(SigningFaults, after_at_most_f_bad_heights_the_first_session_is_good_with_any_f_followers_silent_or_lying) {
  for (std::uint16_t bad = 1; bad < 4; ++bad) {
    for (const bool lies : {false, true}) {
      EXPECT_LE(bad_heights(4, {{bad, lies}}, 8).size(), 1U) << bad << (lies ? " lies" : " is silent");
    }
  }
  std::size_t seen = 0;
  for (const auto& [one, other] : std::vector<std::pair<std::uint16_t, std::uint16_t>>{{1, 2}, {3, 6}, {4, 5}}) {
    for (const auto& [first, second] :
         std::vector<std::pair<bool, bool>>{{false, false}, {false, true}, {true, true}}) {
      const auto bad = bad_heights(7, {{one, first}, {other, second}}, 8);
      EXPECT_LE(bad.size(), 2U) << one << first << " " << other << second;
      seen += bad.size();
    }
  }
  EXPECT_GT(seen, 0U) << "or nothing was put to the test";
}

TEST(SigningFaults, shares_of_another_view_are_refused) {
  Cluster cluster({.nodes = 4, .rotation_heights = 4});
  std::vector<std::pair<std::uint16_t, Bytes>> old;
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    if (static_cast<MessageType>(frame[32]) == MessageType::share && old.size() < 40) old.emplace_back(from, frame);
    return true;
  });
  ASSERT_TRUE(cluster.reach(Height{9}, millis(20'000)));
  const std::size_t before = cluster.count(Errc::wrong_view);
  for (const auto& [from, frame] : old) {
    for (std::uint16_t to = 0; to < 4; ++to) {
      if (to != from) cluster.inject(from, to, frame);
    }
  }
  ASSERT_TRUE(cluster.reach(Height{12}, millis(20'000)));
  // Each of them at each of its three receivers.
  EXPECT_GE(cluster.count(Errc::wrong_view), before + 3 * old.size());
  EXPECT_EQ(cluster.violation(), "");
}

TEST(SigningFaults, a_share_named_for_another_session_never_enters_this_one) {
  Cluster cluster({.nodes = 4});
  cluster.filter(lying<ShareMessage>(cluster, 3, MessageType::share, [](ShareMessage& m, std::uint16_t) {
    m.sid.bytes[0] ^= 1;
    return true;
  }));
  EXPECT_TRUE(cluster.reach(Height{10}, millis(20'000)));
  EXPECT_GT(cluster.notes_about(Errc::bad_signer_set, 3), 0U);
  EXPECT_EQ(cluster.count(Errc::equivocation), 0U) << "a leader that showed two sets may have misled it";
  EXPECT_EQ(cluster.count(Errc::bad_share), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Liars, a_proposal_with_another_aggregate_is_refused_and_its_leader_replaced) {
  Cluster cluster({.nodes = 4});
  cluster.filter(lying<PropMessage>(cluster, 0, MessageType::prop, [](PropMessage& m, std::uint16_t) {
    m.header.feeds_root.bytes[5] ^= 1;
    return true;
  }));
  cluster.distrust(0);
  EXPECT_TRUE(cluster.reach(Height{6}, millis(20'000)));
  EXPECT_GT(cluster.notes_about(Errc::wrong_aggregate, 0), 0U);
  EXPECT_GE(cluster.status(1).view, View{1});
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Liars, a_proposal_with_too_few_observations_is_refused) {
  Cluster cluster({.nodes = 4});
  cluster.filter(lying<PropMessage>(cluster, 0, MessageType::prop, [](PropMessage& m, std::uint16_t) {
    m.observers.resize(2);
    m.header.inputs_root = merkle_root(std::vector<Digest>{m.observers[0].digest, m.observers[1].digest});
    m.signers = 0;
    return true;
  }));
  cluster.distrust(0);
  EXPECT_TRUE(cluster.reach(Height{4}, millis(20'000)));
  EXPECT_GT(cluster.notes_about(Errc::too_few_observations, 0), 0U);
}

TEST(Liars, a_leader_that_shows_two_proposals_attests_at_most_one) {
  Cluster cluster({.nodes = 4});
  cluster.filter(lying<PropMessage>(cluster, 0, MessageType::prop, [](PropMessage& m, std::uint16_t to) {
    if (to < 2) return false;
    m.observers.resize(3);
    m.signers = 0;
    return true;
  }));
  cluster.distrust(0);
  EXPECT_TRUE(cluster.reach(Height{6}, millis(20'000)));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Liars, a_second_observation_of_a_member_is_noticed_and_the_first_counts) {
  Cluster cluster({.nodes = 4});
  cluster.distrust(3);
  cluster.filter([&](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    if (from == 3 && static_cast<MessageType>(frame[32]) == MessageType::obs) {
      const auto envelope = open_envelope(cluster.committee(), frame);
      auto message = decode_payload(MessageType::obs, envelope->payload, {Quorum{4}, 2});
      std::get<ObsMessage>(*message).observation.feeds[0].reset();
      const Scope scope{MessageType::obs, envelope->view, envelope->height, MemberIndex{3}};
      cluster.inject(3, to, seal(cluster.committee(), cluster.identity(3), scope, encode_payload(*message)));
    }
    return true;
  });
  EXPECT_TRUE(cluster.reach(Height{10}, millis(20'000)));
  EXPECT_GT(cluster.notes_about(Errc::equivocation, 3), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Liars, a_second_vote_of_a_member_is_noticed_and_the_first_counts) {
  Cluster cluster({.nodes = 4});
  cluster.distrust(3);
  cluster.filter([&](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    if (from != 3 || static_cast<MessageType>(frame[32]) != MessageType::prep) return true;
    const auto envelope = open_envelope(cluster.committee(), frame);
    const Scope scope{MessageType::prep, envelope->view, envelope->height, MemberIndex{3}};
    const PrepMessage other{sha256(as_bytes("another batch")), sha256(as_bytes("another proposal"))};
    // On the way before the true one: it is the one that counts, so member 3 votes for nothing.
    cluster.inject(3, to, seal(cluster.committee(), cluster.identity(3), scope, encode_payload(other)));
    return true;
  });
  EXPECT_TRUE(cluster.reach(Height{10}, millis(20'000)));
  EXPECT_GT(cluster.notes_about(Errc::equivocation, 3), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Liars, a_leader_whose_clock_is_wrong_is_untimely_to_the_others) {
  // Its own observation is far off; the two others it needs are not, so the header time is the median of honest
  // clocks, but the observation stands too far from it: the leader leaves itself out.
  Cluster cluster({.nodes = 4});
  cluster.skew(3, millis(30'000));
  EXPECT_TRUE(cluster.reach(Height{10}, millis(20'000)));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Liars, an_untimely_proposal_is_refused) {
  // Three clocks a minute behind agree among themselves; the fourth must refuse what they propose.
  Cluster cluster({.nodes = 4});
  for (std::uint16_t node = 0; node < 3; ++node) cluster.skew(node, millis(-60'000));
  cluster.run_for(millis(3'000));
  EXPECT_GT(cluster.count(Errc::untimely), 0U);
  EXPECT_EQ(cluster.votes_above(3, View{0}), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Liars, frames_of_garbage_never_stop_a_node) {
  Cluster cluster({.nodes = 4});
  std::mt19937_64 random(5);
  cluster.filter([&](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    if (from != 3) return true;
    Bytes broken = frame;
    for (int i = 0; i < 3; ++i) broken[random() % broken.size()] ^= static_cast<std::uint8_t>(random());
    if (random() % 4 == 0) broken.resize(random() % broken.size());
    cluster.inject(3, to, broken);
    return true;
  });
  EXPECT_TRUE(cluster.reach(Height{20}, millis(20'000)));
  EXPECT_GT(cluster.count(Errc::bad_signature), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

}  // namespace
}  // namespace assay::threshold
