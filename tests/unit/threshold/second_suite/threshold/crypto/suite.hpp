#pragma once
#include "tests/unit/threshold/second_suite/ristretto255_sha512.hpp"

// Stands before the project's file of this name in the include path of the programs beside it.
namespace assay::threshold::frost {

using Suite = Ristretto255Sha512;
static_assert(Ciphersuite<Suite>);

using Element = std::array<std::uint8_t, Suite::element_size>;

}  // namespace assay::threshold::frost
