#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "core/digest.hpp"
#include "core/entropy.hpp"
#include "threshold/crypto/arena.hpp"
#include "threshold/crypto/identity.hpp"

namespace assay::threshold::frost {

/// A Diffie-Hellman key on edwards25519: a member's, derived from its identity, or a dealer's for one deal. An Edwards
/// point, not X25519, so that the holder can prove what the shared point is (threshold/ceremony/dleq.hpp).
/// Move-only; the scalar lives in locked memory.
class EncryptionKey {
 public:
  /// SHA-512("assay/enc-key/v1" padded to 16, 00, seed) reduced: lost and found together with the identity.
  static EncryptionKey of(const IdentityKey& identity);
  static EncryptionKey generate(Entropy& entropy);

  const Bytes32& point() const noexcept { return point_; }
  std::span<const std::uint8_t, 32> expose() const noexcept;  ///< for proofs about this key only

  /// The shared point, in locked memory; nothing when `other` is not of prime order.   cost  83 us
  std::optional<SecretSlot> agree(const Bytes32& other) const;

 private:
  explicit EncryptionKey(SecretSlot secret);
  SecretSlot secret_;
  Bytes32 point_{};
};

/// What a ciphertext is bound to.
struct SealContext {
  Digest ceremony;
  std::uint16_t dealer{};
  std::uint16_t recipient{};
  Bytes32 ephemeral{};
  Bytes32 recipient_key{};
};

/// A canonical scalar under XChaCha20-Poly1305: 32 bytes and the tag. The key is the first half of
/// SHA-512("assay/seal/v1" padded to 16, context, shared point), used once, so the nonce is zero; the context is the
/// associated data too.
using SealedShare = std::array<std::uint8_t, 48>;

SealedShare seal_share(const SealContext& context, std::span<const std::uint8_t, 32> shared_point,
                       std::span<const std::uint8_t, 32> share);
/// Nothing when the tag does not fit. What comes out may be any 32 bytes.
std::optional<SecretSlot> open_share(const SealContext& context, std::span<const std::uint8_t, 32> shared_point,
                                     const SealedShare& sealed);

}  // namespace assay::threshold::frost
