#include "threshold/crypto/hash.hpp"

#include <sodium.h>

namespace assay::threshold::frost {
namespace {

/// SHA-512(context_string tag part...); the state is wiped, since nonces pass through here.
void sha512(std::string_view context, std::string_view tag, std::initializer_list<ByteSpan> parts,
            std::span<std::uint8_t, 64> out) noexcept {
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  for (const ByteSpan part : {as_bytes(context), as_bytes(tag)}) {
    crypto_hash_sha512_update(&state, part.data(), part.size());
  }
  for (const ByteSpan part : parts) crypto_hash_sha512_update(&state, part.data(), part.size());
  crypto_hash_sha512_final(&state, out.data());
  sodium_memzero(&state, sizeof state);
}

PublicScalar scalar_from(std::string_view context, std::string_view tag, std::initializer_list<ByteSpan> parts) {
  Hash64 wide;
  sha512(context, tag, parts, wide);
  return reduce_wide(wide);
}

}  // namespace

PublicScalar h1(ByteSpan message) noexcept {
  return scalar_from(context_string, "rho", {message});
}

PublicScalar h2(std::initializer_list<ByteSpan> message) noexcept {
  return scalar_from("", "", message);
}

SecretSlot h3(std::initializer_list<ByteSpan> message) {
  SecretSlot wide = SecretSlot::make();
  sha512(context_string, "nonce", message, wide.bytes());
  SecretSlot scalar = SecretSlot::make();
  crypto_core_ed25519_scalar_reduce(scalar.bytes().data(), wide.bytes().data());
  return scalar;
}

Hash64 h4(ByteSpan message) noexcept {
  Hash64 out;
  sha512(context_string, "msg", {message}, out);
  return out;
}

Hash64 h5(ByteSpan message) noexcept {
  Hash64 out;
  sha512(context_string, "com", {message}, out);
  return out;
}

PublicScalar hdkg(std::initializer_list<ByteSpan> message) noexcept {
  return scalar_from(context_string, "dkg", message);
}

}  // namespace assay::threshold::frost
