// The sources of threshold/crypto, unchanged, over another group: what is above the ciphersuite does not know it.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "tests/unit/threshold/second_suite/threshold/crypto/suite.hpp"
#include "threshold/ceremony/polynomial.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/repair.hpp"
#include "threshold/crypto/vectors.hpp"

namespace assay::threshold {
namespace {

static_assert(frost::Suite::id == "ristretto255-sha512");

std::string file(const std::string& name) {
  std::ifstream in(ASSAY_SOURCE_DIR "/tests/vectors/" + name);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(SecondSuite, reproduces_the_rfc_vectors_of_its_own) {
  const auto report = check_vectors(file("rfc9591-ristretto255.json"));
  EXPECT_GT(report.checks, 80U);
  // As published, its `dkg` bears the names of Ed25519; its numbers are of ristretto255.
  EXPECT_EQ(report.failed, 2U);
  for (const auto& failure : report.failures) EXPECT_TRUE(failure.starts_with("$.dkg.config.")) << failure;
  EXPECT_TRUE(check_vectors(file("rfc9591-ed25519.json")).suite_unknown);
}

TEST(SecondSuite, deals_shares_that_sign_repair_and_fit_their_commitments) {
  SeededEntropy entropy(1);
  const auto dealt = frost::deal(7, 5, entropy).value();
  ASSERT_TRUE(frost::validate(dealt.group));
  std::vector<MemberIndex> five;
  std::vector<frost::NoncePair> pairs;
  std::vector<frost::SignerCommitment> signers;
  for (const auto i : std::initializer_list<std::uint16_t>{0, 2, 3, 5, 6}) {
    five.push_back(MemberIndex{i});
    pairs.push_back(frost::commit(dealt.shares[i], entropy));
    ASSERT_TRUE(frost::validate(pairs.back().commitment()));
    signers.push_back({five.back(), pairs.back().commitment()});
  }
  const auto session = frost::Session::make(dealt.group, as_bytes("message"), signers).value();
  std::vector<frost::SignatureShare> shares;
  for (std::size_t k = 0; k < five.size(); ++k) {
    shares.push_back(session.sign(dealt.shares[five[k].value], std::move(pairs[k])).value());
    EXPECT_TRUE(session.verify_share(five[k], shares.back()));
  }
  const auto signature = session.aggregate(shares);
  ASSERT_TRUE(signature);
  EXPECT_TRUE(frost::Suite::verify(dealt.group.group_key.bytes, as_bytes("message"), signature->bytes));
  EXPECT_FALSE(verify_ed25519(dealt.group.group_key, as_bytes("message"), *signature)) << "no Ed25519 signature";
  shares[2].z[0] ^= 1;
  EXPECT_EQ(session.culprits(shares), std::vector<MemberIndex>{MemberIndex{3}});

  std::vector<frost::SecretScalar> sigmas;
  for (std::size_t k = 0; k < five.size(); ++k) sigmas.push_back(frost::SecretScalar::zero());
  for (const MemberIndex helper : five) {
    const auto deltas =
        frost::repair_deltas(dealt.group, dealt.shares[helper.value], five, MemberIndex{1}, entropy).value();
    for (std::size_t k = 0; k < five.size(); ++k) sigmas[k].add(deltas[k]);
  }
  const auto repaired = frost::repair_share(dealt.group, sigmas, MemberIndex{1});
  ASSERT_TRUE(repaired);
  EXPECT_TRUE(std::ranges::equal(repaired->expose(), dealt.shares[1].expose()));

  const auto polynomial = ceremony::SecretPolynomial::draw(5, entropy);
  EXPECT_TRUE(ceremony::share_fits(polynomial.evaluate(6), polynomial.commitments(), 6));
  EXPECT_FALSE(ceremony::share_fits(polynomial.evaluate(5), polynomial.commitments(), 6));
}

}  // namespace
}  // namespace assay::threshold
