#include "aggregator/aggregate.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace assay::aggregator {
namespace {

std::vector<Observation> prices(std::initializer_list<std::int64_t> values) {
  std::vector<Observation> out;
  for (const std::int64_t value : values) out.push_back(observation(entry(value)));
  return out;
}

std::vector<Observation> with_reasons(std::initializer_list<std::uint16_t> reasons) {
  std::vector<Observation> out;
  for (const std::uint16_t bits : reasons) {
    out.push_back(observation(entry(1'000'000)));
    out.back().feeds[0]->reasons = bits;
  }
  return out;
}

/// What carrying may change is set aside; all else must be byte-identical.
Leaf values_of(Leaf leaf) {
  leaf.height = Height{};
  leaf.status = Status::ok;
  leaf.reasons = 0;
  leaf.observers = 0;
  leaf.sources = 0;
  return leaf;
}

TEST(Aggregate, prices_a_feed_at_the_median_of_a_quorum) {
  Chain chain;
  const Leaf& leaf = chain.extend(prices({1'000'030, 1'000'000, 1'000'010}));
  EXPECT_EQ(leaf.status, Status::ok);
  EXPECT_EQ(leaf.price, 1'000'010);
  EXPECT_EQ(leaf.bid, 1'000'000);
  EXPECT_EQ(leaf.ask, 1'000'020);
  EXPECT_EQ(leaf.confidence, 100U);
  EXPECT_EQ(leaf.depth_usd, 1'000U);
  EXPECT_EQ(leaf.observers, 3);
  EXPECT_EQ(leaf.sources, 5);
  EXPECT_EQ(leaf.height, Height{1});
  EXPECT_EQ(leaf.exponent, -2);
  EXPECT_EQ(leaf.feed, feed_id("BTC/USD"));
}

TEST(Aggregate, takes_the_floor_of_the_middle_two_for_an_even_count) {
  Chain chain;
  EXPECT_EQ(chain.extend(prices({1'000'000, 1'000'003, 1'000'006, 1'000'100})).price, 1'000'004);
}

TEST(Aggregate, does_not_depend_on_the_order_of_observations) {
  std::vector<Observation> observations = prices({1'000'030, 1'000'000, 1'000'010, 1'000'020});
  observations[1].feeds[0]->reasons = reason::excluded;
  Chain chain;
  const Leaf expected = chain.attempt(observations)->leaves.front();
  std::sort(observations.begin(), observations.end(),
            [](const auto& a, const auto& b) { return a.feeds[0]->price < b.feeds[0]->price; });
  EXPECT_EQ(chain.attempt(observations)->leaves.front(), expected);
}

TEST(Aggregate, takes_the_trimmed_spread_as_confidence_when_it_is_larger) {
  Chain chain;  // T5: x_(3) - P = 4'000 among five observers
  EXPECT_EQ(chain.extend(prices({999'000, 1'000'000, 1'000'000, 1'004'000, 1'900'000})).confidence, 4'000U);
}

TEST(Aggregate, bounds_the_confidence_by_the_price_and_calls_it_wide) {
  Chain chain;
  const Leaf& leaf = chain.extend(prices({10'000, 10'000, 10'000, 900'000, 900'000, 900'000, 10'000}));
  EXPECT_EQ(leaf.price, 10'000);
  EXPECT_EQ(leaf.confidence, 10'000U);
  EXPECT_EQ(leaf.status, Status::wide);
  EXPECT_TRUE(decode_leaf(encode(leaf)));
}

TEST(Aggregate, stamps_a_fresh_price) {
  Chain chain;
  chain.agree(1'000'000, noon);
  const Leaf& leaf = chain.agree(1'000'000, noon + millis(250));
  EXPECT_EQ(leaf.publish_time, noon + millis(250));
  EXPECT_EQ(leaf.src_time, noon + millis(250));
  EXPECT_EQ(leaf.prev_publish_time, noon);
  EXPECT_EQ(leaf.valid_until, noon + millis(3250));
}

TEST(Aggregate, never_dates_a_source_after_the_header) {
  std::vector<Observation> observations(4, observation(entry(1'000'000, 100, noon + millis(90))));
  Chain chain;
  EXPECT_EQ(chain.extend(observations).src_time, noon);
}

TEST(Aggregate, takes_header_time_from_all_observations_and_never_stands_still) {
  Chain chain;
  std::vector<Observation> observations = prices({1'000'000, 1'000'000, 1'000'000});
  observations.push_back(observation(std::nullopt, noon + millis(10'000)));
  observations.push_back(observation(std::nullopt, noon + millis(20)));
  observations[0].time = noon + millis(30);
  chain.extend(observations);
  EXPECT_EQ(chain.header.time, noon + millis(20));
  chain.agree(1'000'000, noon);
  EXPECT_EQ(chain.header.time, noon + millis(20) + micros(1));
}

TEST(Aggregate, carries_the_old_values_unchanged_below_the_quorum) {
  Chain chain;
  const Leaf before = chain.agree(1'000'000, noon);
  std::vector<Observation> observations(4, observation(entry(1'100'000), noon + millis(250)));
  observations[0].feeds[0].reset();
  observations[1].feeds[0]->confidence = 0;
  observations[2].feeds[0]->sources = 3;
  const Leaf& after = chain.extend(observations);
  EXPECT_EQ(after.status, Status::insufficient);
  EXPECT_EQ(after.observers, 2);
  EXPECT_EQ(after.sources, 3);
  EXPECT_EQ(after.height, Height{2});
  EXPECT_EQ(values_of(after), values_of(before));
}

TEST(Aggregate, gives_a_feed_without_a_past_zeros_and_insufficient) {
  Chain chain;
  const Leaf& leaf = chain.extend(std::vector<Observation>(4, observation(std::nullopt)));
  Leaf expected;
  expected.feed = feed_id("BTC/USD");
  expected.exponent = -2;
  EXPECT_EQ(values_of(leaf), values_of(expected));
  EXPECT_EQ(leaf.status, Status::insufficient);
  EXPECT_TRUE(decode_leaf(encode(leaf)));
}

TEST(Aggregate, halts_outside_the_band_and_never_clamps) {
  FeedPolicy feed = some_feed();
  feed.floor_price = 900'000;
  feed.ceiling_price = 1'100'000;
  for (const std::int64_t outside : {899'999, 1'100'001}) {
    Chain chain(feed);
    const Leaf before = chain.agree(1'000'000, noon);
    const Leaf& after = chain.agree(outside, noon + millis(250));
    EXPECT_EQ(after.status, Status::halted);
    EXPECT_EQ(values_of(after), values_of(before));
  }
  Chain chain(feed);
  EXPECT_EQ(chain.agree(1'100'000, noon).status, Status::ok);
  EXPECT_EQ(chain.agree(900'000, noon + millis(250)).status, Status::jump);
}

TEST(Aggregate, a_feed_first_seen_outside_its_band_or_hours_is_insufficient) {
  FeedPolicy feed = some_feed();
  feed.floor_price = 2'000'000;
  Chain chain(feed);
  EXPECT_EQ(chain.agree(1'000'000, noon).status, Status::insufficient);
}

TEST(Aggregate, is_stale_when_the_median_source_is_too_old) {
  Chain chain;
  const Leaf before = chain.agree(1'000'000, noon);
  const WallTime later = noon + millis(10'000);
  EXPECT_EQ(chain.extend(std::vector<Observation>(4, observation(entry(1'000'001, 100, noon), later))).status,
            Status::ok);
  const WallTime late = noon + millis(10'001);
  Chain other;
  const Leaf first = other.agree(1'000'000, noon);
  const Leaf& stale = other.extend(std::vector<Observation>(4, observation(entry(1'000'001, 100, noon), late)));
  EXPECT_EQ(stale.status, Status::stale);
  EXPECT_EQ(values_of(stale), values_of(first));
  EXPECT_EQ(before, first);
}

TEST(Aggregate, is_closed_by_the_calendar_at_header_time) {
  FeedPolicy feed = some_feed();
  feed.always_open = false;
  feed.open = {{noon, noon + millis(1000)}, {noon + millis(2000), noon + millis(3000)}};
  Chain chain(feed);
  const Leaf first = chain.agree(1'000'000, noon);
  EXPECT_EQ(first.status, Status::ok);
  const Leaf& closed = chain.agree(1'000'500, noon + millis(1000));
  EXPECT_EQ(closed.status, Status::closed);
  EXPECT_EQ(values_of(closed), values_of(first));
  EXPECT_EQ(chain.agree(1'000'500, noon + millis(2000)).status, Status::ok);
  EXPECT_EQ(chain.agree(1'000'500, noon + millis(3000)).status, Status::closed) << "past the last interval";
}

TEST(Aggregate, closed_outranks_halted_and_insufficient) {
  FeedPolicy feed = some_feed();
  feed.always_open = false;
  feed.open = {{noon, noon + millis(1000)}};
  feed.ceiling_price = 1'100'000;
  Chain chain(feed);
  chain.agree(1'000'000, noon);
  EXPECT_EQ(chain.agree(2'000'000, noon + millis(1000)).status, Status::closed);
  EXPECT_EQ(chain.extend(std::vector<Observation>(4, observation(std::nullopt, noon + millis(1001)))).status,
            Status::closed);
}

TEST(Aggregate, is_wide_above_wide_ppm_and_not_at_it) {
  Chain chain;
  EXPECT_EQ(chain.extend(std::vector<Observation>(4, observation(entry(1'000'000, 5'000)))).status, Status::ok);
  EXPECT_EQ(chain.extend(std::vector<Observation>(4, observation(entry(1'000'000, 5'001)))).status, Status::wide);
}

TEST(Aggregate, sets_a_reason_with_f_plus_one_votes_and_not_with_f) {
  Chain chain;
  const Leaf one = chain.attempt(with_reasons({reason::venue_down, 0, 0, 0}))->leaves.front();
  EXPECT_EQ(one.reasons, 0);
  const auto two_votes =
      with_reasons({reason::venue_down | reason::excluded, reason::venue_down, reason::rate_limit, 0});
  const Leaf two = chain.attempt(two_votes)->leaves.front();
  EXPECT_EQ(two.reasons, reason::venue_down);
  EXPECT_EQ(two.status, Status::ok);
}

TEST(Aggregate, follows_the_votes_for_few_sources_divergent_and_depeg) {
  Chain chain;
  const auto status = [&chain](std::uint16_t bits) {
    return chain.attempt(with_reasons({bits, bits, 0, 0}))->leaves.front().status;
  };
  EXPECT_EQ(status(reason::few_sources), Status::wide);
  EXPECT_EQ(status(reason::divergent), Status::divergent);
  EXPECT_EQ(status(reason::depeg), Status::depeg);
  EXPECT_EQ(status(reason::divergent | reason::depeg), Status::depeg) << "the worst wins";
  EXPECT_EQ(status(reason::few_sources | reason::divergent), Status::divergent);
}

TEST(Aggregate, votes_only_among_valid_entries) {
  auto observations = with_reasons({reason::depeg, reason::depeg, 0, 0, 0});
  observations[0].feeds[0]->confidence = 0;
  Chain chain;
  EXPECT_EQ(chain.extend(observations).reasons, 0);
}

TEST(Aggregate, a_jump_needs_consecutive_consistent_heights) {
  Chain chain;
  const auto at = [](int tick) { return noon + millis(250 * tick); };
  EXPECT_EQ(chain.agree(1'000'000, at(0)).ref_price, 1'000'000);
  const Leaf first = chain.agree(1'100'000, at(1));
  EXPECT_EQ(first.status, Status::jump);
  EXPECT_EQ(first.price, 1'100'000) << "a jump is published, and marked";
  EXPECT_EQ(first.ref_price, 1'000'000);
  EXPECT_EQ(first.run, 1);
  EXPECT_EQ(chain.agree(1'300'000, at(2)).run, 1) << "not consistent with the height before: the count starts again";
  EXPECT_EQ(chain.agree(1'310'000, at(3)).run, 2);
  const Leaf& confirmed = chain.agree(1'320'000, at(4));
  EXPECT_EQ(confirmed.status, Status::ok);
  EXPECT_EQ(confirmed.ref_price, 1'320'000);
  EXPECT_EQ(confirmed.run, 0);
}

TEST(Aggregate, a_price_back_at_the_reference_ends_a_jump) {
  Chain chain;
  chain.agree(1'000'000, noon);
  chain.agree(1'100'000, noon + millis(250));
  const Leaf& back = chain.agree(1'050'000, noon + millis(500));
  EXPECT_EQ(back.status, Status::ok) << "exactly jump_ppm is no jump";
  EXPECT_EQ(back.run, 0);
  EXPECT_EQ(back.ref_price, 1'050'000);
}

TEST(Aggregate, a_carried_height_keeps_the_jump_count) {
  Chain chain;
  chain.agree(1'000'000, noon);
  chain.agree(1'100'000, noon + millis(250));
  EXPECT_EQ(chain.agree(1'100'000, noon + millis(500)).run, 2);
  EXPECT_EQ(chain.extend(std::vector<Observation>(4, observation(std::nullopt, noon + millis(750)))).run, 2);
  EXPECT_EQ(chain.agree(1'100'000, noon + millis(1000)).status, Status::ok);
}

TEST(Aggregate, moves_the_average_by_the_time_since_the_last_priced_leaf) {
  FeedPolicy feed = some_feed();
  feed.ema_tau = millis(3000);
  Chain chain(feed);
  const Leaf first = chain.agree(1'000'000, noon);
  EXPECT_EQ(first.ema, 1'000'000);
  EXPECT_EQ(first.ema_fraction, 0U);
  chain.extend(std::vector<Observation>(4, observation(std::nullopt, noon + millis(500))));
  const Leaf& second = chain.agree(1'000'001, noon + millis(1000));  // dt 1 s, tau 3 s: a quarter of the way
  EXPECT_EQ(second.ema, 1'000'000);
  EXPECT_EQ(second.ema_fraction, 1U << 30U);
}

TEST(Aggregate, refuses_fewer_observations_than_the_quorum) {
  Chain chain;
  EXPECT_EQ(chain.attempt(prices({1'000'000, 1'000'000})).error().code, Errc::too_few_observations);
}

TEST(Aggregate, refuses_a_quorum_below_two_f_plus_one) {
  Chain chain;
  chain.committee = Committee{2, 1};
  EXPECT_EQ(chain.attempt(prices({1'000'000, 1'000'000, 1'000'000})).error().code, Errc::out_of_range);
}

TEST(Aggregate, refuses_observations_of_another_number_of_feeds) {
  Chain chain;
  auto observations = prices({1'000'000, 1'000'000, 1'000'000});
  observations[1].feeds.emplace_back();
  EXPECT_EQ(chain.attempt(observations).error().code, Errc::out_of_range);
}

TEST(Aggregate, refuses_previous_leaves_that_do_not_fit) {
  const auto refused = [](const auto& spoil) {
    Chain chain;
    chain.agree(1'000'000, noon);
    spoil(chain);
    return chain.attempt(prices({1'000'000, 1'000'000, 1'000'000})).error().code == Errc::out_of_range;
  };
  EXPECT_TRUE(refused([](Chain& chain) { chain.leaves.push_back(chain.leaves[0]); }));
  EXPECT_TRUE(refused([](Chain& chain) { chain.leaves[0].feed = feed_id("ETH/USD"); }));
  EXPECT_TRUE(refused([](Chain& chain) { chain.leaves[0].exponent = -3; }));
  EXPECT_TRUE(refused([](Chain& chain) { chain.leaves[0].height = Height{7}; }));
  EXPECT_TRUE(refused([](Chain& chain) { chain.leaves[0].publish_time = chain.header.time + micros(1); }));
  EXPECT_TRUE(refused([](Chain& chain) { chain.leaves[0].ema = -1; }));
  EXPECT_TRUE(refused([](Chain& chain) { chain.leaves[0].ref_price = price_mantissa_max + 1; }));
  EXPECT_TRUE(refused([](Chain& chain) { chain.policy.feeds[0].ema_tau = micros(-1); }));
  EXPECT_TRUE(refused([](Chain& chain) { chain.header.time = WallTime{UINT64_MAX}; }));
}

TEST(ValidEntry, keeps_each_bound) {
  const AggregationPolicy policy = some_policy();
  const auto valid = [&policy](const auto& spoil) {
    ObservationEntry each = entry(1'000'000);
    spoil(each);
    return is_valid_entry(each, noon, policy);
  };
  EXPECT_TRUE(valid([](ObservationEntry&) {}));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.bid = 0; }));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.bid = -5; }));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.bid = e.price + 1; }));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.ask = e.price - 1; }));
  EXPECT_TRUE(valid([](ObservationEntry& e) { e.ask = price_mantissa_max; }));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.ask = price_mantissa_max + 1; }));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.confidence = 0; }));
  EXPECT_TRUE(valid([](ObservationEntry& e) { e.confidence = 1'000'000; }));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.confidence = 1'000'001; }));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.reasons = reason::known + 1; }));
  EXPECT_TRUE(valid([](ObservationEntry& e) { e.src_time = noon + millis(15'000); }));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.src_time = noon + micros(15'000'001); }));
  EXPECT_TRUE(valid([](ObservationEntry& e) { e.src_time = noon + millis(-15'000); }));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.src_time = noon + micros(-15'000'001); }));
  EXPECT_FALSE(valid([](ObservationEntry& e) { e.src_time = WallTime{UINT64_MAX}; }));
}

}  // namespace
}  // namespace assay::aggregator
