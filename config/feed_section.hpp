#pragma once
#include "aggregator/policy.hpp"
#include "config/section.hpp"

namespace assay::config {

/// Reads one entry of `feeds` with its sources and calendar, and checks the rules between its fields:
///   symbol BASE/QUOTE; reference mantissa in [10^6, 10^17]; floor < reference < ceiling; confidence_floor < wide;
///   source ages <= src_age_max <= observation_age_max; every source priced in the feed's own pair, listed once;
///   min_groups not above the number of groups; calendar ascending and disjoint.
aggregator::FeedPolicy read_feed(Section& section, Micros observation_age_max);

}  // namespace assay::config
