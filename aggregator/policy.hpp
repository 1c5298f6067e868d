#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/feed.hpp"
#include "core/time.hpp"

namespace assay::aggregator {

/// One place where a feed's price is read.
struct SourcePolicy {
  std::string venue;                   ///< adapter name, "kraken"
  std::string symbol;                  ///< as the venue writes it, "XBT/USD"
  std::uint16_t group{};               ///< correlated sources share a number; groups are what min_groups counts
  std::uint8_t tier{};                 ///< base weight, 1..3
  Micros age_max;                      ///< older than this does not count
  std::uint32_t spread_max_ppm{};      ///< wider than this does not count
  bool last_only{};                    ///< no bid and ask here: last stands in, with assumed_spread_ppm around it
  std::uint32_t assumed_spread_ppm{};  ///< 0 unless last_only
  std::string base;                    ///< unit that the venue prices, "BTC": must be the feed's base
  std::string quote;                   ///< unit it prices in, "USD": must be the feed's quote
};

/// A closed interval of market hours, UTC.
struct OpenInterval {
  WallTime from;
  WallTime to;  ///< exclusive
};

/// The rules of one feed. Part of config_digest: all nodes hold the same.
struct FeedPolicy {
  FeedTerms terms;
  std::string base;                      ///< "BTC"
  std::string quote;                     ///< "USD"
  std::int64_t reference_price{};        ///< mantissa in [10^6, 10^17]: pins the scale
  std::int64_t floor_price{};            ///< below: halted, never clamped
  std::int64_t ceiling_price{};          ///< above: halted
  std::uint8_t min_groups{};             ///< 2..; fewer: degraded when they agree, else absent
  std::uint32_t agree_ppm{};             ///< how close the groups must be when there are two, or fewer than min_groups
  std::uint32_t exclude_ppm{};           ///< an outlier is further than this (and 5 scaled MADs) from the median
  std::uint32_t confidence_floor_ppm{};  ///< confidence is never below this part of the price
  std::uint32_t age_ppm{};            ///< a quote's uncertainty grows by this part of its price per root second of age
  std::uint32_t wide_ppm{};           ///< confidence above this part of the price: wide
  std::uint32_t jump_ppm{};           ///< a larger move than this against the reference needs confirmation
  std::uint8_t jump_confirmations{};  ///< K consecutive mutually consistent heights confirm it
  Micros src_age_max;                 ///< sources older than this against the header: stale
  Micros ema_tau;                     ///< time constant of the moving average
  bool always_open{};                 ///< true: no calendar;  false: open only within `open`
  std::vector<OpenInterval> open;     ///< ascending, disjoint; past the last one: closed
  std::vector<SourcePolicy> sources;  ///< 1..64
};

/// Everything both aggregation steps read. Feeds ascend by id, as leaves do.
struct AggregationPolicy {
  std::uint32_t version{};     ///< agg_version of the network file; 1
  Micros observation_age_max;  ///< an entry whose src_time is further than this from its observation is not valid
  Micros venue_future_max;     ///< a venue clock further ahead of ours than this is not believed: 50 ms + clock error
  std::vector<FeedPolicy> feeds;
};

}  // namespace assay::aggregator
