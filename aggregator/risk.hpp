#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "aggregator/manipulation.hpp"
#include "aggregator/quote_book.hpp"

namespace assay::aggregator {

/// Moves that a risk report tells the cost of: 1, 5 and 10 per cent.
inline constexpr std::array<std::uint32_t, 3> risk_moves_ppm{10'000, 50'000, 100'000};

/// What it takes to move one feed or leg by each of risk_moves_ppm.
using MoveCosts = std::array<ManipulationCost, risk_moves_ppm.size()>;

/// What a risk report rests on: of every feed and leg, which sources counted, how much, and how deep they are. Measured
/// in a book, or told by a running node.
struct MeasuredSource {
  std::size_t source{};  ///< index into FeedPolicy::sources
  std::uint32_t weight_ppm{};
  std::uint64_t depth_usd{};  ///< within 1 %; 0: unknown
};
struct MeasuredNode {
  bool priced{};
  std::vector<MeasuredSource> sources;  ///< those with a weight
};
std::vector<MeasuredNode> measured(const QuoteBook& book);

/// From weights and depths, for every feed and leg by its node number (plan.hpp).
///   sources    a book costs what its depth within 1 % says, as linear; unknown depth makes the least cost 0
///   legs       whoever moves a leg moves all that it converts: its own cost stands beside that of the books. Where
///   sources
///              share only a part of their ways, the least cost takes the cheapest leg for all of them, and the enough
///              one does without
///   derived    a product or average costs what its cheapest part costs; of a basket only the least is known
///   no price   a feed without a price has nothing to move: books_needed is 0
///   nodes      by node number, sources in range (check())
///   cost       that of manipulation_cost() for each feed and move: a report;  pure
std::vector<MoveCosts> move_costs(const AggregationPolicy& policy, const Plan& plan,
                                  std::span<const MeasuredNode> nodes);
inline std::vector<MoveCosts> move_costs(const QuoteBook& book) {
  return move_costs(book.policy(), book.plan(), measured(book));
}

/// What the configured weights alone say when every source is fresh: how many books hold half. All depth is unknown. A
/// derived feed has no books of its own.
ManipulationCost configured_cost(const FeedPolicy& feed);

}  // namespace assay::aggregator
