#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::threshold {

/// What a vector file says of this build.
struct VectorReport {
  std::uint64_t checks = 0;
  std::uint64_t failed = 0;
  bool suite_unknown = false;         ///< a ciphersuite that is not built in; nothing was checked
  std::vector<std::string> failures;  ///< one line each: JSON path, expected, got
};

/// Recomputes every value of a vector file (layout of tests/vectors/rfc9591-ed25519.json) from its inputs and the given
/// randomness alone: all entries of `vectors`, `dkg`, `repair_share` and `invalid_element`. Each of the last three is
/// one entry or a list. `repair_share` may be absent; `dkg` and `invalid_element` too, but only together. A missing or
/// malformed field is a failure, and so is a file in which there is nothing to check. Lists of participants come in any
/// order.
///   invalid_element  must be refused. One that is valid is a failure; one that is invalid in another way than its
///                    author meant cannot be told from it, unless it is the published one with a few bytes changed.
///   secret (of dkg)  belongs to no step of the algorithm and may be absent everywhere. Where it is a participant's key
///                    or share, all of them are held to that; else it is a canonical scalar, and no more can be said,
///                    unless it is a published one with a few bytes changed.
/// Total; pure, any thread.
VectorReport check_vectors(std::string_view json);

}  // namespace assay::threshold
