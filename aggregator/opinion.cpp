#include "aggregator/opinion.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "aggregator/outliers.hpp"
#include "aggregator/ppm.hpp"
#include "aggregator/weighted_median.hpp"
#include "aggregator/weights.hpp"
#include "core/leaf.hpp"

namespace assay::aggregator {
namespace {

/// The candidates that count, with their weights.
struct Counted {
  std::vector<Candidate> candidates;
  Weights weights;
};

template <class ValueOf>
std::int64_t weighted(const Counted& counted, ValueOf value_of) {
  std::vector<Vote> votes;
  for (std::size_t i = 0; i < counted.candidates.size(); ++i) {
    votes.push_back({static_cast<std::int64_t>(value_of(counted.candidates[i])), counted.weights.of[i]});
  }
  return Ballot(std::move(votes)).median();
}

/// Every source votes for its price and for both ends of its uncertainty: honest heterogeneous sources then say both
/// where the price is and how sure they are together.
Ballot three_votes(const Counted& counted) {
  std::vector<Vote> votes;
  for (std::size_t i = 0; i < counted.candidates.size(); ++i) {
    const Candidate& c = counted.candidates[i];
    const auto reach = static_cast<std::int64_t>(c.uncertainty);
    for (const std::int64_t value : {c.price - reach, c.price, c.price + reach}) {
      votes.push_back({value, counted.weights.of[i]});
    }
  }
  return Ballot(std::move(votes));
}

/// Each independent group's own price, ascending by group number.
std::vector<std::int64_t> group_prices(const Counted& counted, const FeedPolicy& feed) {
  std::map<std::uint16_t, std::vector<Vote>> votes;
  for (std::size_t i = 0; i < counted.candidates.size(); ++i) {
    const Candidate& c = counted.candidates[i];
    votes[feed.sources[c.source].group].push_back({c.price, counted.weights.of[i]});
  }
  std::vector<std::int64_t> out;
  out.reserve(votes.size());
  for (auto& [group, ballot] : votes) out.push_back(Ballot(std::move(ballot)).median());
  return out;
}

/// Few groups are never averaged on trust (two sources, one of them 1000 times off, once priced a market): they must
/// agree within three times their uncertainty or agree_ppm, and their difference is the confidence.
struct Agreement {
  bool allowed{};              ///< may be published at all
  bool few{};                  ///< fewer groups than the feed wants
  std::uint64_t difference{};  ///< between the outermost groups, where that was asked
};

Agreement agreement(const std::vector<std::int64_t>& prices, const Counted& counted, const FeedPolicy& feed) {
  if (prices.size() < 2) return Agreement{};
  const bool few = prices.size() < feed.min_groups;
  if (!few && prices.size() > 2) return Agreement{true, false, 0};
  const auto [low, high] = std::minmax_element(prices.begin(), prices.end());
  const std::uint64_t difference = distance(*high, *low);
  const auto own = static_cast<std::uint64_t>(weighted(counted, [](const Candidate& c) { return c.uncertainty; }));
  const std::uint64_t reach =
      std::max(ceil_ppm(own, 3ULL * ppm_one), ceil_ppm(static_cast<std::uint64_t>(*low), feed.agree_ppm));
  return Agreement{difference <= reach, few, difference};
}

Counted without(std::span<const Candidate> candidates, const std::vector<bool>& excluded, const FeedPolicy& feed) {
  Counted out;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!excluded[i]) out.candidates.push_back(candidates[i]);
  }
  // The caps hold among those that count: without the outliers a venue's share has grown.
  out.weights = capped_weights(out.candidates, feed);
  return out;
}

ObservationEntry summary(const Counted& counted, const FeedPolicy& feed) {
  const Ballot votes = three_votes(counted);
  ObservationEntry entry;
  entry.price = votes.median();
  const auto price = static_cast<std::uint64_t>(entry.price);
  entry.confidence =
      std::max({distance(entry.price, votes.lower_quartile()), distance(votes.upper_quartile(), entry.price),
                ceil_ppm(price, feed.confidence_floor_ppm), std::uint64_t{1}});
  entry.bid = std::min(entry.price, weighted(counted, [](const Candidate& c) { return c.bid; }));
  entry.ask = std::max(entry.price, weighted(counted, [](const Candidate& c) { return c.ask; }));
  entry.src_time =
      WallTime{static_cast<std::uint64_t>(weighted(counted, [](const Candidate& c) { return c.time.value; }))};
  return entry;
}

}  // namespace

Opinion form_opinion(std::span<const Candidate> candidates, const FeedPolicy& feed) {
  Opinion out;
  out.excluded.assign(candidates.size(), false);
  out.weights.assign(candidates.size(), 0);
  if (candidates.empty()) return out;

  const Outliers outliers = find_outliers(candidates, capped_weights(candidates, feed).of, feed);
  out.excluded = outliers.excluded;
  const Counted counted = without(candidates, outliers.excluded, feed);
  for (std::size_t i = 0, at = 0; i < candidates.size(); ++i) {
    if (!out.excluded[i]) out.weights[i] = counted.weights.of[at++];
  }

  const std::vector<std::int64_t> groups = group_prices(counted, feed);
  const Agreement agreed = agreement(groups, counted, feed);
  if (!agreed.allowed) return out;

  ObservationEntry entry = summary(counted, feed);
  const bool any_excluded = std::find(out.excluded.begin(), out.excluded.end(), true) != out.excluded.end();
  const unsigned reasons = (agreed.few || !counted.weights.capped ? reason::few_sources : 0U) |
                           (outliers.divergent ? reason::divergent : 0U) | (any_excluded ? reason::excluded : 0U);
  entry.reasons = static_cast<std::uint16_t>(reasons);
  entry.confidence = std::max(entry.confidence, agreed.difference);
  if (outliers.divergent) entry.confidence = std::max(entry.confidence, outliers.widest_gap);
  // An entry has no room for an uncertainty above the price; its reason bits already say that it is poor.
  entry.confidence = std::min(entry.confidence, static_cast<std::uint64_t>(entry.price));
  entry.sources = static_cast<std::uint8_t>(groups.size());
  out.entry = entry;
  return out;
}

}  // namespace assay::aggregator
