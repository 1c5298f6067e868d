#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "fetchers/quote_lines.hpp"
#include "node/commands/commands.hpp"
#include "node/config_files.hpp"
#include "node/input.hpp"
#include "node/replay.hpp"
#include "node/risk_report.hpp"

namespace assay::node {

namespace {

constexpr std::size_t quotes_size_max = std::size_t{2} << 30U;

struct RiskOptions {
  std::string network;
  std::string quotes;
  std::string feed;
  bool json = false;
};

FeedRiskReport report_of(const aggregator::AggregationPolicy& policy, std::size_t feed,
                         const std::vector<fetchers::QuoteLine>& lines) {
  if (lines.empty()) {
    return configured_risk(node_policy(policy, feed));
  }
  Replay replay(policy, feed);
  replay_until(replay, lines, lines.back().quote.recv_time);
  return observed_risk(replay.book(), replay.node());
}

Exit risk(const RiskOptions& options) {
  const auto network = read_network(options.network);
  if (!network) {
    return Exit::usage;
  }
  fetchers::QuoteLines quotes;
  if (!options.quotes.empty()) {
    const auto text = read_input(options.quotes, quotes_size_max);
    if (!text) {
      return Exit::usage;
    }
    auto read = fetchers::read_quote_lines(*text);
    if (const auto* fault = std::get_if<fetchers::LineFault>(&read)) {
      fmt::print(stderr, "{}:{}: {}\n", options.quotes, fault->line, fault->what);
      return Exit::usage;
    }
    quotes = std::move(std::get<fetchers::QuoteLines>(read));
    if (quotes.lines.empty()) {
      fmt::print(stderr, "{}: no quote\n", options.quotes);
      return Exit::usage;
    }
  }
  const auto& policy = network->policy;
  if (!options.feed.empty() && !find_node(policy, options.feed)) {
    fmt::print(stderr, "{}: no feed or leg {}\n", options.network, options.feed);
    return Exit::usage;
  }
  std::vector<FeedRiskReport> reports;
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    const bool wanted =
        options.feed.empty() ? node < policy.feeds.size() : node_policy(policy, node).terms.symbol == options.feed;
    if (wanted) {
      reports.push_back(report_of(policy, node, quotes.lines));
    }
  }
  std::sort(reports.begin(), reports.end(), [](const auto& a, const auto& b) { return a.symbol < b.symbol; });
  if (!options.json) {
    fmt::print("{}", risk_text(reports));
    return Exit::yes;
  }
  for (const auto& report : reports) {
    fmt::print("{}\n", risk_json(report));
  }
  return Exit::yes;
}

}  // namespace

void add_risk(CLI::App& app, Chosen& chosen) {
  auto* command = app.add_subcommand("risk", "least capital that moves each feed by 1, 5 and 10 per cent");
  auto options = std::make_shared<RiskOptions>();
  command->add_option("--network", options->network, "the network file")->required()->type_name("FILE");
  command
      ->add_option(
          "--quotes", options->quotes,
          "lines as `assay explain` takes them, with bids and asks where depth is known; without: weights only")
      ->type_name("FILE");
  command->add_option("--feed", options->feed, "only this feed or leg")->type_name("FEED");
  command->add_flag("--json", options->json, "print JSON, one line a feed");
  command->callback([&chosen, options] { chosen = [options] { return risk(*options); }; });
}

}  // namespace assay::node
