#include "fetchers/venue_clock.hpp"

#include <gtest/gtest.h>

namespace assay::fetchers::testing {
namespace {

using Verdict = VenueClock::Verdict;

constexpr std::uint64_t noon = 1'790'000'000'000'000;

/// One venue as seen from here; times in milliseconds since both clocks were started.
class Clock : public ::testing::Test {
 protected:
  /// A message said at `said` by the venue's clock that comes at `at` by ours.
  Verdict hears(std::int64_t at, std::int64_t said) { return clock_.judge(mono(at), wall(at), wall(said)); }
  static MonoTime mono(std::int64_t ms) { return MonoTime{5'000'000} + millis(ms); }
  static WallTime wall(std::int64_t ms) { return WallTime{noon} + millis(ms); }

  VenueClock clock_;
};

TEST_F(Clock, the_offset_is_that_of_the_quickest_message) {
  EXPECT_EQ(clock_.offset(mono(0)), std::nullopt);
  for (const std::int64_t delay : {80, 30, 120, 55}) EXPECT_EQ(hears(1000 + delay, 1000), Verdict::believable);
  EXPECT_EQ(clock_.offset(mono(1200)), millis(30));
}

TEST_F(Clock, a_quick_message_is_forgotten_after_two_minutes) {
  hears(1000, 990);
  for (std::int64_t at = 2000; at < 300'000; at += 1000) hears(at, at - 200);
  EXPECT_EQ(clock_.offset(mono(299'000)), millis(200));
}

TEST_F(Clock, one_message_of_the_future_is_not_believed) {
  hears(1000, 950);
  EXPECT_EQ(hears(2000, 1000 + 3'600'000), Verdict::from_future);
  EXPECT_EQ(hears(2000, 2000 + 2'500), Verdict::from_future);
  EXPECT_EQ(hears(3000, 2950), Verdict::believable);
  EXPECT_EQ(clock_.offset(mono(3000)), millis(50));
}

TEST_F(Clock, a_lead_that_stays_is_the_venues_clock_and_is_taken_off) {
  for (int i = 1; i < VenueClock::leaps_believed; ++i) EXPECT_EQ(hears(1000 + i, 6000 + i), Verdict::from_future);
  EXPECT_EQ(hears(2000, 7000), Verdict::believable);
  EXPECT_EQ(hears(2100, 7050), Verdict::believable);
  EXPECT_EQ(clock_.offset(mono(2100)), millis(-5000));
  EXPECT_EQ(clock_.by_our_clock(mono(2100), wall(7050)), wall(2050));
  EXPECT_EQ(hears(2200, 9500), Verdict::from_future);
}

TEST_F(Clock, a_lead_of_more_than_a_minute_is_never_believed) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(hears(1000 + i, 70'000 + i), Verdict::from_future);
  EXPECT_EQ(clock_.offset(mono(2000)), std::nullopt);
}

TEST_F(Clock, what_is_far_later_than_the_quickest_is_stale) {
  hears(1'000'000, 999'960);
  EXPECT_EQ(hears(1'000'100, 1'000'000 - 899'000), Verdict::believable);
  EXPECT_EQ(hears(1'000'200, 1'000'000 - 901'000), Verdict::stale);
}

TEST_F(Clock, a_lag_may_be_the_way_and_is_left_alone) {
  hears(1000, 400);
  EXPECT_EQ(clock_.by_our_clock(mono(1000), wall(400)), wall(400));
}

TEST_F(Clock, a_tape_of_long_ago_is_judged_by_its_own_time) {
  const std::int64_t years = -200'000'000'000;
  EXPECT_EQ(hears(1000, years), Verdict::believable);
  EXPECT_EQ(hears(1010, years + 500), Verdict::believable);
  EXPECT_EQ(hears(1020, years - 1'000'000), Verdict::stale);
}

TEST_F(Clock, the_ends_of_both_scales_do_no_harm) {
  EXPECT_EQ(clock_.judge(MonoTime{0}, WallTime{0}, WallTime{UINT64_MAX}), Verdict::from_future);
  EXPECT_EQ(clock_.judge(MonoTime{0}, WallTime{UINT64_MAX}, WallTime{0}), Verdict::believable);
  EXPECT_EQ(clock_.judge(MonoTime{1}, WallTime{UINT64_MAX}, WallTime{0}), Verdict::believable);
}

}  // namespace
}  // namespace assay::fetchers::testing
