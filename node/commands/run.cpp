#include <fmt/format.h>

#include <memory>

#include "config/load.hpp"
#include "node/commands/commands.hpp"
#include "node/config_files.hpp"
#include "node/log.hpp"
#include "node/node.hpp"
#include "node/signals.hpp"
#include "node/system.hpp"
#include "threshold/crypto/frost.hpp"

namespace assay::node {

namespace {

struct RunOptions {
  std::string network;
  std::string node;
};

Exit run(const RunOptions& options) {
  forbid_core_dumps();
  const auto network = read_network(options.network);
  const auto settings = read_node(options.node);
  if (!network || !settings) {
    return Exit::usage;
  }
  const auto record = read_group(network->group_file);
  if (!record) {
    return Exit::usage;
  }
  if (const auto done = threshold::frost::self_test(); !done) {
    fmt::print(stderr, "assay: this libsodium must not be used: {}\n", done.error().detail);
    return Exit::environment;
  }
  start_log(fmt::format("member-{}", settings->member.value));
  const StopSignals signals;
  auto opened = Node::open(*network, *settings, *record);
  if (const auto* failure = std::get_if<Failure>(&opened)) {
    log_error(failure->text);
    return failure->code;
  }
  const auto ended = std::get<std::unique_ptr<Node>>(opened)->run(signals);
  ended.code == Exit::yes ? log_info("stopped") : log_error(ended.text);
  return ended.code;
}

}  // namespace

void add_run(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("run", "run one node until Ctrl-C or SIGTERM");
  auto options = std::make_shared<RunOptions>();
  command->add_option("--network", options->network, "the network file, the same for all members")
      ->required()
      ->type_name("FILE");
  command->add_option("--node", options->node, "this operator's node file")->required()->type_name("FILE");
  command->callback([&chosen, options] { chosen = [options] { return run(*options); }; });
}

}  // namespace assay::node
