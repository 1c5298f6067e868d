#include "threshold/pacemaker.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "threshold/sim/world.hpp"

namespace assay::threshold {
namespace {

Now at_ms(std::int64_t since_start) {
  return {MonoTime{since_start * 1000}, WallTime{1'790'000'000'000'000} + millis(since_start)};
}

struct Pace : testing::Test {
  Timing timing = sim::usual_timing(64);
  Pacemaker pacemaker{Quorum{4}, MemberIndex{0}, timing, View{5}, at_ms(0)};
};

TEST_F(Pace, patience_ends_in_one_wish_that_is_repeated) {
  EXPECT_EQ(pacemaker.poll(at_ms(399)).advice, Pacemaker::Advice::stay);
  const auto move = pacemaker.poll(at_ms(400));
  EXPECT_EQ(move.advice, Pacemaker::Advice::wish);
  EXPECT_EQ(move.view, View{6});
  EXPECT_EQ(pacemaker.poll(at_ms(410)).advice, Pacemaker::Advice::stay);
  EXPECT_EQ(pacemaker.poll(at_ms(500)).advice, Pacemaker::Advice::wish);
}

TEST_F(Pace, f_plus_one_wishes_make_me_join_and_two_f_plus_one_enter) {
  pacemaker.hear(MemberIndex{1}, View{9});
  EXPECT_EQ(pacemaker.poll(at_ms(1)).advice, Pacemaker::Advice::stay);
  pacemaker.hear(MemberIndex{2}, View{7});
  const auto move = pacemaker.poll(at_ms(2));
  EXPECT_EQ(move.advice, Pacemaker::Advice::enter);  // two others and now me are three
  EXPECT_EQ(move.view, View{7});
}

TEST_F(Pace, a_liar_far_ahead_drags_nobody) {
  pacemaker.hear(MemberIndex{3}, View{UINT64_MAX >> 1U});
  for (int i = 0; i < 300; ++i) EXPECT_EQ(pacemaker.poll(at_ms(i)).advice, Pacemaker::Advice::stay);
  pacemaker.hear(MemberIndex{2}, View{6});
  EXPECT_EQ(pacemaker.poll(at_ms(301)).view, View{6});
}

TEST_F(Pace, a_wish_from_before_the_last_height_helps_no_liar) {
  pacemaker.hear_wish(MemberIndex{1}, View{6});  // it was deaf for a while
  pacemaker.progress(at_ms(10));
  for (std::int64_t now = 10; now < 400; now += 10) {
    pacemaker.hear_wish(MemberIndex{3}, View{6});
    EXPECT_EQ(pacemaker.poll(at_ms(now)).advice, Pacemaker::Advice::stay);
  }
  pacemaker.hear_wish(MemberIndex{1}, View{6});  // it still wants to leave
  EXPECT_EQ(pacemaker.poll(at_ms(400)).view, View{6});
}

TEST_F(Pace, the_next_height_takes_back_my_own_wish) {
  EXPECT_EQ(pacemaker.poll(at_ms(400)).advice, Pacemaker::Advice::wish);
  pacemaker.progress(at_ms(450));
  EXPECT_EQ(pacemaker.wish(), View{5});
  EXPECT_EQ(pacemaker.poll(at_ms(600)).advice, Pacemaker::Advice::stay);
  EXPECT_EQ(pacemaker.deadline(), MonoTime{850'000});
  EXPECT_EQ(pacemaker.poll(at_ms(850)).advice, Pacemaker::Advice::wish) << "at once, whenever it was said before";
}

TEST_F(Pace, who_is_in_a_view_stays_there_whatever_is_attested) {
  pacemaker.hear(MemberIndex{1}, View{6});
  pacemaker.progress(at_ms(10));
  pacemaker.hear(MemberIndex{2}, View{6});
  EXPECT_EQ(pacemaker.poll(at_ms(20)).advice, Pacemaker::Advice::enter);
}

TEST_F(Pace, patience_doubles_up_to_its_bound_and_progress_resets_it) {
  std::int64_t now = 0;
  std::vector<std::int64_t> spans;
  for (std::uint64_t view = 6; view < 12; ++view) {
    const MonoTime due = pacemaker.deadline();
    spans.push_back(due.value / 1000 - now);
    now = due.value / 1000;
    (void)pacemaker.poll(at_ms(now));
    pacemaker.entered(View{view}, at_ms(now));
  }
  EXPECT_THAT(spans, testing::ElementsAre(400, 800, 1600, 3200, 3200, 3200));
  pacemaker.progress(at_ms(now));
  EXPECT_EQ(pacemaker.deadline(), MonoTime{(now + 400) * 1000});
}

TEST_F(Pace, patience_does_not_grow_while_a_quorum_is_away) {
  for (std::int64_t now = 400; now < 60'000; now += 100) EXPECT_EQ(pacemaker.poll(at_ms(now)).view, View{6});
  pacemaker.hear(MemberIndex{1}, View{6});
  pacemaker.hear(MemberIndex{2}, View{6});
  EXPECT_EQ(pacemaker.poll(at_ms(60'000)).advice, Pacemaker::Advice::enter);
  pacemaker.entered(View{6}, at_ms(60'000));
  EXPECT_EQ(pacemaker.deadline(), MonoTime{(60'000 + 800) * 1000}) << "one view has failed, not a hundred";
}

TEST_F(Pace, a_wish_that_is_out_leaves_no_deadline_in_the_past) {
  for (std::int64_t now = 400; now < 2'000; now += 10) {
    (void)pacemaker.poll(at_ms(now));
    EXPECT_GT(pacemaker.deadline(), MonoTime{now * 1000});
  }
}

TEST_F(Pace, a_certificate_extends_patience_once) {
  pacemaker.extend_once(at_ms(390));
  EXPECT_EQ(pacemaker.deadline(), MonoTime{(390 + 2 * (60 + 2 * 20) + 2 * 20) * 1000});
  pacemaker.extend_once(at_ms(500));
  EXPECT_EQ(pacemaker.deadline(), MonoTime{(390 + 2 * (60 + 2 * 20) + 2 * 20) * 1000});
}

}  // namespace
}  // namespace assay::threshold
