#include "fetchers/market/limits.hpp"

#include <gtest/gtest.h>

namespace assay::fetchers::market::testing {
namespace {

WallTime at(std::int64_t ms) {
  return WallTime{1'790'000'000'000'000} + millis(ms);
}

TEST(Toll, no_span_of_a_window_holds_more_than_its_allowance) {
  Toll toll("okx");  // 20 in 2 s
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(toll.ask(at(50 * i), "/api/v5/market/tickers?instType=SPOT"));
  const auto much = toll.ask(at(1500), "/");
  ASSERT_TRUE(much);
  EXPECT_EQ(much->status, 429U);
  EXPECT_EQ(much->retry_after_s, 1U);
  EXPECT_TRUE(toll.ask(at(1999), "/"));
  EXPECT_FALSE(toll.ask(at(2000), "/"));
  EXPECT_TRUE(toll.ask(at(2000), "/")) << "only the first of them is over";
  EXPECT_EQ(toll.asked(), 24U);
  EXPECT_EQ(toll.refused(), 3U);
}

TEST(Toll, requests_weigh_what_the_venue_says) {
  Toll toll("hyperliquid");  // 1,200 a minute
  for (int i = 0; i < 60; ++i) EXPECT_FALSE(toll.ask(at(i), R"(/info {"type":"meta"})"));
  EXPECT_TRUE(toll.ask(at(100), R"(/info {"type":"l2Book","coin":"BTC"})"));
}

TEST(Toll, who_does_not_wait_is_banned) {
  Toll toll("kraken");
  EXPECT_FALSE(toll.ask(at(0), "/"));
  for (std::uint32_t i = 0; i < Toll::patience; ++i) EXPECT_EQ(toll.ask(at(1 + i), "/")->status, 429U) << i;
  EXPECT_EQ(toll.ask(at(500), "/")->status, 418U);
  const auto banned = toll.ask(at(5000), "/");
  ASSERT_TRUE(banned) << "the window is over, the ban is not";
  EXPECT_GE(banned->retry_after_s, 110U);
  EXPECT_FALSE(toll.ask(at(200'000), "/"));
}

TEST(Toll, streams_and_their_frames_have_limits_too) {
  Toll toll("upbit");  // 5 a second each
  Toll::Frames frames;
  for (int i = 0; i < 5; ++i) {
    EXPECT_FALSE(toll.connect(at(i)));
    EXPECT_TRUE(toll.hear(at(i), frames));
  }
  EXPECT_TRUE(toll.connect(at(10)));
  EXPECT_FALSE(toll.hear(at(10), frames));
  EXPECT_TRUE(toll.hear(at(1000), frames));
}

TEST(Toll, a_venue_that_publishes_nothing_refuses_nothing) {
  Toll toll("uniswap");
  for (int i = 0; i < 10'000; ++i) ASSERT_FALSE(toll.ask(at(0), "/"));
}

}  // namespace
}  // namespace assay::fetchers::market::testing
