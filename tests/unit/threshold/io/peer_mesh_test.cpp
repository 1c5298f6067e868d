#include "threshold/io/peer_mesh.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <map>
#include <optional>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "tests/unit/threshold/io/mesh_node.hpp"
#include "threshold/io/token_bucket.hpp"

namespace assay::threshold {
namespace {

TEST(PeerMesh, four_members_exchange_frames_with_everyone) {
  MeshCommittee committee(4);
  std::vector<std::unique_ptr<MeshNode>> nodes;
  for (std::uint16_t i = 0; i < 4; ++i) nodes.push_back(committee.start(i));
  for (std::uint16_t i = 0; i < 4; ++i) {
    for (std::uint16_t j = 0; j < 4; ++j) {
      if (i == j) continue;
      ASSERT_TRUE(nodes[i]->wait_up(j)) << i << " to " << j;
    }
  }
  for (std::uint16_t i = 0; i < 4; ++i) {
    for (std::uint8_t k = 0; k < 50; ++k) nodes[i]->broadcast(Bytes(1 + 1000U * k, static_cast<std::uint8_t>(k + i)));
    nodes[i]->send((i + 1U) % 4, {0xfe});
  }
  for (std::uint16_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(nodes[i]->wait([](const MeshNode& seen) { return seen.frames.size() == 151; })) << i;
    std::map<MemberIndex, std::uint8_t> expected;
    for (const auto& received : nodes[i]->frames) {
      if (received.frame == Bytes{0xfe}) continue;
      const auto k = expected[received.from]++;
      EXPECT_EQ(received.frame, Bytes(1 + 1000U * k, static_cast<std::uint8_t>(k + received.from.value)));
    }
    for (const auto& link : nodes[i]->mesh().links()) {
      EXPECT_TRUE(link.up);
      EXPECT_GE(link.frames_in, 50U);
      EXPECT_EQ(link.times_up, 1U);
    }
  }
}

TEST(PeerMesh, a_frame_of_many_megabytes_arrives) {
  MeshCommittee committee(2);
  auto low = committee.start(0);
  auto high = committee.start(1);
  ASSERT_TRUE(high->wait_up(0));
  Bytes large(7U << 20);
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<std::uint8_t>(i * 31 >> 8);
  high->send(0, large);
  ASSERT_TRUE(low->wait([](const MeshNode& seen) { return !seen.frames.empty(); }));
  EXPECT_TRUE(low->frames[0].frame == large);
}

TEST(PeerMesh, a_key_that_is_not_pinned_is_refused_by_both_sides) {
  MeshCommittee committee(2);
  auto low = committee.start(0);
  MeshCommittee other(2);
  SeededEntropy entropy(99);
  other.keys[1] = IdentityKey::generate(entropy);
  other.identities = {committee.identities[0], other.keys[1].public_key()};
  other.addresses = committee.addresses;
  auto intruder = other.start(1);
  ASSERT_TRUE(
      low->wait([](const MeshNode& seen) { return std::ranges::count(seen.refusals, Errc::bad_identity) > 0; }));
  ASSERT_TRUE(intruder->wait([](const MeshNode& seen) { return !seen.downs.empty(); }));
  EXPECT_TRUE(low->ups.empty());
  EXPECT_TRUE(intruder->ups.empty()) << "a link is up only when the other side has checked us too";

  // The other way round: the one who listens is not whom the dialler pinned.
  MeshCommittee third(2);
  third.identities[0] = other.keys[1].public_key();
  third.addresses = committee.addresses;
  auto careful = third.start(1);
  EXPECT_TRUE(careful->wait_down(0, Errc::bad_identity));
  EXPECT_TRUE(careful->ups.empty());
}

TEST(PeerMesh, a_pinned_member_at_another_members_address_is_refused) {
  MeshCommittee committee(3);
  auto one = committee.start(1);
  committee.addresses[0] = committee.addresses[1];
  auto two = committee.start(2);
  EXPECT_TRUE(two->wait_up(1));
  EXPECT_TRUE(two->wait_down(0, Errc::bad_identity));
  EXPECT_EQ(std::ranges::count(two->ups, MemberIndex{0}), 0);
}

TEST(PeerMesh, a_lower_member_may_not_dial_a_higher_one) {
  MeshCommittee committee(2);
  auto high = committee.start(1);
  // Member 0, believing that the order is the other way round.
  MeshSettings turned{.me = MemberIndex{1},
                      .listen = "127.0.0.1:0",
                      .identities = {committee.identities[1], committee.identities[0]},
                      .addresses = {high->address(), ""},
                      .key = committee.keys[0]};
  MeshNode low(turned);
  EXPECT_TRUE(
      high->wait([](const MeshNode& seen) { return std::ranges::count(seen.refusals, Errc::bad_identity) > 0; }));
  EXPECT_TRUE(high->ups.empty());
}

TEST(PeerMesh, a_frame_above_the_bound_ends_the_link_and_the_next_link_works) {
  MeshCommittee committee(2);
  auto tight = committee.settings(0);
  tight.frame_size_max = 1000;
  MeshNode low(tight);
  committee.addresses[0] = low.address();
  auto high = committee.start(1);
  ASSERT_TRUE(high->wait_up(0));
  high->send(0, Bytes(1000, 1));
  high->send(0, Bytes(1001, 2));
  EXPECT_TRUE(low.wait_down(1, Errc::too_large));
  ASSERT_TRUE(high->wait_up(0, 2));
  high->send(0, {3});
  ASSERT_TRUE(low.wait([](const MeshNode& seen) { return seen.frames.size() == 2; }));
  EXPECT_EQ(low.frames[0].frame.size(), 1000U);
  EXPECT_EQ(low.frames[1].frame, Bytes{3});
}

TEST(PeerMesh, what_we_may_not_send_is_dropped_and_the_link_stays) {
  MeshCommittee committee(2);
  auto low = committee.start(0);
  auto settings = committee.settings(1);
  settings.frame_size_max = 10;
  MeshNode high(settings);
  ASSERT_TRUE(high.wait_up(0));
  high.send(0, Bytes(11, 1));
  high.send(0, {});
  high.send(1, {7});
  high.send(77, {7});
  high.send(0, {9});
  ASSERT_TRUE(low->wait([](const MeshNode& seen) { return !seen.frames.empty(); }));
  EXPECT_EQ(low->frames[0].frame, Bytes{9});
}

TEST(PeerMesh, a_reader_who_stands_still_is_disconnected_and_the_others_go_on) {
  MeshCommittee committee(3);
  auto settings = committee.settings(0);
  settings.queue_bytes_max = 1U << 20;
  MeshNode hub(settings);
  committee.addresses[0] = hub.address();
  std::promise<void> thaw;
  std::shared_future<void> thawed = thaw.get_future();
  MeshNode frozen(committee.settings(1), [&](const MeshNode::Received&) { thawed.wait(); });
  committee.addresses[1] = frozen.address();
  auto brisk = committee.start(2);
  ASSERT_TRUE(hub.wait_up(1) && hub.wait_up(2));
  std::size_t sent = 0;
  const auto frozen_is_gone = [](const MeshNode& seen) {
    return std::ranges::any_of(seen.downs, [](const auto& end) { return end.member == MemberIndex{1}; });
  };
  bool gone = false;
  while (!gone && sent < 4000) {  // the kernel's buffers fill first
    hub.broadcast(Bytes(64U << 10, 1));
    ++sent;
    ASSERT_TRUE(brisk->wait([&](const MeshNode& seen) { return seen.frames.size() == sent; })) << sent;
    gone = hub.mesh().links()[0].times_up == 1 && !hub.mesh().links()[0].up;
  }
  EXPECT_TRUE(hub.wait(frozen_is_gone));
  EXPECT_EQ(hub.downs[0].code, Errc::mailbox_full);
  EXPECT_TRUE(hub.mesh().links()[1].up);
  thaw.set_value();
  EXPECT_TRUE(hub.wait_up(1, 2)) << "once it reads again, it is back";
}

TEST(PeerMesh, a_member_that_is_disconnected_waits_before_its_next_link) {
  MeshCommittee committee(3);
  auto low = committee.start(0);
  auto settings = committee.settings(1);
  settings.penalty = millis(400);
  MeshNode judge(settings);
  committee.addresses[1] = judge.address();
  auto high = committee.start(2);
  ASSERT_TRUE(judge.wait_up(0) && judge.wait_up(2));
  const auto before = std::chrono::steady_clock::now();
  judge.mesh().post([&] {
    judge.mesh().disconnect(MemberIndex{0});  // whom it dials
    judge.mesh().disconnect(MemberIndex{2});  // who dials it
  });
  EXPECT_TRUE(judge.wait_down(0, Errc::malformed) && judge.wait_down(2, Errc::malformed));
  ASSERT_TRUE(judge.wait_up(0, 2));
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(400));
  ASSERT_TRUE(judge.wait_up(2, 2));
  EXPECT_GE(std::ranges::count(judge.refusals, Errc::closed), 1) << "it tried at once, and was not let in";
  EXPECT_TRUE(high->mesh().links()[0].up) << "the others' links are theirs";
}

TEST(TokenBucket, holds_a_second_of_tokens_and_then_counts_debt) {
  const MonoTime start{5'000'000};
  TokenBucket bucket(100, start);
  bucket.take(100, start);
  EXPECT_EQ(bucket.wait(start), micros(0));
  bucket.take(50, start);
  EXPECT_EQ(bucket.wait(start), millis(500));
  EXPECT_EQ(bucket.wait(start + millis(200)), millis(300));
  EXPECT_EQ(bucket.wait(start + millis(500)), micros(0));
  bucket.take(100, start + millis(60'000));  // idling saves no more than a second's worth
  EXPECT_EQ(bucket.wait(start + millis(60'000)), micros(0));
  bucket.take(1, start + millis(60'000));
  EXPECT_EQ(bucket.wait(start + millis(60'000)), millis(10));
}

TEST(TokenBucket, gives_one_only_while_there_is_no_debt) {
  const MonoTime start{5'000'000};
  TokenBucket bucket(1, start);
  EXPECT_TRUE(bucket.try_take(start));
  EXPECT_TRUE(bucket.try_take(start)) << "the debt of one begins here";
  EXPECT_FALSE(bucket.try_take(start + millis(999)));
  EXPECT_EQ(bucket.wait(start + millis(999)), millis(1)) << "a refusal costs nothing";
  EXPECT_TRUE(bucket.try_take(start + millis(1000)));
}

TEST(PeerMesh, a_peer_that_sends_too_much_waits_and_no_other) {
  MeshCommittee committee(3);
  auto settings = committee.settings(0);
  settings.frames_per_second = 300;
  MeshNode low(settings);
  committee.addresses[0] = low.address();
  auto loud = committee.start(1);
  auto calm = committee.start(2);
  ASSERT_TRUE(loud->wait_up(0) && calm->wait_up(0));
  const auto from = [&low](std::uint16_t member) {
    return std::ranges::count_if(low.frames, [member](const auto& one) { return one.from == MemberIndex{member}; });
  };
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 700; ++i) loud->send(0, Bytes(10'000, 1));
  calm->send(0, {2});
  // The calm one's frame comes while the other's wait, for those take more than a second.
  ASSERT_TRUE(low.wait([&](const MeshNode&) { return from(2) == 1; }));
  ASSERT_TRUE(low.wait([&](const MeshNode&) { return from(1) == 700; })) << "late, but none is lost";
  EXPECT_GE(std::chrono::steady_clock::now() - before, std::chrono::milliseconds(1200));
}

TEST(PeerMesh, links_come_back_when_a_member_restarts) {
  MeshCommittee committee(3);
  auto zero = committee.start(0);
  auto one = committee.start(1);
  auto two = committee.start(2);
  ASSERT_TRUE(one->wait_up(0) && one->wait_up(2) && two->wait_up(0));
  zero->send(1, {1});
  ASSERT_TRUE(one->wait([](const MeshNode& seen) { return seen.frames.size() == 1; }));
  zero.reset();
  ASSERT_TRUE(one->wait_down(0, Errc::closed));
  auto settings = committee.settings(0);
  settings.listen = committee.addresses[0];
  MeshNode again(settings);
  ASSERT_TRUE(one->wait_up(0, 2) && two->wait_up(0, 2));
  again.send(1, {2});
  ASSERT_TRUE(one->wait([](const MeshNode& seen) { return seen.frames.size() == 2; }));
  two.reset();
  ASSERT_TRUE(one->wait_down(2, Errc::closed));
  auto back = committee.start(2);
  EXPECT_TRUE(one->wait_up(2, 2) && again.wait_up(2, 2));
}

TEST(PeerMesh, a_second_link_of_one_member_replaces_the_first) {
  MeshCommittee committee(2);
  auto low = committee.start(0);
  auto first = committee.start(1);
  ASSERT_TRUE(low->wait_up(1));
  auto settings = committee.settings(1);
  settings.backoff_min = settings.backoff_max = millis(60'000);
  MeshNode second(settings);
  ASSERT_TRUE(low->wait_up(1, 2));
  EXPECT_TRUE(low->wait_down(1, Errc::closed));
}

TEST(PeerMesh, a_member_that_dials_without_end_gets_a_few_links_a_second_and_disturbs_no_other) {
  MeshCommittee committee(3);
  auto low = committee.start(0);
  auto calm = committee.start(2);
  ASSERT_TRUE(low->wait_up(2) && calm->wait_up(0));
  // Two copies of member 1: each link of one ends that of the other, which dials again at once.
  const auto before = std::chrono::steady_clock::now();
  auto settings = committee.settings(1);
  settings.backoff_min = settings.backoff_max = millis(1);
  MeshNode first(settings);
  MeshNode second(settings);
  ASSERT_TRUE(low->wait([](const MeshNode& seen) { return std::ranges::count(seen.refusals, Errc::closed) >= 50; }));
  calm->send(0, {2});
  ASSERT_TRUE(low->wait([](const MeshNode& seen) { return !seen.frames.empty(); }));
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
  EXPECT_TRUE(low->wait([&](const MeshNode& seen) {
    return static_cast<double>(std::ranges::count(seen.ups, MemberIndex{1})) <= 6 + 4 * (seconds + 1);
  }));
  EXPECT_EQ(low->mesh().links()[1].times_up, 1U) << "the calm one's link is the first";
}

TEST(PeerMesh, wakes_once_at_the_newest_time_given) {
  MeshCommittee committee(1);
  auto node = committee.start(0);
  const auto now = [] {
    return MonoTime{
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch())
            .count()};
  };
  std::promise<MonoTime> asked;
  node->mesh().post([&] {
    node->mesh().wake_at(now() + millis(3'600'000));
    node->mesh().wake_at(now() + millis(1));
    const MonoTime due = now() + millis(20);
    node->mesh().wake_at(due);
    asked.set_value(due);
  });
  const MonoTime due = asked.get_future().get();
  ASSERT_TRUE(node->wait([](const MeshNode& seen) { return seen.wakes > 0; }));
  EXPECT_GE(now(), due);
  EXPECT_EQ(node->wakes, 1);
}

TEST(PeerMesh, a_time_that_was_replaced_when_it_had_just_come_does_not_wake) {
  MeshCommittee committee(1);
  auto node = committee.start(0);
  PeerMesh& mesh = node->mesh();
  std::promise<void> begun;
  std::promise<void> replacement_is_queued;
  std::promise<void> finished;
  mesh.post([&] {
    const auto due = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
    mesh.wake_at(MonoTime{std::chrono::duration_cast<std::chrono::microseconds>(due.time_since_epoch()).count()});
    begun.set_value();
    replacement_is_queued.get_future().wait();
    while (std::chrono::steady_clock::now() <= due + std::chrono::milliseconds(1)) {
    }
  });
  begun.get_future().wait();
  mesh.post([&] {
    mesh.wake_at(MonoTime{INT64_MAX});  // never
    mesh.post([&] { mesh.post([&] { finished.set_value(); }); });
  });
  replacement_is_queued.set_value();
  finished.get_future().wait();
  ASSERT_TRUE(node->wait([](const MeshNode& seen) { return seen.wakes == 0; }));
  mesh.post([&] { mesh.wake_at(MonoTime{INT64_MIN}); });  // at once
  EXPECT_TRUE(node->wait([](const MeshNode& seen) { return seen.wakes == 1; }));
}

TEST(PeerMesh, posted_work_runs_in_order_on_one_thread) {
  MeshCommittee committee(1);
  auto node = committee.start(0);
  std::vector<int> order;
  std::promise<void> finished;
  for (int i = 0; i < 100; ++i) node->mesh().post([&order, i] { order.push_back(i); });
  node->mesh().post([&] { finished.set_value(); });
  finished.get_future().wait();
  EXPECT_TRUE(std::ranges::is_sorted(order));
  EXPECT_EQ(order.size(), 100U);
}

TEST(PeerMesh, settings_that_do_not_fit_are_refused) {
  MeshCommittee committee(3);
  const auto refusal = [](const MeshSettings& settings) {
    const auto mesh = PeerMesh::listen(settings, {});
    return mesh ? Errc{} : mesh.error().code;
  };
  const auto good = committee.settings(1);
  EXPECT_EQ(refusal(good), Errc{});
  auto bad = committee.settings(1);
  bad.me = MemberIndex{3};
  EXPECT_EQ(refusal(bad), Errc::out_of_range);
  bad.me = MemberIndex{0};
  EXPECT_EQ(refusal(bad), Errc::bad_identity);
  auto nowhere = committee.settings(1);
  nowhere.listen = "127.0.0.1";
  EXPECT_EQ(refusal(nowhere), Errc::out_of_range);
  auto few = committee.settings(1);
  few.addresses.pop_back();
  EXPECT_EQ(refusal(few), Errc::out_of_range);
  auto unclear = committee.settings(1);
  unclear.addresses[0] = "somewhere";
  EXPECT_EQ(refusal(unclear), Errc::out_of_range);
  auto taken = committee.start(0);
  auto same = committee.settings(1);
  same.listen = taken->address();
  EXPECT_EQ(refusal(same), Errc::io_failed);
}

}  // namespace
}  // namespace assay::threshold
