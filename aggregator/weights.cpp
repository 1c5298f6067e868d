#include "aggregator/weights.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

#include "aggregator/ppm.hpp"

namespace assay::aggregator {
namespace {

/// Fine enough that rounding down to integers costs a source nothing that matters.
constexpr std::uint64_t weight_unit = 1'000'000;
constexpr int rounds_max = 64;

/// Which candidates stand and fall together, as lists of positions; ordered, so that every node sees the same order.
using Blocks = std::vector<std::vector<std::size_t>>;

template <class Key, class KeyOf>
Blocks blocks_by(std::span<const Candidate> candidates, KeyOf key_of) {
  std::map<Key, std::vector<std::size_t>> found;
  for (std::size_t i = 0; i < candidates.size(); ++i) found[key_of(candidates[i])].push_back(i);
  Blocks out;
  for (auto& [key, members] : found) out.push_back(std::move(members));
  return out;
}

std::uint64_t weight_of(const std::vector<std::size_t>& block, const std::vector<std::uint64_t>& weights) {
  return std::accumulate(block.begin(), block.end(), std::uint64_t{0},
                         [&weights](std::uint64_t sum, std::size_t i) { return sum + weights[i]; });
}

/// Lowers one block to at most `level`, each member in proportion, rounded down: what that takes from the total, the
/// next round sees. So no member's place in the block can matter.
void lower(const std::vector<std::size_t>& block, std::uint64_t level, std::vector<std::uint64_t>& weights) {
  const std::uint64_t before = weight_of(block, weights);
  for (const std::size_t i : block) weights[i] = weights[i] * level / before;
}

/// The most of the total that one block may hold: parts / whole.
struct Share {
  std::uint64_t parts{};
  std::uint64_t whole{};
};
constexpr Share venue_share{1, 3};
constexpr Share group_share{49, 100};

/// What the largest blocks must come down to.
struct Level {
  std::uint64_t height{};
  bool reached{};  ///< the cap holds afterwards
};

/// Highest level L such that each of min(W, L) is at most its share of their sum. `heavy` descends.
/// With j blocks lowered, whole L <= parts (j L + rest) gives L = rest parts / (whole - j parts), rounded down.
Level level(const std::vector<std::uint64_t>& heavy, Share share) {
  std::uint64_t rest = std::accumulate(heavy.begin(), heavy.end(), std::uint64_t{0});
  for (std::size_t lowered = 0; lowered < heavy.size() && lowered * share.parts < share.whole; ++lowered) {
    const std::uint64_t height = rest * share.parts / (share.whole - lowered * share.parts);
    if (heavy[lowered] <= height) return {height, true};
    rest -= heavy[lowered];
  }
  return {heavy.back(), false};
}

/// Applies one cap to all blocks.   returns  true when some weight changed
bool level_down(const Blocks& blocks, Share share, std::vector<std::uint64_t>& weights, bool& reached) {
  std::vector<std::uint64_t> heavy;
  for (const auto& block : blocks) heavy.push_back(weight_of(block, weights));
  std::sort(heavy.begin(), heavy.end(), std::greater<>());
  const Level to = level(heavy, share);
  reached = reached && to.reached;
  bool changed = false;
  for (const auto& block : blocks) {
    if (weight_of(block, weights) <= to.height) continue;
    lower(block, to.height, weights);
    changed = true;
  }
  return changed;
}

/// Candidates that one leg converts stand and fall with it; one without legs stands alone. With two legs a candidate is
/// in two blocks.
Blocks blocks_by_leg(std::span<const Candidate> candidates, const FeedPolicy& feed) {
  Blocks out;
  std::map<std::string_view, std::vector<std::size_t>> found;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const auto& via = feed.sources[candidates[i].source].via;
    for (const std::string& leg : via) found[leg].push_back(i);
    if (via.empty()) out.push_back({i});
  }
  for (auto& [leg, members] : found) out.push_back(std::move(members));
  return out;
}

}  // namespace

Weights capped_weights(std::span<const Candidate> candidates, const FeedPolicy& feed) {
  Weights out{{}, true};
  for (const Candidate& candidate : candidates) {
    const std::uint64_t tier = std::max<std::uint64_t>(feed.sources[candidate.source].tier, 1);
    out.of.push_back(tier * candidate.freshness * weight_unit);
  }
  if (candidates.empty()) return Weights{{}, false};

  const Blocks venues = blocks_by<std::string_view>(
      candidates, [&feed](const Candidate& c) { return std::string_view(feed.sources[c.source].venue); });
  const Blocks groups =
      blocks_by<std::uint16_t>(candidates, [&feed](const Candidate& c) { return feed.sources[c.source].group; });
  const Blocks legs = blocks_by_leg(candidates, feed);
  const Share leg_share{feed.leg_share_max_ppm, ppm_one};
  for (int round = 0; round < rounds_max; ++round) {
    const std::vector<std::uint64_t> before = out.of;
    bool changed = level_down(venues, venue_share, out.of, out.capped);
    changed = level_down(groups, group_share, out.of, out.capped) || changed;
    if (leg_share.parts < leg_share.whole) changed = level_down(legs, leg_share, out.of, out.capped) || changed;
    if (std::find(out.of.begin(), out.of.end(), 0) != out.of.end()) return Weights{before, false};
    if (!changed) return out;
  }
  out.capped = false;
  return out;
}

std::optional<std::string> cap_fault(const FeedPolicy& feed) {
  if (feed.sources.empty()) return std::nullopt;
  std::vector<Candidate> all(feed.sources.size());
  std::set<std::string_view> venues;
  std::set<std::uint16_t> groups;
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].source = i;
    all[i].freshness = 4;
    venues.insert(feed.sources[i].venue);
    groups.insert(feed.sources[i].group);
  }
  if (capped_weights(all, feed).capped) return std::nullopt;
  const std::string counts = std::to_string(venues.size()) + " venues in " + std::to_string(groups.size()) + " groups";
  if (venues.size() < 3 || groups.size() < 3) {
    return "expected weights within the caps: a venue holds at most a third, a group 49 %, which takes three of each; "
           "got " +
           counts + ": add sources of other owners (two are never averaged)";
  }
  return "expected weights within the caps: a venue at most a third, a group 49 %, the sources that one leg converts "
         "leg_share_max_ppm; got " +
         counts +
         " that cannot: add sources in the feed's own pair or by another leg, or "
         "raise leg_share_max_ppm and say why";
}

}  // namespace assay::aggregator
