#include "node/risk_report.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "aggregator/weighted_median.hpp"
#include "core/check.hpp"
#include "core/decimal.hpp"
#include "node/venue_table.hpp"

namespace assay::node {

namespace {

namespace json = boost::json;

/// 12,345,678 as people read it.
std::string grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t at = text.size(); at > 3; at -= 3) {
    text.insert(text.begin() + static_cast<std::ptrdiff_t>(at) - 3, ',');
  }
  return text;
}

/// What is known of a cost: between least and enough.
std::string span_of(const aggregator::ManipulationCost& cost) {
  if (cost.books_needed == 0) {
    return "no price";
  }
  if (!cost.enough_usd) {
    return cost.least_usd == 0 ? "unknown" : ">= " + grouped(cost.least_usd);
  }
  return *cost.enough_usd == cost.least_usd ? grouped(cost.least_usd)
                                            : grouped(cost.least_usd) + " .. " + grouped(*cost.enough_usd);
}

/// The weighted median of what is known of the depths, as the leaf has it; unknown counts as none.
std::uint64_t middle_depth(const aggregator::MeasuredNode& node) {
  std::vector<aggregator::Vote> votes;
  for (const auto& source : node.sources) {
    votes.push_back(
        {static_cast<std::int64_t>(std::min<std::uint64_t>(source.depth_usd, INT64_MAX)), source.weight_ppm});
  }
  return votes.empty() ? 0 : static_cast<std::uint64_t>(aggregator::Ballot(votes).median());
}

}  // namespace

FeedRiskReport observed_risk(const aggregator::QuoteBook& book, std::size_t node) {
  const auto& rules = node_policy(book.policy(), node);
  const auto& report = book.report(node);
  FeedRiskReport out{
      rules.terms.symbol, std::string(name(state_of(report))), {}, 0, aggregator::move_costs(book)[node]};
  if (report.entry) {
    out.price = to_text(report.entry->price, rules.terms.exponent);
    out.depth_usd = report.entry->depth_usd;
  }
  return out;
}

Result<std::vector<FeedRiskReport>> told_risk(const aggregator::AggregationPolicy& policy, std::string_view document) {
  const auto told = told_nodes(policy, document);
  if (!told) return told.error();
  std::vector<aggregator::MeasuredNode> measured;
  for (const auto& node : *told) measured.push_back(node.measured);
  const auto planned = aggregator::make_plan(policy);
  const auto* plan = std::get_if<aggregator::Plan>(&planned);
  check(plan != nullptr, "a policy was planned when it was loaded");
  const auto costs = aggregator::move_costs(policy, *plan, measured);
  std::vector<FeedRiskReport> out;
  for (std::size_t node = 0; node < costs.size(); ++node) {
    const auto& at = (*told)[node];
    out.push_back({node_policy(policy, node).terms.symbol, at.state.empty() ? "absent" : at.state, at.price,
                   middle_depth(at.measured), costs[node]});
  }
  return out;
}

FeedRiskReport configured_risk(const aggregator::FeedPolicy& feed) {
  FeedRiskReport out{feed.terms.symbol, "configured", {}, 0, {}};
  out.costs.fill(aggregator::configured_cost(feed));
  return out;
}

std::string risk_json(const FeedRiskReport& report) {
  json::object out;
  out["feed"] = report.symbol;
  out["state"] = report.state;
  out["price"] = report.price.empty() ? json::value(nullptr) : json::value(report.price);
  out["depth_usd"] = report.depth_usd == 0 ? json::value(nullptr) : json::value(std::to_string(report.depth_usd));
  out["books_needed"] = report.costs.front().books_needed;
  out["unknown_ppm"] = report.costs.front().unknown_ppm;
  json::array moves;
  for (std::size_t i = 0; i < report.costs.size(); ++i) {
    const auto& cost = report.costs[i];
    moves.push_back({{"ppm", aggregator::risk_moves_ppm[i]},
                     {"least_usd", std::to_string(cost.least_usd)},
                     {"enough_usd", cost.enough_usd ? json::value(std::to_string(*cost.enough_usd)) : nullptr}});
  }
  out["moves"] = std::move(moves);
  return json::serialize(out);
}

std::string risk_text(const std::vector<FeedRiskReport>& reports) {
  std::string out = fmt::format("{:<14} {:<10} {:>6} {:>8}  {:>14}  {:>25}  {:>25}  {:>25}\n", "feed", "state", "books",
                                "unknown", "depth 1 %, USD", "moves it 1 %, USD", "5 %", "10 %");
  for (const auto& report : reports) {
    out += fmt::format("{:<14} {:<10} {:>6} {:>6.1f} %  {:>14}  {:>25}  {:>25}  {:>25}\n", report.symbol, report.state,
                       report.costs.front().books_needed, report.costs.front().unknown_ppm / 10'000.0,
                       report.depth_usd == 0 ? "unknown" : grouped(report.depth_usd), span_of(report.costs[0]),
                       span_of(report.costs[1]), span_of(report.costs[2]));
  }
  out +=
      "\nbooks: fewest that hold half of the weight together. unknown: weight of books whose depth nobody told; the "
      "lower\n"
      "figure takes them as free, the higher one does without them. Fees, arbitrage and time make it dearer. Lend "
      "against a\n"
      "feed a part of the lower figure at the move that would liquidate, never more.\n";
  return out;
}

}  // namespace assay::node
