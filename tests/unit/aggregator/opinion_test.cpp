#include "aggregator/opinion.hpp"

#include <gtest/gtest.h>

#include "aggregator/outliers.hpp"
#include "core/leaf.hpp"
#include "support.hpp"

namespace assay::aggregator {
namespace {

Candidate at(std::size_t source, std::int64_t price, std::uint64_t uncertainty = 50) {
  Candidate out;
  out.source = source;
  out.price = price;
  out.bid = price - 50;
  out.ask = price + 50;
  out.uncertainty = uncertainty;
  out.time = noon + micros(static_cast<std::int64_t>(source));
  out.freshness = 4;
  return out;
}

std::vector<Candidate> at_prices(std::initializer_list<std::int64_t> prices) {
  std::vector<Candidate> out;
  for (const std::int64_t price : prices) out.push_back(at(out.size(), price));
  return out;
}

bool has(const Opinion& opinion, std::uint16_t bit) {
  return opinion.entry && (opinion.entry->reasons & bit) != 0;
}

TEST(Opinion, is_the_three_vote_median_with_quartile_confidence) {
  const Opinion found = form_opinion(at_prices({999'950, 1'000'000, 1'000'020, 1'000'060, 1'000'100}), some_feed());
  ASSERT_TRUE(found.entry);
  EXPECT_EQ(found.entry->price, 1'000'020);
  EXPECT_EQ(found.entry->confidence, 50U);
  EXPECT_EQ(found.entry->bid, 999'970);
  EXPECT_EQ(found.entry->ask, 1'000'070);
  EXPECT_EQ(found.entry->sources, 5);
  EXPECT_EQ(found.entry->reasons, 0);
  EXPECT_EQ(found.entry->src_time, noon + micros(2));
}

TEST(Opinion, is_never_surer_than_the_floor) {
  std::vector<Candidate> candidates = at_prices({1'000'000, 1'000'000, 1'000'000, 1'000'000});
  for (Candidate& each : candidates) each.uncertainty = 1;
  EXPECT_EQ(form_opinion(candidates, some_feed()).entry->confidence, 20U);
}

TEST(Opinion, keeps_the_price_between_bid_and_ask) {
  // a venue with a lopsided uncertainty pulls the three-vote median past the median ask
  std::vector<Candidate> candidates = at_prices({1'000'000, 1'000'000, 1'000'900, 1'000'900, 1'000'900});
  for (Candidate& each : candidates) {
    each.bid = each.price - 1;
    each.ask = each.price;
  }
  const auto entry = form_opinion(candidates, some_feed()).entry;
  ASSERT_TRUE(entry);
  EXPECT_LE(entry->bid, entry->price);
  EXPECT_LE(entry->price, entry->ask);
}

TEST(Opinion, leaves_out_one_far_source_of_five) {
  const Opinion found = form_opinion(at_prices({1'000'000, 1'000'010, 1'000'020, 1'000'030, 1'010'000}), some_feed());
  ASSERT_TRUE(found.entry);
  EXPECT_EQ(found.excluded, (std::vector<bool>{false, false, false, false, true}));
  EXPECT_EQ(found.weights[4], 0U);
  EXPECT_TRUE(has(found, reason::excluded));
  EXPECT_FALSE(has(found, reason::divergent));
  EXPECT_EQ(found.entry->sources, 4);
  EXPECT_LT(found.entry->price, 1'000'030);
}

TEST(Opinion, excludes_by_mad_and_by_floor_both) {
  const FeedPolicy feed = some_feed();
  // still market: MAD is 0, yet nothing within exclude_ppm (2'000) is an outlier
  EXPECT_FALSE(
      has(form_opinion(at_prices({1'000'000, 1'000'000, 1'000'000, 1'000'000, 1'002'000}), feed), reason::excluded));
  EXPECT_TRUE(
      has(form_opinion(at_prices({1'000'000, 1'000'000, 1'000'000, 1'000'000, 1'002'001}), feed), reason::excluded));
  // wild market: above exclude_ppm, but within 5 scaled MADs (5 * 1.4826 * 1'000)
  const auto wild = [&feed](std::int64_t far) {
    std::vector<Candidate> candidates = at_prices({999'000, 999'500, 1'000'000, 1'001'000, far});
    for (Candidate& each : candidates) each.uncertainty = 5'000;
    return has(form_opinion(candidates, feed), reason::excluded);
  };
  EXPECT_FALSE(wild(1'007'413));
  EXPECT_TRUE(wild(1'007'414));
}

TEST(Opinion, excludes_nobody_when_two_clusters_stand_apart) {
  const Opinion found =
      form_opinion(at_prices({1'000'000, 1'000'010, 1'000'020, 1'010'000, 1'010'010, 1'010'020}), some_feed(6));
  ASSERT_TRUE(found.entry);
  EXPECT_TRUE(has(found, reason::divergent));
  EXPECT_FALSE(has(found, reason::excluded));
  EXPECT_GE(found.entry->confidence, 9'980U) << "the gap is the confidence";
}

TEST(Opinion, excludes_nobody_when_more_than_a_third_would_be_out) {
  // four of ten, scattered: none of them a cluster of its own
  const Opinion found = form_opinion(at_prices({900'000, 950'000, 1'000'000, 1'000'000, 1'000'000, 1'000'000, 1'000'000,
                                                1'000'000, 1'050'000, 1'100'000}),
                                     some_feed(10));
  EXPECT_TRUE(has(found, reason::divergent));
  EXPECT_FALSE(has(found, reason::excluded));
  // three of ten are left out
  const Opinion fewer = form_opinion(at_prices({900'000, 950'000, 1'000'000, 1'000'000, 1'000'000, 1'000'000, 1'000'000,
                                                1'000'000, 1'000'000, 1'100'000}),
                                     some_feed(10));
  EXPECT_FALSE(has(fewer, reason::divergent));
  EXPECT_EQ(fewer.entry->sources, 7);
}

TEST(Opinion, of_two_venues_says_few_sources_however_many_groups_they_name) {
  FeedPolicy feed = some_feed(4);
  feed.sources[2].venue = feed.sources[0].venue;
  feed.sources[3].venue = feed.sources[1].venue;
  const Opinion found = form_opinion(at_prices({1'000'000, 1'000'000, 1'000'000, 1'000'000}), feed);
  ASSERT_TRUE(found.entry);
  EXPECT_EQ(found.entry->sources, 4);
  EXPECT_TRUE(has(found, reason::few_sources));
}

TEST(Opinion, sees_two_equal_halves_although_their_mad_hides_them) {
  const Opinion found = form_opinion(at_prices({1'000'000, 1'000'000, 1'500'000, 1'500'000}), some_feed(4));
  EXPECT_TRUE(has(found, reason::divergent));
  EXPECT_EQ(found.entry->confidence, 500'000U);
}

TEST(Opinion, of_three_sources_one_liar_is_a_divergence_and_the_price_stays_honest) {
  const Opinion found = form_opinion(at_prices({1'000'000, 1'000'010, 1'000'000'000}), some_feed(3));
  ASSERT_TRUE(found.entry);
  EXPECT_TRUE(has(found, reason::divergent));
  EXPECT_LE(found.entry->price, 1'000'060);
  EXPECT_EQ(found.entry->confidence, static_cast<std::uint64_t>(found.entry->price)) << "bounded by the price itself";
}

TEST(Opinion, clusters_need_a_gap_above_what_the_sources_claim_to_know) {
  std::vector<Candidate> candidates = at_prices({1'000'000, 1'000'000, 1'003'000, 1'003'000});
  EXPECT_TRUE(has(form_opinion(candidates, some_feed(4)), reason::divergent));
  for (Candidate& each : candidates) each.uncertainty = 1'000;
  EXPECT_FALSE(has(form_opinion(candidates, some_feed(4)), reason::divergent));
}

TEST(Opinion, of_two_agreeing_groups_is_degraded) {
  const Opinion found = form_opinion(at_prices({1'000'000, 1'000'400}), some_feed(3));
  ASSERT_TRUE(found.entry);
  EXPECT_TRUE(has(found, reason::few_sources));
  EXPECT_EQ(found.entry->sources, 2);
  EXPECT_EQ(found.entry->confidence, 400U) << "their difference";
}

TEST(Opinion, of_two_groups_that_disagree_is_none) {
  EXPECT_TRUE(form_opinion(at_prices({1'000'000, 1'000'500}), some_feed(3)).entry);
  EXPECT_FALSE(form_opinion(at_prices({1'000'000, 1'000'501}), some_feed(3)).entry);
  FeedPolicy two = some_feed(3);
  two.min_groups = 2;
  EXPECT_FALSE(form_opinion(at_prices({1'000'000, 1'000'501}), two).entry) << "not averaged on trust either";
}

TEST(Opinion, of_one_group_is_none) {
  FeedPolicy feed = some_feed(3);
  for (SourcePolicy& each : feed.sources) each.group = 1;
  EXPECT_FALSE(form_opinion(at_prices({1'000'000, 1'000'000, 1'000'000}), feed).entry);
  EXPECT_FALSE(form_opinion(at_prices({1'000'000}), some_feed()).entry);
  EXPECT_FALSE(form_opinion({}, some_feed()).entry);
}

TEST(Opinion, of_fewer_groups_than_wanted_needs_them_all_to_agree) {
  FeedPolicy feed = some_feed(5);
  feed.min_groups = 5;
  const Opinion close = form_opinion(at_prices({1'000'000, 1'000'200, 1'000'500, 1'000'100}), feed);
  EXPECT_TRUE(has(close, reason::few_sources));
  EXPECT_FALSE(form_opinion(at_prices({1'000'000, 1'000'200, 1'000'501, 1'000'100}), feed).entry);
}

TEST(Opinion, counts_the_caps_again_without_the_outliers) {
  FeedPolicy feed = some_feed(5);
  feed.sources[0].tier = 3;  // 3 of 7 before, capped to a third of what is left after
  const Opinion found = form_opinion(at_prices({1'000'000, 1'000'010, 1'000'020, 1'000'030, 1'100'000}), feed);
  ASSERT_TRUE(has(found, reason::excluded));
  EXPECT_EQ(found.weights, (std::vector<std::uint64_t>{6'000'000, 4'000'000, 4'000'000, 4'000'000, 0}));
}

TEST(Opinion, is_always_one_that_the_committee_counts) {
  std::mt19937_64 draw(19);
  int formed = 0;
  for (int i = 0; i < 2'000; ++i) {
    FeedPolicy feed = some_feed(8);
    for (SourcePolicy& each : feed.sources) {
      each.tier = static_cast<std::uint8_t>(draw() % 3 + 1);
      each.group = static_cast<std::uint16_t>(draw() % 5);
    }
    std::vector<Candidate> candidates;
    for (std::size_t s = 0; s < draw() % 8 + 1; ++s) {
      const std::int64_t far = draw() % 8 == 0 ? 50'000 : 0;
      candidates.push_back(at(s, 1'000'000 + far + static_cast<std::int64_t>(draw() % 6 * 100), draw() % 300 + 1));
    }
    const auto entry = form_opinion(candidates, feed).entry;
    if (!entry) continue;
    ASSERT_TRUE(is_valid_entry(*entry, noon, some_policy())) << i;
    ASSERT_LE(entry->sources, 5) << i;
    ++formed;
  }
  EXPECT_GT(formed, 500);
}

TEST(Opinion, of_honest_sources_and_a_liar_below_half_stays_in_the_honest_band) {
  std::mt19937_64 draw(23);
  for (int i = 0; i < 5'000; ++i) {
    const std::size_t honest = draw() % 4 + 3;
    const std::size_t lying = draw() % ((honest - 1) / 2 + 1);
    std::vector<Candidate> candidates;
    std::int64_t low = INT64_MAX;
    std::int64_t high = 0;
    for (std::size_t s = 0; s < honest; ++s) {
      candidates.push_back(at(s, 1'000'000 + static_cast<std::int64_t>(draw() % 1'000), draw() % 100 + 1));
      low = std::min(low, candidates[s].price - static_cast<std::int64_t>(candidates[s].uncertainty));
      high = std::max(high, candidates[s].price + static_cast<std::int64_t>(candidates[s].uncertainty));
    }
    for (std::size_t s = honest; s < honest + lying; ++s) {
      const std::int64_t choices[] = {1'000, 998'000, 1'000'500, 1'003'000, 900'000'000};
      candidates.push_back(at(s, choices[draw() % 5], draw() % 900 + 1));
    }
    const Opinion found = form_opinion(candidates, some_feed(12));
    if (!found.entry) continue;
    ASSERT_GE(found.entry->price, low) << i;
    ASSERT_LE(found.entry->price, high) << i;
  }
}

}  // namespace
}  // namespace assay::aggregator
