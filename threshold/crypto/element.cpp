#include "threshold/crypto/element.hpp"

#include <sodium.h>

namespace assay::threshold::frost {

bool is_identity(const Bytes32& point) noexcept {
  Bytes32 identity{};
  identity[0] = 1;
  return point == identity;
}

bool is_valid_element(const Bytes32& point) noexcept {
  return !is_identity(point) && crypto_core_ed25519_is_valid_point(point.data()) == 1;
}

std::optional<Bytes32> base_times(std::span<const std::uint8_t, 32> scalar) noexcept {
  Bytes32 out;
  if (crypto_scalarmult_ed25519_base_noclamp(out.data(), scalar.data()) != 0) return std::nullopt;
  return out;
}

std::optional<Bytes32> times(const PublicScalar& scalar, const Bytes32& point) noexcept {
  Bytes32 out;
  if (crypto_scalarmult_ed25519_noclamp(out.data(), scalar.bytes.data(), point.data()) != 0) return std::nullopt;
  return out;
}

std::optional<Bytes32> plus(const Bytes32& a, const Bytes32& b) noexcept {
  Bytes32 out;
  if (crypto_core_ed25519_add(out.data(), a.data(), b.data()) != 0) return std::nullopt;
  return out;
}

}  // namespace assay::threshold::frost
