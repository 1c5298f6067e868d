#include "node/up.hpp"

#include <memory>

#include "node/commands/commands.hpp"
#include "node/config_files.hpp"
#include "node/failure.hpp"
#include "threshold/committee.hpp"

namespace assay::node {

void add_up(CLI::App& app, Chosen& chosen) {
  auto* command =
      app.add_subcommand("up", "a synthetic market and a committee of four on this machine, to try things out");
  auto options = std::make_shared<UpOptions>();
  command->add_option("--seconds", options->seconds, "end so long after readiness; 0: at Ctrl-C");
  command->add_option("--dir", options->folder, "where keys, ledgers, logs and up.json go")->capture_default_str();
  command->add_option("--nodes", options->nodes, "committee size: 4, 7, ... 31")->capture_default_str();
  command->add_option("--tick-ms", options->tick_ms, "time between batches")
      ->capture_default_str()
      ->check(CLI::Range(20, 60'000));
  command->add_option("--postgres", options->postgres_url, "also store everything in this database (node 0)")
      ->type_name("URL");
  auto network = std::make_shared<std::string>();
  command->add_option("--network", *network, "feeds, legs and venues of this network file, not the demonstration's own")
      ->type_name("FILE");
  command->add_option("--scenario", options->scenario, "what happens to the market's venues, see docs/scenarios.md")
      ->type_name("FILE");
  command->add_flag("--json", options->json, "no live picture; the last line is a JSON document");
  command->footer(
      "The last line says what happened: attested B batches, U updates, X disagreements.\n"
      "up.json in --dir lists the nodes: kill one, and start it again with its argv in its cwd.");
  command->callback([&chosen, options, network] {
    chosen = [options, network] {
      if (!threshold::Quorum::of(options->nodes)) {
        return complain("--nodes: " + threshold::size_problem(options->nodes), Exit::usage);
      }
      if (!network->empty()) {
        const auto settings = read_network(*network);
        if (!settings) return Exit::usage;
        options->policy = settings->policy;
      }
      if (!options->scenario.empty()) {
        options->scenario = std::filesystem::absolute(options->scenario);
        if (!read_scenario(options->scenario)) return Exit::usage;
      }
      return run_up(*options);
    };
  });
}

}  // namespace assay::node
