#include "node/old_shares.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/files.hpp"
#include "config/load.hpp"
#include "core/bytes.hpp"
#include "node/log.hpp"
#include "threshold/io/file.hpp"
#include "threshold/io/share_eraser.hpp"

namespace assay::node {

namespace {

namespace fs = std::filesystem;

constexpr auto note_name = "old_share";

bool is_one_of(const std::vector<PublicKey>& shares, const PublicKey& share) {
  return std::ranges::find(shares, share) != shares.end();
}

}  // namespace

std::optional<std::string> why_kept(const threshold::ShareLabel& share, const threshold::Succession& succession,
                                    const Header& attested) {
  const auto& before = succession.before;
  const auto& after = succession.after;
  const auto generation = share.origin.generation;
  const bool known = !share.origin.network.value.is_zero();
  if (known && share.origin.network != succession.network) {
    return "it is of another network";
  }
  if (generation >= after.share_generation || is_one_of(after.verifying_shares, share.verifying_share)) {
    return fmt::format("epoch {} needs it: the shares stay what they are until a later generation", after.epoch.value);
  }
  const auto member = share.member.value;
  const bool of_before = generation == before.share_generation && member < before.verifying_shares.size() &&
                         before.verifying_shares[member] == share.verifying_share;
  if (!of_before && (generation >= before.share_generation || !known)) {
    return fmt::format("it is not the share of a member of epoch {}", before.epoch.value);
  }
  if (attested.network != succession.network || attested.epoch < after.epoch) {
    return fmt::format("no batch of epoch {} is attested yet", after.epoch.value);
  }
  return std::nullopt;
}

Done note_old_share(const EpochFiles& current, const EpochFiles& next) {
  std::error_code unknown;
  if (next.record.share_generation <= current.record.share_generation ||
      fs::equivalent(current.settings.share_file, next.settings.share_file, unknown)) {
    return Ok{};
  }
  const auto folder = stage_folder(current.settings.data_dir, next.network.epoch);
  const auto text = fs::absolute(current.settings.share_file).string() + "\n";
  const auto written = threshold::replace_file(folder / note_name, as_bytes(text), 0644);
  return written ? Done(Ok{}) : Done(written.error());
}

Done carry_old_share(const fs::path& from, const fs::path& into, const EpochFiles& next) {
  std::error_code unknown;
  const auto note = config::read_text(from / note_name);
  const auto* text = std::get_if<std::string>(&note);
  const auto& succession = *next.succession;
  if (text == nullptr || fs::exists(into / note_name, unknown) ||
      succession.after.share_generation <= succession.before.share_generation ||
      fs::equivalent(text->substr(0, text->find('\n')), next.settings.share_file, unknown)) {
    return Ok{};
  }
  const auto written = threshold::replace_file(into / note_name, as_bytes(*text), 0644);
  return written ? Done(Ok{}) : Done(written.error());
}

OldShares::OldShares(const EpochFiles& running, const PublicKey& me) : running_(running), me_(me) {
  std::error_code unknown;
  for (const auto& entry : fs::directory_iterator(running.settings.data_dir / "epochs", unknown)) {
    const auto& folder = entry.path();
    if (!fs::exists(folder / note_name, unknown)) {
      continue;
    }
    const auto note = config::read_text(folder / note_name);
    const auto succession = config::load_succession(folder / "succession.yaml");
    if (note.index() != 0 || std::get<0>(note).size() < 2 || succession.index() != 0) {
      log_warning(fmt::format("{}: which share it left behind cannot be read: erase it with `assay share erase`",
                              folder.string()));
      continue;
    }
    if (std::get<0>(succession).after.epoch > running.network.epoch) {
      continue;
    }
    const auto& text = std::get<std::string>(note);
    shares_.push_back({folder / note_name, text.substr(0, text.find('\n')), std::get<0>(succession), {}});
  }
}

std::optional<std::string> OldShares::erase_one(const OldShare& share, const Header& attested) const {
  std::error_code unknown;
  const bool there = fs::exists(share.file, unknown);
  if (unknown) {
    return "nobody knows whether it is there: " + unknown.message();
  }
  if (there) {
    const auto label = threshold::load_share_label(share.file);
    if (!label) {
      return std::string(label.error().detail);
    }
    if (auto why = why_kept(*label, share.succession, attested)) {
      return why;
    }
    const auto erased = threshold::erase_share(share.file, *label);
    if (!erased) {
      return std::string(erased.error().detail);
    }
    log_info(fmt::format("erased {}, the share of generation {}{}", share.file.string(), label->origin.generation,
                         *erased == 0 ? "" : ", and the log of the ceremony that made it"));
  }
  fs::remove(share.note, unknown);
  return std::nullopt;
}

std::optional<Header> OldShares::newest() {
  if (!ledger_) {
    auto opened = publisher::LedgerReader::open(running_.settings.data_dir / "ledger.sqlite");
    if (!opened) {
      return std::nullopt;
    }
    ledger_ = std::move(*opened);
  }
  const auto tip = ledger_->tip_height();
  auto header = tip ? ledger_->header_at(*tip) : Result<std::optional<Header>>(tip.error());
  return header ? std::move(*header) : std::nullopt;
}

std::string OldShares::erase() {
  const auto attested = newest();
  const auto mine = threshold::load_share_label(running_.settings.share_file);
  const bool follows = mine && mine->verifying_share == me_;
  std::string left;
  for (auto share = shares_.begin(); share != shares_.end();) {
    std::optional<std::string> why = "no batch is attested yet";
    if (!follows) {
      why = running_.settings.share_file.string() + " does not hold the share of this epoch";
    } else if (attested) {
      why = erase_one(*share, *attested);
    }
    if (!why) {
      share = shares_.erase(share);
      continue;
    }
    const auto text = fmt::format("{}: {}", share->file.string(), *why);
    if (std::exchange(share->told, text) != text) {
      log_info("an old share is still there: " + text);
    }
    left = left.empty() ? text : left;
    ++share;
  }
  return left;
}

}  // namespace assay::node
