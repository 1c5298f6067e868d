#pragma once
#include <cstdint>

#include "core/digest.hpp"
#include "core/result.hpp"

namespace assay::threshold::frost {

/// A dealer's Schnorr proof that it knows the constant term behind `commitment`, as frost-rs has it: 64 bytes R | z
/// with z B = R + c commitment, c = HDKG(identifier | commitment | R).
///   errors  truncated, trailing_bytes, bad_element, bad_scalar, bad_signature.   cost  190 us;  pure
Done verify_proof_of_knowledge(std::uint16_t identifier, const Bytes32& commitment, ByteSpan proof);

}  // namespace assay::threshold::frost
