#include "threshold/evidence/verify.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "config/digest.hpp"
#include "node/commands/commands.hpp"
#include "node/config_files.hpp"
#include "node/input.hpp"
#include "node/node_keys.hpp"
#include "publisher/audit/evidence_folder.hpp"
#include "threshold/crypto/frost.hpp"

namespace assay::node {

namespace {

struct VerifyOptions {
  std::vector<std::string> files;
  std::string network;
  std::string group;
  std::string ceremony;
  bool json = false;
};

void print_verdict(const threshold::evidence::Verdict& verdict, bool json) {
  const auto identity = to_hex(verdict.identity.bytes);
  if (json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{{"ok", true},
                                                                  {"kind", name(verdict.kind)},
                                                                  {"member", verdict.member.value},
                                                                  {"identity", identity},
                                                                  {"epoch", verdict.epoch.value},
                                                                  {"view", std::to_string(verdict.view.value)},
                                                                  {"height", std::to_string(verdict.height.value)},
                                                                  {"what", verdict.what}}));
    return;
  }
  fmt::print("convicts member {} ({}) of {}: {} (epoch {}, view {}, height {})\n", verdict.member.value, identity,
             name(verdict.kind), verdict.what, verdict.epoch.value, verdict.view.value, verdict.height.value);
}

void print_refusal(Error error, bool json) {
  if (json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{
                           {"ok", false}, {"error", std::string(name(error.code))}, {"detail", error.detail}}));
    return;
  }
  fmt::print("refused: {} {}\n", name(error.code), error.detail);
}

/// Before the first key there is no group file: the members' identities judge what happened in making it.
threshold::EpochRecord before_any_key(const config::NetworkSettings& settings) {
  const auto members = static_cast<std::uint16_t>(settings.members.size());
  return {.epoch = settings.epoch,
          .share_generation = 0,
          .threshold = threshold::Quorum{members}.agree(),
          .group_key = {},
          .verifying_shares = std::vector<PublicKey>(members),
          .identities = settings.members};
}

/// The public data that the options name. Nothing when they hold something else; the reason has been printed.
std::optional<threshold::Committee> committee_of(const config::NetworkSettings& settings, const std::string& group) {
  const bool keyless = group.empty() && !std::filesystem::exists(settings.group_file);
  const auto file = group.empty() ? settings.group_file : std::filesystem::path(group);
  const auto record = keyless ? std::optional(before_any_key(settings)) : read_group(file);
  if (!record) {
    return std::nullopt;
  }
  auto committee = threshold::make_committee(*record, settings.name, config::config_digest(settings));
  const auto fault = committee && !keyless ? group_fault(*record, settings) : std::nullopt;
  if (!committee || fault) {
    fmt::print(stderr, "assay: {}\n", fault ? fault->text : committee.error().detail);
    return std::nullopt;
  }
  return *committee;
}

/// What a judge goes by.
struct PublicData {
  threshold::Committee committee;
  aggregator::AggregationPolicy policy;
  std::optional<Digest> ceremony;  ///< then evidence of no other one
};

/// Of a ceremony, before there is a network file: the members that its file names. It signs for itself.
std::optional<PublicData> data_of_ceremony(const std::string& file) {
  const auto plan = read_ceremony(file);
  if (!plan) {
    return std::nullopt;
  }
  config::NetworkSettings settings;
  settings.epoch = plan->terms.proposal.epoch;
  for (const auto& member : plan->terms.proposal.members) {
    settings.members.push_back(member.identity);
  }
  auto committee = threshold::make_committee(before_any_key(settings), plan->terms.proposal.network, Digest{});
  if (!committee) {
    fmt::print(stderr, "assay: {}: a repair leaves no evidence\n", file);
    return std::nullopt;
  }
  return PublicData{std::move(*committee), {}, plan->terms.id};
}

std::optional<PublicData> data_of_network(const VerifyOptions& options) {
  const auto settings = read_network(options.network);
  auto committee = settings ? committee_of(*settings, options.group) : std::nullopt;
  if (!committee) {
    return std::nullopt;
  }
  return PublicData{std::move(*committee), settings->policy, std::nullopt};
}

