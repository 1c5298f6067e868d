#pragma once
#include <array>
#include <compare>
#include <cstdint>

#include "core/digest.hpp"

namespace assay {

/// An Ed25519 public key (RFC 8032), as encoded. Group keys and member identities alike.
struct PublicKey {
  Bytes32 bytes{};
  friend constexpr auto operator<=>(const PublicKey&, const PublicKey&) = default;
};

/// A 64-byte Ed25519 signature (RFC 8032): R then S.
struct Signature {
  std::array<std::uint8_t, 64> bytes{};
  friend constexpr auto operator<=>(const Signature&, const Signature&) = default;
};

/// True when `signature` is one of `message` under `key`, by libsodium's strict rule: cofactorless,
/// canonical S and A, no small-order R or A.   cost  47 us;  pure, any thread
bool verify_ed25519(const PublicKey& key, ByteSpan message, const Signature& signature) noexcept;

}  // namespace assay
