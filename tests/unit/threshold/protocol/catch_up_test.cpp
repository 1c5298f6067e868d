#include "threshold/catch_up.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>

namespace assay::threshold {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using Ask = CatchUp::Ask;

/// Member 0 of four lacks heights 1 to `last`; ranges are of ten.
struct Ranges : testing::Test {
  Ranges() {
    for (std::uint16_t one = 1; one < 4; ++one) ranges.welcome(peer(one));
  }
  std::vector<Ask> poll(std::int64_t ms, std::uint64_t first = 1) {
    return ranges.poll({Height{first}, Height{last}}, CatchUp::Wanted::attested, at(ms));
  }
  static MonoTime at(std::int64_t ms) { return MonoTime{ms * 1000}; }
  static std::vector<Batch> batches(std::uint64_t from, std::uint64_t count) {
    std::vector<Batch> made(count);
    for (std::uint64_t i = 0; i < count; ++i) {
      made[i].header.height = Height{from + i};
      made[i].observations = {Bytes{1}};
    }
    return made;
  }
  /// `bare` are heights without their observations.
  void answer_bare(const Ask& ask, const std::set<std::uint64_t>& bare, std::int64_t ms) {
    ASSERT_EQ(ranges.wants(ask.peer, ask.from), ask.count);
    auto made = batches(ask.from.value, ask.count);
    for (Batch& batch : made) {
      if (bare.contains(batch.header.height.value)) batch.observations.clear();
    }
    ranges.hold(ask.peer, ask.from, std::move(made), CatchUp::Room::left, at(ms));
  }
  Ask the_one(std::int64_t ms) {
    const auto asks = poll(ms);
    EXPECT_THAT(asks, SizeIs(1));
    return asks.empty() ? Ask{} : asks[0];
  }
  void answer(const Ask& ask, std::int64_t ms) { answer(ask.peer, ask.from.value, ask.count, ms); }
  void answer(MemberIndex peer, std::uint64_t from, std::uint64_t count, std::int64_t ms,
              CatchUp::Room room = CatchUp::Room::left) {
    ASSERT_GT(ranges.wants(peer, Height{from}), 0U);
    ranges.hold(peer, Height{from}, batches(from, count), room, at(ms));
  }
  /// Height 7 of ten came without observations, from two; what the third was asked is late at 150 ms.
  Ask two_have_told_and_one_is_late() {
    last = 10;
    answer_bare(the_one(0), {7}, 0);
    answer_bare(the_one(1), {7}, 1);
    const Ask third = the_one(2);
    EXPECT_THAT(poll(150), IsEmpty());
    return third;
  }
  std::vector<Ask> poll_perhaps(std::int64_t ms, std::uint64_t first) {
    return ranges.poll({Height{first}, Height{first + 9}}, CatchUp::Wanted::perhaps, at(ms));
  }
  /// Takes what is there, from `height` on; the first one that is not.
  std::uint64_t take_from(
      std::uint64_t height, const std::function<void(const Batch&)>& look = [](const auto&) {}) {
    while (const auto held = ranges.take(Height{height})) {
      EXPECT_EQ(held->batch.header.height, Height{height});
      look(held->batch);
      ++height;
    }
    return height;
  }
  static MemberIndex peer(std::uint16_t index) { return MemberIndex{index}; }

