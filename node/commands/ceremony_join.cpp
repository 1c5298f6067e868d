#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>
#include <optional>

#include "core/bytes.hpp"
#include "node/ceremony/party.hpp"
#include "node/ceremony/progress.hpp"
#include "node/ceremony/repair_party.hpp"
#include "node/commands/ceremony.hpp"
#include "node/config_files.hpp"
#include "node/failure.hpp"
#include "node/system.hpp"
#include "threshold/ceremony/repair_messages.hpp"
#include "threshold/crypto/frost.hpp"

namespace assay::node {

namespace {

namespace ceremony = threshold::ceremony;

struct JoinOptions {
  std::string file;
  CeremonyKeyFiles keys;
  std::string listen;
  std::string folder = ".";
  std::string share_out;
  std::string group_out;
  std::uint32_t timeout_seconds = 600;
  std::uint32_t linger_seconds = 60;
  bool json = false;
};

void say(const std::string& line) {
  fmt::print(stderr, "{}\n", line);
}

/// What the operator is about to agree to.
void explain(const ceremony::Terms& terms) {
  const auto& proposal = terms.proposal;
  if (proposal.kind == ceremony::Kind::repair) {
    say(fmt::format("repair {}: the lost share of member {} of network {}, with {} helpers",
                    to_hex(terms.id.bytes).substr(0, 16), ceremony::lost_member(terms).value, proposal.network,
                    terms.dealers()));
    return;
  }
  const auto* kind = proposal.kind == ceremony::Kind::fresh     ? "a fresh key"
                     : proposal.kind == ceremony::Kind::reshare ? "the running key for another committee"
                                                                : "fresh shares of the running key";
  say(fmt::format("ceremony {}: {} for network {}, epoch {}, share generation {}, {} members, {} of them sign",
                  to_hex(terms.id.bytes).substr(0, 16), kind, proposal.network, proposal.epoch.value,
                  proposal.share_generation, terms.members(), proposal.new_threshold));
  if (terms.old) {
    say(fmt::format("group key {}, held by {} members", to_hex(terms.old->group_key.bytes),
                    terms.old->identities.size()));
  }
  for (std::uint16_t party = 0; party < terms.parties.size(); ++party) {
    say(fmt::format("{}: identity {}{}", party_name(terms, party), to_hex(terms.parties[party].identity.bytes),
                    terms.parties[party].dealer ? "" : ", does not deal"));
  }
}

CeremonySettings settings_of(const JoinOptions& options, config::CeremonyPlan plan) {
  const std::filesystem::path folder(options.folder);
  const auto generation = plan.terms.proposal.share_generation;
  const auto epoch = plan.terms.proposal.epoch.value;
  CeremonySettings settings{.plan = std::move(plan),
                            .listen = options.listen,
                            .folder = folder,
                            .share_file = folder / fmt::format("share-{}.key", generation),
                            .group_file = folder / fmt::format("group-{}.yaml", epoch),
                            .stage_timeout = millis(std::int64_t{options.timeout_seconds} * 1000),
                            .linger = millis(std::int64_t{options.linger_seconds} * 1000)};
  if (!options.share_out.empty()) {
    settings.share_file = options.share_out;
  }
  if (!options.group_out.empty()) {
    settings.group_file = options.group_out;
  }
  return settings;
}

const char* result_name(CeremonyEnd end) {
  switch (end) {
    case CeremonyEnd::activated:
      return "activated";
    case CeremonyEnd::cancelled:
      return "cancelled";
    case CeremonyEnd::open:
      return "open";
    case CeremonyEnd::interrupted:
      return "interrupted";
  }
  return "";
}

const char* advice(CeremonyEnd end) {
  switch (end) {
    case CeremonyEnd::activated:
      return "";
    case CeremonyEnd::cancelled:
      return "cancelled: nothing has changed, and this ceremony is over. Propose another one, without whoever is named";
    case CeremonyEnd::open:
      return "not over: this party has given its word and cannot take it back alone. Keep all files, old and new, and "
             "run the same command again when the others do";
    case CeremonyEnd::interrupted:
      return "interrupted: run the same command again to go on";
  }
  return "";
}

CeremonyOf command_for(const ceremony::Terms& terms) {
  if (!terms.old) {
    return CeremonyOf::fresh_key;
  }
  return terms.proposal.kind == ceremony::Kind::repair ? CeremonyOf::lost_share : CeremonyOf::running_key;
}

const char* command_name(CeremonyOf what) {
  switch (what) {
    case CeremonyOf::fresh_key:
      return "dkg";
    case CeremonyOf::running_key:
      return "reshare";
    case CeremonyOf::lost_share:
      return "repair";
  }
  return "";
}

void print_json(const CeremonySettings& settings, const CeremonyReport& report) {
  const auto& terms = settings.plan.terms;
  boost::json::object document{{"ceremony", to_hex(terms.id.bytes)}, {"result", result_name(report.end)}};
  if (report.record) {
    const auto network = threshold::network_id(report.record->group_key, terms.proposal.network);
    document["group_key"] = to_hex(report.record->group_key.bytes);
    document["network_id"] = to_hex(network.value.bytes);
    document["epoch"] = report.record->epoch.value;
    document["share_generation"] = report.record->share_generation;
    if (command_for(terms) != CeremonyOf::lost_share) {
      document["group_file"] = settings.group_file.string();
    }
    if (report.holds_share) {
      document["share_file"] = settings.share_file.string();
    }
  }
  boost::json::array blames;
  for (const auto& blame : report.blames) {
    boost::json::object one{{"party", party_name(terms, blame.party)},
                            {"identity", to_hex(terms.parties[blame.party].identity.bytes)},
                            {"offence", ceremony::name(blame.offence)},
                            {"evidence", nullptr}};
    if (!blame.evidence.empty()) {
      one["evidence"] = blame.evidence.string();
    }
    blames.push_back(std::move(one));
  }
  document["blames"] = std::move(blames);
  fmt::print("{}\n", boost::json::serialize(document));
}

void print_text(const CeremonySettings& settings, const CeremonyReport& report) {
  const auto& terms = settings.plan.terms;
  for (const auto& blame : report.blames) {
    say(fmt::format("{}: {}{}", party_name(terms, blame.party), ceremony::name(blame.offence),
                    blame.evidence.empty() ? "" : "; proof for anybody: " + blame.evidence.string()));
  }
  if (report.record) {
    const auto network = threshold::network_id(report.record->group_key, terms.proposal.network);
    fmt::print("group key   {}\nnetwork id  {}\n", to_hex(report.record->group_key.bytes), to_hex(network.value.bytes));
    if (command_for(terms) != CeremonyOf::lost_share) {
      fmt::print("group file  {}\n", settings.group_file.string());
    }
    if (report.holds_share) {
      fmt::print("share file  {}\n", settings.share_file.string());
    }
  } else {
    say(advice(report.end));
  }
}

/// A share of another network is refused before anything is dealt from it.
std::optional<Failure> foreign_share(const CeremonyKeys& keys, const ceremony::Terms& terms) {
  if (!keys.old_share || !terms.old || keys.old_share->origin.network.value.is_zero()) {
    return std::nullopt;
  }
  if (keys.old_share->origin.network == threshold::network_id(terms.old->group_key, terms.proposal.network)) {
    return std::nullopt;
  }
  return Failure{Exit::usage, "the old share is of another network than the one that the proposal names"};
}

RepairSettings repair_settings(const JoinOptions& options, const CeremonySettings& settings) {
  return {.plan = settings.plan,
          .listen = options.listen,
          .share_file = settings.share_file,
          .timeout = settings.stage_timeout,
          .linger = settings.linger};
}

template <class Party, class Settings>
std::variant<CeremonyReport, Failure> run_party(Settings settings, CeremonyKeys keys, const StopSignals& signals) {
  auto opened = Party::open(std::move(settings), std::move(keys), say);
  if (auto* failure = std::get_if<Failure>(&opened)) {
    return std::move(*failure);
  }
  return std::get<std::unique_ptr<Party>>(opened)->run(signals);
}

Exit join(const JoinOptions& options, CeremonyOf what) {
  forbid_core_dumps();
  if (const auto done = threshold::frost::self_test(); !done) {
    return complain(fmt::format("this libsodium must not be used: {}", done.error().detail), Exit::environment);
  }
  auto plan = read_ceremony(options.file);
  if (!plan) {
    return Exit::usage;
  }
  if (const auto wanted = command_for(plan->terms); wanted != what) {
    return complain(fmt::format("{} is a matter for `assay {} join`", options.file, command_name(wanted)), Exit::usage);
  }
  const StopSignals signals;
  auto keys = open_ceremony_keys(options.keys);
  if (const auto* failure = std::get_if<Failure>(&keys)) {
    return complain(*failure);
  }
  if (const auto foreign = foreign_share(std::get<CeremonyKeys>(keys), plan->terms)) {
    return complain(*foreign);
  }
  explain(plan->terms);
  const auto settings = settings_of(options, std::move(*plan));
  const auto ended =
      what == CeremonyOf::lost_share
          ? run_party<RepairParty>(repair_settings(options, settings), std::move(std::get<CeremonyKeys>(keys)), signals)
          : run_party<CeremonyParty>(settings, std::move(std::get<CeremonyKeys>(keys)), signals);
  if (const auto* failure = std::get_if<Failure>(&ended)) {
    return complain(*failure);
  }
  const auto& report = std::get<CeremonyReport>(ended);
  if (options.json) {
    print_json(settings, report);
  } else {
    print_text(settings, report);
  }
  return report.end == CeremonyEnd::activated ? Exit::yes : Exit::no;
}

}  // namespace

void add_join(CLI::App& parent, Chosen& chosen, CeremonyOf what) {
  auto* command = parent.add_subcommand("join", "take part in a ceremony until it is over; can be interrupted");
  auto options = std::make_shared<JoinOptions>();
  command->add_option("--ceremony", options->file, "the ceremony file, the same for everybody")
      ->required()
      ->type_name("FILE");
  add_key_options(*command, options->keys);
  if (what != CeremonyOf::fresh_key) {
    command
        ->add_option("--share", options->keys.old_share,
                     what == CeremonyOf::running_key ? "this member's share of the running key, when it deals"
                                                     : "this member's share, when it helps")
        ->type_name("FILE");
  }
  command->add_option("--listen", options->listen, "HOST:PORT to listen at, where that is not this member's address");
  command->add_option("--dir", options->folder, "where the ceremony's log and its results go")->capture_default_str();
  command->add_option("--share-out", options->share_out, "the new share; default DIR/share-GENERATION.key")
      ->type_name("FILE");
  if (what != CeremonyOf::lost_share) {
    command->add_option("--group-out", options->group_out, "the new group file; default DIR/group-EPOCH.yaml")
        ->type_name("FILE");
  }
  command->add_option("--timeout", options->timeout_seconds, "how long a stage may take before the missing are named")
      ->capture_default_str()
      ->check(CLI::Range(1, 86'400))
      ->type_name("SECONDS");
  command->add_option("--linger", options->linger_seconds, "how long to stay, when through, for those that are not")
      ->capture_default_str()
      ->check(CLI::Range(0, 86'400))
      ->type_name("SECONDS");
  command->add_flag("--json", options->json, "print one JSON document on stdout");
  command->footer(
      "Exit codes: 0 the key is there; 1 cancelled, interrupted or not over; 2 wrong files; 3 disk or network.");
  command->callback([&chosen, options, what] { chosen = [options, what] { return join(*options, what); }; });
}

}  // namespace assay::node
