#include "threshold/crypto/secret_scalar.hpp"

#include <sodium.h>

#include <algorithm>

namespace assay::threshold::frost {
namespace {

/// scalar_add and its like leave copies of their operands behind.
void wipe_stack() {
  sodium_stackzero(1024);
}

}  // namespace

std::span<std::uint8_t, Suite::scalar_size> SecretScalar::bytes() noexcept {
  return slot_.bytes().first<Suite::scalar_size>();
}

std::span<const std::uint8_t, Suite::scalar_size> SecretScalar::expose() const noexcept {
  return slot_.bytes().first<Suite::scalar_size>();
}

SecretScalar SecretScalar::zero() {
  SecretScalar out;
  out.slot_ = SecretSlot::make();
  Suite::encode(out.bytes(), 0);
  return out;
}

SecretScalar SecretScalar::draw(Entropy& entropy) {
  SecretSlot wide = SecretSlot::make();
  entropy.fill(wide.bytes());
  return reduced(wide.bytes());
}

SecretScalar SecretScalar::reduced(std::span<const std::uint8_t, 64> wide) {
  SecretScalar out = zero();
  Suite::reduce(out.bytes(), wide);
  wipe_stack();
  return out;
}

SecretScalar SecretScalar::hashed(ScalarHash which, HashInput parts) {
  SecretScalar out = zero();
  Suite::hash_to_scalar(out.bytes(), which, parts);
  wipe_stack();
  return out;
}

Result<SecretScalar> SecretScalar::take(std::span<std::uint8_t, Suite::scalar_size> source) {
  SecretScalar out = zero();
  std::ranges::copy(source, out.bytes().begin());
  wipe_bytes(source);
  const bool fine = Suite::is_canonical(out.expose());
  wipe_stack();
  if (!fine) return Error{Errc::bad_scalar, "a secret scalar is below the group order"};
  return out;
}

SecretScalar SecretScalar::clone() const {
  SecretScalar out = zero();
  std::ranges::copy(expose(), out.bytes().begin());
  return out;
}

bool SecretScalar::is_zero() const noexcept {
  return sodium_is_zero(expose().data(), expose().size()) == 1;
}

void SecretScalar::add(const SecretScalar& other) {
  Suite::add(bytes(), expose(), other.expose());
  wipe_stack();
}

void SecretScalar::add_product(const PublicScalar& factor, const SecretScalar& secret) {
  SecretScalar product = zero();
  Suite::multiply(product.bytes(), factor.bytes, secret.expose());
  Suite::add(bytes(), expose(), product.expose());
  wipe_stack();
}

PublicScalar SecretScalar::published() const {
  PublicScalar out;
  std::ranges::copy(expose(), out.bytes.begin());
  return out;
}

SecretScalar evaluate(std::span<const SecretScalar> coefficients, std::uint16_t x) {
  const PublicScalar at = scalar_of(x);
  SecretScalar value = SecretScalar::zero();
  for (std::size_t i = coefficients.size(); i-- > 0;) {
    SecretScalar next = coefficients[i].clone();
    next.add_product(at, value);
    value = std::move(next);
  }
  return value;
}

SecretScalar sum_of(std::span<const SecretScalar> terms) {
  SecretScalar sum = SecretScalar::zero();
  for (const SecretScalar& term : terms) sum.add(term);
  return sum;
}

PublicScalar respond(const SecretScalar& nonce, const PublicScalar& challenge, const SecretScalar& secret) {
  SecretScalar answer = nonce.clone();
  answer.add_product(challenge, secret);
  return answer.published();
}

}  // namespace assay::threshold::frost
