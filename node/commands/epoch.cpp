#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <variant>

#include "config/change.hpp"
#include "config/digest.hpp"
#include "config/load.hpp"
#include "core/bytes.hpp"
#include "node/commands/commands.hpp"
#include "node/config_files.hpp"
#include "node/epoch_files.hpp"
#include "node/failure.hpp"
#include "node/key_source.hpp"
#include "node/system.hpp"
#include "publisher/audit/ledger_reader.hpp"
#include "threshold/io/key_store.hpp"

namespace assay::node {

namespace {

using threshold::Succession;

struct EpochOptions {
  std::string network;    ///< of the epoch that runs
  std::string next;       ///< of the one to come
  std::string node;       ///< this operator's node file
  std::string next_node;  ///< and the one for the next epoch, where it differs
  std::string file;       ///< the succession file
  std::string after;      ///< the one that began the epoch that runs
  std::vector<std::string> files;
};

Exit write(const std::string& file, const std::string& text) {
  if (const auto done = config::write_text(file, text); !done) {
    return complain(fmt::format("{}: {}", file, done.error().detail), Exit::environment);
  }
  return Exit::yes;
}

/// What changes, for people; false when something may not.
bool show_change(const config::NetworkSettings& before, const config::NetworkSettings& after) {
  const auto change = config::compare(before, after);
  for (const auto& line : change.news) {
    fmt::print("change      {}\n", line);
  }
  for (const auto& line : change.refused) {
    fmt::print(stderr, "assay: {}\n", line);
  }
  return change.refused.empty();
}

void show_endorsements(const Succession& succession) {
  const auto count = threshold::count_endorsements(succession);
  fmt::print("epoch       {} after {}\nannounced   {}\n", succession.after.epoch.value, succession.before.epoch.value,
             to_hex(threshold::next_epoch_digest(succession).bytes));
  fmt::print("endorsed    {} of {} old members (needs {}), {} of {} new ones (needs all)\n", count.before,
             succession.before.identities.size(), succession.before.threshold, count.after,
             succession.after.identities.size());
  for (const auto& identity : count.missing) {
    fmt::print("missing     {}\n", to_hex(identity.bytes));
  }
}

/// The group file of an epoch that changes settings only: the same shares under the next number.
Exit make_group(const config::NetworkSettings& next, threshold::EpochRecord record) {
  if (std::filesystem::exists(next.group_file)) {
    return Exit::yes;
  }
  if (next.members != record.identities) {
    return complain(fmt::format("{} is absent: another committee needs a resharing (`assay reshare`), which writes it",
                                next.group_file.string()));
  }
  record.epoch = next.epoch;
  fmt::print("group file  {} (the shares stay)\n", next.group_file.string());
  return write(next.group_file, config::emit_group(record));
}

Exit propose(const EpochOptions& options) {
  const auto network = read_network(options.network);
  const auto next = read_network(options.next);
  const auto record = network ? read_group(network->group_file) : std::nullopt;
  if (!network || !next || !record) {
    return Exit::usage;
  }
  if (!show_change(*network, *next)) {
    return Exit::no;
  }
  if (const auto made = make_group(*next, *record); made != Exit::yes) {
    return made;
  }
  const auto next_record = read_group(next->group_file);
  if (!next_record) {
    return Exit::usage;
  }
  Succession succession{.network = threshold::network_id(record->group_key, network->name),
                        .genesis = {network->epoch, config::config_digest(*network),
                                    static_cast<std::uint32_t>(network->policy.feeds.size())},
                        .before = *record,
                        .after = *next_record,
                        .config_digest = config::config_digest(*next),
                        .endorsements = {}};
  if (!options.after.empty()) {
    const auto earlier = read_succession(options.after);
    if (!earlier) {
      return Exit::usage;
    }
    if (earlier->after != *record) {
      return complain(fmt::format("{} did not begin the epoch of {}", options.after, options.network));
    }
    succession.genesis = earlier->genesis;
  }
  if (next->members != next_record->identities) {
    return complain("the new network file and its group file name different members");
  }
  if (const auto terms = threshold::check_terms(succession); !terms) {
    return complain(terms.error().detail);
  }
  show_endorsements(succession);
  return write(options.file, config::emit_succession(succession));
}

Exit sign(const EpochOptions& options) {
  forbid_core_dumps();
  const auto network = read_network(options.network);
  const auto next = read_network(options.next);
  const auto settings = read_node(options.node);
  auto succession = read_succession(options.file);
  if (!network || !next || !settings || !succession) {
    return Exit::usage;
  }
  if (!show_change(*network, *next)) {
    return Exit::no;
  }
  if (config::config_digest(*next) != succession->config_digest) {
    return complain(fmt::format("{} is not the network file that {} is about", options.next, options.file));
  }
  const auto record = read_group(network->group_file);
  if (!record) {
    return Exit::usage;
  }
  if (*record != succession->before) {
    return complain(fmt::format("{} does not follow the epoch of {}", options.file, options.network));
  }
  const auto protection = threshold::protection_of(settings->identity_key_file);
  if (!protection) {
    return complain(fmt::format("{}: {}", settings->identity_key_file.string(), protection.error().detail),
                    Exit::usage);
  }
  auto guard = guard_to_open({settings->key_passphrase_file, settings->key_file}, *protection);
  if (const auto* failure = std::get_if<Failure>(&guard)) {
    return complain(*failure);
  }
  const auto identity = threshold::load_identity(settings->identity_key_file, std::get<threshold::KeyGuard>(guard));
  if (!identity) {
    return complain(fmt::format("{}: {}", settings->identity_key_file.string(), identity.error().detail), Exit::usage);
  }
  if (const auto done = threshold::endorse(*succession, *identity); !done) {
    return complain(done.error().detail);
  }
  show_endorsements(*succession);
  return write(options.file, config::emit_succession(*succession));
}

Exit merge(const EpochOptions& options) {
  std::optional<Succession> all;
  for (const auto& file : options.files) {
    const auto one = read_succession(file);
    if (!one) {
      return Exit::usage;
    }
    if (!all) {
      all = one;
    } else if (const auto done = threshold::merge(*all, *one); !done) {
      return complain(fmt::format("{}: {}", file, done.error().detail));
    }
  }
  show_endorsements(*all);
  return write(options.file, config::emit_succession(*all));
}

Exit show(const EpochOptions& options) {
  const auto succession = read_succession(options.file);
  if (!succession) {
    return Exit::usage;
  }
  show_endorsements(*succession);
  const auto complete = threshold::check_succession(*succession);
  if (!complete) {
    return complain(complete.error().detail);
  }
  fmt::print("complete\n");
  return Exit::yes;
}

Exit stage(const EpochOptions& options) {
  const auto settings = read_node(options.node);
  const auto next = read_network(options.next);
  const auto succession = read_succession(options.file);
  const auto record = next ? read_group(next->group_file) : std::nullopt;
  auto next_settings = options.next_node.empty() ? settings : read_node(options.next_node);
  if (!settings || !next || !record || !succession || !next_settings) {
    return Exit::usage;
  }
  if (!options.network.empty()) {
    const auto network = read_network(options.network);
    if (!network) {
      return Exit::usage;
    }
    if (!show_change(*network, *next)) {
      return Exit::no;
    }
  }
  next_settings->data_dir = settings->data_dir;
  EpochFiles files{
      *next, *next_settings, *record, options.next_node.empty() ? options.node : options.next_node, *succession, {},
      {}};
  std::optional<Header> genesis;
  if (const auto ledger = publisher::LedgerReader::open(settings->data_dir / "ledger.sqlite")) {
    if (const auto header = (*ledger)->genesis()) {
      genesis = *header;
    }
  }
  if (const auto problem = stage_problem(files, nullptr, genesis ? &*genesis : nullptr)) {
    return complain(*problem);
  }
  if (const auto done = write_stage(files); !done) {
    return complain(done.error().detail, done.error().code == Errc::locked ? Exit::no : Exit::environment);
  }
  fmt::print(
      "staged      {}\nA running node takes it up within a second; its /v1/status says under \"epoch\" whether.\n",
      stage_folder(settings->data_dir, next->epoch).string());
  return Exit::yes;
}

CLI::Option* file_option(CLI::App* command, const char* name, std::string& into, const char* help) {
  return command->add_option(name, into, help)->type_name("FILE");
}

}  // namespace

void add_epoch(CLI::App& app, Chosen& chosen) {
  auto* epoch = app.add_subcommand("epoch", "change the network file of a running network, at one agreed height");
  epoch->require_subcommand(1);
  auto options = std::make_shared<EpochOptions>();
  const auto sub = [&](const char* name, const char* help, Exit (*run)(const EpochOptions&)) {
    auto* command = epoch->add_subcommand(name, help);
    command->callback([&chosen, options, run] { chosen = [options, run] { return run(*options); }; });
    return command;
  };
  constexpr auto network_help = "the network file of the epoch that runs";
  constexpr auto next_help = "the network file of the next epoch, with its group_file";
  constexpr auto file_help = "the succession file, which members endorse";

  auto* command = sub("propose", "write a succession file, and the group file where shares stay", propose);
  file_option(command, "--network", options->network, network_help)->required();
  file_option(command, "--next", options->next, next_help)->required();
  file_option(command, "--after", options->after,
              "the succession file that began the epoch that runs, unless it is the first");
  file_option(command, "--file", options->file, file_help)->required();

  command = sub("sign", "show what changes, and add this member's endorsement to the file", sign);
  file_option(command, "--network", options->network, network_help)->required();
  file_option(command, "--next", options->next, next_help)->required();
  file_option(command, "--node", options->node, "this operator's node file")->required();
  file_option(command, "--file", options->file, file_help)->required();

  command = sub("merge", "put the endorsements of several copies into one file", merge);
  command->add_option("files", options->files, "copies of one succession file")->required()->type_name("FILE...");
  file_option(command, "--file", options->file, "where the whole is written")->required();

  command = sub("show", "who has endorsed, and who is missing; exit code 0 when complete", show);
  file_option(command, "--file", options->file, file_help)->required();

  command = sub("stage", "hand a complete succession and its files to this operator's node", stage);
  file_option(command, "--network", options->network, network_help);
  file_option(command, "--next", options->next, next_help)->required();
  file_option(command, "--node", options->node, "this operator's node file")->required();
  file_option(command, "--next-node", options->next_node,
              "its node file for the next epoch, where member, peers or share change");
  file_option(command, "--file", options->file, file_help)->required();
  epoch->footer(
      "propose; every member: sign; merge; every member: stage. When 2f+1 nodes hold it, a leader announces it 64 "
      "heights\n"
      "ahead, and all take it up at that height. Who joins stages, too, and runs with --network NEXT: it follows the "
      "chain\n"
      "until its epoch begins.");
}

}  // namespace assay::node
