#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "core/entropy.hpp"
#include "core/keys.hpp"
#include "threshold/crypto/arena.hpp"

namespace assay::threshold {

/// A member's long-lived Ed25519 identity: signs every message and authenticates its TLS links. Never the group share.
/// Move-only; the seed lives in locked memory and is wiped. sign() may be called from several threads.
class IdentityKey {
 public:
  static IdentityKey generate(Entropy& entropy);
  /// From the 32-byte RFC 8032 seed; the argument is wiped by the callee.
  static IdentityKey from_seed(std::array<std::uint8_t, 32>& seed);

  const PublicKey& public_key() const noexcept { return public_key_; }
  Signature sign(ByteSpan message) const;  ///< 16 us
  /// Lends the seed to a key file writer or to OpenSSL; the borrower copies nothing it does not wipe.
  std::span<const std::uint8_t, 32> seed() const noexcept;

 private:
  IdentityKey(SecretSlot secret, PublicKey public_key);
  SecretSlot secret_;  ///< seed, then public key: libsodium's secret key
  PublicKey public_key_;
};

}  // namespace assay::threshold
