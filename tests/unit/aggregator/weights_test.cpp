#include "aggregator/weights.hpp"

#include <gtest/gtest.h>

#include <map>
#include <numeric>

#include "support.hpp"

namespace assay::aggregator {
namespace {

struct Seat {
  const char* venue;
  std::uint16_t group;
  std::uint8_t tier;
  std::uint32_t freshness = 4;
};

struct Table {
  FeedPolicy feed = some_feed(0);
  std::vector<Candidate> candidates;

  explicit Table(const std::vector<Seat>& seats) {
    for (const Seat& seat : seats) {
      feed.sources.push_back(source(seat.venue, seat.group));
      feed.sources.back().tier = seat.tier;
      Candidate candidate;
      candidate.source = candidates.size();
      candidate.price = 1'000'000;
      candidate.freshness = seat.freshness;
      candidates.push_back(candidate);
    }
  }
};

std::uint64_t sum(const Bounded<std::uint64_t, sources_max>& weights) {
  return std::accumulate(weights.begin(), weights.end(), std::uint64_t{0});
}

void expect_caps(const Table& table, const Weights& weights) {
  std::map<std::string, std::uint64_t> venues;
  std::map<std::uint16_t, std::uint64_t> groups;
  for (std::size_t i = 0; i < table.candidates.size(); ++i) {
    venues[table.feed.sources[i].venue] += weights.of[i];
    groups[table.feed.sources[i].group] += weights.of[i];
    EXPECT_GT(weights.of[i], 0U);
  }
  const std::uint64_t total = sum(weights.of);
  for (const auto& [venue, weight] : venues) EXPECT_LE(1000 * 3 * weight, 1003 * total) << venue;
  for (const auto& [group, weight] : groups) EXPECT_LT(2 * weight, total) << group;
}

TEST(Weights, are_tier_times_freshness_where_no_cap_binds) {
  const Table table({{"a", 1, 1, 4}, {"b", 2, 2, 2}, {"c", 3, 1, 3}, {"d", 4, 1, 4}});
  const Weights found = capped_weights(table.candidates, table.feed);
  EXPECT_TRUE(found.capped);
  EXPECT_EQ(found.of, (std::vector<std::uint64_t>{4'000'000, 4'000'000, 3'000'000, 4'000'000}));
}

TEST(Weights, no_venue_holds_more_than_a_third) {
  const Table table({{"a", 1, 3}, {"b", 2, 1}, {"c", 3, 1}, {"d", 4, 1}});
  const Weights found = capped_weights(table.candidates, table.feed);
  EXPECT_TRUE(found.capped);
  EXPECT_EQ(found.of, (std::vector<std::uint64_t>{6'000'000, 4'000'000, 4'000'000, 4'000'000}));
  expect_caps(table, found);
}

TEST(Weights, a_venue_listed_twice_is_one_venue) {
  const Table table({{"a", 1, 1}, {"a", 2, 1}, {"b", 3, 1}, {"c", 4, 1}});
  const Weights found = capped_weights(table.candidates, table.feed);
  EXPECT_TRUE(found.capped);
  EXPECT_EQ(found.of, (std::vector<std::uint64_t>{2'000'000, 2'000'000, 4'000'000, 4'000'000}));
}

TEST(Weights, do_not_depend_on_the_order_of_candidates) {
  Table table({{"a", 1, 3, 3}, {"a", 2, 1}, {"a", 3, 2, 1}, {"b", 3, 1, 3}, {"c", 4, 1}, {"d", 1, 2, 3}});
  const auto forward = capped_weights(table.candidates, table.feed).of;
  std::reverse(table.candidates.begin(), table.candidates.end());
  auto backward = capped_weights(table.candidates, table.feed).of;
  std::reverse(backward.begin(), backward.end());
  EXPECT_EQ(forward, backward);
}

TEST(Weights, no_group_reaches_a_half) {
  const Table table({{"a", 1, 1}, {"b", 1, 1}, {"c", 1, 1}, {"d", 2, 1}, {"e", 3, 1}});
  const Weights found = capped_weights(table.candidates, table.feed);
  EXPECT_TRUE(found.capped);
  expect_caps(table, found);
}

TEST(Weights, two_venues_are_levelled_and_said_to_be_uncapped) {
  const Table table({{"a", 1, 3}, {"b", 2, 1}});
  const Weights found = capped_weights(table.candidates, table.feed);
  EXPECT_FALSE(found.capped);
  EXPECT_EQ(found.of[0], found.of[1]);
}

TEST(Weights, a_layout_without_a_solution_is_said_to_be_uncapped) {
  // b and c share group 1 with a part of a: a may have a third, the group not a half; both cannot be.
  const Table table({{"a", 1, 1}, {"a", 2, 1}, {"a", 3, 1}, {"b", 1, 1}, {"c", 1, 1}});
  const Weights found = capped_weights(table.candidates, table.feed);
  EXPECT_FALSE(found.capped);
  for (const std::uint64_t weight : found.of) EXPECT_GT(weight, 0U);
}

TEST(Weights, of_nobody_are_none) {
  const Table table({});
  EXPECT_TRUE(capped_weights(table.candidates, table.feed).of.empty());
}

TEST(Weights, keep_the_caps_for_every_random_table_that_claims_them) {
  std::mt19937_64 draw(17);
  constexpr const char* venues[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
  int capped = 0;
  for (int i = 0; i < 5'000; ++i) {
    std::vector<Seat> seats;
    for (std::size_t s = 0; s < draw() % 20 + 1; ++s) {
      seats.push_back({venues[draw() % 8], static_cast<std::uint16_t>(draw() % 5),
                       static_cast<std::uint8_t>(draw() % 3 + 1), static_cast<std::uint32_t>(draw() % 4 + 1)});
    }
    const Table table(seats);
    const Weights found = capped_weights(table.candidates, table.feed);
    ASSERT_EQ(found.of.size(), seats.size());
    for (std::size_t s = 0; s < seats.size(); ++s) {
      ASSERT_LE(found.of[s], 1'000'000ULL * seats[s].tier * seats[s].freshness) << "weights are only lowered";
      ASSERT_GT(found.of[s], 0U);
    }
    if (!found.capped) continue;
    ++capped;
    expect_caps(table, found);
    if (HasFailure()) return;
  }
  EXPECT_GT(capped, 2'000);
}

}  // namespace
}  // namespace assay::aggregator
