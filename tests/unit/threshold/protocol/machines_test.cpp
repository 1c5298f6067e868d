#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/unit/threshold/protocol/cluster.hpp"
#include "threshold/certificate.hpp"
#include "threshold/codec.hpp"
#include "threshold/nonces.hpp"
#include "threshold/proposal.hpp"
#include "threshold/sim/world.hpp"
#include "threshold/view_change.hpp"

namespace assay::threshold {
namespace {

Now at_ms(std::int64_t mono, std::int64_t wall) {
  return {MonoTime{mono * 1000}, WallTime{1'790'000'000'000'000} + millis(wall)};
}
Now at_ms(std::int64_t both) {
  return at_ms(both, both);
}

struct Nonces : testing::Test {
  Nonces() : entropy(3), dealt(frost::deal(4, 3, entropy).value()), timing(sim::usual_timing(64)) {}
  SeededEntropy entropy;
  frost::Dealt dealt;
  Timing timing;
  NonceKey key{View{1}, Height{7}, NoncePurpose::observation, 0};
};

TEST_F(Nonces, a_pair_is_handed_out_once_and_never_made_again) {
  NonceStore store(dealt.shares[0], entropy, timing);
  EXPECT_TRUE(store.make(key, at_ms(0)));
  EXPECT_FALSE(store.make(key, at_ms(1)));
  EXPECT_TRUE(store.take(key, at_ms(2)));
  EXPECT_FALSE(store.take(key, at_ms(3)));
  EXPECT_FALSE(store.make(key, at_ms(4)));
}

TEST_F(Nonces, a_pair_serves_its_own_purpose_only) {
  NonceStore store(dealt.shares[0], entropy, timing);
  ASSERT_TRUE(store.make(key, at_ms(0)));
  EXPECT_FALSE(store.take({View{2}, Height{7}, NoncePurpose::observation, 0}, at_ms(1)));
  EXPECT_FALSE(store.take({View{1}, Height{8}, NoncePurpose::observation, 0}, at_ms(1)));
  EXPECT_FALSE(store.take({View{1}, Height{7}, NoncePurpose::view_entry, 0}, at_ms(1)));
  EXPECT_FALSE(store.take({View{1}, Height{7}, NoncePurpose::retry, 1}, at_ms(1)));
}

TEST_F(Nonces, age_a_view_change_or_a_clock_jump_voids_a_pair) {
  NonceStore store(dealt.shares[0], entropy, timing);
  ASSERT_TRUE(store.make(key, at_ms(0)));
  EXPECT_FALSE(store.take(key, at_ms(10'000)));
  NonceStore jumped(dealt.shares[0], entropy, timing);
  ASSERT_TRUE(jumped.make(key, at_ms(0)));
  EXPECT_FALSE(jumped.take(key, at_ms(10, 500)));
  NonceStore set_back(dealt.shares[0], entropy, timing);
  ASSERT_TRUE(set_back.make(key, at_ms(0)));
  EXPECT_FALSE(set_back.take(key, at_ms(10, -500)));
  NonceStore left(dealt.shares[0], entropy, timing);
  ASSERT_TRUE(left.make(key, at_ms(0)));
  left.wipe();
  EXPECT_FALSE(left.take(key, at_ms(1)));
  NonceStore idle(dealt.shares[0], entropy, timing);
  ASSERT_TRUE(idle.make(key, at_ms(0)));
  EXPECT_EQ(idle.deadline(), MonoTime{10'000'000});
  idle.expire(at_ms(10'000));
  EXPECT_FALSE(idle.deadline());
}

TEST_F(Nonces, the_store_is_bounded) {
  NonceStore store(dealt.shares[0], entropy, timing);
  for (std::uint64_t h = 0; h < NonceStore::pairs_max; ++h) {
    ASSERT_TRUE(store.make({View{1}, Height{h}, NoncePurpose::observation, 0}, at_ms(0)));
  }
  EXPECT_FALSE(store.make({View{1}, Height{1000}, NoncePurpose::observation, 0}, at_ms(0)));
  store.forget_below(View{1}, Height{60});
  EXPECT_EQ(store.size(), 4U);
}

/// A committee of four whose keys the test holds, group key included: certificates at will.
struct Entering : testing::Test {
  Entering() : entropy(9), dealt(frost::deal(4, 3, entropy).value()) {
    EpochRecord record{Epoch{0}, 0, 3, dealt.group.group_key, dealt.group.verifying_shares, {}};
    for (int i = 0; i < 4; ++i) {
      identities.push_back(IdentityKey::generate(entropy));
      record.identities.push_back(identities.back().public_key());
    }
    committee = make_committee(record, "test", {}).value();
    genesis = {genesis_header(committee, 1), {}};
    one = tip(1);
  }

  TipCertificate tip(std::uint64_t height) {
    Header header = genesis_header(committee, 1);
    header.height = Height{height};
    header.time = WallTime{height};
    std::vector<frost::NoncePair> pairs;
    std::vector<frost::SignerCommitment> signers;
    for (std::uint16_t i = 0; i < 3; ++i) {
      pairs.push_back(frost::commit(dealt.shares[i], entropy));
      signers.push_back({MemberIndex{i}, pairs.back().commitment()});
    }
    const auto session = frost::Session::make(dealt.group, encode(header), signers).value();
    std::vector<frost::SignatureShare> shares;
    for (std::uint16_t i = 0; i < 3; ++i) {
      shares.push_back(session.sign(dealt.shares[i], std::move(pairs[i])).value());
    }
    return {header, session.aggregate(shares).value()};
  }

  PrepareCertificate prepare(View view, Height height, const Digest& hash, std::uint32_t bits = 0b0111) {
    PrepareCertificate certificate{view, height, hash, sha256(as_bytes("P")), bits, {}};
    for (const MemberIndex member : members_of(bits)) {
      const Bytes frame = seal(committee, identities[member.value], {MessageType::prep, view, height, member},
                               encode_payload(PrepMessage{hash, certificate.proposal}));
      certificate.signatures.push_back(open_envelope(committee, frame)->signature);
    }
    return certificate;
  }

  VenterEntry entry(std::uint16_t member, const TipCertificate& at, std::optional<LockClaim> lock = std::nullopt,
                    View view = View{6}) {
    VenterEntry out{MemberIndex{member}, next(at.header.height), {header_hash(at.header), lock, {}, std::nullopt}, {}};
    const Bytes frame = seal(committee, identities[member],
                             {MessageType::venter, view, out.height, MemberIndex{member}}, encode_payload(out.summary));
    out.signature = open_envelope(committee, frame)->signature;
    return out;
  }

  Result<Mandate> judge(const NewView& new_view) { return check_new_view(committee, 1, View{6}, new_view); }

  SeededEntropy entropy;
  frost::Dealt dealt;
  std::vector<IdentityKey> identities;
  Committee committee;
  TipCertificate genesis;
  TipCertificate one;
  Digest d = sha256(as_bytes("D"));
  Digest e = sha256(as_bytes("E"));
};

TEST_F(Entering, three_summaries_without_a_lock_leave_the_leader_free_above_the_highest_tip) {
  const auto mandate = judge({{entry(0, genesis), entry(1, one), entry(3, genesis)}, one, std::nullopt});
  ASSERT_TRUE(mandate);
  EXPECT_EQ(*mandate, (Mandate{Height{2}, std::nullopt}));
}

TEST_F(Entering, too_few_repeated_or_unsigned_summaries_are_refused) {
  EXPECT_FALSE(judge({{entry(0, one), entry(1, one)}, one, std::nullopt}));
  EXPECT_FALSE(judge({{entry(0, one), entry(1, one), entry(1, one)}, one, std::nullopt}));
  NewView forged{{entry(0, one), entry(1, one), entry(3, one)}, one, std::nullopt};
  forged.entries[2].summary.tip = d;
  EXPECT_EQ(judge(forged).error().code, Errc::bad_new_view);
  EXPECT_FALSE(judge({{entry(0, one), entry(1, one), entry(3, one, std::nullopt, View{5})}, one, std::nullopt}));
}

TEST_F(Entering, a_claimed_tip_without_its_certificate_is_never_skipped) {
  const TipCertificate two = tip(2);
  EXPECT_FALSE(judge({{entry(0, one), entry(1, two), entry(3, one)}, one, std::nullopt}));
  TipCertificate unsigned_two = two;
  unsigned_two.signature = one.signature;
  EXPECT_FALSE(judge({{entry(0, one), entry(1, two), entry(3, one)}, unsigned_two, std::nullopt}));
  EXPECT_TRUE(judge({{entry(0, one), entry(1, two), entry(3, one)}, two, std::nullopt}));
}

TEST_F(Entering, a_claimed_lock_without_its_certificate_is_never_skipped) {
  const LockClaim claim{View{4}, d};
  NewView unproved{{entry(0, one), entry(1, one, claim), entry(3, one)}, one, std::nullopt};
  EXPECT_EQ(judge(unproved).error().code, Errc::bad_new_view);
  unproved.lock = prepare(View{4}, Height{2}, e);
  EXPECT_FALSE(judge(unproved));
  unproved.lock = prepare(View{3}, Height{2}, d);
  EXPECT_FALSE(judge(unproved));
  unproved.lock = prepare(View{4}, Height{3}, d);
  EXPECT_FALSE(judge(unproved));
  unproved.lock = prepare(View{4}, Height{2}, d);
  ASSERT_TRUE(judge(unproved));
  EXPECT_EQ(judge(unproved)->locked, d);
  unproved.lock->signatures[1] = unproved.lock->signatures[0];
  EXPECT_FALSE(judge(unproved));
}

TEST_F(Entering, the_highest_lock_binds_and_a_lower_one_does_not_prove_it) {
  NewView both{{entry(0, one, LockClaim{View{2}, e}), entry(1, one, LockClaim{View{4}, d}), entry(3, one)},
               one,
               prepare(View{2}, Height{2}, e)};
  EXPECT_FALSE(judge(both));
  both.lock = prepare(View{4}, Height{2}, d);
  ASSERT_TRUE(judge(both));
  EXPECT_EQ(judge(both)->locked, d);
}

TEST_F(Entering, a_lock_below_the_highest_tip_is_no_obligation) {
  const auto mandate =
      judge({{entry(0, genesis, LockClaim{View{2}, e}), entry(1, one), entry(3, one)}, one, std::nullopt});
  ASSERT_TRUE(mandate);
  EXPECT_FALSE(mandate->locked);
}

TEST_F(Entering, a_lock_of_this_view_or_a_later_one_is_a_lie) {
  EXPECT_FALSE(judge(
      {{entry(0, one, LockClaim{View{6}, d}), entry(1, one), entry(3, one)}, one, prepare(View{6}, Height{2}, d)}));
}

TEST_F(Entering, a_leader_does_not_count_a_summary_without_its_proofs) {
  Entrants entrants(committee, 1);
  const LockClaim claim{View{4}, d};
  entrants.add(entry(0, one));
  entrants.add(entry(1, one));
  entrants.add(entry(3, one, claim));
  EXPECT_TRUE(entrants.prove(MemberIndex{0}, View{6}, {one, std::nullopt}));
  EXPECT_TRUE(entrants.prove(MemberIndex{1}, View{6}, {one, std::nullopt}));
  EXPECT_FALSE(entrants.prove(MemberIndex{3}, View{6}, {one, std::nullopt}));
  EXPECT_FALSE(entrants.ready());
  entrants.add(entry(2, one));
  EXPECT_TRUE(entrants.prove(MemberIndex{2}, View{6}, {one, std::nullopt}));
  EXPECT_TRUE(entrants.ready());
  EXPECT_TRUE(judge(entrants.assemble()));
}

TEST_F(Entering, another_lock_or_another_tip_than_the_summarys_proves_nothing) {
  Header locked = one.header;
  locked.height = Height{2};
  locked.inputs_root = merkle_root({});
  const LockProof proof{locked, prepare(View{4}, Height{2}, header_hash(locked)), {}};
  Entrants entrants(committee, 1);
  entrants.add(entry(0, one, LockClaim{View{4}, d}));
  entrants.add(entry(1, one));
  entrants.add(entry(2, one));
  entrants.add(entry(3, one, LockClaim{View{4}, header_hash(locked)}));
  EXPECT_FALSE(entrants.prove(MemberIndex{0}, View{6}, {one, proof}));
  EXPECT_FALSE(entrants.prove(MemberIndex{1}, View{6}, {one, proof}));
  EXPECT_FALSE(entrants.prove(MemberIndex{2}, View{6}, {genesis, std::nullopt}));
  EXPECT_TRUE(entrants.prove(MemberIndex{3}, View{6}, {one, proof}));
}

TEST_F(Entering, proofs_that_do_not_hold_are_judged_once_and_everybody_else_is_asked_for_theirs) {
  Entrants entrants(committee, 1);
  for (std::uint16_t i = 0; i < 4; ++i) entrants.add(entry(i, one));
  EXPECT_THAT(entrants.wanting(), testing::SizeIs(4)) << "whoever is silent, the others are asked";
  EXPECT_FALSE(entrants.prove(MemberIndex{0}, View{6}, {genesis, std::nullopt}));
  EXPECT_FALSE(entrants.prove(MemberIndex{0}, View{6}, {one, std::nullopt})) << "its author signed the first, too";
  EXPECT_TRUE(entrants.prove(MemberIndex{1}, View{6}, {one, std::nullopt}));
  EXPECT_EQ(entrants.wanting(), (std::vector{MemberIndex{2}, MemberIndex{3}}));
  EXPECT_TRUE(entrants.prove(MemberIndex{2}, View{6}, {one, std::nullopt}));
  EXPECT_FALSE(entrants.ready());
  EXPECT_TRUE(entrants.prove(MemberIndex{3}, View{6}, {one, std::nullopt}));
  EXPECT_TRUE(entrants.ready());
}

/// A lock at height 2 with two inputs, of which members `holders` have proved to hold it; the others claim none.
struct LockedEntering : Entering {
  LockedEntering() {
    locked.height = Height{2};
    locked.inputs_root = merkle_root(names);
  }
  void enter(std::set<std::uint16_t> holders) {
    for (std::uint16_t i = 0; i < 4; ++i) {
      const bool holds = holders.contains(i);
      entrants.add(entry(i, one, holds ? std::optional(LockClaim{View{4}, header_hash(locked)}) : std::nullopt));
      ProofsMessage proofs{one, std::nullopt};
      if (holds) proofs.lock = LockProof{locked, prepare(View{4}, Height{2}, header_hash(locked)), names};
      ASSERT_TRUE(entrants.prove(MemberIndex{i}, View{6}, proofs));
    }
  }
  std::vector<Digest> names{merkle_leaf(Bytes{1}), merkle_leaf(Bytes{2})};
  Header locked = one.header;
  Entrants entrants{committee, 1};
};

TEST_F(LockedEntering, who_claims_a_lock_counts_when_its_inputs_are_here_from_whomever) {
  enter({0, 1});
  EXPECT_FALSE(entrants.ready());
  EXPECT_EQ(entrants.missing(), names);
  entrants.supply(names[1], std::make_shared<const Bytes>(Bytes{2}));
  EXPECT_FALSE(entrants.ready());
  entrants.supply(names[0], std::make_shared<const Bytes>(Bytes{1}));
  ASSERT_TRUE(entrants.ready());
  const NewView made = entrants.assemble();
  ASSERT_TRUE(judge(made));
  EXPECT_EQ(judge(made)->locked, header_hash(locked));
  ASSERT_NE(entrants.obligation(made), nullptr);
  EXPECT_EQ(entrants.obligation(made)->header, locked);
  EXPECT_EQ(*entrants.find(names[0]), Bytes{1});
}

TEST_F(LockedEntering, a_claim_whose_inputs_nobody_shows_obliges_to_nothing) {
  enter({2});
  ASSERT_TRUE(entrants.ready());
  const NewView made = entrants.assemble();
  ASSERT_TRUE(judge(made));
  EXPECT_FALSE(judge(made)->locked);
  EXPECT_EQ(entrants.obligation(made), nullptr);
}

/// The root alone, or the nodes above the inputs, have the inputs' root, too, and are the names of nothing.
TEST_F(LockedEntering, who_names_what_is_no_input_spoils_nobody_elses_proof) {
  const auto proof_of = [&](std::vector<Digest> named) {
    return ProofsMessage{one, LockProof{locked, prepare(View{4}, Height{2}, header_hash(locked)), std::move(named)}};
  };
  for (const std::uint16_t liar : {std::uint16_t{0}, std::uint16_t{3}}) {
    entrants.clear();
    for (std::uint16_t i = 0; i < 4; ++i) entrants.add(entry(i, one, LockClaim{View{4}, header_hash(locked)}));
    ASSERT_TRUE(entrants.prove(MemberIndex{liar}, View{6}, proof_of({locked.inputs_root})));
    for (std::uint16_t i = 0; i < 4; ++i) ASSERT_TRUE(entrants.prove(MemberIndex{i}, View{6}, proof_of(names)));
    entrants.supply(names[0], std::make_shared<const Bytes>(Bytes{1}));
    EXPECT_FALSE(entrants.ready());
    entrants.supply(names[1], std::make_shared<const Bytes>(Bytes{2}));
    ASSERT_TRUE(entrants.ready());
    const NewView made = entrants.assemble();
    ASSERT_NE(entrants.obligation(made), nullptr);
    EXPECT_EQ(entrants.obligation(made)->inputs, names);
  }
}

TEST_F(LockedEntering, inputs_are_asked_of_one_holder_and_then_of_f_plus_1_others_in_turn) {
  enter({0, 2, 3});
  const auto asked = [&](Entrants::Asking asking) {
    std::vector<std::uint16_t> members;
    for (const auto& [member, wanted] : entrants.ask(asking)) {
      EXPECT_EQ(wanted, names);
      members.push_back(member.value);
    }
    return members;
  };
  EXPECT_EQ(asked(Entrants::Asking::first), (std::vector<std::uint16_t>{0}));
  EXPECT_EQ(asked(Entrants::Asking::first), std::vector<std::uint16_t>{});
  EXPECT_EQ(asked(Entrants::Asking::again), (std::vector<std::uint16_t>{2, 3}));
  EXPECT_EQ(asked(Entrants::Asking::again), (std::vector<std::uint16_t>{0, 2}));
}

TEST_F(Entering, a_prepare_certificate_needs_three_members_of_one_vote) {
  EXPECT_TRUE(verify_prepare(committee, prepare(View{4}, Height{2}, d, 0b1101)));
  auto mixed = prepare(View{4}, Height{2}, d);
  mixed.header_hash = e;
  EXPECT_FALSE(verify_prepare(committee, mixed));
  EXPECT_FALSE(verify_prepare(committee, prepare(View{4}, Height{2}, d, 0b0011)));
}

TEST(Inputs, too_far_from_the_median_time_are_left_out_before_anything_is_aggregated) {
  const auto at = [](std::uint64_t time) {
    Body body;
    body.message.observation.time = WallTime{time};
    return std::make_shared<const Body>(body);
  };
  Header previous;
  previous.time = WallTime{500};
  std::vector<BodyRef> bodies{at(1000), at(1010), at(1030), at(90'000)};
  EXPECT_EQ(drop_untimely(bodies, previous, Quorum{4}, micros(100)), WallTime{1010});
  EXPECT_EQ(bodies.size(), 3U);
  bodies = {at(1000), at(1010), at(1030), at(1050)};
  EXPECT_EQ(drop_untimely(bodies, previous, Quorum{4}, micros(100)), WallTime{1020});
  previous.time = WallTime{1040};
  EXPECT_EQ(drop_untimely(bodies, previous, Quorum{4}, micros(100)), WallTime{1041});
  bodies = {at(1000), at(5000), at(90'000)};
  EXPECT_FALSE(drop_untimely(bodies, previous, Quorum{4}, micros(100)));
}

TEST(Rates, follow_from_the_committee_its_rhythm_and_its_feeds) {
  const Timing timing = sim::usual_timing(64);  // 20 heights, 10 resends, 2 patiences a second, and one more of each
  const PeerRate small = peer_rate(Quorum{4}, 2, timing);
  EXPECT_EQ(small.frames_per_second, 4U * (20 * 21 + 64 * 11));
  EXPECT_EQ(small.bytes_per_second, 4U * (21 + 11) * (Limits{Quorum{4}, 2}.message()) + 11U * range_frame_max);
  EXPECT_EQ(small.links_per_second, 3U);
  EXPECT_EQ(small.strangers_per_second, 12U);
  EXPECT_EQ(small.redial_max, millis(200));
  const PeerRate large = peer_rate(Quorum{31}, 500, timing);
  EXPECT_EQ(large.frames_per_second, 4U * (56 * 21 + 64 * 11));
  EXPECT_EQ(large.bytes_per_second, 4U * (21 + 11) * (Limits{Quorum{31}, 500}.message()) + 11U * range_frame_max);
  EXPECT_EQ(large.strangers_per_second, 93U);
  Timing fast = timing;
  fast.tick = millis(10);
  EXPECT_EQ(peer_rate(Quorum{31}, 4096, fast).bytes_per_second, 1U << 30);
}

TEST(Rates, who_comes_back_is_linked_while_what_was_observed_counts) {
  Timing timing = sim::usual_timing(64);
  for (const auto timeout : {millis(30), millis(1000), millis(60'000)}) {
    timing.timeout = timing.timeout_max = timeout;
    timing.timely = timeout + timing.grace + 2 * timing.delay_max + timing.clock_error;
    const Micros redial = peer_rate(Quorum{4}, 2, timing).redial_max;
    EXPECT_LT(redial + timing.grace, timing.timely);
    EXPECT_LE(2 * redial, timeout);
    EXPECT_LE(redial, millis(2000));
  }
}

TEST(Rates, what_waits_for_a_peer_is_a_few_of_the_longest_frames) {
  EXPECT_EQ(peer_queue_bytes(Quorum{4}, 2), (1U << 20) + range_frame_max);
  const Limits large{Quorum{31}, 500};
  EXPECT_EQ(peer_queue_bytes(Quorum{31}, 500), 8 * large.message() + range_frame_max);
}

TEST(Bounds, of_batches_hold_for_the_epoch_that_made_them) {
  const Limits here{Quorum{4}, 2};
  EXPECT_EQ(Limits::range_count(here.batch()), here.range_count());
  EXPECT_EQ(Limits::range_count(1U << 20), 3U);
  EXPECT_EQ(Limits::range_count(9U << 20), 1U) << "one always goes";
  EXPECT_EQ(Limits::unsaved(here.batch()), Limits::unsaved_batches);
  EXPECT_EQ(Limits::unsaved(1U << 20), 64U);
  EXPECT_EQ(Limits::unsaved(40U << 20), 2U);
  EXPECT_GT(frame_bytes_max(Quorum{4}, 2), batch_max) << "they come from whatever epoch";
}

TEST(TimingRules, a_network_whose_clock_window_is_too_small_is_refused) {
  EXPECT_TRUE(sim::usual_timing(64).validate());
  Timing timing = sim::usual_timing(64);
  timing.timely = timing.timeout + timing.grace + 2 * timing.delay_max;
  EXPECT_EQ(timing.validate().error().code, Errc::out_of_range);
  timing = sim::usual_timing(64);
  timing.grace = timing.grace_max + micros(1);
  EXPECT_FALSE(timing.validate());
  timing = sim::usual_timing(0);
  EXPECT_FALSE(timing.validate());
  timing = sim::usual_timing(64);
  timing.resend = timing.timeout;
  EXPECT_EQ(timing.validate().error().code, Errc::out_of_range);
}

}  // namespace
}  // namespace assay::threshold
