#include "threshold/ceremony/dleq.hpp"

#include <gtest/gtest.h>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/sealed_share.hpp"
#include "threshold/crypto/secret_scalar.hpp"

namespace assay::threshold::ceremony {
namespace {

struct Meeting {
  SeededEntropy entropy{5};
  frost::EncryptionKey mine = frost::EncryptionKey::generate(entropy);
  frost::EncryptionKey other = frost::EncryptionKey::generate(entropy);
  ProofScope scope{Digest{}, 2, 3};
  SharedPoint statement{mine.point(), other.point(), *frost::secret_times(mine.expose(), other.point())};
};

TEST(Dleq, both_sides_find_the_same_point_and_its_holder_can_prove_it) {
  Meeting meeting;
  EXPECT_EQ(meeting.statement.shared, *frost::secret_times(meeting.other.expose(), meeting.mine.point()));
  const Proof proof = prove_shared_point(meeting.scope, meeting.mine.expose(), meeting.statement, meeting.entropy);
  EXPECT_TRUE(verify_shared_point(meeting.scope, meeting.statement, proof));
}

TEST(Dleq, another_point_scope_or_byte_is_refused) {
  Meeting meeting;
  const Proof proof = prove_shared_point(meeting.scope, meeting.mine.expose(), meeting.statement, meeting.entropy);
  SharedPoint other = meeting.statement;
  other.shared = meeting.other.point();
  EXPECT_FALSE(verify_shared_point(meeting.scope, other, proof));
  // A proof made for a wrong point with the right key is no better.
  const Proof forged = prove_shared_point(meeting.scope, meeting.mine.expose(), other, meeting.entropy);
  EXPECT_FALSE(verify_shared_point(meeting.scope, other, forged));
  EXPECT_FALSE(verify_shared_point({Digest{}, 2, 4}, meeting.statement, proof));
  EXPECT_FALSE(verify_shared_point({Digest{}, 1, 3}, meeting.statement, proof));
  for (std::size_t i = 0; i < proof.size(); ++i) {
    Proof flipped = proof;
    flipped[i] ^= 1;
    EXPECT_FALSE(verify_shared_point(meeting.scope, meeting.statement, flipped)) << i;
  }
}

TEST(Dleq, torsion_and_identity_are_refused) {
  Meeting meeting;
  const Proof proof = prove_shared_point(meeting.scope, meeting.mine.expose(), meeting.statement, meeting.entropy);
  Bytes32 identity{};
  identity[0] = 1;
  Bytes32 order_two;
  order_two.fill(0xff);
  order_two[0] = 0xec;
  order_two[31] = 0x7f;
  const Bytes32 mixed = *frost::plus(meeting.statement.shared, order_two);
  for (const Bytes32& bad : {identity, order_two, mixed, Bytes32{}}) {
    SharedPoint statement = meeting.statement;
    statement.shared = bad;
    EXPECT_FALSE(verify_shared_point(meeting.scope, statement, proof));
    EXPECT_FALSE(verify_possession(meeting.scope, bad, proof));
    EXPECT_FALSE(meeting.mine.agree(bad).has_value());
  }
}

TEST(Dleq, possession_belongs_to_one_dealer_of_one_ceremony) {
  Meeting meeting;
  const Proof proof = prove_possession({Digest{}, 2, 0}, meeting.mine.expose(), meeting.mine.point(), meeting.entropy);
  EXPECT_TRUE(verify_possession({Digest{}, 2, 0}, meeting.mine.point(), proof));
  EXPECT_FALSE(verify_possession({Digest{}, 1, 0}, meeting.mine.point(), proof));
  EXPECT_FALSE(verify_possession({sha256(ByteSpan{}), 2, 0}, meeting.mine.point(), proof));
  EXPECT_FALSE(verify_possession({Digest{}, 2, 0}, meeting.other.point(), proof));
}

TEST(SealedShare, opens_for_its_recipient_in_its_place_only) {
  Meeting meeting;
  const frost::SealContext context{Digest{}, 1, 2, meeting.other.point(), meeting.mine.point()};
  const auto theirs = meeting.other.agree(meeting.mine.point());
  const auto ours = meeting.mine.agree(meeting.other.point());
  const auto share = frost::scalar_of(77);
  const auto sealed = frost::seal_share(context, theirs->bytes().first<32>(), share.bytes);
  const auto opened = frost::open_share(context, ours->bytes().first<32>(), sealed);
  ASSERT_TRUE(opened.has_value());
  EXPECT_TRUE(std::equal(share.bytes.begin(), share.bytes.end(), opened->bytes().begin()));
  frost::SealContext elsewhere = context;
  elsewhere.recipient = 3;
  EXPECT_FALSE(frost::open_share(elsewhere, ours->bytes().first<32>(), sealed).has_value());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto flipped = sealed;
    flipped[i] ^= 0x80;
    EXPECT_FALSE(frost::open_share(context, ours->bytes().first<32>(), flipped).has_value());
  }
}

TEST(SealedShare, an_encryption_key_follows_from_the_identity_and_is_another_key) {
  SeededEntropy entropy(6);
  const auto identity = IdentityKey::generate(entropy);
  EXPECT_EQ(frost::EncryptionKey::of(identity).point(), frost::EncryptionKey::of(identity).point());
  EXPECT_NE(frost::EncryptionKey::of(identity).point(), identity.public_key().bytes);
}

}  // namespace
}  // namespace assay::threshold::ceremony
