#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "core/digest.hpp"
#include "core/entropy.hpp"
#include "threshold/crypto/arena.hpp"
#include "threshold/crypto/scalar.hpp"

namespace assay::threshold::frost {

/// Arithmetic on secret scalars: constant time, in locked memory, canonical in the first 32 bytes of a slot.

SecretSlot random_scalar(Entropy& entropy);  ///< uniform

/// f(x) = coefficients[0] + coefficients[1] x + ..., by Horner's rule.
SecretSlot evaluate(std::span<const SecretSlot> coefficients, std::uint16_t x);

/// sum += factor * secret, all canonical.
void add_product(SecretSlot& sum, const PublicScalar& factor, std::span<const std::uint8_t, 32> secret);

/// nonce + challenge * secret: the answer of a Schnorr proof, which may be published once.
Bytes32 respond(const SecretSlot& nonce, const PublicScalar& challenge, std::span<const std::uint8_t, 32> secret);

/// secret * P as a public point, constant time; nothing for zero or a P that is not of prime order.   cost  83 us
std::optional<Bytes32> secret_times(std::span<const std::uint8_t, 32> secret, const Bytes32& point) noexcept;

bool is_zero(std::span<const std::uint8_t, 32> scalar) noexcept;  ///< constant time

}  // namespace assay::threshold::frost
