#include "threshold/evidence/witness.hpp"
#include "courtroom.hpp"

namespace assay::threshold::evidence {
namespace {

struct Witnesses : Courtroom {
  Witness witness{committee};

  std::optional<Evidence> hears(const Bytes& bytes) {
    const auto frame = std::make_shared<const Bytes>(bytes);
    const auto envelope = *open_envelope(committee, *frame);
    return witness.hear(envelope, *decode_payload(envelope.type, envelope.payload, network().limits()), frame);
  }
};

TEST_F(Witnesses, a_second_word_makes_evidence_in_whatever_order_they_come) {
  const Bytes one = observes(accused, 100'000'000);
  const Bytes other = observes(accused, 100'000'001);
  EXPECT_FALSE(hears(one));
  EXPECT_FALSE(hears(one)) << "the same again is a retransmission";
  const auto found = hears(other);
  ASSERT_TRUE(found);
  expect_conviction(*found, Kind::equivocation);
  witness.forget(View{view.value + Witness::past_views + 1}, height);
  EXPECT_FALSE(hears(other));
}

TEST_F(Witnesses, a_second_word_convicts_after_its_view_was_left_too) {
  const Bytes one = observes(accused, 100'000'000);
  EXPECT_FALSE(hears(one));
  EXPECT_FALSE(hears(says(accused, PrepMessage{sha256(as_bytes("a")), sha256(as_bytes("p"))})));
  witness.forget(View{view.value + Witness::past_views}, Height{height.value + 3});
  EXPECT_FALSE(hears(one)) << "the same again is a retransmission";
  const auto found = hears(observes(accused, 100'000'001));
  ASSERT_TRUE(found);
  expect_conviction(*found, Kind::equivocation);
  const auto votes = witness.hear(prepared(view, height, sha256(as_bytes("b")), sha256(as_bytes("p"))));
  ASSERT_EQ(votes.size(), 1U);
  expect_conviction(votes[0], Kind::equivocation);
}

TEST_F(Witnesses, nothing_is_kept_that_is_first_said_of_a_view_that_was_left) {
  witness.forget(next(view), height);
  EXPECT_FALSE(hears(observes(accused, 100'000'000)));
  EXPECT_FALSE(hears(observes(accused, 100'000'001)));
}

TEST_F(Witnesses, votes_inside_a_certificate_are_words_too) {
  EXPECT_FALSE(hears(says(accused, PrepMessage{sha256(as_bytes("a")), sha256(as_bytes("p"))})));
  const auto found = witness.hear(prepared(view, height, sha256(as_bytes("b")), sha256(as_bytes("p"))));
  ASSERT_EQ(found.size(), 1U);
  expect_conviction(found[0], Kind::equivocation);
}

TEST_F(Witnesses, summaries_inside_a_new_view_are_words_too) {
  const VenterMessage other{header_hash(genesis().header), LockClaim{View{0}, {}}, boot, std::nullopt};
  EXPECT_FALSE(hears(says(accused, other)));
  const auto found = witness.hear(new_view(), view);
  ASSERT_EQ(found.size(), 1U);
  expect_conviction(found[0], Kind::equivocation);
}

TEST_F(Witnesses, what_is_forgotten_is_contradicted_no_more) {
  EXPECT_FALSE(hears(observes(accused, 100'000'000)));
  witness.forget(view, Height{2});
  EXPECT_FALSE(hears(observes(accused, 100'000'001)));
  witness.forget(View{view.value + Witness::past_views + 1}, height);
  EXPECT_FALSE(hears(observes(accused, 100'000'002)));
}

TEST_F(Witnesses, attempts_that_cannot_be_are_not_kept) {
  for (std::uint8_t attempt = 2; attempt < 20; ++attempt) {
    ShareMessage share{sha256(as_bytes("sid")), attempt, {}, {}};
    EXPECT_FALSE(hears(says(accused, share)));
    EXPECT_EQ(witness.share(view, height, accused, attempt), nullptr);
  }
}

TEST_F(Witnesses, a_pair_that_serves_a_second_session_is_found_among_the_latest) {
  const auto mine = pair(accused).commitment();
  const auto session = [&](std::uint8_t attempt, Height at) {
    std::vector<frost::SignerCommitment> signers{{MemberIndex{0}, pair(MemberIndex{0}).commitment()},
                                                 {accused, mine},
                                                 {MemberIndex{2}, pair(MemberIndex{2}).commitment()}};
    const Digest hash = header_hash(genesis().header);
    const Digest sid = session_id(committee.cfg, {view, at, attempt, accused, hash}, signers);
    (void)hears(says(accused, ShareMessage{sid, attempt, hash, {}}, view, at));
    return witness.spend(view, at, attempt, {sid, signers, {}});
  };
  EXPECT_TRUE(session(0, Height{1}).empty());
  const auto found = session(0, Height{2});
  ASSERT_EQ(found.size(), 1U);
  expect_conviction(found[0], Kind::nonce_reuse);
}

}  // namespace
}  // namespace assay::threshold::evidence
