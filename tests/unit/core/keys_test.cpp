#include "core/keys.hpp"

#include <gtest/gtest.h>

#include "core/bytes.hpp"

namespace assay {
namespace {

struct Case {
  const char* key;
  const char* message;
  const char* signature;
};

// RFC 8032 section 7.1, TEST 1 to 3.
constexpr Case rfc8032[] = {{"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                             "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
                             "cf9b46bd25bf5f0595bbe246551"
                             "41438e7a100b"},
                            {"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                             "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
                             "0f11d8c387b2eaeb4302aeeb00d"
                             "291612bb0c00"},
                            {"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                             "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7609"
                             "84dc6594a7c15e9716ed28dc027"
                             "beceea1ec40a"}};

PublicKey key_of(const char* hex) {
  return PublicKey{bytes32_from_hex(hex).value()};
}

Signature signature_of(const char* hex) {
  const Bytes bytes = from_hex(hex).value();
  return Signature{ByteReader(bytes).array<64>()};
}

TEST(Ed25519, accepts_the_vectors_of_its_rfc) {
  for (const Case& c : rfc8032) {
    EXPECT_TRUE(verify_ed25519(key_of(c.key), from_hex(c.message).value(), signature_of(c.signature)));
  }
}

TEST(Ed25519, refuses_a_flip_of_any_byte) {
  const Case& c = rfc8032[2];
  const Bytes message = from_hex(c.message).value();
  for (std::size_t i = 0; i < 64; ++i) {
    Signature signature = signature_of(c.signature);
    signature.bytes[i] ^= 1U;
    EXPECT_FALSE(verify_ed25519(key_of(c.key), message, signature)) << i;
  }
  for (std::size_t i = 0; i < 32; ++i) {
    PublicKey key = key_of(c.key);
    key.bytes[i] ^= 1U;
    EXPECT_FALSE(verify_ed25519(key, message, signature_of(c.signature))) << i;
  }
  EXPECT_FALSE(verify_ed25519(key_of(c.key), Bytes{0xaf, 0x83}, signature_of(c.signature)));
  EXPECT_FALSE(verify_ed25519(key_of(c.key), Bytes{0xaf}, signature_of(c.signature)));
}

TEST(Ed25519, refuses_a_second_spelling_of_s) {
  // S + L, where L is the group order: the same equation, another signature.
  constexpr const char* order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
  Signature signature = signature_of(rfc8032[0].signature);
  const Bytes l = from_hex(order).value();
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    carry += static_cast<unsigned>(signature.bytes[32 + i]) + l[i];
    signature.bytes[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8U;
  }
  EXPECT_FALSE(verify_ed25519(key_of(rfc8032[0].key), {}, signature));
}

TEST(Ed25519, refuses_keys_and_commitments_of_small_order) {
  // The neutral point as key and as R with S = 0 satisfies the bare equation for every message.
  PublicKey neutral;
  neutral.bytes[0] = 1;
  Signature forged;
  forged.bytes[0] = 1;
  EXPECT_FALSE(verify_ed25519(neutral, Bytes{1, 2, 3}, forged));
  EXPECT_FALSE(verify_ed25519(PublicKey{}, Bytes{1, 2, 3}, Signature{}));
}

}  // namespace
}  // namespace assay
