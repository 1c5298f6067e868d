#include "fetchers/host_gate.hpp"

#include <gtest/gtest.h>

#include "tests/unit/fetchers/seeded_entropy.hpp"

namespace assay::fetchers::testing {
namespace {

constexpr MonoTime start{1'000'000};

class Gate : public ::testing::Test {
 protected:
  static GateLimits limits() {
    GateLimits limits;
    limits.failures_max = 3;
    limits.backoff = {millis(1000), millis(8000)};
    return limits;
  }
  bool passes(MonoTime now) { return !gate_.ask(now, 1); }
  void fail(MonoTime now, Condition condition = Condition::server_error) { gate_.answered(now, condition, Micros{}); }
  void open_at(MonoTime now) {
    for (int i = 0; i < 3; ++i) fail(now);
    ASSERT_EQ(gate_.state(now), HostGate::State::open);
  }

  SeededEntropy entropy_;
  HostGate gate_{limits(), entropy_};
};

TEST_F(Gate, opens_after_so_many_failures_in_a_row_and_not_before) {
  for (int i = 0; i < 5; ++i) {
    fail(start);
    fail(start);
    gate_.answered(start, Condition::good, Micros{});
  }
  EXPECT_TRUE(passes(start));
  open_at(start);
  EXPECT_FALSE(passes(start));
  EXPECT_EQ(gate_.condition(), Condition::server_error);
}

TEST_F(Gate, a_wrong_request_is_no_fault_of_the_host) {
  for (int i = 0; i < 20; ++i) fail(start, Condition::bad_answer);
  EXPECT_TRUE(passes(start));
  EXPECT_EQ(gate_.condition(), Condition::bad_answer);
  gate_.answered(start, Condition::good, Micros{});
  fail(start, Condition::bad_answer);
  EXPECT_EQ(gate_.condition(), Condition::good);
}

TEST_F(Gate, half_open_lets_one_probe_through_and_closes_when_it_fares_well) {
  open_at(start);
  const MonoTime due = *gate_.ask(start, 1);
  EXPECT_EQ(gate_.state(due), HostGate::State::half_open);
  EXPECT_TRUE(passes(due));
  EXPECT_FALSE(passes(due));
  EXPECT_FALSE(passes(due + millis(500)));
  gate_.answered(due + millis(600), Condition::good, Micros{});
  EXPECT_EQ(gate_.state(due + millis(600)), HostGate::State::closed);
  EXPECT_TRUE(passes(due + millis(600)));
  EXPECT_TRUE(passes(due + millis(600)));
}

TEST_F(Gate, a_failed_probe_opens_it_again_for_longer_up_to_the_cap) {
  open_at(start);
  MonoTime now = start;
  Micros longest{};
  for (int i = 0; i < 40; ++i) {
    const Micros alone = gate_.left_alone(now);
    longest = std::max(longest, alone);
    EXPECT_LE(alone, millis(8000));
    now = now + alone;
    ASSERT_TRUE(passes(now)) << i;
    fail(now);
  }
  EXPECT_GT(longest, millis(4000));
}

TEST_F(Gate, a_probe_of_which_nothing_is_heard_does_not_lock_the_host_out) {
  open_at(start);
  const MonoTime due = *gate_.ask(start, 1);
  ASSERT_TRUE(passes(due));
  EXPECT_FALSE(passes(due + HostGate::probe_patience + micros(-1)));
  EXPECT_TRUE(passes(due + HostGate::probe_patience));
}

TEST_F(Gate, one_429_stops_everything_for_as_long_as_the_host_asks) {
  gate_.answered(start, Condition::rate_limited, millis(90'000));
  EXPECT_FALSE(passes(start + millis(89'999)));
  EXPECT_TRUE(passes(start + millis(90'000)));
}

TEST_F(Gate, each_kind_of_refusal_has_a_floor_of_its_own) {
  const GateLimits floors = limits();
  for (const auto& [condition, least] :
       {std::pair{Condition::rate_limited, floors.rate_limited}, std::pair{Condition::banned, floors.banned},
        std::pair{Condition::region_refused, floors.region_refused}}) {
    HostGate gate(floors, entropy_);
    gate.answered(start, condition, millis(1));
    EXPECT_GE(gate.left_alone(start), least) << name(condition);
  }
  HostGate gate(floors, entropy_);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(gate.state(start), HostGate::State::closed);
    gate.answered(start, Condition::forbidden, Micros{});
  }
  EXPECT_GE(gate.left_alone(start), floors.forbidden);
}

TEST_F(Gate, an_answer_to_what_left_before_a_ban_does_not_lift_it) {
  gate_.answered(start, Condition::banned, millis(300'000));
  gate_.answered(start + millis(10), Condition::good, Micros{});
  EXPECT_FALSE(passes(start + millis(20)));
}

TEST_F(Gate, the_allowance_holds_for_the_probe_too) {
  GateLimits tight = limits();
  tight.rules = {{.allowance = 1, .window = millis(60'000)}};
  HostGate gate(tight, entropy_);
  EXPECT_FALSE(gate.ask(start, 1));
  for (int i = 0; i < 3; ++i) gate.answered(start, Condition::timed_out, Micros{});
  const MonoTime after = start + millis(9000);
  ASSERT_EQ(gate.state(after), HostGate::State::half_open);
  const auto again = gate.ask(after, 1);
  ASSERT_TRUE(again);
  EXPECT_GE(*again, start + millis(60'000));
}

}  // namespace
}  // namespace assay::fetchers::testing
