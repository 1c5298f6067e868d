#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "core/digest.hpp"
#include "core/entropy.hpp"
#include "threshold/crypto/arena.hpp"
#include "threshold/crypto/identity.hpp"
#include "threshold/crypto/secret_scalar.hpp"
#include "threshold/crypto/suite.hpp"

namespace assay::threshold::frost {

/// A Diffie-Hellman key on edwards25519: a member's, derived from its identity, or a dealer's for one deal. An Edwards
/// point, not X25519, so that the holder can prove what the shared point is (threshold/ceremony/dleq.hpp).
/// Move-only; the scalar lives in locked memory.
class EncryptionKey {
 public:
  /// SHA-512("assay/enc-key/v1" padded to 16, 00, seed) reduced: lost and found together with the identity.
  static EncryptionKey of(const IdentityKey& identity);
  static EncryptionKey generate(Entropy& entropy);

  const Element& point() const noexcept { return point_; }
  const SecretScalar& scalar() const noexcept { return secret_; }  ///< for proofs about this key

  /// The shared point, in locked memory; nothing when `other` is not of prime order.   cost  83 us
  std::optional<SecretSlot> agree(const Element& other) const;

 private:
  explicit EncryptionKey(SecretScalar secret);
  SecretScalar secret_;
  Element point_{};
};

/// What a ciphertext is bound to.
struct SealContext {
  Digest ceremony;
  std::uint16_t dealer{};
  std::uint16_t recipient{};
  Element ephemeral{};
  Element recipient_key{};
};

/// A canonical scalar under XChaCha20-Poly1305: 32 bytes and the tag. The key is the first half of
/// SHA-512("assay/seal/v1" padded to 16, context, shared point), used once, so the nonce is zero; the context is the
/// associated data too.
using SealedShare = std::array<std::uint8_t, 48>;

SealedShare seal_share(const SealContext& context, std::span<const std::uint8_t, 32> shared_point,
                       const SecretScalar& share);
/// Nothing when the tag does not fit, or what was sealed is no canonical scalar.
std::optional<SecretScalar> open_share(const SealContext& context, std::span<const std::uint8_t, 32> shared_point,
                                       const SealedShare& sealed);

}  // namespace assay::threshold::frost
