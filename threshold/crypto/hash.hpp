#pragma once
#include <array>
#include <initializer_list>
#include <span>
#include <string_view>

#include "core/digest.hpp"
#include "threshold/crypto/arena.hpp"
#include "threshold/crypto/scalar.hpp"

namespace assay::threshold::frost {

/// The hash functions of RFC 9591 section 6.1, FROST(Ed25519, SHA-512).
inline constexpr std::string_view context_string = "FROST-ED25519-SHA512-v1";

using Hash64 = std::array<std::uint8_t, 64>;

PublicScalar h1(ByteSpan message) noexcept;                           ///< binding factors
PublicScalar h2(std::initializer_list<ByteSpan> message) noexcept;    ///< challenge: plain SHA-512, as RFC 8032
SecretSlot h3(std::initializer_list<ByteSpan> message);               ///< nonces: a secret scalar in the first 32 bytes
Hash64 h4(ByteSpan message) noexcept;                                 ///< message
Hash64 h5(ByteSpan message) noexcept;                                 ///< commitment list
PublicScalar hdkg(std::initializer_list<ByteSpan> message) noexcept;  ///< proof of knowledge, as frost-rs has it

}  // namespace assay::threshold::frost
