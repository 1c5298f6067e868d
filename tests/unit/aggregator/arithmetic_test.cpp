#include <gtest/gtest.h>

#include <limits>

#include "aggregator/calendar.hpp"
#include "aggregator/ema.hpp"
#include "aggregator/jump.hpp"
#include "aggregator/order_statistics.hpp"
#include "aggregator/ppm.hpp"
#include "aggregator/weighted_median.hpp"
#include "support.hpp"

namespace assay::aggregator {
namespace {

Ballot ballot(const std::vector<Vote>& votes) {
  return Ballot(votes);
}

TEST(Ppm, compares_exactly_at_the_limit) {
  EXPECT_FALSE(exceeds_ppm(5, 1'000'000, 5));
  EXPECT_TRUE(exceeds_ppm(6, 1'000'000, 5));
  EXPECT_FALSE(exceeds_ppm(UINT64_MAX, UINT64_MAX, 1'000'000));
  EXPECT_TRUE(exceeds_ppm(UINT64_MAX, UINT64_MAX - 1, 1'000'000));
}

TEST(Ppm, rounds_up_and_saturates) {
  EXPECT_EQ(ceil_ppm(0, 20), 0U);
  EXPECT_EQ(ceil_ppm(1, 1), 1U);
  EXPECT_EQ(ceil_ppm(1'000'000, 20), 20U);
  EXPECT_EQ(ceil_ppm(1'000'001, 20), 21U);
  EXPECT_EQ(ceil_ppm(UINT64_MAX, UINT32_MAX), static_cast<std::uint64_t>(INT64_MAX));
}

TEST(Ppm, measures_any_distance) {
  EXPECT_EQ(distance(INT64_MIN, INT64_MAX), UINT64_MAX);
  EXPECT_EQ(distance(3, 1), 2U);
}

TEST(OrderStatistics, take_the_middle_or_the_floor_between_two) {
  EXPECT_EQ(median(std::vector<std::int64_t>{5}), 5);
  EXPECT_EQ(median(std::vector<std::int64_t>{9, 1, 5}), 5);
  EXPECT_EQ(median(std::vector<std::int64_t>{9, 1, 5, 6}), 5);
  EXPECT_EQ(median(std::vector<std::int64_t>{-1, -2}), -2);
  EXPECT_EQ(median(std::vector<std::uint64_t>{UINT64_MAX, UINT64_MAX - 1}), UINT64_MAX - 1);
  EXPECT_EQ(lower_median({4, 1, 3, 2}), 2);
}

TEST(OrderStatistics, trim_f_values_from_each_end) {
  const Spread found = spread({50, 10, 40, 20, 30, 99, -99}, 2);
  EXPECT_EQ(found.low, 20);
  EXPECT_EQ(found.middle, 30);
  EXPECT_EQ(found.high, 40);
}

TEST(Ema, moves_by_its_share_of_the_gap_and_floors) {
  EXPECT_EQ(next_ema({100, 0}, 200, micros(3), micros(1)), (Ema{125, 0}));
  EXPECT_EQ(next_ema({100, 0}, 101, micros(2), micros(1)), (Ema{100, 0x55555555}));
  EXPECT_EQ(next_ema({101, 0}, 100, micros(2), micros(1)), (Ema{100, 0xaaaaaaaa}));
  EXPECT_EQ(next_ema({100, 7}, 300, micros(0), micros(5)), (Ema{300, 0})) << "tau 0 follows the price";
}

TEST(Ema, stays_between_old_and_new_at_the_ends_of_its_range) {
  constexpr std::int64_t ends[] = {0, 1, 1'000'000, price_mantissa_max};
  constexpr std::int64_t spans[] = {1, 250'000, std::int64_t{1} << 40, std::int64_t{1} << 62};
  for (const std::int64_t old : ends) {
    for (const std::int64_t price : ends) {
      for (const std::int64_t tau : spans) {
        for (const std::int64_t dt : spans) {
          const Ema moved = next_ema({old, 0}, price, Micros{tau}, Micros{dt});
          EXPECT_GE(moved.value, std::min(old, price));
          EXPECT_LE(moved.value, std::max(old, price));
        }
      }
    }
  }
}

TEST(Ema, agrees_with_plain_division_where_that_fits) {
  std::mt19937_64 draw(7);
  for (int i = 0; i < 20'000; ++i) {
    const Ema old{static_cast<std::int64_t>(draw() % 1'000'000), static_cast<std::uint32_t>(draw())};
    const auto price = static_cast<std::int64_t>(draw() % 1'000'000);
    const auto tau = static_cast<std::int64_t>(draw() % 1'000'000);
    const auto dt = static_cast<std::int64_t>(draw() % 1'000'000 + 1);
    const Int128 before = (Int128{old.value} << 32) + old.fraction;
    const Int128 product = ((Int128{price} << 32) - before) * dt;
    Int128 step = product / (tau + dt);
    if (product < 0 && product % (tau + dt) != 0) --step;
    const Ema moved = next_ema(old, price, Micros{tau}, Micros{dt});
    ASSERT_TRUE((Int128{moved.value} << 32) + moved.fraction == before + step) << i;
  }
}

TEST(Jump, with_one_confirmation_never_holds_a_move_back) {
  const JumpStep step = next_jump({1'000'000, 0}, 9'000'000, 1'000'000, 50'000, 1);
  EXPECT_FALSE(step.unconfirmed);
  EXPECT_EQ(step.state, (JumpState{9'000'000, 0}));
}

TEST(Jump, measures_against_the_reference_not_the_larger_of_two) {
  EXPECT_FALSE(is_jump(1'500, 1'000, 500'000));
  EXPECT_TRUE(is_jump(1'501, 1'000, 500'000));
  EXPECT_FALSE(is_jump(500, 1'000, 500'000));
  EXPECT_TRUE(is_jump(499, 1'000, 500'000));
}

TEST(Jump, count_at_its_top_still_confirms) {
  const JumpStep step = next_jump({1'000, 255}, 9'000, 9'000, 50'000, 255);
  EXPECT_FALSE(step.unconfirmed);
}

TEST(Calendar, intervals_hold_their_start_and_not_their_end) {
  FeedPolicy feed = some_feed();
  feed.always_open = false;
  EXPECT_FALSE(is_open(feed, WallTime{10}));
  feed.open = {{WallTime{10}, WallTime{20}}, {WallTime{20}, WallTime{30}}, {WallTime{40}, WallTime{50}}};
  const auto open = [&feed](std::uint64_t at) { return is_open(feed, WallTime{at}); };
  EXPECT_FALSE(open(9));
  EXPECT_TRUE(open(10));
  EXPECT_TRUE(open(20));
  EXPECT_FALSE(open(30));
  EXPECT_TRUE(open(49));
  EXPECT_FALSE(open(50));
}

TEST(Ballot, finds_the_weighted_median) {
  EXPECT_EQ(ballot({{5, 1}}).median(), 5);
  EXPECT_EQ(ballot({{9, 1}, {1, 1}, {5, 1}}).median(), 5);
  EXPECT_EQ(ballot({{1, 1}, {4, 1}}).median(), 2) << "half below, half above: the floor between";
  EXPECT_EQ(ballot({{1, 3}, {4, 1}}).median(), 1);
  EXPECT_EQ(ballot({{1, 1}, {4, 2}, {9, 2}}).median(), 4);
  EXPECT_EQ(ballot({{7, 0}, {9, 1}}).median(), 9) << "no weight, no voice";
}

TEST(Ballot, finds_the_quartiles) {
  const Ballot four = ballot({{1, 1}, {2, 1}, {3, 1}, {4, 1}});
  EXPECT_EQ(four.lower_quartile(), 1);
  EXPECT_EQ(four.upper_quartile(), 4);
  const Ballot five = ballot({{1, 1}, {2, 1}, {3, 1}, {4, 1}, {5, 1}});
  EXPECT_EQ(five.lower_quartile(), 2);
  EXPECT_EQ(five.upper_quartile(), 4);
}

TEST(Ballot, equals_the_plain_median_of_values_repeated_by_weight) {
  std::mt19937_64 draw(11);
  for (int i = 0; i < 5'000; ++i) {
    std::vector<Vote> votes;
    std::vector<std::int64_t> plain;
    const std::size_t count = draw() % 9 + 1;
    for (std::size_t v = 0; v < count; ++v) {
      const Vote vote{static_cast<std::int64_t>(draw() % 20), draw() % 6 + 1};
      votes.push_back(vote);
      plain.insert(plain.end(), vote.weight, vote.value);
    }
    std::sort(plain.begin(), plain.end());
    const Ballot ballot(votes);
    const std::size_t quarter = (plain.size() + 3) / 4;
    ASSERT_EQ(ballot.median(), median(plain)) << i;
    ASSERT_EQ(ballot.lower_quartile(), plain[quarter - 1]) << i;
    ASSERT_EQ(ballot.upper_quartile(), plain[plain.size() - quarter]) << i;
  }
}

TEST(Ballot, of_three_ballots_is_that_of_all_their_votes) {
  std::mt19937_64 draw(12);
  for (int i = 0; i < 5'000; ++i) {
    std::vector<std::vector<Vote>> parts(3);
    std::vector<Vote> all;
    for (auto& part : parts) {
      const std::size_t count = draw() % 20 + 1;
      for (std::size_t v = 0; v < count; ++v) part.push_back({static_cast<std::int64_t>(draw() % 50), draw() % 6 + 1});
      all.insert(all.end(), part.begin(), part.end());
    }
    const Ballot merged(ballot(parts[0]), ballot(parts[1]), ballot(parts[2]));
    const Ballot whole = ballot(all);
    ASSERT_EQ(merged.median(), whole.median()) << i;
    ASSERT_EQ(merged.lower_quartile(), whole.lower_quartile()) << i;
    ASSERT_EQ(merged.upper_quartile(), whole.upper_quartile()) << i;
  }
}

TEST(Ballot, less_than_half_of_the_weight_cannot_leave_the_hull_of_the_rest) {
  std::mt19937_64 draw(13);
  for (int i = 0; i < 5'000; ++i) {
    std::vector<Vote> votes;
    std::uint64_t honest = 0;
    for (std::size_t v = 0; v < draw() % 5 + 1; ++v) {
      votes.push_back({static_cast<std::int64_t>(draw() % 100 + 1'000), draw() % 9 + 1});
      honest += votes.back().weight;
    }
    std::uint64_t left = honest - 1;
    while (left > 0) {
      const std::uint64_t weight = draw() % left + 1;
      votes.push_back({draw() % 2 == 0 ? 1 : INT64_MAX, weight});
      left -= weight;
    }
    const std::int64_t middle = Ballot(votes).median();
    ASSERT_TRUE(middle >= 1'000 && middle < 1'100) << i;
  }
}

}  // namespace
}  // namespace assay::aggregator
