#include "fetchers/market/scenario.hpp"

#include <gtest/gtest.h>

#include "fetchers/market/board.hpp"
#include "fetchers/market/order_text.hpp"

namespace assay::fetchers::market {
namespace {

constexpr WallTime now{1'700'000'000'000'000};

ScenarioEvent lie(Micros at, Micros lasts) {
  Fault fault = fault_of(FaultKind::lie);
  fault.factor_e6 = 10'000'000;
  return {at, lasts, FaultOrder{"kraken", fault}};
}

FaultKind kind_of(const Order& order) {
  return std::get<FaultOrder>(order).fault.kind;
}

TEST(ScenarioPlayer, gives_each_order_once_when_its_time_has_come_and_undoes_it_later) {
  Scenario scenario;
  scenario.events = {lie(millis(1000), millis(500))};
  ScenarioPlayer player(scenario);
  EXPECT_TRUE(player.due(millis(999)).empty());
  auto orders = player.due(millis(1000));
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(kind_of(orders.front()), FaultKind::lie);
  EXPECT_TRUE(player.due(millis(1499)).empty());
  orders = player.due(millis(9000));
  ASSERT_EQ(orders.size(), 1U);
  EXPECT_EQ(kind_of(orders.front()), FaultKind::none);
  EXPECT_TRUE(player.due(millis(900'000)).empty());
}

TEST(ScenarioPlayer, ends_one_fault_before_the_next_begins_at_the_same_moment) {
  Scenario scenario;
  scenario.events = {lie(millis(1000), millis(500)), lie(millis(1500), {})};
  ScenarioPlayer player(scenario);
  (void)player.due(millis(1000));
  const auto orders = player.due(millis(1500));
  ASSERT_EQ(orders.size(), 2U);
  EXPECT_EQ(kind_of(orders[0]), FaultKind::none);
  EXPECT_EQ(kind_of(orders[1]), FaultKind::lie);
}

TEST(ScenarioPlayer, begins_anew_every_period) {
  Scenario scenario;
  scenario.events = {lie(millis(100), millis(100))};
  scenario.period = millis(1000);
  ScenarioPlayer player(scenario);
  EXPECT_EQ(player.due(millis(200)).size(), 2U);
  EXPECT_TRUE(player.due(millis(1099)).empty());
  EXPECT_EQ(player.due(millis(1100)).size(), 1U);
  EXPECT_EQ(player.due(millis(2300)).size(), 3U);
}

TEST(ScenarioPlayer, a_relisting_brings_back_the_one_instrument_and_leaves_other_trouble_alone) {
  Fault fault = fault_of(FaultKind::delisted);
  fault.symbol = "BTC/USD";
  const auto end = std::get<FaultOrder>(undone(FaultOrder{"*", fault}));
  EXPECT_EQ(end.fault.kind, FaultKind::none);
  EXPECT_EQ(end.fault.symbol, "BTC/USD");
}

TEST(Walk, draws_an_asset_away_over_so_many_steps_and_lets_it_go_again) {
  Walk walk(1, {{"USDC", 100'000'000, 0}});
  ASSERT_TRUE(walk.shift("USDC", 880'000, 4));
  walk.step();
  EXPECT_EQ(walk.usd_e8("USDC"), 97'000'000);
  for (int i = 0; i < 3; ++i) walk.step();
  EXPECT_EQ(walk.usd_e8("USDC"), 88'000'000);
  ASSERT_TRUE(walk.shift("USDC", 1'000'000, 1));
  walk.step();
  EXPECT_EQ(walk.usd_e8("USDC"), 100'000'000);
  EXPECT_FALSE(walk.shift("BTC", 1, 1));
}

TEST(Board, shows_a_crossed_book_and_a_washed_volume_on_command) {
  Walk walk(1, {{"BTC", 6'500'000'000'000, 0}});
  Board honest(1, {{"BTC", "USD"}}, {});
  Board crossed(1, {{"BTC", "USD"}}, {});
  Board washed(1, {{"BTC", "USD"}}, {});
  walk.step();
  honest.step(walk, {}, now);
  crossed.step(walk, fault_of(FaultKind::crossed), now);
  washed.step(walk, fault_of(FaultKind::wash), now);
  EXPECT_LT(honest.ticker(0).bid_e8, honest.ticker(0).ask_e8);
  EXPECT_EQ(crossed.ticker(0).bid_e8, honest.ticker(0).ask_e8);
  EXPECT_EQ(crossed.ticker(0).ask_e8, honest.ticker(0).bid_e8);
  EXPECT_EQ(washed.ticker(0).bid_e8, honest.ticker(0).bid_e8);
  EXPECT_EQ(washed.ticker(0).volume_e8, 1000 * honest.ticker(0).volume_e8);
}

TEST(Orders, read_what_the_market_is_told) {
  auto order = read_order(R"({"venue":"okx","fault":"late","delay_ms":250})");
  ASSERT_TRUE(order);
  EXPECT_EQ(std::get<FaultOrder>(*order).fault.delay, millis(250));
  order = read_order(R"({"asset":"USDC","move":"0.88","over_ms":5000})");
  ASSERT_TRUE(order);
  EXPECT_EQ(std::get<MoveOrder>(*order).factor_e6, 880'000);
  EXPECT_EQ(std::get<MoveOrder>(*order).over, millis(5000));
  for (const char* wrong :
       {"", "[]", "nonsense", R"({"fault":"lie"})", R"({"venue":"okx","fault":"sulk"})",
        R"({"venue":"okx","fault":"lie","factor":"-1"})", R"({"venue":"okx","fault":"late","delay_ms":0})",
        R"({"venue":"okx","fault":"late","delay_ms":"99999999999999"})", R"({"venue":"okx","fault":"delisted"})",
        R"({"venue":"okx","fault":"banned","retry_after_s":-1})", R"({"asset":"USDC","move":"x"})"}) {
    EXPECT_FALSE(read_order(wrong)) << wrong;
  }
}

TEST(Orders, name_every_fault_to_who_asks_for_another) {
  EXPECT_EQ(read_order(R"({"venue":"okx","fault":"sulk"})").error().detail, "fault: one of " + fault_words());
}

TEST(Faults, every_kind_has_a_word_and_every_word_a_kind) {
  for (int kind = 0; kind <= static_cast<int>(FaultKind::delisted); ++kind) {
    EXPECT_EQ(fault_kind(name(static_cast<FaultKind>(kind))), static_cast<FaultKind>(kind));
  }
  EXPECT_NE(fault_words().find("rate_limited"), std::string::npos);
}

}  // namespace
}  // namespace assay::fetchers::market
