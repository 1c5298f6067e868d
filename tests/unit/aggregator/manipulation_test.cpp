#include "aggregator/manipulation.hpp"

#include <gtest/gtest.h>

#include <random>

namespace assay::aggregator {
namespace {

MovableBlock direct(std::vector<Movable> sources) {
  return MovableBlock{std::move(sources), std::nullopt};
}

std::uint64_t weight_of(const MovableBlock& block) {
  std::uint64_t sum = 0;
  for (const Movable& source : block.sources) sum += source.weight_ppm;
  return sum;
}

/// Every subset, for comparison: per block either its leg or any of its sources.
std::uint64_t by_force(const std::vector<MovableBlock>& blocks) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> sets{{0, 0}};
  std::uint64_t total = 0;
  for (const MovableBlock& block : blocks) {
    const auto before = sets;
    sets.clear();
    for (const auto& [weight, cost] : before) {
      for (std::size_t chosen = 0; chosen < (std::size_t{1} << block.sources.size()); ++chosen) {
        std::pair<std::uint64_t, std::uint64_t> with{weight, cost};
        for (std::size_t i = 0; i < block.sources.size(); ++i) {
          if ((chosen >> i & 1) == 0) continue;
          with.first += block.sources[i].weight_ppm;
          with.second += *block.sources[i].cost_usd;
        }
        sets.push_back(with);
      }
      if (block.leg) sets.emplace_back(weight + weight_of(block), cost + block.leg->least_usd);
    }
    total += weight_of(block);
  }
  std::uint64_t best = UINT64_MAX;
  for (const auto& [weight, cost] : sets) {
    if (2 * weight >= total) best = std::min(best, cost);
  }
  return best;
}

TEST(Manipulation, half_of_the_weight_has_to_move_and_the_cheapest_half_is_found) {
  const auto cost =
      manipulation_cost(std::vector{direct({{300'000, 900}, {250'000, 100}, {250'000, 700}, {200'000, 150}})});
  EXPECT_EQ(cost.least_usd, 100U + 700U);  // 45 % for 250 is not enough
  EXPECT_EQ(cost.enough_usd, 800U);
  EXPECT_EQ(cost.unknown_ppm, 0U);
  EXPECT_EQ(cost.books_needed, 2U);
}

TEST(Manipulation, exactly_half_is_enough) {
  EXPECT_EQ(manipulation_cost(std::vector{direct({{500'000, 7}, {500'000, 9}})}).least_usd, 7U);
}

TEST(Manipulation, a_leg_moves_all_that_it_converts) {
  const MovableBlock tether{{{200'000, 5'000}, {200'000, 5'000}, {200'000, 5'000}}, LegCost{800, 850}};
  const auto cost = manipulation_cost(std::vector{direct({{200'000, 9'000}, {200'000, 9'000}}), tether});
  EXPECT_EQ(cost.least_usd, 800U);
  EXPECT_EQ(cost.enough_usd, 850U);
}

TEST(Manipulation, unknown_depth_bounds_from_below_only) {
  const auto some = manipulation_cost(std::vector{direct({{400'000, std::nullopt}, {300'000, 50}, {300'000, 60}})});
  EXPECT_EQ(some.least_usd, 50U);
  EXPECT_EQ(some.enough_usd, 110U);
  EXPECT_EQ(some.unknown_ppm, 400'000U);
  const auto most = manipulation_cost(std::vector{direct({{600'000, std::nullopt}, {400'000, 60}})});
  EXPECT_EQ(most.least_usd, 0U);
  EXPECT_FALSE(most.enough_usd.has_value());
}

TEST(Manipulation, without_sources_there_is_nothing_to_move) {
  const auto cost = manipulation_cost({});
  EXPECT_EQ(cost.books_needed, 0U);
  EXPECT_FALSE(cost.enough_usd.has_value());
}

TEST(Manipulation, a_linear_book_costs_ten_times_as_much_for_ten_times_the_move_and_never_overflows) {
  EXPECT_EQ(cost_of_move(1'000'000, 10'000), 1'000'000U);
  EXPECT_EQ(cost_of_move(1'000'000, 100'000), 10'000'000U);
  EXPECT_EQ(cost_of_move(UINT64_MAX, 1'000'000), UINT64_MAX - 1);
}

TEST(Manipulation, agrees_with_every_subset_on_random_markets) {
  std::mt19937_64 draw(11);
  for (int round = 0; round < 60; ++round) {
    std::vector<MovableBlock> blocks(1 + draw() % 3);
    std::uint32_t left = 1'000'000;
    for (MovableBlock& block : blocks) {
      for (std::uint64_t i = 0, count = 1 + draw() % 4; i < count; ++i) {
        const auto part = static_cast<std::uint32_t>(1 + draw() % (left / 6));
        left -= part;
        block.sources.push_back({part, draw() % 1'000});
      }
      if (draw() % 2 == 0) block.leg = LegCost{draw() % 2'000, std::nullopt};
    }
    ASSERT_EQ(manipulation_cost(blocks).least_usd, by_force(blocks)) << "round " << round;
  }
}

}  // namespace
}  // namespace assay::aggregator
