#pragma once
#include <optional>

#include "threshold/crypto/scalar.hpp"
#include "threshold/crypto/secret_scalar.hpp"
#include "threshold/crypto/suite.hpp"

namespace assay::threshold::frost {

/// Elements of the suite's group, encoded. Costs are libsodium's.

/// RFC 9591 DeserializeElement: canonical, of prime order, not the identity.   cost  40 us
bool is_valid_element(const Element& point) noexcept;
bool is_identity(const Element& point) noexcept;

/// s * B; nothing for zero. Constant time in a secret scalar.   cost  15 us
std::optional<Element> base_times(const PublicScalar& scalar) noexcept;
std::optional<Element> base_times(const SecretScalar& scalar) noexcept;
/// s * P; nothing for zero, or when P is not of prime order. Constant time in a secret scalar.   cost  83 us
std::optional<Element> times(const PublicScalar& scalar, const Element& point) noexcept;
std::optional<Element> times(const SecretScalar& scalar, const Element& point) noexcept;
/// The same where the product is a secret too, as in a key agreement.
std::optional<SecretSlot> secret_point(const SecretScalar& scalar, const Element& point) noexcept;
/// a + b; nothing when one of them is no point at all.   cost  12 us
std::optional<Element> plus(const Element& a, const Element& b) noexcept;

}  // namespace assay::threshold::frost
