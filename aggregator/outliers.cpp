#include "aggregator/outliers.hpp"

#include <algorithm>
#include <numeric>

#include "aggregator/ppm.hpp"
#include "aggregator/weighted_median.hpp"
#include "core/check.hpp"

namespace assay::aggregator {
namespace {

/// A distance fits int64: prices lie in 1..2^62.
std::int64_t as_value(std::uint64_t distance_or_uncertainty) {
  return static_cast<std::int64_t>(distance_or_uncertainty);
}

/// ceil(k * 1.4826 * mad), saturated: k scaled median absolute deviations.
std::uint64_t scaled_deviations(std::uint64_t k, std::uint64_t mad) {
  return ceil_ppm(mad, k * 1'482'600);
}

template <class ValueOf>
std::uint64_t weighted_median_of(std::span<const Candidate> candidates, std::span<const std::uint64_t> weights,
                                 ValueOf value_of) {
  Bounded<Vote, sources_max> votes;
  for (std::size_t i = 0; i < candidates.size(); ++i) votes.push_back({as_value(value_of(candidates[i])), weights[i]});
  return static_cast<std::uint64_t>(Ballot(std::span(votes.data(), votes.size())).median());
}

struct Clusters {
  std::uint64_t second{};      ///< weight of the second heaviest
  std::uint64_t widest_gap{};  ///< between any two neighbours
};

/// Splits the candidates, in order of price, wherever neighbours are more than `gap_max` apart.
Clusters clusters(std::span<const Candidate> candidates, std::span<const std::uint64_t> weights,
                  std::uint64_t gap_max) {
  Bounded<std::size_t, sources_max> order;
  for (std::size_t i = 0; i < candidates.size(); ++i) order.push_back(i);
  std::sort(order.begin(), order.end(), [&candidates](std::size_t a, std::size_t b) {
    return candidates[a].price != candidates[b].price ? candidates[a].price < candidates[b].price : a < b;
  });
  Clusters out;
  Bounded<std::uint64_t, sources_max> heavy;
  heavy.push_back(weights[order[0]]);
  for (std::size_t i = 1; i < order.size(); ++i) {
    const std::uint64_t gap = distance(candidates[order[i]].price, candidates[order[i - 1]].price);
    out.widest_gap = std::max(out.widest_gap, gap);
    if (gap > gap_max) heavy.push_back(0);
    heavy[heavy.size() - 1] += weights[order[i]];
  }
  if (heavy.size() < 2) return out;
  std::nth_element(heavy.begin(), heavy.begin() + 1, heavy.end(), std::greater<>());
  out.second = heavy[1];
  return out;
}

/// Steps one source's memory.   returns  true while it stays out only because it was
bool stays_out(Exile& exile, std::uint64_t away, std::uint64_t threshold, Micros readmit_after, MonoTime now) {
  if (away > threshold) {
    exile = {true, false, {}};
    return false;
  }
  if (!exile.out) return false;
  if (away > threshold / 2) {
    exile.near = false;
    return true;
  }
  if (!exile.near) exile = {true, true, now};
  exile.out = now - exile.since < readmit_after;
  return exile.out;
}

using Left = Bounded<bool, sources_max>;  ///< parallel to the candidates: who is left out; empty: nobody

/// How many groups the others make.
std::size_t groups_left(std::span<const Candidate> candidates, const FeedPolicy& feed, const Left& out) {
  Bounded<std::uint16_t, sources_max> groups;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (i < out.size() && out[i]) continue;
    const std::uint16_t group = feed.sources[candidates[i].source].group;
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
  }
  return groups.size();
}

}  // namespace

Outliers find_outliers(std::span<const Candidate> candidates, std::span<const std::uint64_t> weights,
                       const FeedPolicy& feed, std::span<Exile> exiles, MonoTime now) {
  check(!candidates.empty() && candidates.size() == weights.size(), "outliers are sought among weighted candidates");
  const auto middle =
      weighted_median_of(candidates, weights, [](const Candidate& c) { return static_cast<std::uint64_t>(c.price); });
  const auto from_middle = [middle](const Candidate& c) { return distance(c.price, as_value(middle)); };
  const auto mad = weighted_median_of(candidates, weights, from_middle);
  const auto own = weighted_median_of(candidates, weights, [](const Candidate& c) { return c.uncertainty; });
  const std::uint64_t least = ceil_ppm(middle, feed.exclude_ppm);
  const std::uint64_t threshold = std::max(least, scaled_deviations(5, mad));
  const std::uint64_t total = std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});

  Outliers out;
  Left away_only;
  std::uint64_t excluded_weight = 0;
  std::uint64_t returning_weight = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::uint64_t away = from_middle(candidates[i]);
    out.returning.push_back(stays_out(exiles[candidates[i].source], away, threshold, feed.readmit_after, now));
    out.excluded.push_back(away > threshold || out.returning[i]);
    away_only.push_back(away > threshold);
    (away > threshold ? excluded_weight : returning_weight) += out.excluded[i] ? weights[i] : 0;
  }
  const std::uint64_t thrice = ceil_ppm(own, 3ULL * ppm_one);
  const Clusters found = clusters(candidates, weights, std::max(least, thrice));
  out.widest_gap = found.widest_gap;
  const bool enough = groups_left(candidates, feed, {}) >= feed.min_groups;
  const bool scarce = enough && groups_left(candidates, feed, away_only) < feed.min_groups;
  out.divergent = 3 * excluded_weight > total || 4 * found.second > total || scarce;
  if (out.divergent) out.excluded.assign(candidates.size(), false);
  const bool too_few = enough && groups_left(candidates, feed, out.excluded) < feed.min_groups;
  if (out.divergent || too_few || 3 * (excluded_weight + returning_weight) > total) {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (out.returning[i]) out.excluded[i] = false;
    }
    out.returning.assign(candidates.size(), false);
  }
  return out;
}

}  // namespace assay::aggregator
