#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/unit/threshold/protocol/cluster.hpp"
#include "threshold/codec.hpp"
#include "threshold/machine_state.hpp"

namespace assay::threshold {
namespace {

using evidence::Kind;
using testing::IsEmpty;

/// Real machines; one member's frames are changed and signed again. The cluster itself checks that nobody else is
/// accused and that each accusation verifies from its bytes.
struct Detection : testing::Test {
  Cluster cluster{{.nodes = 4}};

  template <class MessageT>
  using Twist = std::function<bool(MessageT&, const Envelope&, std::uint16_t to)>;

  /// What `liar` says of this type becomes what `twist` makes of it, for each receiver; false leaves it.
  template <class MessageT>
  Cluster::Filter lying(std::uint16_t liar, MessageType type, Twist<MessageT> twist) {
    cluster.distrust(liar);
    return [this, liar, type, twist](std::uint16_t from, std::uint16_t to, Bytes& frame) {
      if (from != liar || static_cast<MessageType>(frame[32]) != type) return true;
      const auto envelope = open_envelope(cluster.committee(), frame);
      auto message = decode_payload(type, envelope->payload, {cluster.committee().quorum, cluster.feed_count()});
      if (twist(std::get<MessageT>(*message), *envelope, to)) frame = resealed(*envelope, encode_payload(*message));
      return true;
    };
  }
  Bytes resealed(const Envelope& at, const Bytes& payload) const {
    return seal(cluster.committee(), cluster.identity(at.sender.value), {at.type, at.view, at.height, at.sender},
                payload);
  }
  /// How many accusations of this kind; all there are concern the liar.
  std::size_t accused_of(std::uint16_t liar, Kind kind) const {
    const auto verdicts = cluster.accusations_of(liar);
    return static_cast<std::size_t>(std::ranges::count(verdicts, kind, &evidence::Verdict::kind));
  }
  void expect_only(std::uint16_t liar, Kind kind) {
    EXPECT_GT(accused_of(liar, kind), 0U);
    for (const auto& verdict : cluster.accusations_of(liar)) EXPECT_EQ(verdict.kind, kind) << verdict.what;
    EXPECT_EQ(cluster.violation(), "");
  }
};

TEST_F(Detection, a_leader_that_shows_each_another_proposal_is_accused_by_whoever_compares_votes) {
  cluster.filter(lying<PropMessage>(0, MessageType::prop, [](PropMessage& m, const Envelope& at, std::uint16_t to) {
    if (at.height != Height{3} || to != 3) return false;
    m.signers = 0;  // valid in itself, and another proposal
    return true;
  }));
  ASSERT_TRUE(cluster.reach(Height{6}, millis(20'000)));
  expect_only(0, Kind::equivocation);
}

TEST_F(Detection, an_observation_that_differs_by_receiver_is_found_when_its_body_is_pulled) {
  cluster.filter(lying<ObsMessage>(3, MessageType::obs, [](ObsMessage& m, const Envelope&, std::uint16_t to) {
    if (to != 1) return false;
    m.observation.feeds[0].reset();
    return true;
  }));
  ASSERT_TRUE(cluster.reach(Height{6}, millis(20'000)));
  expect_only(3, Kind::equivocation);
}

TEST_F(Detection, a_bad_share_is_kept_with_the_session_that_it_spoils) {
  cluster.filter(lying<ShareMessage>(2, MessageType::share, [](ShareMessage& m, const Envelope&, std::uint16_t) {
    m.share.z[0] ^= 1;
    return true;
  }));
  ASSERT_TRUE(cluster.reach(Height{6}, millis(20'000)));
  expect_only(2, Kind::bad_share);
}

TEST_F(Detection, a_share_for_a_session_that_nobody_knows_is_no_proof_of_anything) {
  cluster.filter(lying<ShareMessage>(2, MessageType::share, [](ShareMessage& m, const Envelope&, std::uint16_t) {
    m.sid.bytes[0] ^= 1;
    return true;
  }));
  ASSERT_TRUE(cluster.reach(Height{6}, millis(20'000)));
  EXPECT_THAT(cluster.accusations_of(2), IsEmpty());
  EXPECT_EQ(cluster.violation(), "");
}

TEST_F(Detection, a_leader_whose_prices_do_not_follow_is_accused_with_all_inputs) {
  cluster.filter(lying<PropMessage>(0, MessageType::prop, [](PropMessage& m, const Envelope&, std::uint16_t) {
    m.header.feeds_root.bytes[3] ^= 1;
    return true;
  }));
  ASSERT_TRUE(cluster.reach(Height{3}, millis(20'000)));
  EXPECT_GT(accused_of(0, Kind::wrong_aggregate), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST_F(Detection, a_second_vote_that_arrives_after_its_view_was_left_is_accused_all_the_same) {
  cluster.distrust(3);
  Bytes second;
  // No share of height 5 arrives in view 0: it stays open, and the view ends.
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    const auto envelope = open_envelope(cluster.committee(), frame);
    if (!envelope || envelope->view != View{0} || envelope->height != Height{5}) return true;
    if (from == 3 && envelope->type == MessageType::prep) second = resealed(*envelope, encode_payload(PrepMessage{}));
    return envelope->type != MessageType::share;
  });
  ASSERT_TRUE(cluster.run_until([&] { return cluster.status(1).view >= View{1}; }, millis(20'000)));
  EXPECT_THAT(cluster.accusations_of(3), IsEmpty());
  cluster.inject(3, 1, second);
  ASSERT_TRUE(cluster.reach(Height{7}, millis(20'000)));
  expect_only(3, Kind::equivocation);
}

TEST_F(Detection, a_leader_that_forges_its_new_view_is_accused) {
  ASSERT_TRUE(cluster.reach(Height{3}, millis(20'000)));
  cluster.filter(lying<PropMessage>(1, MessageType::prop, [](PropMessage& m, const Envelope&, std::uint16_t) {
    if (!m.new_view) return false;
    m.new_view->entries[0].summary.lock = LockClaim{View{0}, {}};
    return true;
  }));
  cluster.kill(0);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.status(2).view >= View{2}; }, millis(20'000)));
  EXPECT_GT(accused_of(1, Kind::bad_proposal), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST_F(Detection, a_member_that_denies_its_lock_is_accused_of_amnesia) {
  ASSERT_TRUE(cluster.reach(Height{3}, millis(20'000)));
  // Everybody gives a share at the next height, but nobody gets enough of them.
  const auto deny = lying<VenterMessage>(3, MessageType::venter, [](VenterMessage& m, const Envelope&, std::uint16_t) {
    m.lock.reset();
    return true;
  });
  const Height stuck{cluster.highest_tip().value + 2};
  cluster.filter([&, deny](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    const auto envelope = open_envelope(cluster.committee(), frame);
    const bool tells = envelope->type == MessageType::att && envelope->height >= stuck;
    const bool share = envelope->type == MessageType::share && envelope->height >= stuck && from != 3;
    if (envelope->view == View{0} && (share || tells)) return false;
    return deny(from, to, frame);
  });
  ASSERT_TRUE(
      cluster.run_until([&] { return cluster.status(0).view >= View{1} && cluster.tip(0) >= stuck; }, millis(20'000)));
  EXPECT_GT(accused_of(3, Kind::amnesia), 0U);
  EXPECT_EQ(cluster.violation(), "");
}

TEST_F(Detection, a_member_is_accused_of_one_kind_a_few_times_and_no_more) {
  cluster.distrust(3);
  cluster.filter([this](std::uint16_t from, std::uint16_t to, Bytes& frame) {
    if (from != 3 || static_cast<MessageType>(frame[32]) != MessageType::obs) return true;
    const auto envelope = open_envelope(cluster.committee(), frame);
    auto message = decode_payload(MessageType::obs, envelope->payload, {cluster.committee().quorum, 2});
    std::get<ObsMessage>(*message).observation.feeds[0].reset();
    cluster.inject(3, to, resealed(*envelope, encode_payload(*message)));
    return true;
  });
  ASSERT_TRUE(cluster.reach(Height{20}, millis(60'000)));
  EXPECT_EQ(accused_of(3, Kind::equivocation), 3 * Accusations::of_a_kind_max) << "as often by each of three";
  EXPECT_EQ(cluster.violation(), "");
}

/// One member whose every frame may be altered and signed anew, differently for each receiver, amid kills and cuts.
TEST(Honesty, a_liar_that_twists_whatever_it_says_gets_nobody_else_convicted) {
  std::set<Kind> found;
  for (const std::uint64_t seed : {41U, 42U, 43U, 44U}) {
    const std::uint16_t nodes = seed % 3 == 0 ? 7 : 4;
    Cluster cluster({.nodes = nodes, .seed = seed, .loss_ppm = 10'000, .rotation_heights = 5});
    std::mt19937_64 random(seed);
    const auto liar = static_cast<std::uint16_t>(random() % nodes);
    cluster.distrust(liar);
    cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
      if (from != liar || random() % 6 != 0) return true;
      const auto envelope = open_envelope(cluster.committee(), frame);
      Bytes payload(envelope->payload.begin(), envelope->payload.end());
      Scope scope{envelope->type, envelope->view, envelope->height, envelope->sender};
      if (!payload.empty()) payload[random() % payload.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
      if (random() % 8 == 0) scope.view = View{scope.view.value + random() % 3};
      if (random() % 8 == 0) scope.height = Height{scope.height.value + random() % 3};
      frame = seal(cluster.committee(), cluster.identity(liar), scope, payload);
      return true;
    });
    for (int i = 0; i < 30; ++i) {
      cluster.run_for(micros(static_cast<std::int64_t>(random() % 300'000)));
      const auto one = static_cast<std::uint16_t>(random() % nodes);
      const auto other = static_cast<std::uint16_t>((one + 1 + random() % (nodes - 1U)) % nodes);
      if (random() % 4 == 0) cluster.cut(one, other);
      if (random() % 2 == 0) cluster.heal();
      if (random() % 4 == 0) cluster.alive(one) ? cluster.kill(one) : cluster.restart(one);
    }
    for (std::uint16_t node = 0; node < nodes; ++node) {
      if (node == liar) continue;
      EXPECT_THAT(cluster.accusations_of(node), IsEmpty()) << "seed " << seed;
    }
    for (const auto& verdict : cluster.accusations_of(liar)) found.insert(verdict.kind);
    EXPECT_EQ(cluster.violation(), "") << "seed " << seed;
  }
  EXPECT_GE(found.size(), 4U) << "such a liar leaves traces of several kinds";
}

TEST(Honesty, storms_of_kills_loss_and_cuts_convict_nobody) {
  for (const std::uint64_t seed : {31U, 32U, 33U}) {
    Cluster cluster({.nodes = 4, .seed = seed, .loss_ppm = 50'000, .ledger_lag = millis(3), .rotation_heights = 6});
    std::mt19937_64 random(seed);
    std::vector<std::pair<std::uint16_t, Bytes>> heard;
    cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
      if (random() % 8 == 0 && heard.size() < 2000) heard.emplace_back(from, frame);
      return true;
    });
    for (int i = 0; i < 40; ++i) {
      cluster.run_for(micros(static_cast<std::int64_t>(random() % 300'000)));
      const auto one = static_cast<std::uint16_t>(random() % 4);
      const auto other = static_cast<std::uint16_t>((one + 1 + random() % 3) % 4);
      if (random() % 3 == 0) cluster.cut(one, other);
      if (random() % 3 == 0) cluster.heal();
      if (random() % 2 == 0) cluster.alive(one) ? cluster.kill(one) : cluster.restart(one);
      // What was said long ago is said again, to anybody.
      for (int k = 0; k < 20 && !heard.empty(); ++k) {
        const auto& [from, frame] = heard[random() % heard.size()];
        const auto to = static_cast<std::uint16_t>(random() % 4);
        if (to != from) cluster.inject(from, to, frame);
      }
    }
    for (std::uint16_t node = 0; node < 4; ++node) {
      EXPECT_THAT(cluster.accusations_of(node), IsEmpty()) << "seed " << seed;
    }
    EXPECT_EQ(cluster.violation(), "") << "seed " << seed;
  }
}

}  // namespace
}  // namespace assay::threshold
