#include <gtest/gtest.h>

#include "threshold/sim/chance.hpp"
#include "threshold/sim/keys.hpp"
#include "threshold/sim/stand_in.hpp"

namespace assay::threshold::sim {
namespace {

/// What the protocol leans on holds for the real scheme and the stand-in alike.
class Schemes : public testing::TestWithParam<const char*> {
 protected:
  const Signatures& scheme() const {
    return std::string_view(GetParam()) == "frost" ? Signatures::ed25519() : stand_in_;
  }
  std::unique_ptr<SigningSession> open(ByteSpan message, std::vector<frost::NoncePair>& pairs) {
    std::vector<frost::SignerCommitment> signers;
    for (std::uint16_t i = 0; i < 3; ++i) {
      pairs.push_back(frost::commit(keys_.first.shares[i], entropy_));
      signers.push_back({MemberIndex{i}, pairs.back().commitment()});
    }
    return std::move(scheme().open(keys_.first.group, message, signers)).value();
  }

  const Keys keys_{Quorum{4}};
  RepeatableEntropy entropy_{5};
  const StandIn stand_in_{77};
};

TEST_P(Schemes, three_shares_of_one_session_make_a_signature_of_that_message_only) {
  std::vector<frost::NoncePair> pairs;
  const auto session = open(as_bytes("message"), pairs);
  std::vector<frost::SignatureShare> shares;
  for (std::uint16_t i = 0; i < 3; ++i) shares.push_back(*session->sign(keys_.first.shares[i], std::move(pairs[i])));
  const auto signature = session->aggregate(shares);
  ASSERT_TRUE(signature);
  EXPECT_TRUE(scheme().verify(keys_.first.group.group_key, as_bytes("message"), *signature));
  EXPECT_FALSE(scheme().verify(keys_.first.group.group_key, as_bytes("massage"), *signature));
  EXPECT_FALSE(scheme().verify(keys_.identities[0].public_key(), as_bytes("message"), *signature));
  shares.pop_back();
  EXPECT_FALSE(session->aggregate(shares));
}

TEST_P(Schemes, shares_of_two_sessions_do_not_combine_and_the_stranger_is_named) {
  std::vector<frost::NoncePair> first;
  std::vector<frost::NoncePair> second;
  const auto one = open(as_bytes("message"), first);
  const auto other = open(as_bytes("message"), second);
  std::vector<frost::SignatureShare> shares;
  for (std::uint16_t i = 0; i < 2; ++i) shares.push_back(*one->sign(keys_.first.shares[i], std::move(first[i])));
  shares.push_back(*other->sign(keys_.first.shares[2], std::move(second[2])));
  EXPECT_FALSE(one->aggregate(shares));
  EXPECT_EQ(one->culprits(shares), std::vector<MemberIndex>{MemberIndex{2}});
}

TEST_P(Schemes, a_pair_of_another_session_and_a_signer_outside_S_are_refused) {
  std::vector<frost::NoncePair> pairs;
  const auto session = open(as_bytes("message"), pairs);
  EXPECT_EQ(session->sign(keys_.first.shares[0], std::move(pairs[1])).error().code, Errc::nonce_used);
  EXPECT_EQ(session->sign(keys_.first.shares[3], std::move(pairs[2])).error().code, Errc::bad_signer_set);
}

TEST_P(Schemes, fewer_than_the_threshold_or_a_neutral_commitment_open_no_session) {
  std::vector<frost::SignerCommitment> signers;
  for (std::uint16_t i = 0; i < 3; ++i) {
    signers.push_back({MemberIndex{i}, frost::commit(keys_.first.shares[i], entropy_).commitment()});
  }
  auto neutral = signers;
  neutral[1].commitment.hiding = {1};
  EXPECT_FALSE(scheme().validate(neutral[1].commitment));
  signers.pop_back();
  EXPECT_FALSE(scheme().open(keys_.first.group, as_bytes("message"), signers));
}

INSTANTIATE_TEST_SUITE_P(Both, Schemes, testing::Values("frost", "stand_in"));

}  // namespace
}  // namespace assay::threshold::sim
