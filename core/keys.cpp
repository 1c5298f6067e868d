#include "core/keys.hpp"

#include <sodium.h>

#include "core/check.hpp"

namespace assay {

bool verify_ed25519(const PublicKey& key, ByteSpan message, const Signature& signature) noexcept {
  static const bool ready = sodium_init() >= 0;
  check(ready, "libsodium starts");
  return crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(), key.bytes.data()) == 0;
}

}  // namespace assay
