#include "aggregator/weights.hpp"

#include <algorithm>
#include <bit>
#include <functional>
#include <map>
#include <string_view>

#include "aggregator/ppm.hpp"

namespace assay::aggregator {
namespace {

/// Fine enough that rounding down to integers costs a source nothing that matters.
constexpr std::uint64_t weight_unit = 1'000'000;
constexpr int rounds_max = 64;

/// Every source alone, and every leg that any of them names.
constexpr std::size_t blocks_max = sources_max * (1 + via_max);

/// The most of the total that one block may hold: parts / whole.
struct Share {
  std::uint64_t parts{};
  std::uint64_t whole{};
};
constexpr Share venue_share{1, 3};
constexpr Share group_share{49, 100};

/// Weights by source index; 0 for a source that is no candidate.
using BySource = std::array<std::uint64_t, sources_max>;

template <class Visit>
void each_source(std::uint64_t set, Visit visit) {
  for (; set != 0; set &= set - 1) visit(static_cast<std::size_t>(std::countr_zero(set)));
}

std::uint64_t weight_of(std::uint64_t set, const BySource& weights) {
  std::uint64_t sum = 0;
  for (; set != 0; set &= set - 1) sum += weights[static_cast<std::size_t>(std::countr_zero(set))];
  return sum;
}

/// What the largest blocks must come down to.
struct Level {
  std::uint64_t height{};
  bool reached{};  ///< the cap holds afterwards
};

/// Highest level L such that each of min(W, L) is at most its share of their sum. `heavy` descends.
/// With j blocks lowered, whole L <= parts (j L + rest) gives L = rest parts / (whole - j parts), rounded down.
/// Blocks that overlap count twice among the heavy, once in the total: then one round is not the last.
Level level(std::span<const std::uint64_t> heavy, std::uint64_t total, Share share) {
  std::uint64_t rest = total;
  for (std::size_t lowered = 0; lowered < heavy.size() && lowered * share.parts < share.whole; ++lowered) {
    const std::uint64_t height = rest * share.parts / (share.whole - lowered * share.parts);
    if (heavy[lowered] <= height) return {height, true};
    rest -= std::min(rest, heavy[lowered]);
  }
  return {heavy.back(), false};
}

/// Applies one cap to all blocks that have candidates. A block is lowered in proportion, rounded down: what that takes
/// from the total, the next round sees, so no member's place in a block can matter.
///   returns  true when some weight changed
bool level_down(const std::vector<std::uint64_t>& blocks, std::uint64_t present, Share share, BySource& weights,
                bool& reached) {
  Bounded<std::uint64_t, blocks_max> heavy;
  const std::uint64_t total = weight_of(present, weights);
  std::uint64_t largest = 0;
  for (const std::uint64_t block : blocks) {
    if ((block & present) == 0) continue;
    heavy.push_back(weight_of(block & present, weights));
    largest = std::max(largest, heavy[heavy.size() - 1]);
  }
  if (share.whole * largest <= share.parts * total) return false;
  std::sort(heavy.begin(), heavy.end(), std::greater<>());
  const Level to = level(std::span(heavy.data(), heavy.size()), total, share);
  reached = reached && to.reached;
  bool changed = false;
  for (const std::uint64_t block : blocks) {
    const std::uint64_t before = weight_of(block & present, weights);
    if (before <= to.height) continue;
    each_source(block & present, [&](std::size_t i) { weights[i] = weights[i] * to.height / before; });
    changed = true;
  }
  return changed;
}

template <class Key, class KeyOf>
std::vector<std::uint64_t> sets_by(const FeedPolicy& feed, KeyOf key_of) {
  std::map<Key, std::uint64_t> found;
  for (std::size_t i = 0; i < feed.sources.size(); ++i) found[key_of(feed.sources[i])] |= std::uint64_t{1} << i;
  std::vector<std::uint64_t> out;
  for (const auto& [key, set] : found) out.push_back(set);
  return out;
}

/// Whether no block is above its share by more than a thousandth of the total. Where only one solution is left, such as
/// three venues of exactly a third each, the rounds come nearer and nearer to it.
bool nearly_capped(const BySource& weights, std::uint64_t present, const FeedPolicy& feed, const Blocks& blocks) {
  const UInt128 total = weight_of(present, weights);
  const auto holds = [&](const std::vector<std::uint64_t>& sets, Share share) {
    return std::all_of(sets.begin(), sets.end(), [&](std::uint64_t set) {
      return UInt128{1000} * share.whole * weight_of(set & present, weights) <=
             (UInt128{1000} * share.parts + share.whole) * total;
    });
  };
  const Share leg_share{feed.leg_share_max_ppm, ppm_one};
  return holds(blocks.venues, venue_share) && holds(blocks.groups, group_share) &&
         (leg_share.parts >= leg_share.whole || holds(blocks.legs, leg_share));
}

/// Lowers the weights round by round until every cap holds.   returns  whether they do
bool cap(BySource& weights, std::uint64_t present, const FeedPolicy& feed, const Blocks& blocks) {
  const Share leg_share{feed.leg_share_max_ppm, ppm_one};
  bool capped = true;
  for (int round = 0; round < rounds_max; ++round) {
    const BySource before = weights;
    bool changed = level_down(blocks.venues, present, venue_share, weights, capped);
    changed = level_down(blocks.groups, present, group_share, weights, capped) || changed;
    if (leg_share.parts < leg_share.whole) {
      changed = level_down(blocks.legs, present, leg_share, weights, capped) || changed;
    }
    if (!changed) return capped;
    bool vanished = false;
    each_source(present, [&](std::size_t i) { vanished = vanished || weights[i] == 0; });
    if (vanished) {
      weights = before;
      return nearly_capped(weights, present, feed, blocks);
    }
  }
  return nearly_capped(weights, present, feed, blocks);
}

std::uint64_t tier_weight(const Candidate& candidate, const FeedPolicy& feed) {
  return std::max<std::uint64_t>(feed.sources[candidate.source].tier, 1) * candidate.freshness;
}

}  // namespace

Blocks blocks_of(const FeedPolicy& feed) {
  Blocks out;
  out.venues = sets_by<std::string_view>(feed, [](const SourcePolicy& s) { return std::string_view(s.venue); });
  out.groups = sets_by<std::uint16_t>(feed, [](const SourcePolicy& s) { return s.group; });
  std::map<std::string_view, std::uint64_t> legs;
  for (std::size_t i = 0; i < feed.sources.size(); ++i) {
    const auto& via = feed.sources[i].via;
    for (const std::string& leg : via) legs[leg] |= std::uint64_t{1} << i;
    if (via.empty()) out.legs.push_back(std::uint64_t{1} << i);
  }
  for (const auto& [leg, set] : legs) out.legs.push_back(set);
  return out;
}

std::size_t groups_in(const Blocks& blocks, std::uint64_t set) {
  return static_cast<std::size_t>(std::count_if(blocks.groups.begin(), blocks.groups.end(),
                                                [set](std::uint64_t group) { return (group & set) != 0; }));
}

Weights capped_weights(std::span<const Candidate> candidates, const FeedPolicy& feed, const Blocks& blocks) {
  Weights out;
  if (candidates.empty()) return out;
  BySource weights{};
  std::uint64_t present = 0;
  for (const Candidate& candidate : candidates) {
    weights[candidate.source] = tier_weight(candidate, feed) * weight_unit;
    present |= std::uint64_t{1} << candidate.source;
  }
  out.capped = cap(weights, present, feed, blocks);
  for (const Candidate& candidate : candidates) out.of.push_back(weights[candidate.source]);
  return out;
}

std::uint64_t raw_weight(std::span<const Candidate> candidates, const FeedPolicy& feed) {
  std::uint64_t sum = 0;
  for (const Candidate& candidate : candidates) sum += tier_weight(candidate, feed);
  return sum;
}

std::optional<std::string> cap_fault(const FeedPolicy& feed) {
  if (feed.sources.empty()) return std::nullopt;
  std::vector<Candidate> all(feed.sources.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].source = i;
    all[i].freshness = 4;
  }
  const Blocks blocks = blocks_of(feed);
  if (capped_weights(all, feed, blocks).capped) return std::nullopt;
  const std::string counts =
      std::to_string(blocks.venues.size()) + " venues in " + std::to_string(blocks.groups.size()) + " groups";
  if (blocks.venues.size() < 3 || blocks.groups.size() < 3) {
    return "expected weights within the caps: a venue holds at most a third, a group 49 %, which takes three of each; "
           "got " +
           counts + ": add sources of other owners (two are never averaged)";
  }
  return "expected weights within the caps: a venue at most a third, a group 49 %, the sources that one leg converts "
         "leg_share_max_ppm; got " +
         counts +
         " that cannot: add sources in the feed's own pair or by another leg, or raise leg_share_max_ppm and say why";
}

}  // namespace assay::aggregator
