#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "config/digest.hpp"
#include "config/load.hpp"
#include "core/bytes.hpp"
#include "node/commands/commands.hpp"
#include "node/config_files.hpp"

namespace assay::node {

namespace {

struct CheckOptions {
  std::string network;
  std::string node;
  bool json = false;
};

Exit check_files(const CheckOptions& options) {
  bool good = true;
  if (!options.network.empty()) {
    const auto network = read_network(options.network);
    good = network.has_value();
    if (network) {
      const auto digest = to_hex(config::config_digest(*network).bytes);
      if (options.json) {
        fmt::print("{}\n", boost::json::serialize(boost::json::object{{"ok", true},
                                                                      {"name", network->name},
                                                                      {"members", network->members.size()},
                                                                      {"feeds", network->policy.feeds.size()},
                                                                      {"config_digest", digest}}));
      } else {
        fmt::print("{}: ok, {} members, {} feeds, config digest {}\n", options.network, network->members.size(),
                   network->policy.feeds.size(), digest);
      }
    }
  }
  if (!options.node.empty()) {
    const auto settings = read_node(options.node);
    good = good && settings.has_value();
    if (settings && !options.json) {
      fmt::print("{}: ok, member {}\n", options.node, settings->member.value);
    }
  }
  return good ? Exit::yes : Exit::usage;
}

/// What a network file comes to: every source with its symbol, every profile taken in.
Exit show_network(const std::string& path) {
  const auto network = read_network(path);
  if (!network) return Exit::usage;
  fmt::print("{}", config::emit_network(*network));
  return Exit::yes;
}

}  // namespace

void add_config(CLI::App& app, Chosen& chosen) {
  auto* group = app.add_subcommand("config", "look at configuration files");
  group->require_subcommand(1);
  auto* command = group->add_subcommand("check", "read the files and report every error with file, line and key");
  auto options = std::make_shared<CheckOptions>();
  auto* network = command->add_option("--network", options->network, "a network file")->type_name("FILE");
  auto* node = command->add_option("--node", options->node, "a node file")->type_name("FILE");
  command->add_flag("--json", options->json, "print JSON");
  command->callback([&chosen, options, network, node] {
    if (network->count() + node->count() == 0) {
      throw CLI::RequiredError("--network or --node");
    }
    chosen = [options] { return check_files(*options); };
  });
  auto* show =
      group->add_subcommand("show", "print a network file with everything that follows from rules and profiles");
  auto path = std::make_shared<std::string>();
  show->add_option("--network", *path, "a network file")->required()->type_name("FILE");
  show->callback([&chosen, path] { chosen = [path] { return show_network(*path); }; });
}

}  // namespace assay::node
