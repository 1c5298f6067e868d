#pragma once
#include "aggregator/policy.hpp"
#include "core/observation.hpp"

namespace assay::threshold::sim {

/// Changing: with jumps that stay, spells below the floor, spells without sources, stale and wide ones. Calm: none.
enum class Weather : std::uint8_t { changing, calm };

/// Where simulated prices come from: a function of seed, feed, member and time. No state.
class Market {
 public:
  Market(std::uint64_t seed, std::uint32_t feeds, Weather weather);

  const aggregator::AggregationPolicy& policy() const { return policy_; }
  /// What an honest member sees at `at`; its own clock says `wall`.
  Observation observe(std::uint16_t member, MonoTime at, WallTime wall) const;

 private:
  std::optional<ObservationEntry> entry(std::uint32_t feed, std::uint16_t member, MonoTime at, WallTime wall) const;

  std::uint64_t seed_;
  Weather weather_;
  aggregator::AggregationPolicy policy_;
};

}  // namespace assay::threshold::sim
