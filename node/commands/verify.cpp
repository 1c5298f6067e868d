#include <fmt/format.h>

#include <boost/json.hpp>
#include <memory>

#include "core/decimal.hpp"
#include "node/commands/commands.hpp"
#include "node/commands/pinned.hpp"
#include "node/input.hpp"
#include "publisher/verify.hpp"

namespace assay::node {

namespace {

struct VerifyOptions {
  std::string group_key;
  std::string network_id;
  std::string file = "-";
  bool json = false;
};

constexpr std::size_t input_size_max = 256U << 20U;

std::string confidence_text(const Leaf& leaf) {
  return to_text(static_cast<std::int64_t>(leaf.confidence), leaf.exponent);
}

void print_ok(const publisher::VerifiedFrame& frame, bool json) {
  const auto height = frame.header.height.value;
  if (json) {
    boost::json::array leaves;
    for (const auto& [index, symbol, leaf] : frame.leaves) {
      leaves.push_back(boost::json::object{{"feed", symbol},
                                           {"index", index},
                                           {"status", std::string(name(leaf.status))},
                                           {"price", to_text(leaf.price, leaf.exponent)},
                                           {"confidence", confidence_text(leaf)}});
    }
    fmt::print("{}\n",
               boost::json::serialize(boost::json::object{{"ok", true},
                                                          {"height", std::to_string(height)},
                                                          {"network_id", to_hex(frame.header.network.value.bytes)},
                                                          {"leaves", std::move(leaves)}}));
    return;
  }
  for (const auto& [index, symbol, leaf] : frame.leaves) {
    fmt::print("ok {} {} +- {} {} at height {}\n", symbol, to_text(leaf.price, leaf.exponent), confidence_text(leaf),
               name(leaf.status), height);
  }
}

bool verify_one(const std::string& text, const publisher::Pinned& pinned, bool json) {
  const auto verdict = publisher::verify_frame(text, pinned);
  if (const auto* frame = std::get_if<publisher::VerifiedFrame>(&verdict)) {
    print_ok(*frame, json);
    return true;
  }
  const auto& refused = std::get<publisher::Refused>(verdict);
  if (json) {
    fmt::print("{}\n", boost::json::serialize(boost::json::object{
                           {"ok", false}, {"error", std::string(name(refused.code))}, {"detail", refused.detail}}));
  } else {
    fmt::print("refused: {} {}\n", name(refused.code), refused.detail);
  }
  return false;
}

/// The documents in `text`: one a line when each line by itself is JSON, else the whole.
std::vector<std::string> documents(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    auto line = text.substr(at, end - at);
    if (line.find_first_not_of(" \t\r") != std::string::npos) {
      lines.push_back(std::move(line));
    }
    at = end + 1;
  }
  boost::system::error_code failed;
  if (lines.size() > 1) {
    (void)boost::json::parse(lines.front(), failed);
    if (failed) {
      (void)boost::json::parse(text, failed);
      return failed ? lines : std::vector{text};
    }
  }
  return lines;
}

Exit verify(const VerifyOptions& options) {
  const auto pinned = pinned_by(options.group_key, options.network_id);
  if (!pinned) {
    return Exit::usage;
  }
  const auto text = read_input(options.file, input_size_max);
  if (!text) {
    return Exit::usage;
  }
  const auto frames = documents(*text);
  if (frames.empty()) {
    fmt::print(stderr, "assay: {} holds nothing to verify\n", options.file);
    return Exit::usage;
  }
  bool all_ok = true;
  for (const auto& frame : frames) {
    all_ok = verify_one(frame, *pinned, options.json) && all_ok;
  }
  return all_ok ? Exit::yes : Exit::no;
}

}  // namespace

void add_verify(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("verify", "check updates of /v1/stream against a pinned group key, offline");
  auto options = std::make_shared<VerifyOptions>();
  command->add_option("--group-key", options->group_key, "the committee's Ed25519 key, learnt out of band")
      ->required()
      ->type_name("HEX");
  command->add_option("--network-id", options->network_id, "pin the network too")->type_name("HEX");
  command->add_flag("--json", options->json, "one JSON document a line");
  command->add_option("file", options->file, "one update or batch, or JSON lines; stdin without it")->type_name("FILE");
  command->callback([&chosen, options] { chosen = [options] { return verify(*options); }; });
}

}  // namespace assay::node
