#include "fetchers/market/walk.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "fetchers/market/board.hpp"

namespace assay::fetchers::market {
namespace {

constexpr std::int64_t one_e8 = 100'000'000;

std::vector<WalkAsset> three() {
  return {known_asset("BTC"), known_asset("ETH"), known_asset("USDT")};
}

TEST(Walk, equal_seeds_give_equal_markets) {
  Walk one(7, three());
  Walk other(7, three());
  Walk stranger(8, three());
  bool differs = false;
  for (int i = 0; i < 1000; ++i) {
    one.step();
    other.step();
    stranger.step();
    EXPECT_EQ(one.usd_e8("BTC"), other.usd_e8("BTC"));
    EXPECT_EQ(one.price_e8("ETH", "USDT"), other.price_e8("ETH", "USDT"));
    differs = differs || one.usd_e8("BTC") != stranger.usd_e8("BTC");
  }
  EXPECT_TRUE(differs);
  EXPECT_EQ(one.steps(), 1000U);
}

TEST(Walk, moves_in_small_steps_and_stays_within_a_factor_of_two) {
  Walk walk(3, three());
  const std::int64_t start = walk.usd_e8("BTC");
  std::int64_t before = start;
  for (int i = 0; i < 100'000; ++i) {
    walk.step();
    const std::int64_t now = walk.usd_e8("BTC");
    ASSERT_LE(std::abs(now - before), before / 1000);
    ASSERT_GE(now, start / 2);
    ASSERT_LE(now, start * 2);
    before = now;
  }
}

TEST(Walk, keeps_the_stable_coin_near_its_peg) {
  Walk walk(5, three());
  for (int i = 0; i < 100'000; ++i) {
    walk.step();
    ASSERT_NEAR(static_cast<double>(walk.usd_e8("USDT")), 1.0001e8, 0.01e8);
  }
}

TEST(Walk, prices_one_asset_in_another) {
  const Walk walk(1, {{"AAA", 6 * one_e8, 1}, {"BBB", 2 * one_e8, 1}});
  EXPECT_EQ(walk.price_e8("AAA", "USD"), 6 * one_e8);
  EXPECT_EQ(walk.price_e8("AAA", "BBB"), 3 * one_e8);
  EXPECT_EQ(walk.price_e8("AAA", "CCC"), 0);
  EXPECT_EQ(walk.price_e8("CCC", "AAA"), 0);
}

TEST(Walk, has_a_price_for_any_name) {
  EXPECT_EQ(known_asset("BTC").start_e8, 65'000 * one_e8);
  EXPECT_GE(known_asset("WHATEVER").start_e8, one_e8);
  EXPECT_EQ(known_asset("WHATEVER").start_e8, known_asset("WHATEVER").start_e8);
}

class VenueBoard : public ::testing::Test {
 protected:
  void step(const Fault& fault) {
    walk_.step();
    board_.step(walk_, fault, WallTime{++time_});
  }
  std::vector<Pair> pairs_{{"BTC", "USD"}, {"USDT", "USD"}, {"ETH", "USDT"}};
  Walk walk_{11, assets_of(pairs_)};
  Board board_{12, pairs_, {}};
  std::uint64_t time_ = 0;
};

TEST_F(VenueBoard, keeps_bid_below_last_and_last_at_most_ask_on_the_grid) {
  for (int i = 0; i < 5000; ++i) {
    step({});
    for (std::size_t pair = 0; pair < pairs_.size(); ++pair) {
      const Ticker& t = board_.ticker(pair);
      ASSERT_LT(t.bid_e8, t.last_e8);
      ASSERT_LE(t.last_e8, t.ask_e8);
      ASSERT_GT(t.bid_size_e8, 0);
      ASSERT_GT(t.ask_size_e8, 0);
      ASSERT_LE(t.low_e8, t.last_e8);
      ASSERT_GE(t.high_e8, t.last_e8);
    }
    ASSERT_EQ(board_.ticker(0).bid_e8 % (one_e8 / 100), 0);
    ASSERT_EQ(board_.ticker(1).ask_e8 % (one_e8 / 100'000), 0);
  }
}

TEST_F(VenueBoard, stays_within_bias_noise_and_spread_of_the_walk) {
  for (int i = 0; i < 5000; ++i) {
    step({});
    const std::int64_t honest = walk_.price_e8("BTC", "USD");
    ASSERT_LT(std::abs(board_.ticker(0).bid_e8 - honest), honest / 1'000'000 * 140);
  }
}

TEST_F(VenueBoard, a_stuck_venue_repeats_its_prices_with_new_times) {
  step({});
  const Ticker before = board_.ticker(0);
  for (int i = 0; i < 20; ++i) step({FaultKind::stuck, 1'000'000});
  EXPECT_EQ(board_.ticker(0).bid_e8, before.bid_e8);
  EXPECT_EQ(board_.ticker(0).ask_e8, before.ask_e8);
  EXPECT_GT(board_.ticker(0).time, before.time);
  EXPECT_GT(board_.ticker(0).sequence, before.sequence);
  step({});
  EXPECT_NE(board_.ticker(0).bid_e8, before.bid_e8);
}

TEST_F(VenueBoard, a_lying_venue_multiplies_every_price) {
  step({FaultKind::lie, 10'000'000});
  EXPECT_GT(board_.ticker(0).bid_e8, 9 * walk_.usd_e8("BTC"));
  EXPECT_GT(board_.ticker(1).bid_e8, 9 * one_e8);
}

TEST_F(VenueBoard, a_wick_strikes_once_in_ten_steps) {
  int struck = 0;
  for (int i = 0; i < 1000; ++i) {
    step({FaultKind::wick, 500'000});
    if (board_.ticker(0).ask_e8 < walk_.usd_e8("BTC") * 6 / 10) ++struck;
  }
  EXPECT_EQ(struck, 100);
}

TEST_F(VenueBoard, survives_factors_at_both_ends) {
  for (const std::int64_t factor : {std::int64_t{1}, std::int64_t{1'000'000'000'000}}) {
    step({FaultKind::lie, factor});
    EXPECT_GT(board_.ticker(0).bid_e8, 0);
    EXPECT_LT(board_.ticker(0).bid_e8, board_.ticker(0).ask_e8);
  }
}

TEST(MarketPair, is_two_asset_names_with_a_slash) {
  EXPECT_EQ(pair_of("BTC/USD"), (Pair{"BTC", "USD"}));
  for (const char* text : {"", "BTC", "BTC/", "/USD", "btc/usd", "B/USD", "BTC/US D", "BTC/USD/X", "\"\"/USD"}) {
    EXPECT_EQ(pair_of(text), Pair{}) << text;
  }
}

}  // namespace
}  // namespace assay::fetchers::market
