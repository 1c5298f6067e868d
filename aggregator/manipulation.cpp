#include "aggregator/manipulation.hpp"

#include <algorithm>
#include <limits>

#include "core/check.hpp"
#include "core/decimal.hpp"

namespace assay::aggregator {
namespace {

constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t one_percent_ppm = 10'000;

std::uint64_t plus(std::uint64_t a, std::uint64_t b) {
  return a > never - b ? never : a + b;
}

/// least[w]: the least that moves weight w or more, up to half of the total.
using Least = std::vector<std::uint64_t>;

void take(Least& least, const Least& before, std::uint32_t weight, std::uint64_t cost) {
  for (std::size_t target = least.size(); target-- > 0;) {
    const std::size_t rest = target > weight ? target - weight : 0;
    least[target] = std::min(least[target], plus(before[rest], cost));
  }
}

/// Cheapest way to move half of the total; the two functions give `never` for what must not be used.
template <class CostOfBook, class CostOfLeg>
std::uint64_t cheapest(std::span<const MovableBlock> blocks, std::uint64_t half, CostOfBook cost_of,
                       CostOfLeg cost_of_leg) {
  Least least(half + 1, never);
  least[0] = 0;
  for (const MovableBlock& block : blocks) {
    const Least before = least;
    std::uint32_t weight = 0;
    for (const Movable& source : block.sources) {
      const std::uint64_t cost = cost_of(source);
      weight += source.weight_ppm;
      // Downwards in place: each source is used once.
      if (cost != never) take(least, least, source.weight_ppm, cost);
    }
    if (!block.leg) continue;
    const std::uint64_t cost = cost_of_leg(*block.leg);
    if (cost != never) take(least, before, weight, cost);
  }
  return least[half];
}

}  // namespace

std::uint64_t cost_of_move(std::uint64_t depth_one_percent_usd, std::uint32_t delta_ppm) {
  const UInt128 cost = static_cast<UInt128>(depth_one_percent_usd) * delta_ppm / one_percent_ppm;
  return cost > never - 1 ? never - 1 : static_cast<std::uint64_t>(cost);
}

ManipulationCost manipulation_cost(std::span<const MovableBlock> blocks) {
  ManipulationCost out;
  std::vector<std::uint32_t> weights;
  std::uint64_t total = 0;
  for (const MovableBlock& block : blocks) {
    for (const Movable& source : block.sources) {
      weights.push_back(source.weight_ppm);
      total += source.weight_ppm;
      out.unknown_ppm += source.cost_usd ? 0 : source.weight_ppm;
    }
  }
  check(total <= 1'000'000 && weights.size() <= 64, "weights are parts of one price");
  if (total == 0) return out;
  const std::uint64_t half = (total + 1) / 2;

  std::sort(weights.begin(), weights.end(), std::greater<>());
  for (std::uint64_t held = 0; held < half; ++out.books_needed) held += weights[out.books_needed];

  out.least_usd = cheapest(
      blocks, half, [](const Movable& book) { return book.cost_usd.value_or(0); },
      [](const LegCost& leg) { return leg.least_usd; });
  const std::uint64_t enough = cheapest(
      blocks, half, [](const Movable& book) { return book.cost_usd.value_or(never); },
      [](const LegCost& leg) { return leg.enough_usd.value_or(never); });
  if (enough != never) out.enough_usd = enough;
  return out;
}

}  // namespace assay::aggregator
