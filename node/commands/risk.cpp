#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "node/commands/commands.hpp"
#include "node/config_files.hpp"
#include "node/failure.hpp"
#include "node/plain_http.hpp"
#include "node/quotes_file.hpp"
#include "node/replay.hpp"
#include "node/risk_report.hpp"

namespace assay::node {

namespace {

struct RiskOptions {
  std::string network;
  std::string quotes;
  std::string node;
  std::string feed;
  bool json = false;
};

using Reports = std::vector<FeedRiskReport>;

bool wanted(const RiskOptions& options, const aggregator::AggregationPolicy& policy, std::size_t node) {
  return options.feed.empty() ? node < policy.feeds.size() : node_policy(policy, node).terms.symbol == options.feed;
}

/// From the configured weights alone.
Reports configured(const RiskOptions& options, const aggregator::AggregationPolicy& policy) {
  Reports out;
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    if (wanted(options, policy, node)) out.push_back(configured_risk(node_policy(policy, node)));
  }
  return out;
}

Reports replayed(const RiskOptions& options, const aggregator::AggregationPolicy& policy,
                 const std::vector<fetchers::QuoteLine>& lines) {
  Reports out;
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    if (!wanted(options, policy, node)) continue;
    Replay replay(policy, node);
    replay_until(replay, lines, lines.back().quote.recv_time);
    out.push_back(observed_risk(replay.book(), replay.node()));
  }
  return out;
}

/// What a running node measures now.
Exit told(const RiskOptions& options, const aggregator::AggregationPolicy& policy, Reports& out) {
  const auto document = http_get(options.node, "/v1/venues");
  if (!document) return complain(cannot(options.node, document.error()));
  auto reports = told_risk(policy, *document);
  if (!reports) {
    fmt::print(stderr, "assay: {}: expected {}\n", options.node, reports.error().detail);
    return Exit::environment;
  }
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    if (wanted(options, policy, node)) out.push_back((*reports)[node]);
  }
  return Exit::yes;
}

Exit risk(const RiskOptions& options) {
  const auto network = read_network(options.network);
  if (!network) {
    return Exit::usage;
  }
  const auto& policy = network->policy;
  if (!options.feed.empty() && !find_node(policy, options.feed)) {
    fmt::print(stderr, "{}: no feed or leg {}\n", options.network, options.feed);
    return Exit::usage;
  }
  Reports reports;
  if (!options.node.empty()) {
    if (const Exit failed = told(options, policy, reports); failed != Exit::yes) return failed;
  } else if (!options.quotes.empty()) {
    const auto quotes = read_quotes(options.quotes);
    if (!quotes) {
      return Exit::usage;
    }
    if (quotes->lines.empty()) {
      fmt::print(stderr, "{}: no quote\n", options.quotes);
      return Exit::usage;
    }
    reports = replayed(options, policy, quotes->lines);
  } else {
    reports = configured(options, policy);
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
  auto* quotes =
      command
          ->add_option(
              "--quotes", options->quotes,
              "lines as `assay explain` takes them, with bids and asks where depth is known; without: weights only")
          ->type_name("FILE");
  command->add_option("--node", options->node, "a running node, e.g. http://127.0.0.1:8080: weights and depths of now")
      ->type_name("URL")
      ->excludes(quotes);
  command->add_option("--feed", options->feed, "only this feed or leg")->type_name("FEED");
  command->add_flag("--json", options->json, "print JSON, one line a feed");
  command->callback([&chosen, options] { chosen = [options] { return risk(*options); }; });
}

}  // namespace assay::node
