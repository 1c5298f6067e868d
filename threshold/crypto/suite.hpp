#pragma once
#include "threshold/crypto/ed25519_sha512.hpp"

namespace assay::threshold::frost {

/// The ciphersuite of this build. Nothing above this line of code names another one: polynomials, signing, key
/// ceremonies and evidence are written against the concept. (tests/unit/threshold/second_suite builds the same sources
/// over another group.)
using Suite = Ed25519Sha512;
static_assert(Ciphersuite<Suite>);

/// A point as encoded. What comes from outside passes is_valid_element() once, on arrival.
using Element = std::array<std::uint8_t, Suite::element_size>;

}  // namespace assay::threshold::frost
