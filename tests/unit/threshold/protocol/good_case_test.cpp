#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/threshold/protocol/cluster.hpp"

namespace assay::threshold {
namespace {

void expect_identical_chains(const Cluster& cluster, Height height) {
  const auto& reference = cluster.ledger(0);
  ASSERT_GE(reference.size(), height.value);
  for (std::uint16_t node = 1; node < cluster.options().nodes; ++node) {
    const auto& mine = cluster.ledger(node);
    ASSERT_GE(mine.size(), height.value);
    for (std::size_t i = 0; i < height.value; ++i) {
      EXPECT_EQ(mine[i].header, reference[i].header);
      EXPECT_EQ(mine[i].leaves, reference[i].leaves);
    }
  }
}

TEST(GoodCase, four_nodes_attest_twenty_identical_batches) {
  Cluster cluster({.nodes = 4});
  EXPECT_TRUE(cluster.reach(Height{20}, millis(20'000)));
  expect_identical_chains(cluster, Height{20});
  EXPECT_EQ(cluster.violation(), "");
}

TEST(GoodCase, seven_nodes_attest_twenty_identical_batches) {
  Cluster cluster({.nodes = 7});
  EXPECT_TRUE(cluster.reach(Height{20}, millis(20'000)));
  expect_identical_chains(cluster, Height{20});
  EXPECT_EQ(cluster.violation(), "");
}

}  // namespace
}  // namespace assay::threshold
