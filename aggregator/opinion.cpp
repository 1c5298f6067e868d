#include "aggregator/opinion.hpp"

#include <algorithm>

#include "aggregator/ppm.hpp"
#include "aggregator/weighted_median.hpp"
#include "core/leaf.hpp"

namespace assay::aggregator {
namespace {

/// The candidates that count, with their weights.
struct Counted {
  Bounded<Candidate, sources_max> candidates;
  Weights weights;

  std::span<const Candidate> all() const { return {candidates.data(), candidates.size()}; }
};

template <class ValueOf>
std::int64_t weighted(const Counted& counted, ValueOf value_of) {
  Bounded<Vote, sources_max> votes;
  for (std::size_t i = 0; i < counted.candidates.size(); ++i) {
    votes.push_back({static_cast<std::int64_t>(value_of(counted.candidates[i])), counted.weights.of[i]});
  }
  return Ballot(std::span(votes.data(), votes.size())).median();
}

/// Every source votes for its price and for both ends of its uncertainty: honest heterogeneous sources then say both
/// where the price is and how sure they are together.
Ballot three_votes(const Counted& counted) {
  Bounded<Vote, votes_max> votes;
  for (std::size_t i = 0; i < counted.candidates.size(); ++i) {
    const Candidate& c = counted.candidates[i];
    const auto reach = static_cast<std::int64_t>(c.uncertainty);
    for (const std::int64_t value : {c.price - reach, c.price, c.price + reach}) {
      votes.push_back({value, counted.weights.of[i]});
    }
  }
  return Ballot(std::span(votes.data(), votes.size()));
}

/// The candidates of one group, where there are any.
template <class Visit>
void each_group(const Counted& counted, const Blocks& blocks, Visit visit) {
  for (const std::uint64_t group : blocks.groups) {
    Bounded<Vote, sources_max> votes;
    for (std::size_t i = 0; i < counted.candidates.size(); ++i) {
      const Candidate& c = counted.candidates[i];
      if ((group >> c.source & 1U) != 0) votes.push_back({c.price, counted.weights.of[i]});
    }
    if (!votes.empty()) visit(std::span<const Vote>(votes.data(), votes.size()));
  }
}

/// Few groups are never averaged on trust (two sources, one of them 1000 times off, once priced a market): they must
/// agree within three times their uncertainty or agree_ppm, and their difference is the confidence.
struct Agreement {
  Absence absence = Absence::none;
  std::size_t groups{};
  bool few{};                  ///< fewer groups than the feed wants
  std::uint64_t difference{};  ///< between the outermost groups, where that was asked
};

Agreement agreement(const Counted& counted, const FeedPolicy& feed, const Blocks& blocks) {
  Agreement out;
  each_group(counted, blocks, [&out](std::span<const Vote>) { ++out.groups; });
  if (out.groups < 2) {
    out.absence = Absence::one_group;
    return out;
  }
  out.few = out.groups < feed.min_groups;
  if (!out.few && out.groups > 2) return out;
  std::int64_t low = INT64_MAX;
  std::int64_t high = 0;
  each_group(counted, blocks, [&low, &high](std::span<const Vote> votes) {
    const std::int64_t price = Ballot(votes).median();
    low = std::min(low, price);
    high = std::max(high, price);
  });
  out.difference = distance(high, low);
  const auto own = static_cast<std::uint64_t>(weighted(counted, [](const Candidate& c) { return c.uncertainty; }));
  const std::uint64_t reach =
      std::max(ceil_ppm(own, 3ULL * ppm_one), ceil_ppm(static_cast<std::uint64_t>(low), feed.agree_ppm));
  if (out.difference > reach) out.absence = Absence::groups_disagree;
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
  const bool deep =
      std::any_of(counted.candidates.begin(), counted.candidates.end(), [](const Candidate& c) { return c.depth > 0; });
  if (deep) {
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
  const Weights all = capped_weights(candidates, feed, blocks);
  const Outliers outliers = find_outliers(candidates, std::span(all.of.data(), all.of.size()), feed, exiles, now);
  out.excluded = outliers.excluded;
  out.returning = outliers.returning;
  bool any_excluded = false;
  Counted counted;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    any_excluded = any_excluded || out.excluded[i];
    if (!out.excluded[i]) counted.candidates.push_back(candidates[i]);
  }
  // The caps hold among those that count: without the outliers a venue's share has grown.
  counted.weights = any_excluded ? capped_weights(counted.all(), feed, blocks) : all;
  for (std::size_t i = 0, at = 0; i < candidates.size(); ++i) {
    out.weights.push_back(out.excluded[i] ? 0 : counted.weights.of[at++]);
  }

  const Agreement agreed = agreement(counted, feed, blocks);
  out.absence = agreed.absence;
  if (agreed.absence != Absence::none) return out;

  ObservationEntry entry = summary(counted, feed);
  const bool poor = agreed.few || !counted.weights.capped || raw_weight(counted.all(), feed) < feed.weight_min;
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
