#include "config/market_scenario.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace assay::config {
namespace {

namespace market = fetchers::market;

std::string complaint(const std::string& text) {
  const auto loaded = parse_scenario(text, "s.yaml");
  const auto* errors = std::get_if<std::vector<ConfigError>>(&loaded);
  return errors == nullptr ? "" : to_text(errors->front());
}

TEST(ScenarioFile, holds_the_market_and_what_happens_to_it) {
  const auto loaded = parse_scenario(R"(
seed: 7
push_ms: 500
symbols: [BTC/USD, EUR/GBP]
assets:
  - {name: BTC, start: "70000.5", step_ppm: 50}
events:
  - {at_ms: 1000, for_ms: 500, venue: kraken, fault: wick, factor: "0.5"}
  - {at_ms: 2000, venue: "*", fault: delisted, symbol: BTC/USD}
  - {at_ms: 3000, asset: USDC, move: "0.88", over_ms: 5000}
repeat_ms: 60000
)",
                                     "s.yaml");
  const auto* scenario = std::get_if<market::Scenario>(&loaded);
  ASSERT_NE(scenario, nullptr) << to_text(std::get<1>(loaded).front());
  EXPECT_EQ(scenario->seed, 7U);
  EXPECT_EQ(scenario->push_interval, millis(500));
  EXPECT_EQ(scenario->symbols.size(), 2U);
  EXPECT_EQ(scenario->assets.at(0).start_e8, 7'000'050'000'000);
  ASSERT_EQ(scenario->events.size(), 3U);
  const auto& wick = std::get<market::FaultOrder>(scenario->events[0].order);
  EXPECT_EQ(wick.fault.kind, market::FaultKind::wick);
  EXPECT_EQ(wick.fault.factor_e6, 500'000);
  EXPECT_EQ(scenario->events[0].lasts, millis(500));
  EXPECT_EQ(std::get<market::FaultOrder>(scenario->events[1].order).fault.symbol, "BTC/USD");
  EXPECT_EQ(std::get<market::MoveOrder>(scenario->events[2].order).factor_e6, 880'000);
  EXPECT_EQ(scenario->period, millis(60'000));
}

TEST(ScenarioFile, names_the_place_of_what_is_wrong) {
  EXPECT_EQ(complaint("seed: 1"), "");
  EXPECT_NE(complaint("sed: 1").find("seed"), std::string::npos);
  EXPECT_NE(complaint("events: [{at_ms: 0, venue: krakn, fault: lie}]").find("s.yaml:1:"), std::string::npos);
  EXPECT_NE(complaint("events: [{at_ms: 0, venue: kraken, fault: sulk}]").find("outage"), std::string::npos);
  EXPECT_NE(complaint("events: [{at_ms: 0, venue: kraken, fault: delisted}]").find("symbol"), std::string::npos);
  EXPECT_NE(complaint("events: [{at_ms: 0, venue: kraken, fault: lie, factor: \"0\"}]").find("factor"),
            std::string::npos);
  EXPECT_NE(complaint("events: [{at_ms: 0, asset: USDC}]").find("move"), std::string::npos);
  EXPECT_NE(complaint("symbols: [btc]").find("BTC/USD"), std::string::npos);
  EXPECT_NE(complaint("events: [{at_ms: 900, for_ms: 200, venue: kraken, fault: lie}]\nrepeat_ms: 1000").find("repeat"),
            std::string::npos);
}

TEST(ScenarioFile, the_examples_are_accepted) {
  for (const char* name : {"incidents.scenario.yaml", "discipline.scenario.yaml"}) {
    const auto loaded = load_scenario(std::string(ASSAY_SOURCE_DIR "/config/examples/") + name);
    const auto* errors = std::get_if<std::vector<ConfigError>>(&loaded);
    EXPECT_EQ(errors, nullptr) << to_text(errors->front());
  }
}

}  // namespace
}  // namespace assay::config
