#pragma once
#include <span>

#include "core/entropy.hpp"
#include "threshold/crypto/secret_scalar.hpp"

namespace assay::threshold::frost {

/// RFC 9591 section 4.1, nonce_generate: H3(random32 || secret): hedged, so that a weak device alone gives nothing
/// away.
SecretScalar nonce_generate(const SecretScalar& secret, Entropy& entropy);
/// The same from given randomness, which is the caller's to wipe.
SecretScalar nonce_generate(const SecretScalar& secret, std::span<const std::uint8_t, 32> randomness);

}  // namespace assay::threshold::frost
