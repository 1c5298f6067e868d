#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "core/digest.hpp"
#include "core/entropy.hpp"
#include "core/result.hpp"
#include "threshold/crypto/secret_scalar.hpp"
#include "threshold/crypto/suite.hpp"

namespace assay::threshold::frost {

/// A dealer's Schnorr proof that it knows the constant term behind `commitment`, as frost-rs has it: 64 bytes R | z
/// with z B = R + c commitment, c = HDKG(identifier | commitment | R).
///   errors  truncated, trailing_bytes, bad_element, bad_scalar, bad_signature.   cost  190 us;  pure
Done verify_proof_of_knowledge(std::uint16_t identifier, const Element& commitment, ByteSpan proof);

/// The dealer's half: a proof for commitment = secret * B, with a hedged nonce.   cost  20 us
std::array<std::uint8_t, 64> prove_knowledge(std::uint16_t identifier, const SecretScalar& secret,
                                             const Element& commitment, Entropy& entropy);

}  // namespace assay::threshold::frost
