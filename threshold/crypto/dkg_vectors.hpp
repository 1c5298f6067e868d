#pragma once
#include "threshold/crypto/vector_fields.hpp"

namespace assay::threshold {

/// An entry of `dkg`: PedPop as frost-rs has it. Commitments, shares and keys are recomputed from each participant's
/// signing_key and coefficient; the proof of knowledge, whose randomness is not given, is verified. Participants are
/// the keys of `inputs` that are numbers. The fields called `secret` follow from nothing: canonical scalars where the
/// file has them, and the published ones undamaged.
void check_dkg_vector(VectorChecker& to, const VectorField& dkg);

}  // namespace assay::threshold
