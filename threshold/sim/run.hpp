#pragma once
#include <optional>
#include <string>

#include "threshold/sim/invariants.hpp"
#include "threshold/sim/keys.hpp"
#include "threshold/sim/plan.hpp"
#include "threshold/sim/transcript.hpp"

namespace assay::threshold::sim {

/// A run attests at least this many heights, or it failed.
inline constexpr std::uint64_t heights_min = 50;

struct RunReport {
  std::uint64_t seed{};
  std::uint16_t nodes{};
  std::uint64_t heights{};
  Counts counts;
  std::optional<Violation> violation;
  std::uint64_t trace{};  ///< of every effect of every machine, in order
};

/// After a core is healed, the longest that may pass until its next height: f views in a row may be lost to liars and
/// to members that stay away, each for the longest patience and one extension, and two more to come together.
Micros progress_bound(Quorum quorum, const Timing& timing);

/// One seed: a storm, then a healed core that must go on within progress_bound to heights_min and twelve beyond the
/// storm. `tell` gets every event in words. The same arguments give the same report, on every machine.
RunReport run(const Keys& keys, const Plan& plan, const Transcript::Line& tell = nullptr);

}  // namespace assay::threshold::sim
