#include "node/epoch_files.hpp"

#include <fmt/format.h>

#include <system_error>
#include <utility>

#include "config/digest.hpp"
#include "config/files.hpp"
#include "config/load.hpp"
#include "core/bytes.hpp"
#include "core/epoch_rule.hpp"
#include "node/log.hpp"
#include "node/old_shares.hpp"
#include "publisher/audit/ledger_reader.hpp"
#include "threshold/io/file.hpp"

namespace assay::node {

namespace {

namespace fs = std::filesystem;

constexpr auto succession_name = "succession.yaml";
constexpr auto node_name = "node_file";
constexpr auto log_name = "safety.log";

template <class T>
std::optional<Failure> read_into(T& into, std::variant<T, std::vector<config::ConfigError>> loaded) {
  if (auto* value = std::get_if<T>(&loaded)) {
    into = std::move(*value);
    return std::nullopt;
  }
  return Failure{Exit::usage, config::to_text(std::get<1>(loaded).front())};
}

fs::path log_of(const config::NodeSettings& settings, Epoch epoch) {
  const auto folder = stage_folder(settings.data_dir, epoch);
  std::error_code unknown;
  return (fs::exists(folder, unknown) ? folder : settings.data_dir) / log_name;
}

}  // namespace

Result<threshold::Committee> EpochFiles::committee() const {
  auto out = threshold::make_committee(record, network.name, config::config_digest(network));
  if (out && succession) {
    out->descent = threshold::Descent{succession->genesis, threshold::next_epoch_digest(*succession)};
  }
  return out;
}

fs::path stage_folder(const fs::path& data_dir, Epoch epoch) {
  return data_dir / "epochs" / std::to_string(epoch.value);
}

namespace {

std::variant<std::optional<EpochFiles>, Failure> read_folder(const fs::path& folder) {
  std::error_code unknown;
  if (!fs::exists(folder / succession_name, unknown)) {
    return std::nullopt;
  }
  EpochFiles out;
  threshold::Succession succession;
  if (auto failure = read_into(out.network, config::load_network(folder / "network.yaml"))) {
    return *failure;
  }
  if (auto failure = read_into(out.record, config::load_group(folder / "group.yaml"))) {
    return *failure;
  }
  std::string node_file;
  if (auto failure = read_into(node_file, config::read_text(folder / node_name))) {
    return *failure;
  }
  out.node_file = node_file.substr(0, node_file.find('\n'));
  if (auto failure = read_into(out.settings, config::load_node(out.node_file))) {
    return *failure;
  }
  if (auto failure = read_into(succession, config::load_succession(folder / succession_name))) {
    return *failure;
  }
  out.succession = std::move(succession);
  out.safety_log = folder / log_name;
  return out;
}

fs::path draft_of(fs::path folder) {
  return folder += ".draft";
}

/// Undoes what a put_in_place() left that was killed in the moment in which the epoch began: the folder with the
/// epoch's safety log takes its place again.   errors  io_failed;  locked: both have one, which is for the operator to
/// judge
Done repair_stage(const fs::path& data_dir, Epoch epoch) {
  const auto folder = stage_folder(data_dir, epoch);
  const auto draft = draft_of(folder);
  std::error_code unknown;
  if (!fs::exists(draft / log_name, unknown)) {
    return Ok{};
  }
  if (fs::exists(folder / log_name, unknown)) {
    return Error{
        Errc::locked,
        "two safety logs of this epoch, here and in the folder .draft beside it: stop the node, keep the newer "
        "one here, remove the other folder"};
  }
  return threshold::exchange_folders(draft, folder);
}

/// Of this epoch and all that are staged after it, before their logs are opened.
std::optional<Failure> repair_stages(const fs::path& data_dir, Epoch first) {
  std::error_code unknown;
  for (Epoch epoch = first;; epoch = Epoch{epoch.value + 1}) {
    const auto folder = stage_folder(data_dir, epoch);
    if (epoch != first && !fs::exists(folder, unknown)) {
      return std::nullopt;
    }
    if (const auto repaired = repair_stage(data_dir, epoch); !repaired) {
      return Failure{Exit::environment, fmt::format("{}: {}", folder.string(), repaired.error().detail)};
    }
  }
}

const Error has_begun{Errc::locked, "this epoch has begun here: what it runs on stays as it is"};

Done write_draft(const fs::path& draft, const EpochFiles& files) {
  std::error_code failed;
  fs::create_directories(draft, failed);
  if (failed) {
    return Error{Errc::io_failed, "cannot make the folder for the next epoch"};
  }
  auto network = files.network;
  network.group_file = "group.yaml";
  for (const auto& [name, text] : {std::pair{"network.yaml", config::emit_network(network)},
                                   std::pair{"group.yaml", config::emit_group(files.record)},
                                   std::pair{node_name, fs::absolute(files.node_file).string() + "\n"},
                                   std::pair{succession_name, config::emit_succession(*files.succession)}}) {
    if (const auto written = threshold::replace_file(draft / name, as_bytes(text), 0644); !written) {
      return written.error();
    }
  }
  const auto written = read_folder(draft);
  const auto* back = std::get_if<std::optional<EpochFiles>>(&written);
  if (back == nullptr || !*back || stage_problem(**back, nullptr, nullptr)) {
    return Error{Errc::io_failed, "what was written for the next epoch does not read back"};
  }
  return Ok{};
}

/// The draft takes the folder's place, unless the epoch has begun there meanwhile.
Done put_in_place(const fs::path& draft, const fs::path& folder, const EpochFiles& files) {
  if (const auto kept = carry_old_share(folder, draft, files); !kept) {
    return kept;
  }
  if (const auto placed = threshold::exchange_folders(draft, folder); !placed) {
    return placed;
  }
  std::error_code unknown;
  if (fs::exists(draft / log_name, unknown)) {
    (void)repair_stage(files.settings.data_dir, files.network.epoch);
    return has_begun;
  }
  return carry_old_share(draft, folder, files);  // a running node may have noted it until that moment
}

}  // namespace

Done write_stage(const EpochFiles& files) {
  const auto folder = stage_folder(files.settings.data_dir, files.network.epoch);
  const auto draft = draft_of(folder);
  std::error_code failed;
  if (const auto repaired = repair_stage(files.settings.data_dir, files.network.epoch); !repaired) {
    return repaired;
  }
  if (fs::exists(folder / log_name, failed)) {
    return has_begun;
  }
  fs::remove_all(draft, failed);
  auto done = write_draft(draft, files);
  if (done) {
    done = threshold::sync_folder(files.settings.data_dir);
  }
  if (done) {
    done = put_in_place(draft, folder, files);
  }
  fs::remove_all(draft, failed);
  return done;
}

std::optional<std::string> stage_problem(const EpochFiles& next, const threshold::EpochRecord* before,
                                         const Header* genesis) {
  const auto& succession = *next.succession;
  if (const auto sound = threshold::check_succession(succession); !sound) {
    return error_text(succession_name, sound.error());
  }
  if (config::config_digest(next.network) != succession.config_digest) {
    return "the network file is not the one that was endorsed";
  }
  if (succession.after != next.record) {
    return "the group file is not the one that was endorsed";
  }
  if (succession.network != threshold::network_id(next.record.group_key, next.network.name)) {
    return "the endorsements are for another network";
  }
  if (before != nullptr && succession.before != *before) {
    return "the endorsements are for another epoch than the one after mine";
  }
  if (genesis == nullptr) {
    return std::nullopt;
  }
  const threshold::Genesis mine{genesis->epoch, genesis->config_digest, genesis->feed_count};
  if (succession.genesis != mine) {
    return "the genesis in the succession file is not that of my ledger; it was proposed without --after";
  }
  return std::nullopt;
}

std::variant<std::optional<EpochFiles>, Failure> load_stage(const EpochFiles& current) {
  const Epoch next{current.network.epoch.value + 1};
  const auto folder = stage_folder(current.settings.data_dir, next);
  auto read = read_folder(folder);
  auto* files = std::get_if<std::optional<EpochFiles>>(&read);
  if (files == nullptr || !*files) {
    return read;
  }
  if (auto problem = stage_problem(**files, &current.record, nullptr)) {
    return Failure{Exit::no, fmt::format("{}: {}", folder.string(), *problem)};
  }
  (*files)->settings.data_dir = current.settings.data_dir;
  (*files)->earlier_feeds = current.earlier_feeds;
  for (const auto& feed : current.network.policy.feeds) {
    (*files)->earlier_feeds.push_back(feed.terms);
  }
  return read;
}

std::variant<EpochFiles, Failure> given_files(config::NetworkSettings network, config::NodeSettings settings,
                                              threshold::EpochRecord record) {
  EpochFiles out{std::move(network), std::move(settings), std::move(record), {}, std::nullopt, {}, {}};
  const auto folder = stage_folder(out.settings.data_dir, out.network.epoch);
  if (auto failure = repair_stages(out.settings.data_dir, out.network.epoch)) {
    return *std::move(failure);
  }
  out.safety_log = log_of(out.settings, out.network.epoch);
  auto read = read_folder(folder);
  if (auto* failure = std::get_if<Failure>(&read)) {
    return *failure;
  }
  auto& staged = std::get<std::optional<EpochFiles>>(read);
  if (!staged) {
    return out;
  }
  out.succession = staged->succession;
  if (auto problem = stage_problem(out, nullptr, nullptr)) {
    return Failure{Exit::usage, fmt::format("{}: {}", folder.string(), *problem)};
  }
  return out;
}

namespace {

/// Into the epochs that the ledger has reached.
std::variant<EpochFiles, Failure> reached_by_ledger(EpochFiles given) {
  const auto ledger = publisher::LedgerReader::open(given.settings.data_dir / "ledger.sqlite");
  if (!ledger) {
    return given;  // none yet, or one that the node will complain of
  }
  const auto tip = (*ledger)->tip();
  while (tip && epoch_after(tip->header) > given.network.epoch) {
    auto staged = load_stage(given);
    if (auto* failure = std::get_if<Failure>(&staged)) {
      return *failure;
    }
    auto& next = std::get<std::optional<EpochFiles>>(staged);
    if (!next) {
      break;  // it ends here, and says so
    }
    const bool announced = tip->header.epoch == given.network.epoch;
    if (announced && tip->header.next_epoch_digest != threshold::next_epoch_digest(*next->succession)) {
      break;
    }
    if (const auto noted = note_old_share(given, *next); !noted) {
      return Failure{Exit::environment, fmt::format("{}: {}", given.settings.data_dir.string(), noted.error().detail)};
    }
    given = std::move(*next);
  }
  return given;
}

/// Into the first epoch after it whose share is still there; as it is when there is none.
std::variant<EpochFiles, Failure> past_erased_shares(EpochFiles given) {
  std::error_code unknown;
  auto later = given;
  while (!fs::exists(later.settings.share_file, unknown)) {
    auto staged = load_stage(later);
    if (auto* failure = std::get_if<Failure>(&staged)) {
      return *failure;
    }
    auto& next = std::get<std::optional<EpochFiles>>(staged);
    if (!next) {
      return given;
    }
    later = std::move(*next);
  }
  if (later.network.epoch != given.network.epoch) {
    log_warning(fmt::format("{} is gone: this node follows the chain without voting until epoch {} begins",
                            given.settings.share_file.string(), later.network.epoch.value));
  }
  return later;
}

}  // namespace

std::variant<EpochFiles, Failure> starting_files(EpochFiles given) {
  auto reached = reached_by_ledger(std::move(given));
  auto* files = std::get_if<EpochFiles>(&reached);
  return files == nullptr ? std::move(reached) : past_erased_shares(std::move(*files));
}

}  // namespace assay::node
