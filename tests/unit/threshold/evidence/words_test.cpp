#include "courtroom.hpp"

namespace assay::threshold::evidence {
namespace {

struct Words : Courtroom {
  /// Two frames of one author as statements, in the order that evidence has.
  Equivocation between(const Bytes& first, const Bytes& second) const {
    const auto a = *open_envelope(committee, first);
    const auto b = *open_envelope(committee, second);
    Statement one{a.height, sha256(a.payload), a.signature};
    Statement other{b.height, sha256(b.payload), b.signature};
    if (other.payload < one.payload) std::swap(one, other);
    return {a.type, a.view, a.sender, {one, other}};
  }
  SecondAnswer twice(const Bytes& first, const Bytes& second) const {
    const bool swapped =
        sha256(open_envelope(committee, second)->payload) < sha256(open_envelope(committee, first)->payload);
    return swapped ? SecondAnswer{{second, first}} : SecondAnswer{{first, second}};
  }
  static Digest digest(const char* text) { return sha256(as_bytes(text)); }
};

TEST_F(Words, two_observations_at_one_place_convict) {
  expect_conviction(between(observes(accused, 100'000'000), observes(accused, 100'000'001)), Kind::equivocation);
}

TEST_F(Words, two_votes_at_one_place_convict) {
  expect_conviction(between(says(accused, PrepMessage{digest("a"), digest("p")}),
                            says(accused, PrepMessage{digest("b"), digest("p")})),
                    Kind::equivocation);
}

TEST_F(Words, two_proposals_at_one_place_convict) {
  const std::vector<Bytes> bodies{observes(MemberIndex{0}, 100'000'000), observes(MemberIndex{1}, 100'000'000),
                                  observes(MemberIndex{2}, 100'000'000)};
  const PropMessage one = proposal(bodies);
  PropMessage other = one;
  other.signers = 0b0111;
  expect_conviction(between(says(accused, one), says(accused, other)), Kind::equivocation);
}

TEST_F(Words, two_summaries_at_the_entry_of_one_view_convict_whatever_their_heights) {
  const VenterMessage one{digest("tip"), std::nullopt, boot, std::nullopt};
  VenterMessage other = one;
  other.tip = digest("another tip");
  expect_conviction(between(says(accused, one, view, Height{4}), says(accused, other, view, Height{7})),
                    Kind::equivocation);
}

TEST_F(Words, two_statements_swapped_are_another_spelling_and_refused) {
  auto evidence = between(observes(accused, 100'000'000), observes(accused, 100'000'001));
  std::swap(evidence.said[0], evidence.said[1]);
  expect_refused(evidence, Errc::not_canonical);
}

TEST_F(Words, one_observation_of_each_of_two_heights_is_what_everybody_says) {
  auto evidence =
      between(observes(accused, 100'000'000, view, Height{1}), observes(accused, 100'000'001, view, Height{2}));
  expect_refused(evidence, Errc::bad_proof);
}

TEST_F(Words, one_observation_of_each_of_two_views_is_what_everybody_says) {
  auto evidence = between(observes(accused, 100'000'000, View{1}), observes(accused, 100'000'001, View{2}));
  expect_refused(evidence, Errc::bad_signature);
}

TEST_F(Words, words_of_two_members_do_not_make_a_liar) {
  auto evidence = between(observes(accused, 100'000'000), observes(MemberIndex{2}, 100'000'001));
  expect_refused(evidence, Errc::bad_signature);
}

TEST_F(Words, what_may_be_worded_anew_never_convicts) {
  const auto evidence = between(says(accused, PullMessage{{digest("a")}}), says(accused, PullMessage{{digest("b")}}));
  expect_refused(evidence, Errc::malformed);
}

TEST_F(Words, two_commitments_for_one_attempt_convict) {
  const NonceMessage one{1, accused, digest("D"), boot, pair(accused).commitment()};
  NonceMessage other = one;
  other.commitment = pair(accused).commitment();
  expect_conviction(twice(says(accused, one), says(accused, other)), Kind::second_answer);
}

TEST_F(Words, one_commitment_for_each_of_two_attempts_is_as_it_must_be) {
  const NonceMessage one{1, accused, digest("D"), boot, pair(accused).commitment()};
  NonceMessage other = one;
  other.attempt = 2;
  other.commitment = pair(accused).commitment();
  expect_refused(twice(says(accused, one), says(accused, other)), Errc::bad_proof);
}

TEST_F(Words, two_shares_in_one_attempt_convict) {
  const ShareMessage one{digest("sid"), 1, digest("D"), {digest("z").bytes}};
  ShareMessage other = one;
  other.sid = digest("another sid");
  expect_conviction(twice(says(accused, one), says(accused, other)), Kind::second_answer);
}

TEST_F(Words, a_share_repeated_byte_for_byte_is_a_retransmission) {
  const Bytes share = says(accused, ShareMessage{digest("sid"), 1, digest("D"), {digest("z").bytes}});
  expect_refused(twice(share, share), Errc::bad_proof);
}

TEST_F(Words, votes_have_no_attempts) {
  expect_refused(
      twice(says(accused, PrepMessage{digest("a"), digest("p")}), says(accused, PrepMessage{digest("b"), digest("p")})),
      Errc::malformed);
}

struct Amnesiacs : Words {
  ShareMessage share{digest("sid"), 0, digest("D"), {digest("z").bytes}};
  VenterMessage summary{digest("tip"), LockClaim{View{3}, digest("D")}, BootId{}, std::nullopt};
  Amnesia after_share(Height at) const {
    return {says(accused, share, View{3}, Height{9}), says(accused, summary, View{4}, at)};
  }
};

TEST_F(Amnesiacs, a_summary_without_the_lock_of_a_share_convicts) {
  summary.lock.reset();
  expect_conviction(after_share(Height{9}), Kind::amnesia);
}

TEST_F(Amnesiacs, a_summary_with_an_older_lock_convicts) {
  summary.lock->view = View{2};
  expect_conviction(after_share(Height{9}), Kind::amnesia);
}

TEST_F(Amnesiacs, a_summary_with_another_lock_of_the_same_view_convicts) {
  summary.lock->header_hash = digest("another batch");
  expect_conviction(after_share(Height{9}), Kind::amnesia);
}

TEST_F(Amnesiacs, a_summary_with_a_tip_below_the_share_convicts) {
  expect_conviction(after_share(Height{8}), Kind::amnesia);
}

TEST_F(Amnesiacs, whoever_owns_up_to_its_share_is_innocent) {
  expect_refused(after_share(Height{9}), Errc::bad_proof);
}

TEST_F(Amnesiacs, whoever_locked_anew_since_is_innocent) {
  share.header_hash = digest("the batch of the first view");
  summary.lock = LockClaim{View{4}, digest("the batch of the next")};
  const Amnesia later{says(accused, share, View{3}, Height{9}), says(accused, summary, View{5}, Height{9})};
  expect_refused(later, Errc::bad_proof);
}

TEST_F(Amnesiacs, whose_batch_was_attested_has_no_lock_to_show) {
  summary.lock.reset();
  expect_refused(after_share(Height{10}), Errc::bad_proof);
}

TEST_F(Amnesiacs, a_summary_before_the_share_knew_nothing_of_it) {
  summary.lock.reset();
  const Amnesia before{says(accused, share, View{3}, Height{9}), says(accused, summary, View{3}, Height{9})};
  expect_refused(before, Errc::bad_proof);
}

TEST_F(Amnesiacs, a_share_of_one_member_says_nothing_of_another) {
  summary.lock.reset();
  const Amnesia mixed{says(MemberIndex{2}, share, View{3}, Height{9}), says(accused, summary, View{4}, Height{9})};
  expect_refused(mixed, Errc::malformed);
}

struct Commitments : Words {
  frost::Commitment torsion() {
    frost::Commitment out = pair(accused).commitment();
    out.binding.fill(0xff);
    out.binding[0] = 0xec;
    out.binding[31] = 0x7f;
    return out;
  }
};

TEST_F(Commitments, an_observation_with_a_point_of_order_two_convicts) {
  expect_conviction(BadCommitment{says(accused, ObsMessage{boot, torsion(), observation(100'000'000)})},
                    Kind::bad_commitment);
}

TEST_F(Commitments, so_do_a_summary_and_an_answer_to_the_coordinator) {
  expect_conviction(BadCommitment{says(accused, VenterMessage{digest("tip"), std::nullopt, boot, torsion()})},
                    Kind::bad_commitment);
  expect_conviction(BadCommitment{says(accused, NonceMessage{1, accused, digest("D"), boot, torsion()})},
                    Kind::bad_commitment);
}

TEST_F(Commitments, points_of_prime_order_and_none_at_all_are_innocent) {
  expect_refused(BadCommitment{observes(accused, 100'000'000)}, Errc::bad_proof);
  expect_refused(BadCommitment{says(accused, ObsMessage{boot, std::nullopt, observation(1)})}, Errc::malformed);
}

}  // namespace
}  // namespace assay::threshold::evidence
