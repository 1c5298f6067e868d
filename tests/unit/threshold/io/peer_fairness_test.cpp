// No peer waits for another: what one sends in one piece is handed out in turns.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>

#include "tests/unit/threshold/io/mesh_node.hpp"
#include "threshold/io/peer_link.hpp"

namespace assay::threshold {
namespace {

TEST(PeerFairness, a_burst_that_came_in_one_piece_lets_the_others_in_between) {
  constexpr int burst = 600;
  MeshCommittee committee(3);
  std::promise<void> busy;
  std::promise<void> go_on;
  std::once_flag first;
  MeshNode low(committee.settings(0), [&](const MeshNode::Received& received) {
    if (received.from != MemberIndex{1}) return;
    std::call_once(first, [&] {
      busy.set_value();
      go_on.get_future().wait();
    });
  });
  committee.addresses[0] = low.address();
  auto loud = committee.start(1);
  auto calm = committee.start(2);
  ASSERT_TRUE(loud->wait_up(0) && calm->wait_up(0));

  // While the first frame of the burst is being looked at, the calm one's frame arrives in the kernel.
  for (int i = 0; i < burst; ++i) loud->send(0, {1});
  busy.get_future().wait();
  calm->send(0, {2});
  const auto written = [&] {
    const auto link = calm->mesh().links().front();
    return link.frames_out == 1 && link.bytes_queued == 0;
  };
  while (!written()) std::this_thread::yield();
  go_on.set_value();

  ASSERT_TRUE(low.wait([](const MeshNode& seen) { return seen.frames.size() == burst + 1; })) << "late, none is lost";
  const auto calms = std::ranges::find(low.frames, MemberIndex{2}, &MeshNode::Received::from);
  EXPECT_LE(calms - low.frames.begin(), 4 * frames_per_turn);
}

}  // namespace
}  // namespace assay::threshold
