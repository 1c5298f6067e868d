#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "core/feed.hpp"
#include "core/time.hpp"

namespace assay::aggregator {

/// One place where a feed's price is read.
struct SourcePolicy {
  std::string venue;      ///< adapter name, "kraken"
  std::string symbol;     ///< as the venue writes it, "XBT/USD"
  std::uint16_t group{};  ///< correlated sources share a number; groups are what min_groups counts
  std::uint8_t tier{};    ///< base weight, 1..3
  Micros age_max;         ///< older than this does not count
  /// Prices unchanged for longer than this do not count once the feed has moved by exclude_ppm meanwhile; 0: they do.
  Micros frozen_after;
  std::uint32_t spread_max_ppm{};      ///< wider than this does not count
  bool last_only{};                    ///< where bid and ask are missing, last stands in, with assumed_spread_ppm
  std::uint32_t assumed_spread_ppm{};  ///< 0 unless last_only
  std::uint64_t impact_notional{};     ///< size, in units of `quote`, at which a known book is priced; 0: its top
  std::uint64_t depth_min{};           ///< least executable depth within 1 %, in units of `quote`; 0: not asked
  std::string base;                    ///< unit that the venue prices, "BTC"
  std::string quote;                   ///< unit it prices in, "USDT"
  std::vector<std::string> via;        ///< feeds or legs that lead from this pair to the feed's: up to via_max
};
inline constexpr std::size_t via_max = 4;

/// A stablecoin or a wrapped asset is worth this; further away its feed and the feeds that convert by it say depeg.
struct Peg {
  std::int64_t price{};  ///< mantissa at the feed's exponent; 0: no peg
  std::uint32_t depeg_ppm{};
};

/// How fast a redemption rate may move: within one window at most so much up, so much down. Beyond: rate_limit is said,
/// the price stays what it is.
struct RateLimit {
  Micros window;  ///< 0: no limit
  std::uint32_t rise_ppm{};
  std::uint32_t fall_ppm{};
};

/// One feed or leg that a derived feed is made of.
struct Part {
  std::string name;         ///< symbol of a feed or leg
  std::int64_t units_e9{};  ///< of a basket: how much of it one unit of the basket holds, in 10^-9; else 0
};

inline constexpr std::size_t parts_max = 16;

/// A feed without sources of its own, made of other feeds and legs.
struct Derivation {
  enum class Kind : std::uint8_t {
    none,     ///< priced from sources
    product,  ///< cross rate: parts multiplied or divided, whichever their units ask for
    basket,   ///< sum of units * price; every part is priced in the feed's quote
    average   ///< time-weighted average of one part over `window`; absent until the window is covered
  };
  Kind kind = Kind::none;
  std::vector<Part> parts;  ///< 1..parts_max
  Micros window;            ///< of an average
  Micros gap_max;           ///< of an average: a longer silence of its part empties the window
};

/// A closed interval of market hours, UTC.
struct OpenInterval {
  WallTime from;
  WallTime to;  ///< exclusive
};

/// The rules of one feed, or of one leg. Part of config_digest: all nodes hold the same.
/// A symbol is BASE/QUOTE; what follows a '_' is a tag and no part of the unit: "BTC/USD_fiat" is in BTC and USD.
struct FeedPolicy {
  FeedTerms terms;                       ///< of a leg: ttl 0
  std::string base;                      ///< unit "BTC"
  std::string quote;                     ///< unit "USD"
  std::int64_t reference_price{};        ///< mantissa in [10^6, 10^17]: pins the scale
  std::int64_t floor_price{};            ///< below: halted, never clamped
  std::int64_t ceiling_price{};          ///< above: halted
  std::uint8_t min_groups{};             ///< 3..; fewer: degraded when they agree, else absent
  std::uint16_t weight_min{};            ///< sum of tier * freshness (1..4) below this: degraded
  std::uint32_t leg_share_max_ppm{};     ///< the most weight that sources converted by one leg may hold together
  std::uint32_t agree_ppm{};             ///< how close the groups must be when there are two, or fewer than min_groups
  std::uint32_t exclude_ppm{};           ///< an outlier is further than this (and 5 scaled MADs) from the median
  Micros readmit_after;                  ///< an outlier counts again after this long within half of the threshold
  std::uint32_t confidence_floor_ppm{};  ///< confidence is never below this part of the price
  std::uint32_t age_ppm{};            ///< a quote's uncertainty grows by this part of its price per root second of age
  std::uint32_t wide_ppm{};           ///< confidence above this part of the price: wide
  std::uint32_t jump_ppm{};           ///< a larger move than this against the reference needs confirmation
  std::uint8_t jump_confirmations{};  ///< K consecutive mutually consistent heights confirm it; of a leg: 0
  Micros src_age_max;                 ///< sources older than this against the header: stale; of a leg: 0
  Micros ema_tau;                     ///< time constant of the moving average and of the volatility; of a leg: 0
  Peg peg;
  RateLimit rate_limit;
  std::string depth_via;              ///< feed or leg QUOTE/USD that turns depth into US dollars; empty: quote is USD,
                                      ///< or depth is not told
  std::string calendar;               ///< name in the network file; "always": no calendar
  bool always_open{};                 ///< true: no calendar;  false: open only within `open`
  std::vector<OpenInterval> open;     ///< ascending, disjoint; past the last one: closed
  Derivation derived;                 ///< instead of sources
  std::vector<SourcePolicy> sources;  ///< 1..64; none of a derived feed
};

/// Everything both aggregation steps read. Feeds ascend by id, as leaves do.
struct AggregationPolicy {
  std::uint32_t version{};          ///< agg_version of the network file; 1
  Micros observation_age_max;       ///< an entry whose src_time is further than this from its observation is not valid
  Micros venue_future_max;          ///< a venue clock further ahead of ours than this is not believed
  std::vector<std::string> groups;  ///< names: group g is groups[g - 1]
  std::vector<FeedPolicy> feeds;
  std::vector<FeedPolicy> legs;  ///< only convert other feeds; never attested. Ascending by symbol
};

/// Feeds and legs share one numbering: feeds first, then legs. Such a number is a *node*.
inline std::size_t node_count(const AggregationPolicy& policy) {
  return policy.feeds.size() + policy.legs.size();
}
inline const FeedPolicy& node_policy(const AggregationPolicy& policy, std::size_t node) {
  return node < policy.feeds.size() ? policy.feeds[node] : policy.legs[node - policy.feeds.size()];
}

}  // namespace assay::aggregator
