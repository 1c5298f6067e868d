#include "threshold/crypto/arena.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace assay::threshold {
namespace {

static_assert(!std::is_copy_constructible_v<SecretSlot> && !std::is_copy_assignable_v<SecretSlot>);
static_assert(std::is_nothrow_move_constructible_v<SecretSlot>);

bool all_zero(std::span<const std::uint8_t> bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t byte) { return byte == 0; });
}

TEST(SecretSlot, is_wiped_when_it_goes_and_the_memory_serves_again) {
  const std::uint8_t* place = nullptr;
  {
    auto slot = SecretSlot::make();
    place = slot.bytes().data();
    std::ranges::fill(slot.bytes(), std::uint8_t{0xab});
  }
  // The arena never unmaps, so the place may still be read: it must hold nothing.
  EXPECT_TRUE(all_zero({place, SecretSlot::size}));
  EXPECT_EQ(SecretSlot::make().bytes().data(), place);
}

TEST(SecretSlot, moves_leave_nothing_behind) {
  auto first = SecretSlot::make();
  std::ranges::fill(first.bytes(), std::uint8_t{1});
  auto second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(second.bytes()[5], 1);
  const auto* overwritten = second.bytes().data();
  second = SecretSlot::make();
  EXPECT_TRUE(all_zero({overwritten, SecretSlot::size}));
  EXPECT_TRUE(all_zero(second.bytes()));
}

TEST(SecretSlot, live_slots_never_overlap_across_chunks) {
  std::vector<SecretSlot> slots;
  std::set<const std::uint8_t*> places;
  for (int i = 0; i < 3000; ++i) {
    slots.push_back(SecretSlot::make());
    places.insert(slots.back().bytes().data());
  }
  EXPECT_EQ(places.size(), slots.size());
  const auto* before = *places.begin();
  for (const auto* place : places) {
    if (place != before) {
      EXPECT_GE(place - before, 64);
    }
    before = place;
  }
}

TEST(SecretSlot, may_be_taken_from_many_threads) {
  std::vector<std::thread> threads;
  for (std::uint8_t mark = 1; mark <= 4; ++mark) {
    threads.emplace_back([mark] {
      for (int round = 0; round < 500; ++round) {
        auto slot = SecretSlot::make();
        std::ranges::fill(slot.bytes(), mark);
        ASSERT_TRUE(std::ranges::all_of(slot.bytes(), [mark](std::uint8_t byte) { return byte == mark; }));
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

TEST(SecretSlot, a_forked_child_finds_it_empty) {
  auto slot = SecretSlot::make();
  std::ranges::fill(slot.bytes(), std::uint8_t{7});
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) _exit(all_zero(std::as_const(slot).bytes()) ? 0 : 1);
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(SecretSlot, more_than_the_bound_is_our_own_leak) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        std::vector<SecretSlot> slots;
        for (std::size_t i = 0; i <= secret_slots_max; ++i) slots.push_back(SecretSlot::make());
      },
      "secret_slots_max");
}

}  // namespace
}  // namespace assay::threshold
