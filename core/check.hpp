#pragma once

namespace assay {

/// Aborts the process, in every build, when one of our own invariants does not hold.
///   condition  what must be true;  what  a string literal that names the invariant
/// Never for input: whatever a wire, a disk or a user may hold is answered with a Result.
void check(bool condition, const char* what) noexcept;

}  // namespace assay
