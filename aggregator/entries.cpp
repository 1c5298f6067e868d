#include "aggregator/entries.hpp"

#include <algorithm>

#include "aggregator/aggregate.hpp"
#include "aggregator/order_statistics.hpp"
#include "core/check.hpp"
#include "core/decimal.hpp"
#include "core/leaf.hpp"

namespace assay::aggregator {
namespace {

using Entries = std::vector<const ObservationEntry*>;

template <class T>
std::vector<T> column(const Entries& entries, T ObservationEntry::*field) {
  std::vector<T> values;
  values.reserve(entries.size());
  for (const ObservationEntry* entry : entries) values.push_back(entry->*field);
  return values;
}

WallTime median_time(const Entries& entries) {
  std::vector<std::uint64_t> times;
  times.reserve(entries.size());
  for (const ObservationEntry* entry : entries) times.push_back(entry->src_time.value);
  return WallTime{median(std::move(times))};
}

/// A bit is set by f+1 votes: then an honest member says it, and f liars alone cannot.
std::uint16_t voted_reasons(const Entries& entries, std::uint16_t faulty_max) {
  std::uint16_t out = 0;
  for (unsigned bit = 1; bit <= reason::known; bit <<= 1U) {
    const auto votes = std::count_if(entries.begin(), entries.end(),
                                     [bit](const ObservationEntry* entry) { return (entry->reasons & bit) != 0; });
    if (votes > faulty_max) out = static_cast<std::uint16_t>(out | bit);
  }
  return out;
}

/// T5: liars can neither shrink it below an honest confidence nor inflate it beyond the honest dispersion.
std::uint64_t confidence(const Entries& entries, const Spread& prices) {
  const auto above = static_cast<std::uint64_t>(prices.high - prices.middle);
  const auto below = static_cast<std::uint64_t>(prices.middle - prices.low);
  return std::max({median(column(entries, &ObservationEntry::confidence)), above, below});
}

}  // namespace

bool is_valid_entry(const ObservationEntry& entry, WallTime observed_at, const AggregationPolicy& policy) {
  if (entry.bid <= 0 || entry.bid > entry.price || entry.price > entry.ask || entry.ask > price_mantissa_max) {
    return false;
  }
  if (entry.confidence == 0 || entry.confidence > static_cast<std::uint64_t>(entry.price)) return false;
  if ((entry.reasons & ~static_cast<unsigned>(reason::known)) != 0) return false;
  const std::uint64_t age = entry.src_time > observed_at ? entry.src_time.value - observed_at.value
                                                         : observed_at.value - entry.src_time.value;
  return policy.observation_age_max.value >= 0 && age <= static_cast<std::uint64_t>(policy.observation_age_max.value);
}

FeedMedians feed_medians(std::span<const Observation> observations, std::size_t feed, const AggregationPolicy& policy,
                         std::uint16_t quorum, std::uint16_t faulty_max) {
  check(quorum > 2 * faulty_max, "a quorum is at least 2f+1");
  Entries entries;
  for (const Observation& observation : observations) {
    const auto& entry = observation.feeds[feed];
    if (entry && is_valid_entry(*entry, observation.time, policy)) entries.push_back(&*entry);
  }
  FeedMedians out;
  out.observers = entries.size();
  out.reasons = voted_reasons(entries, faulty_max);
  if (!entries.empty()) out.sources = lower_median(column(entries, &ObservationEntry::sources));
  if (entries.size() < quorum) return out;

  const Spread prices = spread(column(entries, &ObservationEntry::price), faulty_max);
  out.price = prices.middle;
  out.bid = median(column(entries, &ObservationEntry::bid));
  out.ask = median(column(entries, &ObservationEntry::ask));
  out.confidence = confidence(entries, prices);
  out.depth_usd = median(column(entries, &ObservationEntry::depth_usd));
  out.src_time = median_time(entries);
  return out;
}

}  // namespace assay::aggregator
