#include "aggregator/plan.hpp"

#include <gmock/gmock.h>

#include "desk.hpp"

namespace assay::aggregator {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Plan planned(const AggregationPolicy& policy) {
  auto made = make_plan(policy);
  const auto* plan = std::get_if<Plan>(&made);
  EXPECT_NE(plan, nullptr);
  return plan != nullptr ? *plan : Plan{};
}

std::vector<PlanFault> faults(const AggregationPolicy& policy) {
  auto made = make_plan(policy);
  const auto* found = std::get_if<std::vector<PlanFault>>(&made);
  return found != nullptr ? *found : std::vector<PlanFault>{};
}

TEST(Plan, multiplies_by_a_leg_in_the_quote_of_the_source) {
  const auto policy =
      network_of({pair_feed("BTC/USD", {via("a", "BTC/USDT", {"USDT/USD"})}), pair_feed("USDT/USD", {})});
  const Plan plan = planned(policy);
  EXPECT_FALSE(plan.nodes[0].routes[0].inverted);
  EXPECT_THAT(plan.nodes[0].routes[0].steps, ElementsAre(Step{1, false}));
  EXPECT_THAT(plan.order, ElementsAre(1, 0)) << "a feed after what it needs";
}

TEST(Plan, divides_where_the_leg_stands_the_other_way_round) {
  const auto policy =
      network_of({pair_feed("BTC/USDT", {via("a", "BTC/USD", {"USDT/USD"})}), pair_feed("USDT/USD", {})});
  EXPECT_THAT(planned(policy).nodes[0].routes[0].steps, ElementsAre(Step{1, true}));
}

TEST(Plan, inverts_a_price_that_implies_a_stablecoin) {
  const auto policy =
      network_of({pair_feed("USDT/USD", {via("a", "BTC/USDT", {"BTC/USD"})}), pair_feed("BTC/USD", {})});
  EXPECT_TRUE(planned(policy).nodes[0].routes[0].inverted);
  EXPECT_THAT(planned(policy).nodes[0].routes[0].steps, ElementsAre(Step{1, false}));
}

TEST(Plan, walks_over_two_legs) {
  const auto policy = network_of({pair_feed("BTC/USDT", {via("a", "BTC/EUR", {"EUR/USD", "USDT/USD"})}),
                                  pair_feed("EUR/USD", {}), pair_feed("USDT/USD", {})});
  EXPECT_THAT(planned(policy).nodes[0].routes[0].steps, ElementsAre(Step{1, false}, Step{2, true}));
}

TEST(Plan, refuses_units_that_do_not_lead_to_the_feed) {
  const auto policy = network_of(
      {pair_feed("cbETH/USD", {via("a", "cbETH/ETH", {})}), pair_feed("ETH/USD", {}), pair_feed("BTC/USD", {})});
  const auto found = faults(policy);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].symbol, "cbETH/USD");
  EXPECT_EQ(found[0].source, 0U);
  EXPECT_EQ(found[0].key, "pair");
  EXPECT_EQ(found[0].expected, "expected a way from cbETH/ETH to cbETH/USD, got no `via`; add via: [ETH/USD]");
}

TEST(Plan, names_the_leg_that_is_missing) {
  const auto found = faults(network_of({pair_feed("cbETH/USD", {via("a", "cbETH/ETH", {})})}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].expected, HasSubstr("add a leg such as ETH/USD and name it in `via`"));
}

TEST(Plan, refuses_a_name_that_is_neither_feed_nor_leg) {
  const auto found = faults(network_of({pair_feed("BTC/USD", {via("a", "BTC/USDT", {"USDT/USD"})})}));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_THAT(found[0].expected, HasSubstr("got \"USDT/USD\""));
}

TEST(Plan, refuses_a_cycle_and_tells_it) {
  const auto policy = network_of({pair_feed("BTC/USD", {via("a", "BTC/USDT", {"USDT/USD"})}),
                                  pair_feed("USDT/USD", {via("a", "BTC/USDT", {"BTC/USD"})})});
  const auto found = faults(policy);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].symbol, "BTC/USD");
  EXPECT_EQ(found[0].key, "via");
  EXPECT_THAT(found[0].expected, HasSubstr("expected no cycle, got BTC/USD -> USDT/USD -> BTC/USD; break it by a leg"));
  const auto itself = faults(network_of({pair_feed("BTC/USD", {via("a", "BTC/USDT", {"BTC/USD", "BTC/USD"})})}));
  EXPECT_FALSE(itself.empty());
}

TEST(Plan, checks_the_units_of_derived_feeds) {
  auto cross = pair_feed("EUR/GBP", {});
  cross.derived = {Derivation::Kind::product, {{"EUR/USD", 0}, {"GBP/USD", 0}}, {}, {}};
  EXPECT_THAT(planned(network_of({cross, pair_feed("EUR/USD", {}), pair_feed("GBP/USD", {})})).nodes[0].parts,
              ElementsAre(Step{1, false}, Step{2, true}));
  EXPECT_EQ(faults(network_of({cross, pair_feed("EUR/USD", {}), pair_feed("GBP/CHF", {})})).size(), 1U)
      << "EUR/USD and GBP/CHF make no EUR/GBP";
  auto basket = pair_feed("BASKET/USD", {});
  basket.derived = {Derivation::Kind::basket, {{"EUR/USD", 1}, {"GBP/CHF", 1}}, {}, {}};
  EXPECT_EQ(faults(network_of({basket, pair_feed("EUR/USD", {}), pair_feed("GBP/CHF", {})})).size(), 1U)
      << "francs are no dollars";
  auto average = pair_feed("EUR_1h/USD", {});
  average.derived = {Derivation::Kind::average, {{"GBP/USD", 0}}, millis(1000), millis(1000)};
  EXPECT_EQ(faults(network_of({average, pair_feed("GBP/USD", {})})).size(), 1U) << "pounds are no euros";
}

TEST(Plan, closes_over_what_a_feed_needs_and_nothing_else) {
  auto policy = network_of({pair_feed("BTC/USD", {via("a", "BTC/USDT", {"USDT/USD"})}), pair_feed("ETH/USD", {})});
  policy.legs = {pair_feed("USDT/USD", {}), pair_feed("XYZ/USD", {})};
  const AggregationPolicy part = closure(policy, planned(policy), 0);
  ASSERT_EQ(part.feeds.size(), 1U);
  ASSERT_EQ(part.legs.size(), 1U);
  EXPECT_EQ(part.legs[0].terms.symbol, "USDT/USD");
  EXPECT_EQ(find_node(part, "USDT/USD"), 1U);
  EXPECT_EQ(find_node(part, "ETH/USD"), std::nullopt);
}

}  // namespace
}  // namespace assay::aggregator
