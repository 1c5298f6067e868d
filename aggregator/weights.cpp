#include "aggregator/weights.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>

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

/// What the largest blocks must come down to.
struct Level {
  std::uint64_t height{};
  bool reached{};  ///< the cap holds afterwards
};

/// Highest level L such that each of min(W, L) is at most a third of their sum. `heavy` descends.
/// With j blocks lowered, j L + rest >= 3 L gives L = rest / (3 - j), rounded down.
Level third(const std::vector<std::uint64_t>& heavy) {
  if (heavy.size() < 3) return {heavy.back(), false};
  std::uint64_t rest = std::accumulate(heavy.begin(), heavy.end(), std::uint64_t{0});
  for (std::size_t lowered = 0; lowered < 2; ++lowered) {
    const std::uint64_t level = rest / (3 - lowered);
    if (heavy[lowered] <= level) return {level, true};
    rest -= heavy[lowered];
  }
  return {rest, true};
}

/// Highest level that leaves the largest block below the sum of the others.
Level half(const std::vector<std::uint64_t>& heavy) {
  if (heavy.size() < 3) return {heavy.back(), false};
  const std::uint64_t rest = std::accumulate(heavy.begin() + 1, heavy.end(), std::uint64_t{0});
  return {rest - 1, true};
}

/// Applies one cap to all blocks.   returns  true when some weight changed
bool level_down(const Blocks& blocks, Level (*cap)(const std::vector<std::uint64_t>&),
                std::vector<std::uint64_t>& weights, bool& reached) {
  std::vector<std::uint64_t> heavy;
  for (const auto& block : blocks) heavy.push_back(weight_of(block, weights));
  std::sort(heavy.begin(), heavy.end(), std::greater<>());
  const Level level = cap(heavy);
  reached = reached && level.reached;
  bool changed = false;
  for (const auto& block : blocks) {
    if (weight_of(block, weights) <= level.height) continue;
    lower(block, level.height, weights);
    changed = true;
  }
  return changed;
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
  for (int round = 0; round < rounds_max; ++round) {
    const std::vector<std::uint64_t> before = out.of;
    bool changed = level_down(venues, third, out.of, out.capped);
    changed = level_down(groups, half, out.of, out.capped) || changed;
    if (std::find(out.of.begin(), out.of.end(), 0) != out.of.end()) return Weights{before, false};
    if (!changed) return out;
  }
  out.capped = false;
  return out;
}

}  // namespace assay::aggregator
