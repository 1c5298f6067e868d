#include "fetchers/backoff.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/unit/fetchers/seeded_entropy.hpp"

namespace assay::fetchers::testing {
namespace {

TEST(Backoff, doubles_its_step_up_to_the_cap_and_never_leaves_the_band) {
  SeededEntropy entropy;
  for (int client = 0; client < 200; ++client) {
    Backoff backoff({millis(100), millis(1600)}, entropy);
    for (const std::int64_t step_ms : {100, 200, 400, 800, 1600, 1600, 1600}) {
      const Micros wait = backoff.next();
      EXPECT_GE(wait, millis(step_ms / 8));
      EXPECT_LE(wait, millis(step_ms));
    }
  }
}

TEST(Backoff, spreads_clients_that_failed_together) {
  SeededEntropy entropy;
  std::set<Micros> waits;
  for (int client = 0; client < 100; ++client) waits.insert(Backoff({millis(1000), millis(1000)}, entropy).next());
  EXPECT_GT(waits.size(), 90U);
}

TEST(Backoff, starts_over_after_success) {
  SeededEntropy entropy;
  Backoff backoff({millis(10), millis(10'000)}, entropy);
  for (int i = 0; i < 30; ++i) backoff.next();
  EXPECT_EQ(backoff.failures(), 30U);
  backoff.reset();
  EXPECT_LE(backoff.next(), millis(10));
}

TEST(Backoff, never_waits_for_nothing_whatever_the_limits) {
  SeededEntropy entropy;
  Backoff backoff({millis(-5), millis(-9)}, entropy);
  for (int i = 0; i < 100; ++i) EXPECT_GT(backoff.next().value, 0);
}

}  // namespace
}  // namespace assay::fetchers::testing
