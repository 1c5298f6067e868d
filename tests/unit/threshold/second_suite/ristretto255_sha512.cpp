#include "tests/unit/threshold/second_suite/ristretto255_sha512.hpp"

#include <sodium.h>

#include <algorithm>

namespace assay::threshold::frost {
namespace {

void sha512(std::string_view tag, HashInput parts, std::uint8_t* out) noexcept {
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  for (const ByteSpan part : {as_bytes("FROST-RISTRETTO255-SHA512-v1"), as_bytes(tag)}) {
    crypto_hash_sha512_update(&state, part.data(), part.size());
  }
  for (const ByteSpan part : parts) crypto_hash_sha512_update(&state, part.data(), part.size());
  crypto_hash_sha512_final(&state, out);
}

std::string_view tag_of(ScalarHash which) noexcept {
  switch (which) {
    case ScalarHash::binding_factor:
      return "rho";
    case ScalarHash::challenge:
      return "chal";
    case ScalarHash::nonce:
      return "nonce";
    case ScalarHash::proof_of_knowledge:
      return "dkg";
  }
  return {};
}

}  // namespace

bool Ristretto255Sha512::is_element(Bytes point) noexcept {
  return sodium_is_zero(point.data(), point.size()) == 0 && crypto_core_ristretto255_is_valid_point(point.data()) == 1;
}

Bytes32 Ristretto255Sha512::identity() noexcept {
  return {};
}

bool Ristretto255Sha512::base_times(Out out, Bytes scalar) noexcept {
  return crypto_scalarmult_ristretto255_base(out.data(), scalar.data()) == 0;
}

bool Ristretto255Sha512::times(Out out, Bytes scalar, Bytes point) noexcept {
  return crypto_scalarmult_ristretto255(out.data(), scalar.data(), point.data()) == 0;
}

bool Ristretto255Sha512::plus(Out out, Bytes a, Bytes b) noexcept {
  return crypto_core_ristretto255_add(out.data(), a.data(), b.data()) == 0;
}

bool Ristretto255Sha512::is_canonical(Bytes scalar) noexcept {
  std::array<std::uint8_t, 64> padded{};
  std::ranges::copy(scalar, padded.begin());
  Bytes32 reduced;
  crypto_core_ristretto255_scalar_reduce(reduced.data(), padded.data());
  return sodium_memcmp(reduced.data(), scalar.data(), reduced.size()) == 0;
}

void Ristretto255Sha512::reduce(Out out, std::span<const std::uint8_t, 64> wide) noexcept {
  crypto_core_ristretto255_scalar_reduce(out.data(), wide.data());
}

void Ristretto255Sha512::add(Out out, Bytes a, Bytes b) noexcept {
  crypto_core_ristretto255_scalar_add(out.data(), a.data(), b.data());
}

void Ristretto255Sha512::multiply(Out out, Bytes a, Bytes b) noexcept {
  crypto_core_ristretto255_scalar_mul(out.data(), a.data(), b.data());
}

void Ristretto255Sha512::negate(Out out, Bytes scalar) noexcept {
  crypto_core_ristretto255_scalar_negate(out.data(), scalar.data());
}

bool Ristretto255Sha512::invert(Out out, Bytes scalar) noexcept {
  return crypto_core_ristretto255_scalar_invert(out.data(), scalar.data()) == 0;
}

void Ristretto255Sha512::encode(Out out, std::uint64_t value) noexcept {
  std::ranges::fill(out, std::uint8_t{0});
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(value >> 8 * i);
}

void Ristretto255Sha512::hash_to_scalar(Out out, ScalarHash which, HashInput parts) noexcept {
  std::array<std::uint8_t, 64> wide;
  sha512(tag_of(which), parts, wide.data());
  reduce(out, wide);
}

std::array<std::uint8_t, 64> Ristretto255Sha512::hash_to_digest(DigestHash which, HashInput parts) noexcept {
  std::array<std::uint8_t, 64> out;
  sha512(which == DigestHash::message ? "msg" : "com", parts, out.data());
  return out;
}

bool Ristretto255Sha512::verify(Bytes key, ByteSpan message, std::span<const std::uint8_t, 64> signature) noexcept {
  const auto nonce_point = signature.first<32>();
  const auto response = signature.last<32>();
  if (!is_element(key) || !is_element(nonce_point) || !is_canonical(response)) return false;
  Bytes32 challenge;
  Bytes32 left;
  Bytes32 right;
  hash_to_scalar(challenge, ScalarHash::challenge, {nonce_point, key, message});
  return base_times(left, response) && times(right, challenge, key) && plus(right, right, nonce_point) && left == right;
}

}  // namespace assay::threshold::frost
