#pragma once
#include <string_view>

namespace assay::threshold::sim {

/// What it says of a run that this invariant broke, in one sentence for whoever has not read the rules; empty for no
/// invariant's name.
std::string_view meaning(std::string_view invariant);

}  // namespace assay::threshold::sim
