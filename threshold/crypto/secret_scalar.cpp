#include "threshold/crypto/secret_scalar.hpp"

#include <sodium.h>

#include <algorithm>

namespace assay::threshold::frost {

SecretSlot random_scalar(Entropy& entropy) {
  SecretSlot wide = SecretSlot::make();
  entropy.fill(wide.bytes());
  SecretSlot scalar = SecretSlot::make();
  crypto_core_ed25519_scalar_reduce(scalar.bytes().data(), wide.bytes().data());
  return scalar;
}

SecretSlot evaluate(std::span<const SecretSlot> coefficients, std::uint16_t x) {
  const PublicScalar at = scalar_of(x);
  SecretSlot value = SecretSlot::make();
  auto* const out = value.bytes().data();
  for (std::size_t i = coefficients.size(); i-- > 0;) {
    crypto_core_ed25519_scalar_mul(out, out, at.bytes.data());
    crypto_core_ed25519_scalar_add(out, out, coefficients[i].bytes().data());
  }
  sodium_stackzero(1024);
  return value;
}

void add_product(SecretSlot& sum, const PublicScalar& factor, std::span<const std::uint8_t, 32> secret) {
  SecretSlot product = SecretSlot::make();
  crypto_core_ed25519_scalar_mul(product.bytes().data(), factor.bytes.data(), secret.data());
  crypto_core_ed25519_scalar_add(sum.bytes().data(), sum.bytes().data(), product.bytes().data());
  sodium_stackzero(1024);
}

Bytes32 respond(const SecretSlot& nonce, const PublicScalar& challenge, std::span<const std::uint8_t, 32> secret) {
  SecretSlot sum = SecretSlot::make();
  std::copy_n(nonce.bytes().begin(), 32, sum.bytes().begin());
  add_product(sum, challenge, secret);
  Bytes32 response;
  std::copy_n(sum.bytes().begin(), response.size(), response.begin());
  return response;
}

std::optional<Bytes32> secret_times(std::span<const std::uint8_t, 32> secret, const Bytes32& point) noexcept {
  Bytes32 out;
  const bool fine = crypto_scalarmult_ed25519_noclamp(out.data(), secret.data(), point.data()) == 0;
  sodium_stackzero(1024);
  if (!fine) return std::nullopt;
  return out;
}

bool is_zero(std::span<const std::uint8_t, 32> scalar) noexcept {
  return sodium_is_zero(scalar.data(), scalar.size()) == 1;
}

}  // namespace assay::threshold::frost
