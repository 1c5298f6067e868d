#include "fetchers/market/io/market_server.hpp"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <set>
#include <thread>

#include "config/demo.hpp"
#include "fetchers/market/faults.hpp"
#include "node/commands/commands.hpp"
#include "node/config_files.hpp"
#include "node/failure.hpp"
#include "node/signals.hpp"
#include "node/system.hpp"

namespace assay::node {

namespace {

struct MarketOptions {
  std::uint16_t port = 0;
  std::string folder;
  std::optional<std::uint64_t> seed;  ///< instead of the scenario's
  std::string network;
  std::string scenario;
  bool limits = false;
};

/// Every pair that a network reads from any venue, and what the scenario adds.
std::vector<std::string> symbols_of(const aggregator::AggregationPolicy& policy,
                                    const std::vector<std::string>& others) {
  std::set<std::string> pairs(others.begin(), others.end());
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    for (const auto& source : node_policy(policy, node).sources) {
      pairs.insert(source.base + "/" + source.quote);
    }
  }
  return {pairs.begin(), pairs.end()};
}

Exit serve(const MarketOptions& options) {
  const StopSignals signals;
  fetchers::market::Scenario scenario;
  if (!options.scenario.empty()) {
    auto read = read_scenario(options.scenario);
    if (!read) return Exit::usage;
    scenario = std::move(*read);
  }
  auto policy = config::demo_network({}, "demo", millis(250)).policy;
  if (!options.network.empty()) {
    auto network = read_network(options.network);
    if (!network) return Exit::usage;
    policy = std::move(network->policy);
  }
  auto listening = fetchers::market::MarketServer::listen({.seed = options.seed.value_or(scenario.seed),
                                                           .pki_folder = options.folder,
                                                           .symbols = symbols_of(policy, scenario.symbols),
                                                           .assets = scenario.assets,
                                                           .push_interval = scenario.push_interval,
                                                           .events = scenario.events,
                                                           .period = scenario.period,
                                                           .port = options.port,
                                                           .limits = options.limits,
                                                           .clock = wall_now});
  if (!listening) return complain(cannot("market", listening.error()));
  auto& market = **listening;
  fmt::print("https://localhost:{} with {}\n", market.port(), market.pki().ca_file);
  std::fflush(stdout);
  std::thread thread([&market] { market.run(); });
  signals.wait();
  market.stop();
  thread.join();
  return Exit::yes;
}

}  // namespace

void add_market(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand(
      "market",
      "a synthetic market that speaks the venues' formats over TLS on loopback, for demonstrations and tests");
  auto options = std::make_shared<MarketOptions>();
  command->add_option("--dir", options->folder, "where its throw-away certificates go")
      ->required()
      ->type_name("FOLDER");
  command->add_option("--port", options->port, "loopback port; 0: any free one");
  command->add_option("--seed", options->seed, "of the random walk, instead of the scenario's");
  command->add_option("--network", options->network, "lists the instruments of this network file")->type_name("FILE");
  command->add_option("--scenario", options->scenario, "what happens to the venues, see docs/scenarios.md")
      ->type_name("FILE");
  command->add_flag("--limits", options->limits, "refuse what is more than the venues document to bear: for one node");
  command->footer(
      "POST /control {\"venue\":\"kraken\",\"fault\":\"lie\",\"factor\":\"10\"} makes a venue misbehave,\n"
      "{\"asset\":\"USDC\",\"move\":\"0.88\",\"over_ms\":5000} moves an asset everywhere. Faults:\n" +
      fetchers::market::fault_words());
  command->callback([&chosen, options] { chosen = [options] { return serve(*options); }; });
}

}  // namespace assay::node
