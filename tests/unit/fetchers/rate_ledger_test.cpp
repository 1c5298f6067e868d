#include "fetchers/rate_ledger.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <utility>
#include <vector>

namespace assay::fetchers::testing {
namespace {

constexpr RateRule ten_a_second{.allowance = 10, .window = millis(1000)};

TEST(RateLedger, lets_an_allowance_through_at_once_and_the_next_one_a_window_later) {
  RateLedger ledger(std::array{ten_a_second});
  const MonoTime start{5'000'000};
  for (int i = 0; i < 10; ++i) {
    ASSERT_EQ(ledger.earliest(start, 1), start);
    ledger.spend(start, 1);
  }
  const MonoTime next = ledger.earliest(start, 1);
  EXPECT_GE(next, start + millis(1000));
  EXPECT_LE(next, start + millis(1063));
  EXPECT_EQ(ledger.earliest(next, 10), next);
}

TEST(RateLedger, no_span_of_a_windows_length_ever_holds_more_than_the_allowance) {
  for (const unsigned seed : {1U, 2U, 3U, 4U, 5U}) {
    std::mt19937 random(seed);
    RateLedger ledger(std::array{ten_a_second, RateRule{.allowance = 25, .window = millis(4000)}});
    std::vector<std::pair<std::int64_t, std::uint32_t>> sent;
    MonoTime now{1};
    while (sent.size() < 2000) {
      const std::uint32_t weight = 1 + static_cast<std::uint32_t>(random() % 4);
      now = ledger.earliest(now, weight);
      ledger.spend(now, weight);
      sent.emplace_back(now.value, weight);
      now = now + micros(static_cast<std::int64_t>(random() % 300'000) * (random() % 3 == 0 ? 1 : 0));
    }
    for (const auto& [window, allowance] : {std::pair{1'000'000, 10U}, std::pair{4'000'000, 25U}}) {
      std::uint32_t within = 0;
      std::size_t first = 0;
      for (const auto& [at, weight] : sent) {
        within += weight;
        while (sent[first].first <= at - window) within -= sent[first++].second;
        ASSERT_LE(within, allowance) << "seed " << seed << " at " << at;
      }
    }
  }
}

TEST(RateLedger, a_weight_above_the_whole_allowance_waits_until_nothing_else_is_spent) {
  RateLedger ledger(std::array{ten_a_second});
  const MonoTime start{0};
  EXPECT_EQ(ledger.earliest(start, 50), start);
  ledger.spend(start, 1);
  EXPECT_GE(ledger.earliest(start, 50), start + millis(1000));
}

TEST(RateLedger, what_others_at_our_address_spent_counts_too) {
  RateLedger ledger(std::array{ten_a_second});
  const MonoTime start{0};
  ledger.spend(start, 1);
  ledger.heard(start, millis(1000), 10);
  EXPECT_GE(ledger.earliest(start, 1), start + millis(1000));
  ledger.heard(start, millis(1000), 3);  // the venue's window began anew; ours has not
  EXPECT_GE(ledger.earliest(start, 1), start + millis(1000));
  ledger.heard(start, millis(60'000), 1000);  // a window that nobody counts
  EXPECT_EQ(ledger.earliest(start + millis(1100), 10), start + millis(1100));
}

TEST(RateLedger, without_rules_nothing_waits) {
  RateLedger ledger(std::array{RateRule{}});
  for (int i = 0; i < 1000; ++i) ledger.spend(MonoTime{7}, 100);
  EXPECT_EQ(ledger.earliest(MonoTime{7}, 100), MonoTime{7});
}

TEST(RateLedger, careful_leaves_a_fifth_to_others_and_never_nothing) {
  EXPECT_EQ(careful({.allowance = 6000, .window = millis(60'000)}).allowance, 4800U);
  EXPECT_EQ(careful({.allowance = 1, .window = millis(1000)}).allowance, 1U);
  EXPECT_EQ(careful({.allowance = 9, .window = millis(1000)}).allowance, 7U);
  EXPECT_EQ(careful({}).allowance, 0U);
}

}  // namespace
}  // namespace assay::fetchers::testing
