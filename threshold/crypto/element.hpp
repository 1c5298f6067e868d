#pragma once
#include <optional>
#include <span>

#include "core/digest.hpp"
#include "threshold/crypto/scalar.hpp"

namespace assay::threshold::frost {

/// Points of edwards25519, encoded. What comes from outside passes is_valid_element() once, on arrival: libsodium's
/// addition checks almost nothing.

/// RFC 9591 DeserializeElement: canonical, on the curve, of prime order, not the identity.   cost  40 us
bool is_valid_element(const Bytes32& point) noexcept;
bool is_identity(const Bytes32& point) noexcept;

/// s * B for a public or secret scalar, constant time; nothing for zero.   cost  15 us
std::optional<Bytes32> base_times(std::span<const std::uint8_t, 32> scalar) noexcept;
/// s * P, constant time; nothing for zero, or when P is not of prime order.   cost  83 us
std::optional<Bytes32> times(const PublicScalar& scalar, const Bytes32& point) noexcept;
/// a + b; nothing when one of them is no point at all.   cost  12 us
std::optional<Bytes32> plus(const Bytes32& a, const Bytes32& b) noexcept;

}  // namespace assay::threshold::frost
