#include "threshold/crypto/identity.hpp"

#include <gtest/gtest.h>

#include "core/bytes.hpp"
#include "tests/unit/threshold/crypto/seeded_entropy.hpp"

namespace assay::threshold {
namespace {

static_assert(!std::is_copy_constructible_v<IdentityKey>);

TEST(IdentityKey, reproduces_rfc_8032_test_2_and_wipes_the_given_seed) {
  auto seed = bytes32_from_hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb").value();
  const auto key = IdentityKey::from_seed(seed);
  EXPECT_EQ(seed, Bytes32{});
  EXPECT_EQ(to_hex(key.public_key().bytes), "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  EXPECT_EQ(to_hex(key.seed()), "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
  const Bytes message{0x72};
  EXPECT_EQ(to_hex(key.sign(message).bytes),
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
  EXPECT_TRUE(verify_ed25519(key.public_key(), message, key.sign(message)));
}

TEST(IdentityKey, comes_from_the_given_entropy_alone) {
  SeededEntropy first(7), same(7), other(8);
  const auto key = IdentityKey::generate(first);
  EXPECT_EQ(key.public_key(), IdentityKey::generate(same).public_key());
  EXPECT_NE(key.public_key(), IdentityKey::generate(other).public_key());
}

}  // namespace
}  // namespace assay::threshold
