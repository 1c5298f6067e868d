#include <gtest/gtest.h>

#include "aggregator/aggregate.hpp"
#include "aggregator/order_statistics.hpp"
#include "support.hpp"

/// T1 to T6 of docs/aggregation.md on seeded random committees whose liars say whatever is worst, and each other.
namespace assay::aggregator {
namespace {

constexpr int cases = 5'000;

/// One height of a committee: k observations, of which the last `liars` are made up.
struct Instance {
  std::size_t faulty_max{};
  std::size_t liars{};
  std::vector<Observation> observations;

  std::size_t honest() const { return observations.size() - liars; }
};

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : engine_(seed) {}

  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }

  Instance instance() {
    Instance out;
    constexpr std::int64_t faults[] = {1, 2, 3, 10};
    out.faulty_max = static_cast<std::size_t>(faults[between(0, 3)]);
    const auto f = static_cast<std::int64_t>(out.faulty_max);
    const std::int64_t count = between(2 * f + 1, 3 * f + 1);
    out.liars = static_cast<std::size_t>(between(0, f));
    const std::int64_t width = between(0, 3) == 0 ? 0 : between(1, 5'000);
    for (std::int64_t i = 0; i < count; ++i) {
      const bool lies = static_cast<std::size_t>(count - i) <= out.liars;
      out.observations.push_back(lies ? lie(width) : truth(width));
    }
    return out;
  }

  std::mt19937_64& engine() { return engine_; }

 private:
  Observation truth(std::int64_t width) {
    const WallTime at = noon + micros(between(0, 50'000));
    ObservationEntry out = entry(1'000'000 + between(-width, width), static_cast<std::uint64_t>(between(1, 2'000)), at);
    out.bid = out.price - between(0, 90);
    out.ask = out.price + between(0, 90);
    return observation(out, at + micros(between(0, 50'000)));
  }

  /// Valid by its form, so that it counts: far off, near, or just at the edge of the honest values.
  Observation lie(std::int64_t width) {
    const std::int64_t choices[] = {
        1, 2, price_mantissa_max, 1'000'000 + between(-2 * width, 2 * width), 1'000'000 - width, 1'000'000 + width};
    ObservationEntry out = entry(choices[between(0, 5)]);
    out.bid = between(0, 1) == 0 ? 1 : out.price;
    out.ask = between(0, 1) == 0 ? price_mantissa_max : out.price;
    out.confidence = between(0, 1) == 0 ? 1 : static_cast<std::uint64_t>(out.price);
    const WallTime at = noon + millis(between(-1'000'000, 1'000'000));
    out.src_time = at + millis(between(-15'000, 15'000));
    out.reasons = static_cast<std::uint16_t>(between(0, reason::known));
    out.sources = static_cast<std::uint8_t>(between(0, 255));
    return observation(out, at);
  }

  std::mt19937_64 engine_;
};

class Theorems : public testing::Test {
 protected:
  Theorems() : policy_(some_policy()) {
    FeedPolicy& feed = policy_.feeds[0];
    feed.floor_price = 1;
    feed.ceiling_price = price_mantissa_max;
    feed.src_age_max = millis(1'000'000);
  }

  AggregateOutput aggregated(const Instance& instance) {
    const auto f = static_cast<std::uint16_t>(instance.faulty_max);
    Header genesis;
    genesis.time = WallTime{1};
    const auto quorum = static_cast<std::uint16_t>(2 * f + 1);
    auto out = aggregate(policy_, AggregateInput{genesis, {}, instance.observations, quorum, f});
    check(static_cast<bool>(out), "every instance aggregates");
    return std::move(*out);
  }

  template <class Check>
  void for_each_instance(Check each) {
    for (int seed = 0; seed < cases; ++seed) {
      SCOPED_TRACE("seed " + std::to_string(seed));
      const Instance instance = Draw(static_cast<std::uint64_t>(seed)).instance();
      const AggregateOutput out = aggregated(instance);
      ASSERT_TRUE(is_priced(out.leaves.front().status));
      each(instance, out);
      if (HasFailure()) return;
    }
  }

  AggregationPolicy policy_;
};

/// Honest values of one field, ascending.
template <class Get>
auto honest(const Instance& instance, Get get) {
  std::vector<decltype(get(instance.observations.front()))> out;
  for (std::size_t i = 0; i < instance.honest(); ++i) out.push_back(get(instance.observations[i]));
  std::sort(out.begin(), out.end());
  return out;
}

std::int64_t price_of(const Observation& observation) {
  return observation.feeds[0]->price;
}

TEST_F(Theorems, T1_and_T3_the_price_lies_within_the_honest_prices) {
  for_each_instance([](const Instance& instance, const AggregateOutput& out) {
    const auto prices = honest(instance, price_of);
    EXPECT_GE(out.leaves[0].price, prices.front());
    EXPECT_LE(out.leaves[0].price, prices.back());
  });
}

TEST_F(Theorems, T2_liars_shift_the_price_by_at_most_their_number_of_honest_ranks) {
  for_each_instance([](const Instance& instance, const AggregateOutput& out) {
    const auto prices = honest(instance, price_of);
    const std::size_t k = instance.observations.size();
    const std::size_t lower = (k - 1) / 2;  // ranks from zero of the middle two
    const std::size_t upper = k / 2;
    const std::size_t low = lower < instance.liars ? 0 : lower - instance.liars;
    const std::size_t high = std::min(upper, prices.size() - 1);
    EXPECT_GE(out.leaves[0].price, prices[low]);
    EXPECT_LE(out.leaves[0].price, prices[high]);
  });
}

TEST_F(Theorems, T4_bid_price_and_ask_keep_their_order) {
  for_each_instance([](const Instance&, const AggregateOutput& out) {
    EXPECT_GT(out.leaves[0].bid, 0);
    EXPECT_LE(out.leaves[0].bid, out.leaves[0].price);
    EXPECT_LE(out.leaves[0].price, out.leaves[0].ask);
  });
}

TEST_F(Theorems, T5_the_confidence_lies_between_honest_doubt_and_honest_dispersion) {
  for_each_instance([](const Instance& instance, const AggregateOutput& out) {
    const auto doubts = honest(instance, [](const Observation& o) { return o.feeds[0]->confidence; });
    const auto prices = honest(instance, price_of);
    const auto dispersion = static_cast<std::uint64_t>(prices.back() - prices.front());
    EXPECT_GE(out.leaves[0].confidence, doubts.front());
    EXPECT_LE(out.leaves[0].confidence, std::max(doubts.back(), dispersion));
  });
}

TEST_F(Theorems, T6_header_time_lies_within_the_honest_clocks) {
  for_each_instance([](const Instance& instance, const AggregateOutput& out) {
    const auto clocks = honest(instance, [](const Observation& o) { return o.time; });
    EXPECT_GE(out.time, clocks.front());
    EXPECT_LE(out.time, clocks.back());
  });
}

TEST_F(Theorems, f_liars_alone_set_no_reason) {
  for_each_instance([](const Instance&, const AggregateOutput& out) { EXPECT_EQ(out.leaves[0].reasons, 0); });
}

TEST_F(Theorems, the_leaf_is_the_same_for_every_order_and_always_decodes) {
  for_each_instance([this](const Instance& instance, const AggregateOutput& out) {
    const LeafBytes bytes = encode(out.leaves[0]);
    EXPECT_TRUE(decode_leaf(bytes));
    Instance shuffled = instance;
    Draw draw(instance.observations.size());
    std::shuffle(shuffled.observations.begin(), shuffled.observations.end(), draw.engine());
    EXPECT_EQ(encode(aggregated(shuffled).leaves[0]), bytes);
  });
}

/// What an instance must not be able to do with one liar more: the bound f is tight.
TEST_F(Theorems, one_liar_beyond_f_breaks_the_hull) {
  Instance instance;
  instance.faulty_max = 1;
  instance.observations = {observation(entry(1'000'000)), observation(entry(9'000'000)), observation(entry(9'000'000))};
  EXPECT_EQ(aggregated(instance).leaves[0].price, 9'000'000);
}

}  // namespace
}  // namespace assay::aggregator
