#include "threshold/crypto/frost.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <type_traits>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/crypto/element.hpp"

namespace assay::threshold::frost {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

static_assert(!std::is_copy_constructible_v<SecretShare> && !std::is_copy_constructible_v<NoncePair>);

/// A dealt group whose given members have committed.
struct Signing {
  Signing(std::uint16_t members, std::uint16_t threshold, const std::vector<std::uint16_t>& who, std::uint64_t seed = 1)
      : entropy(seed), dealt(deal(members, threshold, entropy).value()) {
    for (const auto i : who) {
      pairs.push_back(commit(dealt.shares[i], entropy));
      signers.push_back({MemberIndex{i}, pairs.back().commitment()});
    }
  }
  Result<Session> session() { return Session::make(dealt.group, message, signers); }
  std::vector<SignatureShare> shares(const Session& in) {
    std::vector<SignatureShare> out;
    for (std::size_t i = 0; i < signers.size(); ++i) {
      out.push_back(in.sign(dealt.shares[signers[i].member.value], std::move(pairs[i])).value());
    }
    return out;
  }

  SeededEntropy entropy;
  Dealt dealt;
  Bytes message{1, 2, 3};
  std::vector<NoncePair> pairs;
  std::vector<SignerCommitment> signers;
};

const Bytes32 mixed_order = [] {
  Bytes32 point;
  point.fill(0x99);
  point[0] = 0x95;
  return point;
}();

TEST(Frost, self_test_passes_on_this_libsodium) {
  const auto done = self_test();
  EXPECT_TRUE(done) << done.error().detail;
}

TEST(Frost, the_self_test_point_is_the_base_plus_the_point_of_order_two) {
  const auto order_two = bytes32_from_hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f").value();
  EXPECT_EQ(plus(*base_times(scalar_of(1)), order_two), mixed_order);
}

TEST(Frost, any_threshold_of_members_makes_an_ordinary_ed25519_signature) {
  for (std::uint16_t left_out = 0; left_out < 4; ++left_out) {
    std::vector<std::uint16_t> who{0, 1, 2, 3};
    who.erase(who.begin() + left_out);
    Signing signing(4, 3, who, left_out);
    const auto session = signing.session();
    ASSERT_TRUE(session);
    const auto signature = session->aggregate(signing.shares(*session));
    ASSERT_TRUE(signature);
    EXPECT_TRUE(verify_ed25519(signing.dealt.group.group_key, signing.message, *signature));
    const Bytes other{1, 2, 4};
    EXPECT_FALSE(verify_ed25519(signing.dealt.group.group_key, other, *signature));
  }
}

TEST(Frost, more_signers_than_the_threshold_may_sign) {
  Signing signing(7, 5, {0, 1, 2, 4, 5, 6});
  const auto session = signing.session();
  ASSERT_TRUE(session);
  EXPECT_TRUE(session->aggregate(signing.shares(*session)));
}

TEST(Frost, the_largest_committee_signs) {
  std::vector<std::uint16_t> who;
  for (std::uint16_t i = 10; i < 31; ++i) who.push_back(i);
  Signing signing(31, 21, who);
  EXPECT_TRUE(validate(signing.dealt.group));
  const auto session = signing.session();
  ASSERT_TRUE(session);
  EXPECT_TRUE(session->aggregate(signing.shares(*session)));
}

TEST(Frost, refuses_signers_that_are_few_repeated_disordered_or_unknown) {
  Signing signing(4, 3, {0, 1, 2, 3});
  const auto refused = [&](std::vector<SignerCommitment> signers) {
    const auto session = Session::make(signing.dealt.group, signing.message, std::move(signers));
    return !session && session.error().code == Errc::bad_signer_set;
  };
  const auto& s = signing.signers;
  EXPECT_TRUE(refused({}));
  EXPECT_TRUE(refused({s[0], s[1]}));
  EXPECT_TRUE(refused({s[0], s[1], s[1]}));
  EXPECT_TRUE(refused({s[1], s[0], s[2]}));
  EXPECT_TRUE(refused({s[0], s[1], {MemberIndex{4}, s[2].commitment}}));
  EXPECT_TRUE(refused({s[0], s[1], {MemberIndex{0xffff}, s[2].commitment}}));
}

TEST(Frost, a_commitment_that_is_no_prime_order_point_is_refused) {
  Signing signing(4, 3, {0, 1, 2});
  Commitment commitment = signing.signers[0].commitment;
  EXPECT_TRUE(validate(commitment));
  Bytes32 identity{};
  identity[0] = 1;
  for (const auto& bad : {identity, Bytes32{}, mixed_order}) {
    Commitment hiding = commitment, binding = commitment;
    hiding.hiding = bad;
    binding.binding = bad;
    EXPECT_EQ(validate(hiding).error().code, Errc::bad_element);
    EXPECT_EQ(validate(binding).error().code, Errc::bad_element);
    signing.signers[0].commitment = binding;
    EXPECT_EQ(signing.session().error().code, Errc::bad_element);
  }
}

TEST(Frost, a_pair_signs_once_and_is_gone) {
  Signing signing(4, 3, {0, 1, 2});
  const auto session = signing.session();
  ASSERT_TRUE(session);
  ASSERT_TRUE(session->sign(signing.dealt.shares[0], std::move(signing.pairs[0])));
  const auto again = session->sign(signing.dealt.shares[0], std::move(signing.pairs[0]));  // NOLINT
  EXPECT_EQ(again.error().code, Errc::nonce_used);
}

TEST(Frost, a_refused_signing_consumes_the_pair_too) {
  Signing signing(4, 3, {0, 1, 2});
  const auto session = signing.session();
  ASSERT_TRUE(session);
  // The pair of member 1 in the hands of member 0: not the listed commitment.
  EXPECT_EQ(session->sign(signing.dealt.shares[0], std::move(signing.pairs[1])).error().code, Errc::nonce_used);
  EXPECT_EQ(session->sign(signing.dealt.shares[1], std::move(signing.pairs[1])).error().code,  // NOLINT
            Errc::nonce_used);
  EXPECT_EQ(session->sign(signing.dealt.shares[3], std::move(signing.pairs[2])).error().code, Errc::bad_signer_set);
}

TEST(Frost, nonces_are_hedged_and_never_repeat) {
  SeededEntropy entropy(3);
  auto dealt = deal(4, 3, entropy).value();
  const auto first = commit(dealt.shares[0], entropy);
  const auto second = commit(dealt.shares[0], entropy);
  EXPECT_NE(first.commitment(), second.commitment());
  EXPECT_NE(first.commitment().hiding, first.commitment().binding);
  // A repeated random device still gives each share its own nonces.
  Bytes32 stuck{};
  EXPECT_NE(commit(dealt.shares[0], stuck, stuck).commitment(), commit(dealt.shares[1], stuck, stuck).commitment());
}

TEST(Frost, a_bad_share_is_found_and_its_signer_named) {
  Signing signing(7, 5, {0, 2, 3, 5, 6});
  const auto session = signing.session();
  ASSERT_TRUE(session);
  auto shares = signing.shares(*session);
  EXPECT_THAT(session->culprits(shares), IsEmpty());
  shares[1].z[0] ^= 1;
  shares[4].z[3] ^= 4;
  EXPECT_EQ(session->aggregate(shares).error().code, Errc::bad_share);
  EXPECT_THAT(session->culprits(shares), ElementsAre(MemberIndex{2}, MemberIndex{6}));
  EXPECT_EQ(session->verify_share(MemberIndex{2}, shares[1]).error().code, Errc::bad_share);
  EXPECT_TRUE(session->verify_share(MemberIndex{0}, shares[0]));
  EXPECT_EQ(session->verify_share(MemberIndex{1}, shares[0]).error().code, Errc::bad_signer_set);
  EXPECT_EQ(session->verify_share(MemberIndex{0xffff}, shares[0]).error().code, Errc::bad_signer_set);
}

TEST(Frost, two_wrong_shares_that_cancel_make_a_signature_yet_both_are_named) {
  Signing signing(4, 3, {0, 1, 2});
  const auto session = signing.session();
  ASSERT_TRUE(session);
  auto shares = signing.shares(*session);
  shares[0].z = add(PublicScalar{shares[0].z}, scalar_of(9)).bytes;
  shares[1].z = add(PublicScalar{shares[1].z}, negate(scalar_of(9))).bytes;
  EXPECT_TRUE(session->aggregate(shares));
  EXPECT_THAT(session->culprits(shares), ElementsAre(MemberIndex{0}, MemberIndex{1}));
}

TEST(Frost, a_share_has_one_spelling) {
  Signing signing(4, 3, {0, 1, 2});
  const auto session = signing.session();
  ASSERT_TRUE(session);
  auto shares = signing.shares(*session);
  // z + L is the same scalar in other bytes.
  const auto order = bytes32_from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += shares[2].z[i] + order[i];
    shares[2].z[i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  EXPECT_EQ(session->verify_share(MemberIndex{2}, shares[2]).error().code, Errc::bad_scalar);
  EXPECT_EQ(session->aggregate(shares).error().code, Errc::bad_share);
  EXPECT_THAT(session->culprits(shares), ElementsAre(MemberIndex{2}));
}

TEST(Frost, zero_and_missing_shares_are_refused) {
  Signing signing(4, 3, {0, 1, 2});
  const auto session = signing.session();
  ASSERT_TRUE(session);
  auto shares = signing.shares(*session);
  EXPECT_EQ(session->verify_share(MemberIndex{0}, SignatureShare{}).error().code, Errc::bad_share);
  shares.pop_back();
  EXPECT_EQ(session->aggregate(shares).error().code, Errc::bad_signer_set);
  EXPECT_EQ(session->culprits(shares).size(), 3U);
}

TEST(Frost, shares_of_another_message_or_list_do_not_verify) {
  Signing signing(4, 3, {0, 1, 2});
  const auto session = signing.session();
  ASSERT_TRUE(session);
  const auto share = session->sign(signing.dealt.shares[0], std::move(signing.pairs[0]));
  ASSERT_TRUE(share);
  const Bytes other{9};
  const auto other_message = Session::make(signing.dealt.group, other, signing.signers);
  EXPECT_FALSE(other_message->verify_share(MemberIndex{0}, *share));
  auto signers = signing.signers;
  signers[2].commitment = commit(signing.dealt.shares[2], signing.entropy).commitment();
  const auto other_list = Session::make(signing.dealt.group, signing.message, signers);
  EXPECT_FALSE(other_list->verify_share(MemberIndex{0}, *share));
  EXPECT_NE(other_list->binding_factors()[0], session->binding_factors()[0]);
}

TEST(Frost, a_secret_share_is_canonical_and_not_zero_and_its_source_is_wiped) {
  Bytes32 zero{};
  EXPECT_EQ(SecretShare::from_bytes(MemberIndex{0}, zero).error().code, Errc::bad_scalar);
  auto order = bytes32_from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  EXPECT_EQ(SecretShare::from_bytes(MemberIndex{0}, order).error().code, Errc::bad_scalar);
  EXPECT_EQ(order, Bytes32{});
  Bytes32 seven{7};
  const auto share = SecretShare::from_bytes(MemberIndex{3}, seven);
  ASSERT_TRUE(share);
  EXPECT_EQ(seven, Bytes32{});
  EXPECT_EQ(share->member(), MemberIndex{3});
  EXPECT_EQ(share->expose()[0], 7);
  EXPECT_EQ(share->verifying_share().bytes, *base_times(scalar_of(7)));
}

TEST(Frost, the_dealer_deals_only_possible_thresholds) {
  SeededEntropy entropy(1);
  EXPECT_EQ(deal(4, 0, entropy).error().code, Errc::out_of_range);
  EXPECT_EQ(deal(4, 5, entropy).error().code, Errc::out_of_range);
  EXPECT_EQ(deal(1001, 5, entropy).error().code, Errc::out_of_range);
  EXPECT_EQ(deal(4, 3, entropy)->group.verifying_shares.size(), 4U);
}

TEST(Frost, a_group_whose_shares_do_not_fit_its_key_is_refused) {
  SeededEntropy entropy(5);
  const auto dealt = deal(7, 5, entropy).value();
  EXPECT_TRUE(validate(dealt.group));
  const auto other = deal(7, 5, entropy).value();
  for (std::size_t i = 0; i < 7; ++i) {
    auto group = dealt.group;
    group.verifying_shares[i] = other.group.verifying_shares[i];
    EXPECT_EQ(validate(group).error().code, Errc::bad_share) << i;
    group.verifying_shares[i].bytes = mixed_order;
    EXPECT_EQ(validate(group).error().code, Errc::bad_element) << i;
  }
  auto group = dealt.group;
  group.group_key = other.group.group_key;
  EXPECT_EQ(validate(group).error().code, Errc::bad_share);
  group = dealt.group;
  group.threshold = 4;
  EXPECT_EQ(validate(group).error().code, Errc::bad_share);
  group.threshold = 8;
  EXPECT_EQ(validate(group).error().code, Errc::out_of_range);
}

}  // namespace
}  // namespace assay::threshold::frost