  std::uint64_t last = 1000;
  CatchUp ranges{{.quorum = Quorum{4},
                  .me = MemberIndex{0},
                  .range_batches = 10,
                  .patience_min = millis(100),
                  .patience_max = millis(800)}};
};

TEST_F(Ranges, every_peer_is_asked_for_another_one) {
  EXPECT_THAT(poll(0),
              ElementsAre(Ask{peer(1), Height{1}, 10}, Ask{peer(2), Height{11}, 10}, Ask{peer(3), Height{21}, 10}));
  EXPECT_THAT(poll(1), IsEmpty()) << "one range a peer";
  answer(peer(2), 11, 10, 2);
  EXPECT_THAT(poll(2), ElementsAre(Ask{peer(2), Height{31}, 10})) << "the next goes to whoever is free";
}

TEST_F(Ranges, what_comes_before_its_turn_waits) {
  const auto asks = poll(0);
  answer(asks[2], 1);
  answer(asks[1], 2);
  EXPECT_EQ(take_from(1), 1U);
  answer(asks[0], 3);
  EXPECT_EQ(take_from(1), 31U);
}

TEST_F(Ranges, no_more_than_the_window_is_asked_for_or_held) {
  std::size_t held = 0;
  poll(0);
  for (std::int64_t ms = 1; ms < 90; ++ms) {  // peer 1, which has the first range, says nothing
    for (std::uint64_t from = 11; from < last; from += 10) {
      for (const std::uint16_t one : {std::uint16_t{2}, std::uint16_t{3}}) {
        if (ranges.wants(peer(one), Height{from}) == 0 || from == 1) continue;
        answer(peer(one), from, 10, ms);
        ++held;
      }
    }
    poll(ms);
  }
  EXPECT_EQ(held, CatchUp::ranges_max - 1);
}

TEST_F(Ranges, when_half_the_window_waits_for_its_first_range_a_second_peer_is_asked) {
  auto asks = poll(0);
  std::vector<Ask> again;
  for (std::int64_t ms = 1; again.empty() && ms < 50; ++ms) {
    for (const Ask& ask : std::exchange(asks, {})) {
      if (ask.from != Height{1}) answer(ask, ms);
    }
    asks = poll(ms);
    std::ranges::copy_if(asks, std::back_inserter(again), [](const Ask& ask) { return ask.from == Height{1}; });
  }
  ASSERT_THAT(again, SizeIs(1));
  EXPECT_NE(again[0].peer, peer(1));
  answer(again[0], 60);
  EXPECT_EQ(ranges.wants(peer(1), Height{1}), 0U) << "the slower answer is not needed any more";
  EXPECT_GE(take_from(1), 51U);
}

TEST_F(Ranges, what_a_silent_peer_does_not_give_is_asked_elsewhere_and_it_waits_longer_each_time) {
  last = 10;
  EXPECT_THAT(poll(0), ElementsAre(Ask{peer(1), Height{1}, 10}));
  EXPECT_THAT(poll(99), IsEmpty());
  EXPECT_EQ(ranges.deadline(), at(100));
  EXPECT_THAT(poll(100), ElementsAre(Ask{peer(2), Height{1}, 10}));
  EXPECT_THAT(poll(200), ElementsAre(Ask{peer(3), Height{1}, 10}));
  EXPECT_TRUE(ranges.deadline());
  std::vector<std::int64_t> asked_again;
  for (std::int64_t ms = 201; ms < 6000; ++ms) {
    for (const Ask& ask : poll(ms)) {
      if (ask.peer == peer(1)) asked_again.push_back(ms);
    }
  }
  ASSERT_GE(asked_again.size(), 3U);
  EXPECT_LE(asked_again.size(), 8U) << "a dead peer is asked less and less";
}

TEST_F(Ranges, a_late_answer_counts_as_long_as_nobody_was_faster) {
  last = 10;
  poll(0);
  poll(100);
  answer(peer(1), 1, 10, 150);
  EXPECT_EQ(ranges.wants(peer(2), Height{1}), 0U);
  EXPECT_EQ(take_from(1), 11U);
}

TEST_F(Ranges, a_short_answer_leaves_the_rest_to_the_others) {
  const auto asks = poll(0);
  answer(peer(1), 1, 4, 1);
  answer(asks[1], 1);
  const auto next = poll(1);
  ASSERT_FALSE(next.empty());
  EXPECT_EQ(next[0], (Ask{peer(2), Height{5}, 6}));
  EXPECT_EQ(take_from(1), 5U);
  answer(next[0], 2);
  EXPECT_EQ(take_from(5), 21U);
}

TEST_F(Ranges, who_gives_less_than_there_is_waits_but_not_when_its_frame_was_full) {
  auto asks = poll(0);
  answer(peer(1), 1, 4, 1);
  EXPECT_THAT(poll(1), IsEmpty()) << "the others are busy, and worth waiting for";
  answer(peer(2), 11, 4, 2, CatchUp::Room::none);
  EXPECT_THAT(poll(2), ElementsAre(Ask{peer(2), Height{5}, 6}));
}

TEST_F(Ranges, of_short_answers_no_more_are_held_than_of_long_ones) {
  poll(0);
  std::size_t held = 0;
  for (std::int64_t ms = 1; ms < 90; ++ms) {  // peer 1, which has the first range, says nothing
    for (std::uint64_t from = 2; from < last; ++from) {
      for (const std::uint16_t one : {std::uint16_t{2}, std::uint16_t{3}}) {
        if (ranges.wants(peer(one), Height{from}) == 0) continue;
        answer(peer(one), from, 1, ms, CatchUp::Room::none);
        ++held;
      }
    }
    poll(ms);
  }
  EXPECT_EQ(held, CatchUp::ranges_max - 1);
}

TEST_F(Ranges, a_window_that_shrinks_takes_back_what_nobody_was_asked_for) {
  poll(0);
  answer(peer(1), 1, 10, 1);
  ranges.take(Height{1});
  EXPECT_THAT(ranges.poll({Height{2}, Height{25}}, CatchUp::Wanted::attested, at(1)), IsEmpty());
  answer(peer(2), 11, 10, 2);
  answer(peer(3), 21, 2, 2, CatchUp::Room::none);
  EXPECT_THAT(ranges.poll({Height{2}, Height{25}}, CatchUp::Wanted::attested, at(2)),
              ElementsAre(Ask{peer(1), Height{23}, 3}));
}

TEST_F(Ranges, what_the_tip_cuts_short_is_nobodys_fault) {
  const auto asks = poll_perhaps(0, 1);
  ASSERT_THAT(asks, ElementsAre(Ask{peer(1), Height{1}, 10}));
  answer(peer(1), 1, 4, 1);
  EXPECT_EQ(take_from(1), 5U);
  ranges.leave(peer(2));
  ranges.leave(peer(3));
  EXPECT_THAT(poll_perhaps(2, 5), ElementsAre(Ask{peer(1), Height{5}, 6})) << "the only one there, and an honest one";
}

TEST_F(Ranges, who_has_no_link_is_asked_for_nothing) {
  ranges.leave(peer(1));
  EXPECT_THAT(poll(0), ElementsAre(Ask{peer(2), Height{1}, 10}, Ask{peer(3), Height{11}, 10}));
  ranges.leave(peer(2));
  EXPECT_EQ(ranges.wants(peer(2), Height{1}), 0U);
  answer(peer(3), 11, 10, 1);
  EXPECT_THAT(poll(1), ElementsAre(Ask{peer(3), Height{1}, 10})) << "what was lost is asked elsewhere at once";
  ranges.welcome(peer(2));
  ranges.shows(peer(1), Height{30});
  EXPECT_THAT(poll(2), SizeIs(2)) << "a link, or a word, and it is there";
}

TEST_F(Ranges, a_peer_with_a_bad_answer_is_asked_last_also_over_a_new_link) {
  last = 10;
  poll(0);
  ranges.fail(peer(1), at(1));
  ranges.welcome(peer(1));
  EXPECT_THAT(poll(1), ElementsAre(Ask{peer(2), Height{1}, 10}));
  ranges.fail(peer(2), at(2));
  EXPECT_THAT(poll(2), ElementsAre(Ask{peer(3), Height{1}, 10}));
}

TEST_F(Ranges, who_was_only_away_is_asked_again_at_once) {
  last = 10;
  poll(0);
  poll(100);
  poll(200);
  EXPECT_THAT(poll(250), IsEmpty());
  for (std::uint16_t one = 1; one < 4; ++one) ranges.welcome(peer(one));
  EXPECT_THAT(poll(251), SizeIs(1));
}

TEST_F(Ranges, who_has_shown_that_it_knows_of_them_is_preferred) {
  last = 20;
  ranges.shows(peer(3), Height{30});
  EXPECT_THAT(poll(0), ElementsAre(Ask{peer(3), Height{1}, 10})) << "the others may be as far behind as we are";
  ranges.shows(peer(2), Height{30});
  EXPECT_THAT(poll(1), ElementsAre(Ask{peer(2), Height{11}, 10}));
}

TEST_F(Ranges, nobody_is_late_with_heights_that_may_not_exist) {
  const CatchUp::Window window{Height{1}, Height{10}};
  EXPECT_THAT(ranges.poll(window, CatchUp::Wanted::perhaps, at(0)), SizeIs(1));
  for (std::int64_t ms = 100; ms < 2000; ms += 100) {
    EXPECT_THAT(ranges.poll(window, CatchUp::Wanted::perhaps, at(ms)), SizeIs(1)) << ms;
  }
}

TEST_F(Ranges, what_is_put_back_is_asked_of_those_that_were_not_asked_first) {
  last = 10;
  std::set<MemberIndex> asked;
  for (std::uint16_t turn = 0; turn < 3; ++turn) {
    const Ask ask = the_one(turn);
    asked.insert(ask.peer);
    answer(ask, turn);
    const auto held = ranges.take(Height{1});
    ASSERT_TRUE(held);
    EXPECT_EQ(held->from, ask.peer);
    ranges.put_back(*held, at(turn));
  }
  EXPECT_THAT(asked, SizeIs(3));
}

TEST_F(Ranges, who_strips_a_batch_of_its_observations_keeps_nobody_from_them) {
  last = 10;
  answer_bare(the_one(0), {4, 5}, 0);
  EXPECT_EQ(take_from(1), 1U) << "somebody else may have them";
  answer_bare(the_one(1), {5, 6}, 1);
  EXPECT_EQ(take_from(1), 1U);
  answer_bare(the_one(2), {1, 2, 3, 4, 6}, 2);
  for (std::uint64_t height = 1; height <= 10; ++height) {
    const auto held = ranges.take(Height{height});
    ASSERT_TRUE(held) << height;
    EXPECT_THAT(held->batch.observations, SizeIs(1)) << height;
    EXPECT_EQ(held->from, peer(height == 4 ? 2 : height == 5 ? 3 : 1)) << "whose answer has them";
  }
}

TEST_F(Ranges, a_batch_is_taken_without_observations_once_everybody_was_asked) {
  last = 10;
  for (std::int64_t turn = 0; turn < 3; ++turn) {
    EXPECT_EQ(take_from(1), 1U) << turn;
    answer_bare(the_one(turn), {7}, turn);
  }
  EXPECT_EQ(take_from(1), 11U);
}

TEST_F(Ranges, of_equal_answers_the_first_counts) {
  last = 10;
  for (std::int64_t turn = 0; turn < 3; ++turn) answer_bare(the_one(turn), {1}, turn);
  EXPECT_EQ(ranges.take(Height{1})->from, peer(1));
}

TEST_F(Ranges, what_could_still_be_answered_in_time_is_waited_for) {
  last = 10;
  answer_bare(the_one(0), {7}, 0);
  answer_bare(the_one(1), {7}, 1);
  const Ask asked = the_one(2);
  EXPECT_EQ(take_from(1), 1U);
  EXPECT_THAT(poll(150), IsEmpty());
  EXPECT_EQ(take_from(1), 11U) << asked.peer.value << " is late, and two have told";
}

TEST_F(Ranges, one_answer_without_observations_is_not_enough_however_late_the_others_are) {
  last = 10;
  answer_bare(the_one(0), {7}, 0);
  const Ask second = the_one(1);
  poll(150);
  poll(300);
  EXPECT_EQ(take_from(1), 1U) << "it may be the liar's";
  answer_bare(second, {}, 400);
  EXPECT_EQ(take_from(1), 11U) << "a late answer counts";
}

TEST_F(Ranges, whose_question_was_lost_with_its_link_was_not_asked) {
  last = 10;
  for (std::uint16_t one = 1; one < 4; ++one) {
    const Ask ask = the_one(one);
    ranges.welcome(ask.peer);
    EXPECT_EQ(ranges.wants(ask.peer, Height{1}), 0U);
  }
  std::set<MemberIndex> asked;
  for (std::int64_t turn = 4; turn < 7; ++turn) {
    EXPECT_EQ(take_from(1), 1U) << turn;
    const Ask ask = the_one(turn);
    asked.insert(ask.peer);
    answer_bare(ask, {7}, turn);
  }
  EXPECT_THAT(asked, SizeIs(3));
  EXPECT_EQ(take_from(1), 11U);
}

TEST_F(Ranges, a_late_answer_counts_until_the_batch_is_taken) {
  const Ask third = two_have_told_and_one_is_late();
  answer_bare(third, {}, 151);
  take_from(1, [](const Batch& batch) { EXPECT_THAT(batch.observations, SizeIs(1)); });
}

TEST_F(Ranges, a_question_was_lost_with_its_link_also_when_its_answer_was_late_by_then) {
  const Ask third = two_have_told_and_one_is_late();
  ranges.welcome(third.peer);
  EXPECT_EQ(take_from(1), 1U);
  EXPECT_EQ(the_one(151), third);
}

TEST_F(Ranges, who_has_answered_is_not_asked_again_over_a_new_link) {
  last = 10;
  const Ask first = the_one(0);
  answer_bare(first, {7}, 0);
  ranges.welcome(first.peer);
  answer_bare(the_one(1), {7}, 1);
  answer_bare(the_one(2), {7}, 2);
  EXPECT_THAT(poll(3), IsEmpty());
  EXPECT_EQ(take_from(1), 11U);
}

TEST_F(Ranges, nobody_is_everybody_when_fewer_than_f_plus_1_are_there) {
  last = 10;
  ranges.leave(peer(2));
  ranges.leave(peer(3));
  EXPECT_FALSE(ranges.stripped());
  answer_bare(the_one(0), {1}, 0);
  EXPECT_THAT(poll(200), IsEmpty()) << "who has told is not asked again";
  EXPECT_EQ(take_from(1), 1U) << "it may be the liar";
  EXPECT_EQ(ranges.stripped(), peer(1));
  ranges.welcome(peer(3));
  EXPECT_EQ(take_from(1), 1U);
  answer_bare(the_one(201), {1}, 201);
  EXPECT_FALSE(ranges.stripped());
  EXPECT_EQ(take_from(1), 11U);
}

TEST_F(Ranges, a_shorter_answer_tells_only_of_what_is_in_it) {
  last = 10;
  answer_bare(the_one(0), {2, 8}, 0);
  const Ask second = the_one(1);
  answer(second.peer, 1, 5, 1, CatchUp::Room::none);
  EXPECT_EQ(take_from(1), 6U);
  const auto asks = poll(2, 6);
  EXPECT_THAT(asks, ElementsAre(Ask{peer(3), Height{6}, 5})) << "whom nobody has asked for those";
  answer_bare(asks[0], {8}, 2);
  EXPECT_EQ(take_from(6), 6U) << "the second had no room for more";
  const auto rest = poll(3, 6);
  EXPECT_THAT(rest, ElementsAre(Ask{second.peer, Height{6}, 5}));
  answer_bare(rest[0], {}, 3);
  EXPECT_EQ(take_from(6), 11U);
}

TEST_F(Ranges, who_answered_a_part_has_not_told_of_the_rest) {
  last = 10;
  answer_bare(the_one(0), {8}, 0);
  answer(the_one(1).peer, 1, 5, 1, CatchUp::Room::none);
  EXPECT_EQ(take_from(1), 6U);
  poll(2, 6);
  poll(200, 6);
  poll(400, 6);
  EXPECT_EQ(take_from(6), 6U) << "the others are late, and who told may be the liar";
}

TEST_F(Ranges, who_gives_no_observations_is_asked_last_for_a_while) {
  const auto asks = poll(0);
  answer_bare(asks[0], {1}, 1);
  EXPECT_THAT(poll(1), IsEmpty()) << "the others are busy, and worth waiting for";
  EXPECT_THAT(poll(101), testing::Contains(testing::Field(&Ask::peer, asks[0].peer)));
}

TEST_F(Ranges, all_ranges_without_observations_are_asked_about_at_once) {
  last = 80;
  std::set<std::uint64_t> bare;
  for (std::uint64_t height = 5; height < last; height += 10) bare.insert(height);
  int rounds = 0;
  for (auto asks = poll(0); !asks.empty(); asks = poll(++rounds)) {
    for (const Ask& ask : asks) answer_bare(ask, bare, rounds);
  }
  EXPECT_LE(rounds, 9) << "twenty-four questions, three at a time";
  EXPECT_EQ(take_from(1), 81U);
}

TEST_F(Ranges, whose_batches_are_put_back_is_asked_last_for_a_while) {
  const auto asks = poll(0);
  answer(asks[0], 1);
  ranges.put_back(*ranges.take(Height{1}), at(1));
  EXPECT_THAT(poll(1), IsEmpty()) << "the others are busy, and worth waiting for";
  answer(asks[1], 2);
  EXPECT_THAT(poll(2), ElementsAre(Ask{peer(2), Height{1}, 10}));
  EXPECT_THAT(poll(150), testing::Contains(testing::Field(&Ask::peer, peer(1))));
}

TEST_F(Ranges, heights_that_came_another_way_are_not_taken_twice) {
  const auto asks = poll(0);
  for (const Ask& ask : asks) answer(ask, 1);
  poll(2, 15);
  EXPECT_EQ(take_from(15), 31U);
}

TEST_F(Ranges, what_was_not_asked_is_not_wanted) {
  poll(0);
  EXPECT_EQ(ranges.wants(peer(1), Height{11}), 0U);
  EXPECT_EQ(ranges.wants(peer(0), Height{1}), 0U);
  EXPECT_EQ(ranges.wants(MemberIndex{40}, Height{1}), 0U);
  ranges.clear();
  EXPECT_EQ(ranges.wants(peer(1), Height{1}), 0U);
  EXPECT_FALSE(ranges.deadline());
}

}  // namespace
}  // namespace assay::threshold
