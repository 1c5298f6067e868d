#include "threshold/crypto/sealed_share.hpp"

#include <sodium.h>

#include <utility>

#include "core/bytes.hpp"
#include "core/check.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/secret_scalar.hpp"

namespace assay::threshold::frost {
namespace {

constexpr std::string_view key_domain{"assay/enc-key/v1", 16};
constexpr std::string_view seal_domain{"assay/seal/v1\0\0\0", 16};
constexpr std::array<std::uint8_t, crypto_aead_xchacha20poly1305_ietf_NPUBBYTES> nonce{};
static_assert(crypto_aead_xchacha20poly1305_ietf_ABYTES == 16);

/// SHA-512 of public parts and one secret, into locked memory; libsodium's final() wipes the state.
SecretSlot derive(std::string_view domain, ByteSpan context, std::span<const std::uint8_t, 32> secret) {
  SecretSlot out = SecretSlot::make();
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  crypto_hash_sha512_update(&state, as_bytes(domain).data(), domain.size());
  crypto_hash_sha512_update(&state, context.data(), context.size());
  crypto_hash_sha512_update(&state, secret.data(), secret.size());
  crypto_hash_sha512_final(&state, out.bytes().data());
  return out;
}

Bytes bytes_of(const SealContext& context) {
  ByteWriter out(100);
  out.digest(context.ceremony).u16(context.dealer).u16(context.recipient);
  out.raw(context.ephemeral).raw(context.recipient_key);
  return std::move(out).take();
}

}  // namespace

EncryptionKey::EncryptionKey(SecretScalar secret) : secret_(std::move(secret)) {
  const auto point = base_times(secret_);
  check(point.has_value(), "a hashed or random scalar is not zero");
  point_ = *point;
}

EncryptionKey EncryptionKey::of(const IdentityKey& identity) {
  const std::array<std::uint8_t, 1> zero{};
  const SecretSlot wide = derive(key_domain, zero, identity.seed());
  return EncryptionKey(SecretScalar::reduced(wide.bytes()));
}

EncryptionKey EncryptionKey::generate(Entropy& entropy) {
  return EncryptionKey(SecretScalar::draw(entropy));
}

std::optional<SecretSlot> EncryptionKey::agree(const Element& other) const {
  return secret_point(secret_, other);
}

SealedShare seal_share(const SealContext& context, std::span<const std::uint8_t, 32> shared_point,
                       const SecretScalar& share) {
  const Bytes bound = bytes_of(context);
  const SecretSlot key = derive(seal_domain, bound, shared_point);
  SealedShare sealed;
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data(), nullptr, share.expose().data(), share.expose().size(),
                                             bound.data(), bound.size(), nullptr, nonce.data(), key.bytes().data());
  sodium_stackzero(1024);
  return sealed;
}

std::optional<SecretScalar> open_share(const SealContext& context, std::span<const std::uint8_t, 32> shared_point,
                                       const SealedShare& sealed) {
  const Bytes bound = bytes_of(context);
  const SecretSlot key = derive(seal_domain, bound, shared_point);
  SecretSlot share = SecretSlot::make();
  const int opened =
      crypto_aead_xchacha20poly1305_ietf_decrypt(share.bytes().data(), nullptr, nullptr, sealed.data(), sealed.size(),
                                                 bound.data(), bound.size(), nonce.data(), key.bytes().data());
  sodium_stackzero(1024);
  if (opened != 0) return std::nullopt;
  auto scalar = SecretScalar::take(share.bytes().first<Suite::scalar_size>());
  if (!scalar) return std::nullopt;
  return std::move(*scalar);
}

}  // namespace assay::threshold::frost
