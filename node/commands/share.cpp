#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "node/commands/commands.hpp"
#include "node/config_files.hpp"
#include "node/failure.hpp"
#include "node/input.hpp"
#include "node/old_shares.hpp"
#include "publisher/verify.hpp"
#include "threshold/io/share_eraser.hpp"

namespace assay::node {

namespace {

struct EraseOptions {
  std::string share;
  std::string succession;
  std::string update;
};

constexpr std::size_t update_size_max = 16U << 20U;

/// The header that shows in which epoch the network is; nothing when the update is no proof, which has been said.
std::optional<Header> attested_header(const threshold::Succession& succession, const std::string& update) {
  const auto verdict = publisher::verify_frame(update, {succession.after.group_key, succession.network});
  if (const auto* frame = std::get_if<publisher::VerifiedFrame>(&verdict)) {
    return frame->header;
  }
  const auto& why = std::get<publisher::Refused>(verdict);
  fmt::print(stderr, "assay: the update proves nothing: {} {}\n", name(why.code), why.detail);
  return std::nullopt;
}

Exit erase(const EraseOptions& options) {
  const auto succession = read_succession(options.succession);
  if (!succession) {
    return Exit::usage;
  }
  if (const auto sound = threshold::check_succession(*succession); !sound) {
    return complain(fmt::format("{}: {}", options.succession, sound.error().detail));
  }
  const auto label = threshold::load_share_label(options.share);
  if (!label) {
    return complain(error_text(options.share, label.error()), Exit::usage);
  }
  const auto update = read_input(options.update, update_size_max);
  if (!update) {
    return Exit::usage;
  }
  const auto header = attested_header(*succession, *update);
  if (!header) {
    return Exit::no;
  }
  if (const auto why = why_kept(*label, *succession, *header)) {
    return complain(fmt::format("{} stays: {}", options.share, *why));
  }
  const auto erased = threshold::erase_share(options.share, *label);
  if (!erased) {
    return complain(error_text(options.share, erased.error()), Exit::environment);
  }
  fmt::print("erased      {}\n{}", options.share,
             *erased == 0 ? "" : "            and the log of the ceremony that made it\n");
  return Exit::yes;
}

}  // namespace

void add_share(CLI::App& app, Chosen& chosen) {
  auto* share = app.add_subcommand("share", "what is to be done with share files");
  share->require_subcommand(1);
  auto options = std::make_shared<EraseOptions>();
  auto* command = share->add_subcommand("erase", "overwrite and remove the share of an epoch that is over");
  const auto file = [&](const char* name, std::string& into, const char* help) {
    command->add_option(name, into, help)->required()->type_name("FILE");
  };
  file("--share", options->share, "the old share file");
  file("--succession", options->succession, "the succession file that ended its epoch");
  file("--update", options->update, "any update of the network since then (a node's /v1/latest/...), - for stdin");
  command->footer(
      "A node that stays in the committee does this itself; this is for machines that have left it, and for copies.\n"
      "Refused (exit code 1) unless the update proves, under the group key, that the committee signs with later "
      "shares.\n"
      "The log of the ceremony that made the share goes with it where it lies beside the share: together with the\n"
      "identity it would give the share back. Interrupted, it is simply run again.");
  command->callback([&chosen, options] { chosen = [options] { return erase(*options); }; });
}

}  // namespace assay::node
