#include <fmt/format.h>

#include <memory>
#include <thread>

#include "config/load.hpp"
#include "node/commands/commands.hpp"
#include "node/config_files.hpp"
#include "node/failure.hpp"
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

/// One node after another, an epoch each, in the same process.
Exit run_epochs(EpochFiles files, const StopSignals& signals) {
  std::unique_ptr<VenueRun> venues;
  std::jthread retiring;  // venues of an epoch that is over end in their own time
  while (true) {
    auto opened = Node::open(std::move(files), std::move(venues));
    if (const auto* failure = std::get_if<Failure>(&opened)) {
      log_error(failure->text);
      return failure->code;
    }
    auto& node = std::get<std::unique_ptr<Node>>(opened);
    auto ended = node->run(signals);
    node.reset();
    if (!ended.next) {
      ended.failure.code == Exit::yes ? log_info("stopped") : log_error(ended.failure.text);
      return ended.failure.code;
    }
    files = std::move(*ended.next);
    venues = std::move(ended.next_venues);
    retiring = std::jthread([old = std::move(ended.venues)]() mutable { old.reset(); });
  }
}

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
    return complain(fmt::format("this libsodium must not be used: {}", done.error().detail), Exit::environment);
  }
  start_log(fmt::format("member-{}", settings->member.value));
  const StopSignals signals;
  auto files = given_files(*network, *settings, *record);
  if (auto* given = std::get_if<EpochFiles>(&files)) {
    files = starting_files(std::move(*given));
  }
  if (const auto* failure = std::get_if<Failure>(&files)) {
    log_error(failure->text);
    return failure->code;
  }
  return run_epochs(std::move(std::get<EpochFiles>(files)), signals);
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
