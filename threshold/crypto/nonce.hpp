#pragma once
#include <span>

#include "threshold/crypto/arena.hpp"

namespace assay::threshold::frost {

/// RFC 9591 section 4.1, nonce_generate: H3(random32 || secret). The scalar is in the first 32 bytes.
SecretSlot nonce_generate(std::span<const std::uint8_t, 32> secret, std::span<const std::uint8_t, 32> randomness);

}  // namespace assay::threshold::frost
