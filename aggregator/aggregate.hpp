#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "aggregator/policy.hpp"
#include "core/header.hpp"
#include "core/leaf.hpp"
#include "core/observation.hpp"
#include "core/result.hpp"

namespace assay::aggregator {

/// The committee step: signed observations -> the next leaves. Consensus-critical: every node must compute the same
/// bytes, so it reads nothing but its arguments, uses integers only and never depends on map order or locale.

struct AggregateInput {
  const Header& previous;
  std::span<const Leaf> previous_leaves;      ///< in feed order; empty when previous is genesis
  std::span<const Observation> observations;  ///< distinct members, ascending; each with one slot per feed
  std::uint16_t quorum{};                     ///< 2f+1: the least valid entries that price a feed
  std::uint16_t faulty_max{};                 ///< f
};

struct AggregateOutput {
  WallTime time;             ///< header time: median of observation times, at least previous + 1 us
  std::vector<Leaf> leaves;  ///< one per feed, in feed order, height = previous + 1
};

/// A valid entry: 0 < bid <= price <= ask <= 2^62, 0 < confidence <= price, known reason bits,
/// |src_time - observation time| <= policy.observation_age_max.
bool is_valid_entry(const ObservationEntry& entry, WallTime observed_at, const AggregationPolicy& policy);

/// Aggregate of design.md and aggregation.md A6; the rules stand beside each step in aggregate.cpp.
///   errors  too_few_observations below the quorum; out_of_range when slots or previous leaves do not match the policy;
///           overflow where an EMA or product leaves 128 bits
///   cost    O(feeds * k log k)
Result<AggregateOutput> aggregate(const AggregationPolicy& policy, const AggregateInput& input);

}  // namespace assay::aggregator
