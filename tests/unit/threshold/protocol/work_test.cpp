#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/threshold/protocol/one_member.hpp"

namespace assay::threshold {
namespace {

using evidence::Kind;

/// What a liar can make an honest member verify, beyond the signature under each of its own frames.
struct Work : OneMember {
  static constexpr std::size_t frame_alone = 1;
  static constexpr MemberIndex liar{1};

  std::vector<Bytes> bodies_in(View in) {
    return {observes(MemberIndex{0}, 100'000'000, in), observes(MemberIndex{1}, 100'000'010, in),
            observes(MemberIndex{3}, 100'000'020, in)};
  }
  /// The first proposal of a view whose NEWVIEW is good but for its last signature; another one each time.
  PropMessage unproved(View in) {
    PropMessage out = honest_in(in);
    out.header.time.value += ++made;
    out.new_view->entries.back().signature.bytes[0] ^= 1;
    return out;
  }
  PropMessage honest_in(View in) { return proposal(bodies_in(in), in); }
  void show(const std::vector<Bytes>& bodies, MemberIndex from, View in) {
    hears(says(from, BodiesMessage{bodies}, in));
  }
  std::uint64_t made = 0;
};

TEST_F(Work, a_new_view_that_proves_nothing_is_looked_at_once_and_its_leader_convicted) {
  enter(View{1});
  EXPECT_GT(cost_of(says(liar, unproved(View{1}))), frame_alone + 2);
  hears(says(liar, unproved(View{1})));  // the second contradicts the first
  for (int i = 0; i < 10; ++i) EXPECT_EQ(cost_of(says(liar, unproved(View{1}))), frame_alone);
  ASSERT_EQ(accused_of.size(), 2U);
  EXPECT_EQ(accused_of[0].kind, Kind::bad_proposal);
  EXPECT_EQ(accused_of[0].member, liar);
  EXPECT_EQ(accused_of[1].kind, Kind::equivocation);
}

TEST_F(Work, what_others_say_in_its_place_costs_a_leader_nothing) {
  enter(View{1});
  for (const MemberIndex other : {MemberIndex{0}, MemberIndex{3}}) hears(says(other, unproved(View{1})));
  const auto bodies = bodies_in(View{1});
  hears(says(liar, proposal(bodies)));  // who leads, and is honest here
  show(bodies, liar, View{1});
  EXPECT_EQ(times_said(MessageType::prep), 1U);
}

TEST_F(Work, a_leader_that_follows_a_liar_is_heard) {
  enter(View{1});
  hears(says(liar, unproved(View{1})));
  enter(View{3});
  const MemberIndex leader{3};
  const auto bodies = bodies_in(View{3});
  hears(says(leader, proposal(bodies, View{3}), View{3}));
  show(bodies, leader, View{3});
  EXPECT_EQ(times_said(MessageType::prep), 1U);
}

TEST_F(Work, new_views_of_later_views_are_looked_at_until_the_first_that_proves_nothing) {
  EXPECT_EQ(cost_of(says(liar, unproved(View{1}), View{1})), frame_alone + 3);
  for (std::uint64_t later = 1; later < 40; later += 4) {
    EXPECT_EQ(cost_of(says(liar, unproved(View{later}), View{later})), frame_alone);
  }
  EXPECT_EQ(in_view(), View{0});
  hears(says(MemberIndex{3}, honest_in(View{3}), View{3}));
  EXPECT_EQ(in_view(), View{3}) << "another leader's shows by itself that a quorum is there";
}

TEST_F(Work, new_views_of_later_views_are_looked_at_only_where_they_come_from_its_leader) {
  for (std::uint64_t later = 5; later < 40; later += 4) {
    EXPECT_EQ(cost_of(says(MemberIndex{3}, unproved(View{later}), View{later})), frame_alone);
  }
  hears(says(MemberIndex{3}, honest_in(View{3}), View{3}));
  EXPECT_EQ(in_view(), View{3});
}

TEST_F(Work, a_new_view_that_is_no_news_is_not_looked_at_again) {
  disk_waits = true;  // it does not arrive in the view
  EXPECT_EQ(cost_of(says(liar, honest_in(View{1}), View{1})), frame_alone + 3);
  EXPECT_EQ(in_view(), View{1});
  PropMessage again = honest_in(View{1});
  hears(says(liar, again));
  again.header.time.value += 1;
  hears(says(liar, again));  // contradicts the one before
  for (int i = 0; i < 10; ++i) {
    again.header.time.value += 1;
    EXPECT_EQ(cost_of(says(liar, again)), frame_alone);
  }
}

/// In view 2 member 2 leads.
struct WorkOfALeader : Work {
  WorkOfALeader() { enter(View{2}); }
  VenterMessage summary(std::optional<LockClaim> lock = std::nullopt) const {
    return {header_hash(genesis().header), lock, boot, std::nullopt};
  }
  void introduces(MemberIndex member) {
    hears(says(member, summary(), View{2}));
    hears(says(member, ProofsMessage{genesis(), std::nullopt}, View{2}));
  }
  void observe_all() {
    for (const Bytes& body : bodies_in(View{2})) hears(body);
    wait(millis(40));
  }
};

TEST_F(WorkOfALeader, proofs_that_do_not_hold_are_looked_at_once_for_each_member) {
  Header locked = honest_in(View{0}).header;
  locked.inputs_root = merkle_root({});
  LockProof forged{locked, prepared(View{0}, height, header_hash(locked), sha256(as_bytes("proposal"))), {}};
  forged.certificate.signatures.back().bytes[0] ^= 1;
  hears(says(liar, summary(LockClaim{View{0}, header_hash(locked)}), View{2}));
  EXPECT_EQ(cost_of(says(liar, ProofsMessage{genesis(), forged}, View{2})), frame_alone + 3);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(cost_of(says(liar, ProofsMessage{genesis(), forged}, View{2})), frame_alone);
  }
  introduces(MemberIndex{0});
  introduces(MemberIndex{3});
  observe_all();
  EXPECT_EQ(times_said(MessageType::prop), 1U) << "the others' proofs count";
}

TEST_F(WorkOfALeader, proofs_that_come_before_their_summary_are_no_lie) {
  hears(says(MemberIndex{0}, ProofsMessage{genesis(), std::nullopt}, View{2}));
  introduces(MemberIndex{0});
  introduces(MemberIndex{3});
  observe_all();
  EXPECT_EQ(times_said(MessageType::prop), 1U);
}

TEST_F(Work, a_listed_body_that_its_author_did_not_sign_is_verified_once_and_who_listed_it_is_to_blame) {
  enter(View{1});
  auto bodies = bodies_in(View{1});
  bodies[2][60] ^= 1;  // of the signature
  hears(says(liar, proposal(bodies)));
  const MemberIndex honest{3};  // it shows what it was shown
  EXPECT_EQ(cost_of(says(honest, BodiesMessage{std::vector<Bytes>(4, bodies[2])})), frame_alone + 1);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(cost_of(says(honest, BodiesMessage{bodies})), frame_alone);
  EXPECT_EQ(noted(Errc::bad_signature, liar), 1U);
  EXPECT_EQ(noted(Errc::bad_signature, honest), 0U);
  EXPECT_EQ(times_said(MessageType::prep), 0U);
}

TEST_F(Work, who_lists_what_was_never_signed_is_convicted_where_all_inputs_came) {
  enter(View{1});
  auto bodies = bodies_in(View{1});
  bodies[1][60] ^= 1;
  hears(says(liar, proposal(bodies)));
  show(bodies, MemberIndex{3}, View{1});
  ASSERT_EQ(accused_of.size(), 1U);
  EXPECT_EQ(accused_of[0].kind, Kind::wrong_aggregate);
  EXPECT_EQ(accused_of[0].member, liar);
}

/// Height 1 of view 0 is locked here with the inputs of all four; then view 1 begins, whose leader must propose it
/// again.
struct Reproposals : Work {
  void SetUp() override {
    std::vector<Bytes> bodies;
    for (const MemberIndex peer : others) hears(observes(peer, 100'000'000 + peer.value, View{0}));
    wait(millis(50));
    step(Observed{height, observation(100'000'005)});
    for (const MemberIndex member : {MemberIndex{0}, MemberIndex{1}, me, MemberIndex{3}}) {
      bodies.push_back(observed_by(member));
    }
    first = proposal(bodies, View{0});
    first.new_view.reset();
    first.signers = 0;
    const Bytes frame = says(MemberIndex{0}, first, View{0});
    hears(frame);
    const PrepMessage vote{header_hash(first.header), sha256(open_envelope(committee, frame)->payload)};
    for (const MemberIndex peer : others) hears(says(peer, vote, View{0}));
    again = first;
    again.new_view = new_view(prepared(View{0}, height, vote.header_hash, vote.proposal));
    for (const Listed& one : first.observers) names.push_back(one.digest);
  }
  Bytes observed_by(MemberIndex member) {
    if (member != me) return heard.at(member);
    const auto mine = std::ranges::find_if(said, [](const Bytes& frame) { return frame[32] == 1; });
    return *mine;
  }
  void hears(const Bytes& frame) {
    const auto envelope = open_envelope(committee, frame);
    if (envelope->type == MessageType::obs) heard[envelope->sender] = frame;
    OneMember::hears(frame);
  }
  std::size_t votes_for(const PropMessage& message) {
    const std::size_t before = times_said(MessageType::prep);
    enter(View{1});
    hears(says(liar, message));
    return times_said(MessageType::prep) - before;
  }
  std::map<MemberIndex, Bytes> heard;
  PropMessage first;
  PropMessage again;
  std::vector<Digest> names;
};

TEST_F(Reproposals, of_the_inputs_that_were_locked_are_voted_for) {
  EXPECT_EQ(votes_for(again), 1U);
}

TEST_F(Reproposals, of_fewer_names_than_a_quorum_are_refused_and_their_leader_convicted) {
  again.observers = {{MemberIndex{0}, merkle_node(names[0], names[1])},
                     {MemberIndex{1}, merkle_node(names[2], names[3])}};
  EXPECT_EQ(votes_for(again), 0U);
  EXPECT_EQ(noted(Errc::too_few_observations, liar), 1U);
  ASSERT_EQ(accused_of.size(), 1U);
  EXPECT_EQ(accused_of[0].kind, Kind::bad_proposal);
}

TEST_F(Reproposals, of_nodes_above_the_inputs_are_refused_by_who_holds_the_lock) {
  again.observers = {
      {MemberIndex{0}, names[0]}, {MemberIndex{1}, names[1]}, {MemberIndex{2}, merkle_node(names[2], names[3])}};
  EXPECT_EQ(votes_for(again), 0U);
  EXPECT_EQ(noted(Errc::wrong_aggregate, liar), 1U);
}

}  // namespace
}  // namespace assay::threshold
