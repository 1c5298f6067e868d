#include "aggregator/opinion.hpp"

#include <algorithm>

#include "aggregator/lineup.hpp"
#include "aggregator/ppm.hpp"
#include "core/leaf.hpp"

namespace assay::aggregator {
namespace {

template <class ValueOf>
std::int64_t weighted(const Lineup& counted, ValueOf value_of) {
  return ballot_of(counted, value_of).median();
}

/// Every source votes for its price and for both ends of its uncertainty: honest heterogeneous sources then say both
/// where the price is and how sure they are together.
Ballot three_votes(const Lineup& counted) {
  const auto reach = [](const Candidate& c) { return static_cast<std::int64_t>(c.uncertainty); };
  return {ballot_of(counted, [&reach](const Candidate& c) { return c.price - reach(c); }),
          ballot_of(counted, [](const Candidate& c) { return c.price; }),
          ballot_of(counted, [&reach](const Candidate& c) { return c.price + reach(c); })};
}

/// Few groups are never averaged on trust (two sources, one of them 1000 times off, once priced a market): they must
/// agree within three times their uncertainty or agree_ppm, and their difference is the confidence.
struct Agreement {
  Absence absence = Absence::none;
  std::size_t groups{};
  bool few{};                  ///< fewer groups than the feed wants
  std::uint64_t difference{};  ///< between the outermost groups, where that was asked
};

/// What one group says.   group  set of sources, some of which count
std::int64_t price_of_group(const Lineup& counted, std::uint64_t group) {
  Bounded<Vote, sources_max> votes;
  for (const std::size_t at : counted.ascending) {
    const Candidate& c = counted.candidates[at];
    if ((group >> c.source & 1U) != 0) votes.push_back({c.price, counted.weights[at]});
  }
  return Ballot(std::span(votes.data(), votes.size())).median();
}

Agreement agreement(const Lineup& counted, const FeedPolicy& feed, const Blocks& blocks) {
  std::uint64_t present = 0;
  for (std::size_t i = 0; i < counted.candidates.size(); ++i) {
    if (counted.weights[i] != 0) present |= std::uint64_t{1} << counted.candidates[i].source;
  }
  Agreement out;
  out.groups = groups_in(blocks, present);
  if (out.groups < 2) {
    out.absence = Absence::one_group;
    return out;
  }
  out.few = out.groups < feed.min_groups;
  if (!out.few && out.groups > 2) return out;
  std::int64_t low = INT64_MAX;
  std::int64_t high = 0;
  for (const std::uint64_t group : blocks.groups) {
    if ((group & present) == 0) continue;
    const std::int64_t price = price_of_group(counted, group);
    low = std::min(low, price);
    high = std::max(high, price);
  }
  out.difference = distance(high, low);
  const auto own = static_cast<std::uint64_t>(weighted(counted, [](const Candidate& c) { return c.uncertainty; }));
  const std::uint64_t reach =
      std::max(ceil_ppm(own, 3ULL * ppm_one), ceil_ppm(static_cast<std::uint64_t>(low), feed.agree_ppm));
  if (out.difference > reach) out.absence = Absence::groups_disagree;
  return out;
}

ObservationEntry summary(const Lineup& counted, const FeedPolicy& feed) {
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
  std::uint64_t deepest = 0;
  for (std::size_t i = 0; i < counted.candidates.size(); ++i) {
    if (counted.weights[i] != 0) deepest = std::max(deepest, counted.candidates[i].depth);
  }
  if (deepest > 0) {
    entry.depth_usd = static_cast<std::uint64_t>(weighted(counted, [](const Candidate& c) { return c.depth; }));
  }
  return entry;
}

}  // namespace

std::string_view name(Absence absence) noexcept {
  switch (absence) {
    case Absence::none:
      return "none";
    case Absence::no_sources:
      return "no_sources";
    case Absence::one_group:
      return "one_group";
    case Absence::groups_disagree:
      return "groups_disagree";
    case Absence::part_missing:
      return "part_missing";
    case Absence::window_short:
      return "window_short";
    case Absence::not_an_entry:
      return "not_an_entry";
  }
  return "unknown";
}

Opinion form_opinion(std::span<const Candidate> candidates, const FeedPolicy& feed, const Blocks& blocks,
                     std::span<Exile> exiles, MonoTime now) {
  Opinion out;
  if (candidates.empty()) return out;
  Weights weights = capped_weights(candidates, feed, blocks);
  Lineup lineup = lineup_of(candidates, std::span(weights.of.data(), weights.of.size()));
  const Outliers outliers = find_outliers(lineup, feed, blocks, exiles, now);
  out.excluded = outliers.excluded;
  out.returning = outliers.returning;
  Bounded<Candidate, sources_max> kept;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!out.excluded[i]) kept.push_back(candidates[i]);
  }
  const bool any_excluded = kept.size() < candidates.size();
  const std::span<const Candidate> counting(kept.data(), kept.size());
  // The caps hold among those that count: without the outliers a venue's share has grown.
  if (any_excluded) weights = capped_weights(counting, feed, blocks);
  for (std::size_t i = 0, at = 0; i < candidates.size(); ++i) {
    out.weights.push_back(out.excluded[i] ? 0 : weights.of[at++]);
  }
  lineup.weights = {out.weights.data(), out.weights.size()};

  const Agreement agreed = agreement(lineup, feed, blocks);
  out.absence = agreed.absence;
  if (agreed.absence != Absence::none) return out;

  ObservationEntry entry = summary(lineup, feed);
  const bool poor = agreed.few || !weights.capped || raw_weight(counting, feed) < feed.weight_min;
  const unsigned reasons = (poor ? reason::few_sources : 0U) | (outliers.divergent ? reason::divergent : 0U) |
                           (any_excluded ? reason::excluded : 0U);
  entry.reasons = static_cast<std::uint16_t>(reasons);
  entry.confidence = std::max(entry.confidence, agreed.difference);
  if (outliers.divergent) entry.confidence = std::max(entry.confidence, outliers.widest_gap);
  // An entry has no room for an uncertainty above the price; its reason bits already say that it is poor.
  entry.confidence = std::min(entry.confidence, static_cast<std::uint64_t>(entry.price));
  entry.sources = static_cast<std::uint8_t>(agreed.groups);
  out.entry = entry;
  return out;
}

}  // namespace assay::aggregator
