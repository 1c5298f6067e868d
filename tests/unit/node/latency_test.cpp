#include "node/latency.hpp"

#include <gtest/gtest.h>

namespace assay::node {
namespace {

TEST(LatencyWindow, has_no_rank_when_empty) {
  EXPECT_EQ(LatencyWindow().rank(500), Micros{});
}

TEST(LatencyWindow, gives_the_nearest_rank) {
  LatencyWindow window;
  for (std::int64_t i = 100; i >= 1; --i) {
    window.add(micros(i));
  }
  EXPECT_EQ(window.rank(10), micros(1));
  EXPECT_EQ(window.rank(500), micros(50));
  EXPECT_EQ(window.rank(990), micros(99));
  EXPECT_EQ(window.rank(1000), micros(100));
}

TEST(LatencyWindow, forgets_the_oldest_beyond_its_capacity) {
  LatencyWindow window;
  window.add(micros(1'000'000));
  for (std::size_t i = 0; i < LatencyWindow::capacity; ++i) {
    window.add(micros(7));
  }
  EXPECT_EQ(window.rank(1000), micros(7));
  EXPECT_EQ(window.count(), LatencyWindow::capacity + 1);
}

}  // namespace
}  // namespace assay::node
