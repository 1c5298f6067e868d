#include "threshold/crypto/ed25519_sha512.hpp"

#include <sodium.h>

#include <algorithm>

#include "core/keys.hpp"

namespace assay::threshold::frost {
namespace {

constexpr std::string_view context = "FROST-ED25519-SHA512-v1";

/// SHA-512(context tag part...). Nonces pass through here; libsodium's final() wipes the state.
void sha512(std::string_view prefix, std::string_view tag, HashInput parts, std::span<std::uint8_t, 64> out) noexcept {
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  for (const ByteSpan part : {as_bytes(prefix), as_bytes(tag)}) {
    crypto_hash_sha512_update(&state, part.data(), part.size());
  }
  for (const ByteSpan part : parts) crypto_hash_sha512_update(&state, part.data(), part.size());
  crypto_hash_sha512_final(&state, out.data());
}

struct Domain {
  std::string_view prefix;
  std::string_view tag;
};

Domain domain_of(ScalarHash which) noexcept {
  switch (which) {
    case ScalarHash::binding_factor:
      return {context, "rho"};
    case ScalarHash::challenge:
      return {};  // plain SHA-512: what makes the signature one of RFC 8032
    case ScalarHash::nonce:
      return {context, "nonce"};
    case ScalarHash::proof_of_knowledge:
      return {context, "dkg"};
  }
  return {};
}

std::string_view tag_of(DigestHash which) noexcept {
  switch (which) {
    case DigestHash::message:
      return "msg";
    case DigestHash::commitments:
      return "com";
  }
  return {};
}

}  // namespace

bool Ed25519Sha512::is_element(Bytes point) noexcept {
  const Bytes32 neutral = identity();  // libsodium takes it for valid
  return !std::ranges::equal(point, neutral) && crypto_core_ed25519_is_valid_point(point.data()) == 1;
}

Bytes32 Ed25519Sha512::identity() noexcept {
  return {1};
}

bool Ed25519Sha512::base_times(Out out, Bytes scalar) noexcept {
  return crypto_scalarmult_ed25519_base_noclamp(out.data(), scalar.data()) == 0;
}

bool Ed25519Sha512::times(Out out, Bytes scalar, Bytes point) noexcept {
  return crypto_scalarmult_ed25519_noclamp(out.data(), scalar.data(), point.data()) == 0;
}

bool Ed25519Sha512::plus(Out out, Bytes a, Bytes b) noexcept {
  return crypto_core_ed25519_add(out.data(), a.data(), b.data()) == 0;
}

bool Ed25519Sha512::is_canonical(Bytes scalar) noexcept {
  // libsodium 1.0.18 has no such test: reduce and compare.
  std::array<std::uint8_t, 64> padded{};
  std::copy(scalar.begin(), scalar.end(), padded.begin());
  Bytes32 reduced;
  crypto_core_ed25519_scalar_reduce(reduced.data(), padded.data());
  const bool same = sodium_memcmp(reduced.data(), scalar.data(), reduced.size()) == 0;
  sodium_memzero(padded.data(), padded.size());
  sodium_memzero(reduced.data(), reduced.size());
  return same;
}

void Ed25519Sha512::reduce(Out out, std::span<const std::uint8_t, 64> wide) noexcept {
  crypto_core_ed25519_scalar_reduce(out.data(), wide.data());
}

void Ed25519Sha512::add(Out out, Bytes a, Bytes b) noexcept {
  crypto_core_ed25519_scalar_add(out.data(), a.data(), b.data());
}

void Ed25519Sha512::multiply(Out out, Bytes a, Bytes b) noexcept {
  crypto_core_ed25519_scalar_mul(out.data(), a.data(), b.data());
}

void Ed25519Sha512::negate(Out out, Bytes scalar) noexcept {
  crypto_core_ed25519_scalar_negate(out.data(), scalar.data());
}

bool Ed25519Sha512::invert(Out out, Bytes scalar) noexcept {
  return crypto_core_ed25519_scalar_invert(out.data(), scalar.data()) == 0;
}

void Ed25519Sha512::encode(Out out, std::uint64_t value) noexcept {
  std::ranges::fill(out, std::uint8_t{0});
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<std::uint8_t>(value >> 8 * i);
}

void Ed25519Sha512::hash_to_scalar(Out out, ScalarHash which, HashInput parts) noexcept {
  const Domain domain = domain_of(which);
  std::array<std::uint8_t, 64> wide;
  sha512(domain.prefix, domain.tag, parts, wide);
  reduce(out, wide);
  sodium_memzero(wide.data(), wide.size());
}

std::array<std::uint8_t, 64> Ed25519Sha512::hash_to_digest(DigestHash which, HashInput parts) noexcept {
  std::array<std::uint8_t, 64> out;
  sha512(context, tag_of(which), parts, out);
  return out;
}

bool Ed25519Sha512::verify(Bytes key, ByteSpan message, std::span<const std::uint8_t, 64> signature) noexcept {
  PublicKey signer;
  Signature whole;
  std::ranges::copy(key, signer.bytes.begin());
  std::ranges::copy(signature, whole.bytes.begin());
  return verify_ed25519(signer, message, whole);
}

}  // namespace assay::threshold::frost
