#pragma once
#include <optional>
#include <string>

#include "threshold/sim/counts.hpp"
#include "threshold/sim/log_file.hpp"

namespace assay::threshold::sim {

/// Spoils a log that has records, as `fault` says: log_rolled_back, log_corrupt, log_stale, log_misdirected or
/// log_foreign (then it holds what `foreign` holds). What is damaged a node must refuse to run on, or read as an older
/// log; a flipped bit and another node's file it must refuse.
///   returns  what the format let pass, if anything
std::optional<std::string> spoil(LogFile& log, Fault fault, const LogFile& foreign, Chance& chance);

}  // namespace assay::threshold::sim
