#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace assay::aggregator {

/// What it costs to move one thing that a price depends on, and how much of the price moves with it.
struct Movable {
  std::uint32_t weight_ppm{};
  std::optional<std::uint64_t> cost_usd;  ///< least capital; none: its depth is not known
};

/// What moves every source of a block at once: a leg that converts them.
struct LegCost {
  std::uint64_t least_usd{};
  std::optional<std::uint64_t> enough_usd;  ///< none: its depth is not known
};

/// Sources that stand together: converted by the same leg, or by none.
struct MovableBlock {
  std::vector<Movable> sources;
  std::optional<LegCost> leg;
};

/// Bounds of the least capital that moves a weighted median: some set of at least half of the weight has to move.
struct ManipulationCost {
  std::uint64_t least_usd{};                ///< books of unknown depth taken as free: nobody gets it cheaper than this
  std::optional<std::uint64_t> enough_usd;  ///< known books only: this is enough; none when they hold less than half
  std::uint32_t unknown_ppm{};              ///< weight of the books of unknown depth
  std::uint32_t books_needed{};             ///< fewest sources that hold half of the weight together; 0 without sources
};

/// A4 of the mathematics of the price: min over sets A of weight >= 1/2 of the sum of what their books cost. Exact, by
/// dynamic programming over parts per million of weight. What it leaves out makes the attack dearer: fees, arbitrage
/// against the moved book, and time.
///   blocks  at most 64 sources, weights that sum to at most 1'000'000
///   cost    O(sources * 500'000), 4 MB while it runs: a report, not for every tick;  pure
ManipulationCost manipulation_cost(std::span<const MovableBlock> blocks);

/// Least quote notional that moves a book by delta_ppm, from its depth within 1 %: the book is taken as linear, as deep
/// further out as near. Saturates.
std::uint64_t cost_of_move(std::uint64_t depth_one_percent_usd, std::uint32_t delta_ppm);

}  // namespace assay::aggregator
