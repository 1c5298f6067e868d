#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "threshold/crypto/suite.hpp"

namespace assay::threshold::frost {

/// Arithmetic modulo the group order on *public* scalars: challenges, binding factors, Lagrange coefficients,
/// identifiers. Canonical; may take variable time. A SecretScalar is another type and does not convert.
struct PublicScalar {
  std::array<std::uint8_t, Suite::scalar_size> bytes{};
  friend bool operator==(const PublicScalar&, const PublicScalar&) = default;
};

/// True for the one encoding below the group order.
bool is_canonical_scalar(std::span<const std::uint8_t, Suite::scalar_size> bytes) noexcept;

PublicScalar scalar_of(std::uint64_t value) noexcept;
PublicScalar reduce_wide(std::span<const std::uint8_t, 64> wide) noexcept;  ///< of a SHA-512
PublicScalar add(const PublicScalar& a, const PublicScalar& b) noexcept;
PublicScalar mul(const PublicScalar& a, const PublicScalar& b) noexcept;
PublicScalar negate(const PublicScalar& a) noexcept;

/// Inverts all in place with one inversion (30 us) and 3 multiplications each. None may be zero.
void invert_all(std::span<PublicScalar> values);

/// lambda_i at zero of every identifier of the set, same order.
///   identifiers  distinct, not zero;  cost  30 us and about k^2 / 100 us
std::vector<PublicScalar> lagrange_at_zero(std::span<const std::uint16_t> identifiers);
/// The same at `x`, which is not one of the identifiers.
std::vector<PublicScalar> lagrange_at(std::uint16_t x, std::span<const std::uint16_t> identifiers);

}  // namespace assay::threshold::frost
