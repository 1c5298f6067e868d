#pragma once
#include "threshold/crypto/vector_fields.hpp"

namespace assay::threshold {

/// The `dkg` entry of a vector file: PedPop as frost-rs has it. Commitments, shares and keys are recomputed from each
/// participant's signing_key and coefficient; the proof of knowledge, whose randomness is not given, is verified.
/// The fields called `secret` belong to no computation there: when the file has them they must be canonical scalars.
void check_dkg_vector(VectorChecker& to, const VectorField& dkg);

}  // namespace assay::threshold
