// Whatever point or scalar of an outsider a ceremony reads: none that is not of prime order and canonical gets in.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "committees.hpp"
#include "tests/unit/threshold/crypto/hostile.hpp"
#include "threshold/ceremony/deal.hpp"
#include "threshold/ceremony/polynomial.hpp"
#include "threshold/crypto/proof_of_knowledge.hpp"

namespace assay::threshold::ceremony {
namespace {

using frost::hostile_points;
using frost::hostile_scalars;

struct HostileCeremony : testing::Test {
  SeededEntropy entropy{11};
  std::vector<IdentityKey> keys = identities(4, 12);
  Proposal proposal = fresh_proposal(keys);
  Terms terms = make_terms(propose(proposal, keys[0]), std::nullopt).value();
  Deal good = make_deal(terms, 1, nullptr, entropy);

  void expect_refused(const char* where, const std::function<void(Deal&)>& spoil) {
    Deal bad = good;
    spoil(bad);
    EXPECT_FALSE(check_deal(terms, 1, bad)) << where;
    const auto decoded = decode_deal(terms, encode(bad));
    ASSERT_TRUE(decoded) << "what the wire carries is judged, not lost";
    EXPECT_FALSE(check_deal(terms, 1, *decoded)) << where;
  }
};

template <class Proof>
Bytes32 half(const Proof& proof, std::size_t which) {
  Bytes32 out;
  std::copy_n(proof.begin() + static_cast<std::ptrdiff_t>(32 * which), 32, out.begin());
  return out;
}
template <class Proof>
void put(Proof& proof, std::size_t which, const Bytes32& bytes) {
  std::ranges::copy(bytes, proof.begin() + static_cast<std::ptrdiff_t>(32 * which));
}

TEST_F(HostileCeremony, no_hostile_point_passes_in_a_deal) {
  ASSERT_TRUE(check_deal(terms, 1, good));
  for (const auto& point : hostile_points()) {
    SCOPED_TRACE(to_hex(point));
    for (std::size_t k = 0; k < good.commitments.size(); ++k) {
      expect_refused("commitment", [&](Deal& deal) { deal.commitments[k] = point; });
    }
    expect_refused("nonce of the proof of knowledge", [&](Deal& deal) { put(deal.knowledge, 0, point); });
    expect_refused("ephemeral key", [&](Deal& deal) { deal.ephemeral = point; });
  }
}

TEST_F(HostileCeremony, no_second_spelling_of_a_scalar_passes_in_a_deal) {
  for (const auto& scalar : hostile_scalars(half(good.knowledge, 1))) {
    expect_refused("response of the proof of knowledge", [&](Deal& deal) { put(deal.knowledge, 1, scalar); });
  }
  for (const std::size_t which : {std::size_t{0}, std::size_t{1}}) {
    for (const auto& scalar : hostile_scalars(half(good.possession, which))) {
      expect_refused("proof of possession", [&](Deal& deal) { put(deal.possession, which, scalar); });
    }
  }
}

TEST_F(HostileCeremony, no_hostile_point_is_an_encryption_key_or_agrees_with_one) {
  const auto mine = frost::EncryptionKey::of(keys[2]);
  for (const auto& point : hostile_points()) {
    SCOPED_TRACE(to_hex(point));
    EXPECT_FALSE(mine.agree(point));
    EXPECT_FALSE(frost::times(mine.scalar(), point));
    Proposal bad = proposal;
    bad.members[3].encryption_key = point;
    Bytes endorsed{'a', 's', 's', 'a', 'y', '/', 'e', 'n', 'c', '-', 'k', 'e', 'y', '/', 'v', '1'};
    endorsed.insert(endorsed.end(), point.begin(), point.end());
    bad.members[3].endorsement = keys[3].sign(endorsed);
    EXPECT_EQ(make_terms(propose(bad, keys[0]), std::nullopt).error().code, Errc::bad_element);
  }
}

TEST_F(HostileCeremony, no_hostile_point_or_scalar_passes_in_a_complaint) {
  const auto mine = frost::EncryptionKey::of(keys[2]);
  const SharedPoint fine{mine.point(), good.ephemeral, *frost::times(mine.scalar(), good.ephemeral)};
  const auto scope = proof_scope(terms, 1, MemberIndex{2});
  const Proof proof = prove_shared_point(scope, mine.scalar(), fine, entropy);
  ASSERT_TRUE(verify_shared_point(scope, fine, proof));
  for (const auto& point : hostile_points()) {
    SCOPED_TRACE(to_hex(point));
    EXPECT_FALSE(verify_shared_point(scope, {point, fine.other, fine.shared}, proof));
    EXPECT_FALSE(verify_shared_point(scope, {fine.key, point, fine.shared}, proof));
    EXPECT_FALSE(verify_shared_point(scope, {fine.key, fine.other, point}, proof));
    EXPECT_FALSE(verify_possession(scope, point, proof));
  }
  for (const std::size_t which : {std::size_t{0}, std::size_t{1}}) {
    for (const auto& scalar : hostile_scalars(half(proof, which))) {
      Proof spelled = proof;
      put(spelled, which, scalar);
      EXPECT_FALSE(verify_shared_point(scope, fine, spelled)) << to_hex(scalar);
    }
  }
}

TEST_F(HostileCeremony, a_proof_that_is_right_for_a_mixed_order_key_is_refused_all_the_same) {
  // With c divisible by the torsion's order the equation holds for A + T too: only the check of the order tells.
  const Bytes32 order_two = frost::hex32("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
  for (int tries = 0; tries < 16; ++tries) {
    const auto secret = frost::SecretScalar::draw(entropy);
    const auto mixed = frost::plus(*frost::base_times(secret), order_two).value();
    const auto proof = frost::prove_knowledge(2, secret, mixed, entropy);
    EXPECT_EQ(frost::verify_proof_of_knowledge(2, mixed, proof).error().code, Errc::bad_element);
  }
}

}  // namespace
}  // namespace assay::threshold::ceremony
