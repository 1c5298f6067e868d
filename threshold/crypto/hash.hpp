#pragma once
#include "threshold/crypto/scalar.hpp"
#include "threshold/crypto/secret_scalar.hpp"
#include "threshold/crypto/suite.hpp"

namespace assay::threshold::frost {

/// The hash functions of RFC 9591 section 6 by their names there, and HDKG, in the suite's own way.
using HashDigest = std::array<std::uint8_t, Suite::digest_size>;

PublicScalar h1(ByteSpan message) noexcept;     ///< binding factors
PublicScalar h2(HashInput message) noexcept;    ///< challenge
SecretScalar h3(HashInput message);             ///< nonces
HashDigest h4(ByteSpan message) noexcept;       ///< message
HashDigest h5(ByteSpan message) noexcept;       ///< commitment list
PublicScalar hdkg(HashInput message) noexcept;  ///< proof of knowledge, as frost-rs has it

}  // namespace assay::threshold::frost