Result<threshold::evidence::Verdict> verdict_on(const PublicData& data, ByteSpan bytes) {
  const threshold::evidence::PublicNetwork network{data.committee, data.policy};
  const auto opened = threshold::evidence::decode(bytes, network.limits());
  if (opened && data.ceremony && opened->scope != *data.ceremony) {
    return Error{Errc::wrong_committee, "of another ceremony"};
  }
  return threshold::evidence::verify_evidence(network, bytes);
}

Exit verify_files(const VerifyOptions& options) {
  if (const auto sound = threshold::frost::self_test(); !sound) {
    fmt::print(stderr, "assay: this libsodium must not be used: {}\n", sound.error().detail);
    return Exit::environment;
  }
  const auto data = options.ceremony.empty() ? data_of_network(options) : data_of_ceremony(options.ceremony);
  if (!data) {
    return Exit::usage;
  }
  const auto size_max =
      threshold::evidence::bytes_max({data->committee.quorum, static_cast<std::uint32_t>(data->policy.feeds.size())});
  Exit exit = Exit::yes;
  for (const auto& file : options.files) {
    const auto text = read_input(file, size_max);
    if (!text) {
      return Exit::usage;
    }
    const auto verdict = verdict_on(*data, as_bytes(*text));
    if (verdict) {
      print_verdict(*verdict, options.json);
    } else {
      print_refusal(verdict.error(), options.json);
      exit = Exit::no;
    }
  }
  return exit;
}

Exit list_folder(const std::string& folder, bool json) {
  std::error_code failed;
  if (!std::filesystem::is_directory(folder, failed)) {
    fmt::print(stderr, "assay: {} is no folder\n", folder);
    return Exit::usage;
  }
  const auto opened = publisher::EvidenceFolder::open(folder);
  const auto labels = opened ? opened->list() : opened.error();
  if (!labels) {
    fmt::print(stderr, "assay: {}: {}\n", folder, labels.error().detail);
    return Exit::environment;
  }
  for (const auto& label : *labels) {
    const auto file = (std::filesystem::path(folder) / file_name(label)).string();
    if (json) {
      fmt::print(
          "{}\n",
          boost::json::serialize(boost::json::object{
              {"kind", label.kind}, {"epoch", label.epoch.value}, {"member", label.member.value}, {"file", file}}));
    } else {
      fmt::print("epoch {} member {} {} {}\n", label.epoch.value, label.member.value, label.kind, file);
    }
  }
  return Exit::yes;
}

void add_verify_evidence(CLI::App& group, Chosen& chosen) {
  auto* command = group.add_subcommand("verify", "judge evidence offline; 0 it convicts, 1 refused, 2 unreadable");
  auto options = std::make_shared<VerifyOptions>();
  command->add_option("file", options->files, "pieces of evidence, - for stdin")->required()->type_name("FILE");
  auto* source = command->add_option_group("public data");
  auto* network =
      source->add_option("--network", options->network, "the network file under which it happened")->type_name("FILE");
  source
      ->add_option("--ceremony", options->ceremony,
                   "the ceremony file, for what happened in making or handing on a key")
      ->type_name("FILE");
  source->require_option(1);
  command->add_option("--group", options->group, "the group file of that epoch, where it is not the network file's")
      ->type_name("FILE")
      ->needs(network);
  command->add_flag("--json", options->json, "one JSON document a line");
  command->callback([&chosen, options] { chosen = [options] { return verify_files(*options); }; });
}

}  // namespace

void add_evidence(CLI::App& app, Chosen& chosen) {
  auto* group = app.add_subcommand("evidence", "proofs of members' misbehaviour");
  group->require_subcommand(1);
  add_verify_evidence(*group, chosen);
  auto* command = group->add_subcommand("list", "what a node has kept, by its file names");
  struct ListOptions {
    std::string folder;
    bool json = false;
  };
  auto options = std::make_shared<ListOptions>();
  command->add_option("folder", options->folder, "the folder `evidence` beside a node's ledger")
      ->required()
      ->type_name("FOLDER");
  command->add_flag("--json", options->json, "one JSON document a line");
  command->callback([&chosen, options] { chosen = [options] { return list_folder(options->folder, options->json); }; });
}

}  // namespace assay::node
