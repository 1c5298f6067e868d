#include "aggregator/outliers.hpp"

#include <algorithm>

#include "aggregator/ppm.hpp"
#include "core/check.hpp"

namespace assay::aggregator {
namespace {

/// ceil(k * 1.4826 * mad), saturated: k scaled median absolute deviations.
std::uint64_t scaled_deviations(std::uint64_t k, std::uint64_t mad) {
  return ceil_ppm(mad, k * 1'482'600);
}

/// Distances and uncertainties fit int64: prices lie in 1..2^62.
template <class ValueOf>
std::uint64_t median_of(const Lineup& all, ValueOf value_of) {
  return static_cast<std::uint64_t>(ballot_of(all, value_of).median());
}

struct Clusters {
  std::uint64_t second{};      ///< weight of the second heaviest
  std::uint64_t widest_gap{};  ///< between any two neighbours
};

/// Splits the candidates, in order of price, wherever neighbours are more than `gap_max` apart.
Clusters clusters(const Lineup& all, std::uint64_t gap_max) {
  Clusters out;
  std::uint64_t heaviest = 0;
  std::uint64_t own = 0;
  std::int64_t last = all.candidates[all.ascending[0]].price;
  const auto close = [&] {
    out.second = std::max(out.second, std::min(heaviest, own));
    heaviest = std::max(heaviest, own);
  };
  for (const std::size_t at : all.ascending) {
    const std::uint64_t gap = distance(all.candidates[at].price, last);
    out.widest_gap = std::max(out.widest_gap, gap);
    if (gap > gap_max) {
      close();
      own = 0;
    }
    own += all.weights[at];
    last = all.candidates[at].price;
  }
  close();
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

}  // namespace

Outliers find_outliers(const Lineup& all, const FeedPolicy& feed, const Blocks& blocks, std::span<Exile> exiles,
                       MonoTime now) {
  const auto candidates = all.candidates;
  check(!candidates.empty() && candidates.size() == all.weights.size(),
        "outliers are sought among weighted candidates");
  const auto middle = ballot_of(all, [](const Candidate& c) { return c.price; }).median();
  const auto from_middle = [middle](const Candidate& c) { return distance(c.price, middle); };
  const auto mad = median_of(all, from_middle);
  const auto own = median_of(all, [](const Candidate& c) { return c.uncertainty; });
  const std::uint64_t least = ceil_ppm(static_cast<std::uint64_t>(middle), feed.exclude_ppm);
  const std::uint64_t threshold = std::max(least, scaled_deviations(5, mad));

  Outliers out;
  std::uint64_t total = 0;
  std::uint64_t present = 0;  // sets of sources
  std::uint64_t away_only = 0;
  std::uint64_t returning = 0;
  std::uint64_t excluded_weight = 0;
  std::uint64_t returning_weight = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const std::size_t source = candidates[i].source;
    const std::uint64_t away = from_middle(candidates[i]);
    const bool back = stays_out(exiles[source], away, threshold, feed.readmit_after, now);
    out.returning.push_back(back);
    out.excluded.push_back(away > threshold || back);
    total += all.weights[i];
    present |= std::uint64_t{1} << source;
    if (away > threshold) {
      away_only |= std::uint64_t{1} << source;
      excluded_weight += all.weights[i];
    } else if (back) {
      returning |= std::uint64_t{1} << source;
      returning_weight += all.weights[i];
    }
  }
  const std::uint64_t thrice = ceil_ppm(own, 3ULL * ppm_one);
  const Clusters found = clusters(all, std::max(least, thrice));
  out.widest_gap = found.widest_gap;
  const auto scarce_without = [&](std::uint64_t set) {
    return set != 0 && groups_in(blocks, present) >= feed.min_groups &&
           groups_in(blocks, present & ~set) < feed.min_groups;
  };
  out.divergent = 3 * excluded_weight > total || 4 * found.second > total || scarce_without(away_only);
  if (out.divergent) out.excluded.assign(candidates.size(), false);
  if (out.divergent || 3 * (excluded_weight + returning_weight) > total || scarce_without(away_only | returning)) {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (out.returning[i]) out.excluded[i] = false;
    }
    out.returning.assign(candidates.size(), false);
  }
  return out;
}

}  // namespace assay::aggregator
