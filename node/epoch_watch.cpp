#include "node/epoch_watch.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <utility>

#include "node/log.hpp"
#include "node/old_shares.hpp"

namespace assay::node {

namespace {

constexpr int nap_ms = 100;
/// What kept it from being held may have been mended, in a file that nobody stamps: a share, a mode, a full disk.
constexpr unsigned naps_between_tries = 20;

/// Another one whenever the folder was written anew.
std::string stamp_of(const std::filesystem::path& file) {
  std::error_code failed;
  const auto time = std::filesystem::last_write_time(file, failed);
  if (failed) {
    return "";
  }
  return fmt::format("{} {}", time.time_since_epoch().count(), std::filesystem::file_size(file, failed));
}

bool is_member(const threshold::EpochRecord& record, const PublicKey& identity) {
  return std::find(record.identities.begin(), record.identities.end(), identity) != record.identities.end();
}

}  // namespace

/// Why this node could not run that epoch with the keys that it names.
std::string EpochWatch::key_problem(const EpochFiles& next) const {
  const auto committee = next.committee();
  if (!committee) {
    return std::string(committee.error().detail);
  }
  const auto me = next.settings.member.value;
  std::error_code unknown;
  const bool same_keys =
      std::filesystem::equivalent(next.settings.share_file, current_.settings.share_file, unknown) &&
      std::filesystem::equivalent(next.settings.identity_key_file, current_.settings.identity_key_file, unknown);
  if (same_keys) {
    // Open already, and locked by this very process.
    const bool fits = me < next.record.identities.size() && next.record.identities[me] == keys_.identity.public_key() &&
                      next.record.verifying_shares[me] == keys_.share.verifying_share();
    return fits ? ""
                : "the share file of this epoch does not serve the next one: name the reshared one with --next-node";
  }
  const auto opened = open_keys(*committee, next.network, next.settings);
  const auto* failure = std::get_if<Failure>(&opened);
  return failure == nullptr ? "" : failure->text;
}

void EpochWatch::look() {
  const Epoch next{current_.network.epoch.value + 1};
  const auto stamp = stamp_of(stage_folder(current_.settings.data_dir, next) / "succession.yaml");
  const StageState before = state_.read();
  const bool again = !before.problem.empty() && ++naps_ % naps_between_tries == 0;
  if (stamp == stamp_ && !again) {
    return;
  }
  const bool same = stamp == std::exchange(stamp_, stamp);
  files_.reset();
  StageState state;
  state.old_share = before.old_share;
  auto loaded = load_stage(current_);
  if (const auto* failure = std::get_if<Failure>(&loaded)) {
    state.problem = failure->text;
  } else if (auto& files = std::get<std::optional<EpochFiles>>(loaded)) {
    state.leaving = !is_member(files->record, keys_.identity.public_key());
    auto problem = stage_problem(*files, &current_.record, &genesis_);
    state.problem = problem ? *problem : state.leaving ? "" : key_problem(*files);
    if (state.problem.empty() && !state.leaving && !note_old_share(current_, *files)) {
      state.problem = "the folder of the next epoch cannot be written";
    }
    if (state.problem.empty()) {
      state.next_epoch = threshold::next_epoch_digest(*files->succession);
      files_ = std::move(*files);
    }
  }
  if (same && state.problem == before.problem) {
    return;
  }
  if (state.next_epoch) {
    log_info(fmt::format("epoch {} is staged{}", next.value, state.leaving ? "; this member is not in it" : ""));
  } else if (!state.problem.empty()) {
    log_warning(fmt::format("epoch {} is staged, but not held: {}", next.value, state.problem));
  }
  state_.update([&](StageState& shown) { shown = state; });
  changed_(state, files_ ? &*files_ : nullptr);
}

/// Once: so that the first observation of the new epoch has quotes to go by.
void EpochWatch::read_ahead() {
  const auto announced = announced_.read();
  const auto held = state_.read();
  if (venues_ || !files_ || held.leaving || announced != held.next_epoch) {
    return;
  }
  venues_ = std::make_unique<VenueRun>(files_->network, files_->settings, gates_);
}

void EpochWatch::announced(const Digest& next_epoch) {
  announced_.update([&](std::optional<Digest>& known) { known = next_epoch; });
}

void EpochWatch::tell_old_share(const std::string& text) {
  if (state_.read().old_share != text) {
    state_.update([&](StageState& shown) { shown.old_share = text; });
    changed_(state_.read(), files_ ? &*files_ : nullptr);
  }
}

void EpochWatch::run() {
  OldShares old(current_, keys_.share.verifying_share());
  while (!stopping_) {
    look();
    read_ahead();
    if (!old.empty()) {
      tell_old_share(old.erase());
    }
    poll(nullptr, 0, nap_ms);
  }
}

}  // namespace assay::node
