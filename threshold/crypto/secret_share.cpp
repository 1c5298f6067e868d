#include <sodium.h>

#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/hash.hpp"
#include "threshold/crypto/nonce.hpp"

namespace assay::threshold::frost {

Result<SecretShare> SecretShare::from_bytes(MemberIndex member, Bytes32& scalar) {
  SecretSlot secret = SecretSlot::make();
  std::copy(scalar.begin(), scalar.end(), secret.bytes().begin());
  sodium_memzero(scalar.data(), scalar.size());
  const auto kept = secret.bytes().first<32>();
  if (!is_canonical_scalar(kept)) return Error{Errc::bad_scalar, "a secret share is below the group order"};
  if (sodium_is_zero(kept.data(), kept.size()) == 1) return Error{Errc::bad_scalar, "a secret share is not zero"};
  return SecretShare(member, std::move(secret));
}

PublicKey SecretShare::verifying_share() const {
  const auto point = base_times(expose());
  check(point.has_value(), "a secret share is not zero");
  return PublicKey{*point};
}

std::span<const std::uint8_t, 32> SecretShare::expose() const noexcept {
  return secret_.bytes().first<32>();
}

Done validate(const Commitment& commitment) {
  if (!is_valid_element(commitment.hiding)) return Error{Errc::bad_element, "hiding commitment of prime order"};
  if (!is_valid_element(commitment.binding)) return Error{Errc::bad_element, "binding commitment of prime order"};
  return Ok{};
}

SecretSlot nonce_generate(std::span<const std::uint8_t, 32> secret, std::span<const std::uint8_t, 32> randomness) {
  return h3({randomness, secret});
}

NoncePair commit(const SecretShare& share, std::span<const std::uint8_t, 32> hiding_randomness,
                 std::span<const std::uint8_t, 32> binding_randomness) {
  const SecretSlot hiding = nonce_generate(share.expose(), hiding_randomness);
  const SecretSlot binding = nonce_generate(share.expose(), binding_randomness);
  SecretSlot pair = SecretSlot::make();
  std::copy_n(hiding.bytes().begin(), 32, pair.bytes().begin());
  std::copy_n(binding.bytes().begin(), 32, pair.bytes().begin() + 32);
  const auto hiding_point = base_times(pair.bytes().first<32>());
  const auto binding_point = base_times(pair.bytes().last<32>());
  sodium_stackzero(1024);
  check(hiding_point && binding_point, "a hashed nonce is not zero");
  return NoncePair(std::move(pair), Commitment{*hiding_point, *binding_point});
}

NoncePair commit(const SecretShare& share, Entropy& entropy) {
  SecretSlot randomness = SecretSlot::make();
  entropy.fill(randomness.bytes());
  return commit(share, std::as_const(randomness).bytes().first<32>(), std::as_const(randomness).bytes().last<32>());
}

}  // namespace assay::threshold::frost
