// What must hold for every committee, every set of signers, and every bad point or scalar.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <utility>
#include <vector>

#include "core/bytes.hpp"
#include "tests/unit/threshold/crypto/hostile.hpp"
#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/key_file.hpp"

namespace assay::threshold::frost {
namespace {

using Members = std::vector<std::uint16_t>;
const Bytes message{'p', 'r', 'i', 'c', 'e'};

/// What these members make together under `group`, which may be a liar's.
Result<Signature> sign_together(const GroupPublic& group, const std::vector<SecretShare>& secrets, const Members& who,
                                Entropy& entropy) {
  std::vector<NoncePair> pairs;
  std::vector<SignerCommitment> signers;
  for (const auto i : who) {
    pairs.push_back(commit(secrets[i], entropy));
    signers.push_back({MemberIndex{i}, pairs.back().commitment()});
  }
  const auto session = Session::make(group, message, signers);
  if (!session) return session.error();
  std::vector<SignatureShare> shares;
  for (std::size_t k = 0; k < who.size(); ++k) {
    shares.push_back(session->sign(secrets[who[k]], std::move(pairs[k])).value());
  }
  return session->aggregate(shares);
}

/// t or more make a signature; fewer are refused, and gain nothing by telling themselves a lower threshold.
void expect_threshold(const Dealt& dealt, const Members& who, Entropy& entropy) {
  const auto made = sign_together(dealt.group, dealt.shares, who, entropy);
  if (who.size() >= dealt.group.threshold) {
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_TRUE(verify_ed25519(dealt.group.group_key, message, *made));
    return;
  }
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, Errc::bad_signer_set);
  auto lowered = dealt.group;
  lowered.threshold = static_cast<std::uint16_t>(who.size());
  EXPECT_FALSE(validate(lowered));
  EXPECT_FALSE(sign_together(lowered, dealt.shares, who, entropy));
}

TEST(FrostProperties, every_subset_of_four_signs_exactly_when_it_is_large_enough) {
  SeededEntropy entropy(1);
  for (std::uint16_t threshold = 1; threshold <= 4; ++threshold) {
    const auto dealt = deal(4, threshold, entropy).value();
    for (unsigned subset = 1; subset < 16; ++subset) {
      Members who;
      for (std::uint16_t i = 0; i < 4; ++i) {
        if ((subset >> i & 1U) != 0) who.push_back(i);
      }
      SCOPED_TRACE(testing::Message() << "threshold " << threshold << ", subset " << subset);
      expect_threshold(dealt, who, entropy);
    }
  }
}

TEST(FrostProperties, random_subsets_of_larger_committees_sign_exactly_when_they_are_large_enough) {
  for (const auto& [n, rounds] : std::vector<std::pair<std::uint16_t, int>>{{7, 12}, {16, 6}, {31, 3}}) {
    for (int seed = 0; seed < rounds; ++seed) {
      SeededEntropy entropy(static_cast<std::uint64_t>(seed) * 100 + n);
      std::mt19937 shuffle(static_cast<unsigned>(seed) * 100 + n);
      const auto threshold = static_cast<std::uint16_t>(2 * (n - 1) / 3 + 1);
      const auto dealt = deal(n, threshold, entropy).value();
      Members all(n);
      for (std::uint16_t i = 0; i < n; ++i) all[i] = i;
      for (const int size : {threshold - 1, int{threshold}, threshold + 1}) {
        std::shuffle(all.begin(), all.end(), shuffle);
        Members who(all.begin(), all.begin() + size);
        std::sort(who.begin(), who.end());
        SCOPED_TRACE(testing::Message() << "n " << n << ", seed " << seed << ", " << size << " signers");
        expect_threshold(dealt, who, entropy);
      }
    }
  }
}

TEST(FrostProperties, no_hostile_point_is_an_element_or_a_commitment) {
  SeededEntropy entropy(2);
  auto dealt = deal(4, 3, entropy).value();
  for (const auto& point : hostile_points()) {
    SCOPED_TRACE(to_hex(point));
    EXPECT_FALSE(is_valid_element(point));
    EXPECT_FALSE(times(scalar_of(7), point).has_value());
    std::vector<SignerCommitment> signers;
    for (std::uint16_t i = 0; i < 3; ++i)
      signers.push_back({MemberIndex{i}, commit(dealt.shares[i], entropy).commitment()});
    auto bad = signers;
    bad[1].commitment.hiding = point;
    EXPECT_EQ(validate(bad[1].commitment).error().code, Errc::bad_element);
    bad = signers;
    bad[1].commitment.binding = point;
    EXPECT_EQ(validate(bad[1].commitment).error().code, Errc::bad_element);
    EXPECT_FALSE(Session::make(dealt.group, message, bad)) << "even when nobody has validated it";
  }
}

TEST(FrostProperties, no_hostile_point_passes_in_a_groups_public_keys) {
  SeededEntropy entropy(3);
  const auto dealt = deal(4, 3, entropy).value();
  for (const auto& point : hostile_points()) {
    SCOPED_TRACE(to_hex(point));
    auto group = dealt.group;
    group.group_key.bytes = point;
    EXPECT_EQ(validate(group).error().code, Errc::bad_element);
    for (std::size_t i = 0; i < 4; ++i) {
      group = dealt.group;
      group.verifying_shares[i].bytes = point;
      EXPECT_EQ(validate(group).error().code, Errc::bad_element) << i;
    }
  }
}

TEST(FrostProperties, a_hostile_verifying_share_vouches_for_no_signature_share) {
  SeededEntropy entropy(4);
  const auto dealt = deal(4, 3, entropy).value();
  std::vector<NoncePair> pairs;
  std::vector<SignerCommitment> signers;
  for (std::uint16_t i = 0; i < 3; ++i) {
    pairs.push_back(commit(dealt.shares[i], entropy));
    signers.push_back({MemberIndex{i}, pairs.back().commitment()});
  }
  const auto honest = Session::make(dealt.group, message, signers).value();
  const auto share = honest.sign(dealt.shares[1], std::move(pairs[1])).value();
  EXPECT_TRUE(honest.verify_share(MemberIndex{1}, share));
  for (const auto& point : hostile_points()) {
    auto group = dealt.group;
    group.verifying_shares[1].bytes = point;
    const auto session = Session::make(group, message, signers).value();
    EXPECT_EQ(session.verify_share(MemberIndex{1}, share).error().code, Errc::bad_share) << to_hex(point);
  }
  for (const auto& scalar : hostile_scalars(share.z)) {
    EXPECT_EQ(honest.verify_share(MemberIndex{1}, {scalar}).error().code, Errc::bad_scalar) << to_hex(scalar);
    EXPECT_FALSE(honest.aggregate(std::vector<SignatureShare>{{scalar}, {scalar}, {scalar}}));
  }
}

TEST(FrostProperties, a_secret_share_is_canonical_and_not_zero_from_bytes_and_from_files) {
  SeededEntropy entropy(5);
  const auto dealt = deal(4, 3, entropy).value();
  Bytes32 good;
  std::ranges::copy(dealt.shares[2].expose(), good.begin());
  auto scalars = hostile_scalars(good);
  scalars.push_back(Bytes32{});
  for (const auto& scalar : scalars) {
    Bytes32 source = scalar;
    EXPECT_EQ(SecretShare::from_bytes(MemberIndex{2}, source).error().code, Errc::bad_scalar) << to_hex(scalar);
    EXPECT_EQ(source, Bytes32{}) << "wiped also when refused";
    auto file = seal(dealt.shares[2], {}, KeyGuard(), entropy).value();
    std::ranges::copy(scalar, file.body.bytes().begin());
    EXPECT_EQ(open_share(file, KeyGuard()).error().code, Errc::bad_scalar) << to_hex(scalar);
  }
}

TEST(FrostProperties, a_key_file_with_a_hostile_public_key_is_refused) {
  SeededEntropy entropy(6);
  const auto dealt = deal(4, 3, entropy).value();
  const auto identity = IdentityKey::generate(entropy);
  constexpr std::size_t public_key_at = 62;
  for (const auto& point : hostile_points()) {
    auto file = seal(identity, KeyGuard(), entropy).value();
    std::ranges::copy(point, file.head.begin() + public_key_at);
    file.check = tagged_sha256("assay/key-check/v2", {file.head});
    EXPECT_EQ(open_identity(file, KeyGuard()).error().code, Errc::key_damaged) << to_hex(point);
    file = seal(dealt.shares[0], {}, KeyGuard(), entropy).value();
    std::ranges::copy(point, file.head.begin() + public_key_at);
    file.check = tagged_sha256("assay/key-check/v2", {file.head});
    EXPECT_EQ(open_share(file, KeyGuard()).error().code, Errc::key_damaged) << to_hex(point);
  }
}

}  // namespace
}  // namespace assay::threshold::frost
