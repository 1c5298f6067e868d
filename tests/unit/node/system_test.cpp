#include "node/system.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>

namespace assay::node {
namespace {

TEST(Descriptors, are_raised_from_the_soft_limit_to_the_hard_one) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit low{std::min<rlim_t>(64, before.rlim_max), before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(raise_descriptor_limit(), before.rlim_max);
  rlimit after{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &after), 0);
  EXPECT_EQ(after.rlim_cur, before.rlim_max);
  setrlimit(RLIMIT_NOFILE, &before);
}

TEST(Descriptors, leave_room_for_what_a_node_needs_beside_its_clients) {
  EXPECT_EQ(connections_within(1024, 1200), 824U);
  EXPECT_EQ(connections_within(1400, 1200), 1200U);
  EXPECT_EQ(connections_within(RLIM_INFINITY, 1200), 1200U);
  EXPECT_EQ(connections_within(200, 1200), 1U);
  EXPECT_EQ(connections_within(0, 1200), 1U);
}

}  // namespace
}  // namespace assay::node
