#include <fmt/format.h>

#include <memory>

#include "aggregator/plan.hpp"
#include "config/scalars.hpp"
#include "node/commands/commands.hpp"
#include "node/config_files.hpp"
#include "node/explain.hpp"
#include "node/explain_observations.hpp"
#include "node/quotes_file.hpp"
#include "node/replay.hpp"

namespace assay::node {

namespace {

struct ExplainOptions {
  std::string network;
  std::string feed;
  std::string quotes;
  std::string observations;
  std::string at;
  std::int64_t every_ms = 0;
  bool json = false;
};

/// Milliseconds since 1970, or RFC 3339.
std::optional<WallTime> moment(const std::string& text) {
  if (const auto at = config::parse_utc(text)) {
    return at;
  }
  const auto millis = config::parse_integer(text);
  if (!millis || *millis < 0 || *millis > 9'000'000'000'000'000) {
    return std::nullopt;
  }
  return WallTime{static_cast<std::uint64_t>(*millis) * 1000};
}

void print(const ExplainOptions& options, const Replay& replay, WallTime at) {
  const Explanation what{replay.book(), replay.node(), at, replay.unlisted(), &replay.refusals()};
  if (options.json) {
    fmt::print("{}\n", explain_json(what));
  } else {
    fmt::print("{}", options.every_ms > 0 ? explain_step_text(what) : explain_text(what));
  }
}

/// One observation a step, from the first quote on.
void print_steps(const ExplainOptions& options, Replay& replay, const std::vector<fetchers::QuoteLine>& lines,
                 WallTime until) {
  const auto step = millis(options.every_ms);
  std::size_t taken = 0;
  for (WallTime at = lines.front().quote.recv_time; at <= until; at = at + step) {
    for (; taken < lines.size() && lines[taken].quote.recv_time <= at; ++taken) {
      replay.take(lines[taken]);
    }
    replay.observe(at);
    print(options, replay, at);
  }
}

Exit explain_quotes(const ExplainOptions& options, const config::NetworkSettings& network, std::size_t node) {
  const auto read = read_quotes(options.quotes);
  if (!read) {
    return Exit::usage;
  }
  const auto& lines = read->lines;
  if (lines.empty() && options.at.empty()) {
    fmt::print(stderr, "{}: no quote, and no --at\n", options.quotes);
    return Exit::usage;
  }
  const auto at = options.at.empty() ? lines.back().quote.recv_time : moment(options.at);
  if (!at) {
    fmt::print(stderr, "assay: --at takes milliseconds since 1970 or a time such as 2026-01-31T14:30:00Z\n");
    return Exit::usage;
  }
  Replay replay(network.policy, node);
  if (options.every_ms > 0 && !lines.empty()) {
    print_steps(options, replay, lines, *at);
  } else {
    replay_until(replay, lines, *at);
    print(options, replay, *at);
  }
  return Exit::yes;
}

Exit explain(const ExplainOptions& options) {
  const auto network = read_network(options.network);
  if (!network) {
    return Exit::usage;
  }
  auto symbol = options.feed;
  if (const auto dash = symbol.find('-'); symbol.find('/') == std::string::npos && dash != std::string::npos) {
    symbol[dash] = '/';
  }
  const auto node = aggregator::find_node(network->policy, symbol);
  if (!node) {
    fmt::print(stderr, "{}: no feed or leg {}\n", options.network, options.feed);
    return Exit::usage;
  }
  if (!options.observations.empty()) {
    return explain_observations(*network, *node, options.observations, options.json ? Output::json : Output::text);
  }
  return explain_quotes(options, *network, *node);
}

}  // namespace

void add_explain(CLI::App& app, Chosen& chosen) {
  auto* command =
      app.add_subcommand("explain", "why a price is what it is: each source, its weight, and why it counts");
  auto options = std::make_shared<ExplainOptions>();
  command->add_option("--network", options->network, "the network file")->required()->type_name("FILE");
  command->add_option("--feed", options->feed, "BTC/USD; a leg of the file works, too")->required()->type_name("FEED");
  auto* quotes =
      command->add_option("--quotes", options->quotes, "lines of `assay venues parse` with recv_time_ms; - for stdin")
          ->type_name("FILE");
  auto* observations =
      command->add_option("--observations", options->observations, "the committee's step: one observation a line")
          ->type_name("FILE")
          ->excludes(quotes);
  command->add_option("--at", options->at, "the moment, in ms since 1970 or RFC 3339; default: the last quote")
      ->type_name("T")
      ->excludes(observations);
  command
      ->add_option("--every", options->every_ms, "one observation each so many milliseconds, from the first quote on")
      ->type_name("MS")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{86'400'000}))
      ->excludes(observations);
  command->add_flag("--json", options->json, "print JSON, one line a step");
  command->callback([&chosen, options, quotes, observations] {
    if (quotes->count() + observations->count() == 0) {
      throw CLI::RequiredError("--quotes or --observations");
    }
    chosen = [options] { return explain(*options); };
  });
}

}  // namespace assay::node
