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

/// One leaf per feed, in feed order:
///   medians   of the k valid entries, the floor of the mean of the middle two for even k; confidence
///             max(median c, x_(k-f) - P, P - x_(f+1)), at most P; a reason bit with f+1 votes; sources the lower
///             median
///   carried   closed by the calendar at header time, halted outside [floor, ceiling], insufficient below the quorum,
///             stale past src_age_max: the previous leaf, in which only height, status, reasons, observers and sources
///             may change. Every value and every time is byte-identical: nothing is re-stamped, nothing clamped.
///             A feed never priced stays all zero and insufficient.
///   priced    publish_time = header time, src_time = min(median, header time), valid_until = publish_time + ttl,
///             prev_publish_time = publish_time of the previous leaf; ema by ema.hpp, ref and run by jump.hpp; status
///             ok, wide (confidence above wide_ppm, or few_sources), divergent, depeg, jump
/// Of several statuses the worst wins. Header time is the median of all observation times, at least previous + 1 us.
///   errors  too_few_observations below the quorum; out_of_range when the quorum is below 2f+1, when slots or previous
///           leaves do not match the policy or the previous header, when a time span of the policy is negative, or when
///           a header time would pass 2^62 us. There is no arithmetic failure.
///   cost    O(feeds * k log k);  pure, any thread;  twin  tests/reference/aggregate.py
Result<AggregateOutput> aggregate(const AggregationPolicy& policy, const AggregateInput& input);

/// The leaves before the first batch of an epoch, as its policy has them: those of its feeds, whatever else was there;
/// a feed that is new is unpriced_leaf().
///   leaves  ascending feed id, all of `height`
std::vector<Leaf> carry_over(const AggregationPolicy& policy, std::span<const Leaf> leaves, Height height);

}  // namespace assay::aggregator
