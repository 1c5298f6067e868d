#pragma once
#include <optional>
#include <string>

#include "threshold/sim/run.hpp"

namespace assay::threshold::sim {

/// Twins (arXiv 2004.10617): one member of four runs twice under one identity, and in each of four rounds the network
/// is cut another way, so that both copies, each by the rules, say what contradicts the other. A scenario is which
/// member that is (it leads every fourth view), the moment of the first cut within a height, and of each round: the
/// side of every honest member, whether the copies are on both sides or on one, and whether it lasts for one message
/// or longer than a view's patience. Then the cuts end, the copies stay apart, and heights must go on.
inline constexpr std::uint64_t twin_scenarios = std::uint64_t{1} << 25U;

/// What broke in scenario `number`, taken modulo their count, if anything.
std::optional<Violation> play_twins(const Keys& keys, std::uint64_t number);
std::string twins_text(std::uint64_t number);

}  // namespace assay::threshold::sim
