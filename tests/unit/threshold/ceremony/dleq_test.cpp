#include "threshold/ceremony/dleq.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include "core/bytes.hpp"
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
  SharedPoint statement{mine.point(), other.point(), *frost::times(mine.scalar(), other.point())};
};

TEST(Dleq, both_sides_find_the_same_point_and_its_holder_can_prove_it) {
  Meeting meeting;
  EXPECT_EQ(meeting.statement.shared, *frost::times(meeting.other.scalar(), meeting.mine.point()));
  const Proof proof = prove_shared_point(meeting.scope, meeting.mine.scalar(), meeting.statement, meeting.entropy);
  EXPECT_TRUE(verify_shared_point(meeting.scope, meeting.statement, proof));
}

TEST(Dleq, another_point_scope_or_byte_is_refused) {
  Meeting meeting;
  const Proof proof = prove_shared_point(meeting.scope, meeting.mine.scalar(), meeting.statement, meeting.entropy);
  SharedPoint other = meeting.statement;
  other.shared = meeting.other.point();
  EXPECT_FALSE(verify_shared_point(meeting.scope, other, proof));
  // A proof made for a wrong point with the right key is no better.
  const Proof forged = prove_shared_point(meeting.scope, meeting.mine.scalar(), other, meeting.entropy);
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
  const Proof proof = prove_shared_point(meeting.scope, meeting.mine.scalar(), meeting.statement, meeting.entropy);
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
  const Proof proof = prove_possession({Digest{}, 2, 0}, meeting.mine.scalar(), meeting.mine.point(), meeting.entropy);
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
  const auto share = frost::SecretScalar::draw(meeting.entropy);
  const auto sealed = frost::seal_share(context, theirs->bytes().first<32>(), share);
  const auto opened = frost::open_share(context, ours->bytes().first<32>(), sealed);
  ASSERT_TRUE(opened.has_value());
  EXPECT_EQ(opened->published(), share.published());
  frost::SealContext elsewhere = context;
  elsewhere.recipient = 3;
  EXPECT_FALSE(frost::open_share(elsewhere, ours->bytes().first<32>(), sealed).has_value());
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto flipped = sealed;
    flipped[i] ^= 0x80;
    EXPECT_FALSE(frost::open_share(context, ours->bytes().first<32>(), flipped).has_value());
  }
}

TEST(SealedShare, what_is_no_canonical_scalar_does_not_open_even_under_a_good_tag) {
  Meeting meeting;
  const frost::SealContext context{Digest{}, 1, 2, meeting.other.point(), meeting.mine.point()};
  const auto shared = meeting.mine.agree(meeting.other.point());
  // As docs/wire.md has it, by hand: no code of ours seals such a thing.
  ByteWriter bound;
  bound.digest(context.ceremony).u16(1).u16(2).raw(context.ephemeral).raw(context.recipient_key);
  Bytes input{'a', 's', 's', 'a', 'y', '/', 's', 'e', 'a', 'l', '/', 'v', '1', 0, 0, 0};
  input.insert(input.end(), bound.bytes().begin(), bound.bytes().end());
  const auto point = std::as_const(*shared).bytes().first<32>();
  input.insert(input.end(), point.begin(), point.end());
  std::array<std::uint8_t, 64> key;
  crypto_hash_sha512(key.data(), input.data(), input.size());
  const std::array<std::uint8_t, 24> nonce{};
  const Bytes32 order = bytes32_from_hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  for (std::uint8_t k = 0; k < 3; ++k) {  // L - 1, then 0 and 1 in a second spelling
    Bytes32 scalar = order;
    scalar[0] = static_cast<std::uint8_t>(scalar[0] + k - 1);
    frost::SealedShare sealed;
    crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data(), nullptr, scalar.data(), scalar.size(),
                                               bound.bytes().data(), bound.size(), nullptr, nonce.data(), key.data());
    EXPECT_EQ(frost::open_share(context, point, sealed).has_value(), k == 0) << int{k};
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
