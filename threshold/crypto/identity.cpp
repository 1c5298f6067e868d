#include "threshold/crypto/identity.hpp"

#include <sodium.h>

#include <utility>

#include "core/check.hpp"

namespace assay::threshold {
namespace {

/// libsodium multiplies by the key, and by a signature's nonce, and does not wipe what it used for that.
constexpr std::size_t stack_used = 4096;

}  // namespace

IdentityKey::IdentityKey(SecretSlot secret, PublicKey public_key)
    : secret_(std::move(secret)), public_key_(public_key) {}

IdentityKey IdentityKey::generate(Entropy& entropy) {
  std::array<std::uint8_t, 32> seed;
  entropy.fill(seed);
  return from_seed(seed);
}

IdentityKey IdentityKey::from_seed(std::array<std::uint8_t, 32>& seed) {
  SecretSlot secret = SecretSlot::make();
  PublicKey public_key;
  check(crypto_sign_seed_keypair(public_key.bytes.data(), secret.bytes().data(), seed.data()) == 0,
        "an Ed25519 key follows from any seed");
  sodium_stackzero(stack_used);
  sodium_memzero(seed.data(), seed.size());
  return IdentityKey(std::move(secret), public_key);
}

Signature IdentityKey::sign(ByteSpan message) const {
  Signature signature;
  check(crypto_sign_detached(signature.bytes.data(), nullptr, message.data(), message.size(), secret_.bytes().data()) ==
            0,
        "Ed25519 signing succeeds");
  sodium_stackzero(stack_used);
  return signature;
}

std::span<const std::uint8_t, 32> IdentityKey::seed() const noexcept {
  return secret_.bytes().first<32>();
}

}  // namespace assay::threshold
