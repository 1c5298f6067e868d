#include "config/market_scenario.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "config/files.hpp"
#include "fetchers/market/board.hpp"
#include "fetchers/market/dialogue.hpp"

namespace assay::config {
namespace {

namespace market = fetchers::market;

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t events_max = 1000;
constexpr std::size_t symbols_max = 1000;
constexpr std::size_t name_length_max = 32;
constexpr std::int8_t price_exponent = -8;

std::int64_t read_factor(Section& part, std::string_view key) {
  const std::string text = part.text(key, name_length_max);
  const auto factor = market::factor_e6(text);
  if (!factor) part.complain(key, "expected a positive decimal in quotes, at most six places, got " + shown(text));
  return factor.value_or(1'000'000);
}

void check_symbol(Section& part, std::string_view key, const std::string& symbol) {
  if (market::pair_of(symbol).base.empty()) {
    part.complain(key, "expected a symbol such as BTC/USD, got " + shown(symbol));
  }
}

void check_venue(Section& part, const std::string& venue) {
  const auto venues = market::market_venues();
  if (venue == "*" || std::find(venues.begin(), venues.end(), venue) != venues.end()) return;
  part.complain("venue", "expected a venue of the market, or \"*\" for all of them, got " + shown(venue));
}

market::Fault read_fault(Section& part) {
  const std::string word = part.text("fault", name_length_max);
  const auto kind = market::fault_kind(word);
  if (!kind) part.complain("fault", "expected one of " + market::fault_words() + ", got " + shown(word));
  market::Fault fault = market::fault_of(kind.value_or(market::FaultKind::none));
  if (part.has("factor")) fault.factor_e6 = read_factor(part, "factor");
  if (part.has("delay_ms")) fault.delay = part.millis("delay_ms", {1, 600'000});
  if (part.has("retry_after_s")) {
    fault.retry_after_s = static_cast<std::uint32_t>(part.integer("retry_after_s", {0, 86'400}));
  }
  if (market::concerns_instruments(fault.kind)) {
    fault.symbol = part.text("symbol", name_length_max);
    if (fault.symbol != "*") check_symbol(part, "symbol", fault.symbol);
  }
  return fault;
}

market::ScenarioEvent read_event(Section& part) {
  market::ScenarioEvent event;
  event.at = part.millis("at_ms", {0, day_ms});
  if (part.has("for_ms")) event.lasts = part.millis("for_ms", {1, day_ms});
  if (part.has("asset")) {
    market::MoveOrder move;
    move.asset = part.text("asset", name_length_max);
    move.factor_e6 = read_factor(part, "move");
    if (part.has("over_ms")) move.over = part.millis("over_ms", {0, day_ms});
    event.order = std::move(move);
  } else {
    market::FaultOrder order;
    order.venue = part.text("venue", name_length_max);
    check_venue(part, order.venue);
    order.fault = read_fault(part);
    event.order = std::move(order);
  }
  part.finish();
  return event;
}

market::WalkAsset read_asset(Section& part) {
  market::WalkAsset asset;
  asset.name = part.text("name", name_length_max);
  check_symbol(part, "name", asset.name + "/USD");
  asset = market::known_asset(asset.name);
  if (part.has("start")) {
    asset.start_e8 = part.price("start", price_exponent);
    constexpr std::int64_t start_max_e8 = 100'000'000'000'000;
    if (asset.start_e8 > start_max_e8) part.complain("start", "expected at most 1000000 dollars");
  }
  if (part.has("step_ppm")) asset.step_max_ppm = part.integer("step_ppm", {0, 100'000});
  part.finish();
  return asset;
}

void read_period(Section& root, market::Scenario& scenario) {
  if (!root.has("repeat_ms")) return;
  scenario.period = root.millis("repeat_ms", {1000, day_ms});
  for (const market::ScenarioEvent& event : scenario.events) {
    if (root.good({"repeat_ms"}) && event.at + event.lasts > scenario.period) {
      root.complain("repeat_ms", "expected a period in which every event begins and ends");
    }
  }
}

market::Scenario read_scenario(Section& root, Problems&) {
  market::Scenario scenario;
  if (root.has("seed")) scenario.seed = static_cast<std::uint64_t>(root.integer("seed", {0, INT64_MAX}));
  if (root.has("push_ms")) scenario.push_interval = root.millis("push_ms", {10, 60'000});
  if (root.has("symbols")) {
    scenario.symbols = root.texts("symbols", symbols_max, name_length_max);
    for (const std::string& symbol : scenario.symbols) check_symbol(root, "symbols", symbol);
  }
  if (root.has("assets")) {
    for (Section& part : root.sections("assets", {1, symbols_max})) scenario.assets.push_back(read_asset(part));
  }
  if (root.has("events")) {
    for (Section& part : root.sections("events", {1, events_max})) scenario.events.push_back(read_event(part));
  }
  read_period(root, scenario);
  return scenario;
}

}  // namespace

Loaded<market::Scenario> parse_scenario(std::string_view text, const std::string& file_name) {
  return read_document<market::Scenario>(text, file_name, read_scenario);
}

Loaded<market::Scenario> load_scenario(const std::filesystem::path& file) {
  return read_file<market::Scenario>(file, parse_scenario);
}

}  // namespace assay::config
