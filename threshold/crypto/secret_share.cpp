#include <utility>

#include "core/check.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/hash.hpp"
#include "threshold/crypto/nonce.hpp"

namespace assay::threshold::frost {

Result<SecretShare> SecretShare::from_bytes(MemberIndex member, Bytes32& scalar) {
  auto secret = SecretScalar::take(scalar);
  if (!secret) return secret.error();
  return of(member, std::move(*secret));
}

Result<SecretShare> SecretShare::of(MemberIndex member, SecretScalar scalar) {
  if (scalar.is_zero()) return Error{Errc::bad_scalar, "a secret share is not zero"};
  return SecretShare(member, std::move(scalar));
}

PublicKey SecretShare::verifying_share() const {
  const auto point = base_times(scalar_);
  check(point.has_value(), "a secret share is not zero");
  return PublicKey{*point};
}

Done validate(const Commitment& commitment) {
  if (!is_valid_element(commitment.hiding)) return Error{Errc::bad_element, "hiding commitment of prime order"};
  if (!is_valid_element(commitment.binding)) return Error{Errc::bad_element, "binding commitment of prime order"};
  return Ok{};
}

SecretScalar nonce_generate(const SecretScalar& secret, std::span<const std::uint8_t, 32> randomness) {
  return h3({randomness, secret.expose()});
}

SecretScalar nonce_generate(const SecretScalar& secret, Entropy& entropy) {
  SecretSlot randomness = SecretSlot::make();
  entropy.fill(randomness.bytes().first<32>());
  return nonce_generate(secret, randomness.bytes().first<32>());
}

NoncePair commit(const SecretShare& share, std::span<const std::uint8_t, 32> hiding_randomness,
                 std::span<const std::uint8_t, 32> binding_randomness) {
  SecretScalar hiding = nonce_generate(share.scalar(), hiding_randomness);
  SecretScalar binding = nonce_generate(share.scalar(), binding_randomness);
  const auto hiding_point = base_times(hiding);
  const auto binding_point = base_times(binding);
  check(hiding_point && binding_point, "a hashed nonce is not zero");
  return NoncePair(std::move(hiding), std::move(binding), Commitment{*hiding_point, *binding_point});
}

NoncePair commit(const SecretShare& share, Entropy& entropy) {
  SecretSlot randomness = SecretSlot::make();
  entropy.fill(randomness.bytes());
  return commit(share, std::as_const(randomness).bytes().first<32>(), std::as_const(randomness).bytes().last<32>());
}

}  // namespace assay::threshold::frost
