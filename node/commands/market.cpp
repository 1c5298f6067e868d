#include "fetchers/market/io/market_server.hpp"

#include <fmt/format.h>

#include <memory>
#include <set>
#include <thread>

#include "config/demo.hpp"
#include "node/commands/commands.hpp"
#include "node/signals.hpp"
#include "node/system.hpp"

namespace assay::node {

namespace {

struct MarketOptions {
  std::uint16_t port = 0;
  std::string folder;
  std::uint64_t seed = 1;
};

Exit serve(const MarketOptions& options) {
  const StopSignals signals;
  const auto policy = config::demo_network({}, "demo", millis(250)).policy;
  std::set<std::string> pairs;
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    for (const auto& source : node_policy(policy, node).sources) {
      pairs.insert(source.base + "/" + source.quote);
    }
  }
  std::vector<std::string> symbols(pairs.begin(), pairs.end());
  auto listening = fetchers::market::MarketServer::listen({.seed = options.seed,
                                                           .pki_folder = options.folder,
                                                           .symbols = std::move(symbols),
                                                           .port = options.port,
                                                           .clock = wall_now});
  if (!listening) {
    fmt::print(stderr, "assay: market: {}: {}\n", name(listening.error().code), listening.error().detail);
    return Exit::environment;
  }
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
  command->add_option("--seed", options->seed, "of the random walk");
  command->footer(
      "POST /control {\"venue\":\"kraken\",\"fault\":\"lie\",\"factor\":\"10\"} makes a venue misbehave;\n"
      "faults: none, outage, lie, stuck, wick, malformed");
  command->callback([&chosen, options] { chosen = [options] { return serve(*options); }; });
}

}  // namespace assay::node
