#include "aggregator/risk.hpp"

#include <algorithm>
#include <set>

#include "aggregator/ppm.hpp"
#include "aggregator/weights.hpp"
#include "core/check.hpp"

namespace assay::aggregator {
namespace {

/// Sources whose ways meet in some node, with the nodes of all of them and those that all share.
struct Meeting {
  std::vector<std::size_t> sources;  ///< places in MeasuredNode::sources
  std::set<std::size_t> nodes;
  std::set<std::size_t> shared;
};

std::set<std::size_t> nodes_of(const Route& route) {
  std::set<std::size_t> out;
  for (const Step& step : route.steps) out.insert(step.node);
  return out;
}

bool meets(const Meeting& meeting, const std::set<std::size_t>& nodes) {
  return std::any_of(nodes.begin(), nodes.end(), [&meeting](std::size_t node) { return meeting.nodes.contains(node); });
}

void join(Meeting& into, const Meeting& other) {
  into.sources.insert(into.sources.end(), other.sources.begin(), other.sources.end());
  into.nodes.insert(other.nodes.begin(), other.nodes.end());
  std::erase_if(into.shared, [&other](std::size_t node) { return !other.shared.contains(node); });
}

std::vector<Meeting> meetings(const NodePlan& plan, const MeasuredNode& node) {
  std::vector<Meeting> out;
  for (std::size_t place = 0; place < node.sources.size(); ++place) {
    const auto nodes = nodes_of(plan.routes[node.sources[place].source]);
    Meeting merged{{place}, nodes, nodes};
    for (auto each = out.begin(); each != out.end();) {
      if (!meets(*each, nodes)) {
        ++each;
        continue;
      }
      join(merged, *each);
      each = out.erase(each);
    }
    out.push_back(std::move(merged));
  }
  return out;
}

class Reckoner {
 public:
  Reckoner(const AggregationPolicy& policy, const Plan& plan, std::span<const MeasuredNode> nodes)
      : policy_(policy), plan_(plan), nodes_(nodes), costs_(nodes.size()) {
    check(nodes.size() == node_count(policy), "every feed and leg is measured");
  }

  std::vector<MoveCosts> reckon() {
    for (const std::size_t node : plan_.order) {
      if (!nodes_[node].priced) continue;
      for (std::size_t move = 0; move < risk_moves_ppm.size(); ++move) costs_[node][move] = cost_of(node, move);
    }
    return std::move(costs_);
  }

 private:
  ManipulationCost cost_of(std::size_t node, std::size_t move) const {
    if (node_policy(policy_, node).derived.kind != Derivation::Kind::none) return cost_of_parts(node, move);
    std::vector<MovableBlock> blocks;
    for (const Meeting& meeting : meetings(plan_.nodes[node], nodes_[node])) {
      MovableBlock block;
      for (const std::size_t place : meeting.sources) {
        block.sources.push_back(movable(nodes_[node].sources[place], move));
      }
      if (!meeting.nodes.empty()) block.leg = leg_cost(meeting, move);
      blocks.push_back(std::move(block));
    }
    return manipulation_cost(blocks);
  }

  static Movable movable(const MeasuredSource& source, std::size_t move) {
    Movable out{source.weight_ppm, std::nullopt};
    if (source.depth_usd > 0) out.cost_usd = cost_of_move(source.depth_usd, risk_moves_ppm[move]);
    return out;
  }

  LegCost leg_cost(const Meeting& meeting, std::size_t move) const {
    LegCost out{UINT64_MAX, std::nullopt};
    for (const std::size_t node : meeting.nodes) {
      const ManipulationCost& cost = costs_[node][move];
      out.least_usd = std::min(out.least_usd, cost.least_usd);
      if (meeting.shared.contains(node) && cost.enough_usd) {
        out.enough_usd = std::min(out.enough_usd.value_or(UINT64_MAX), *cost.enough_usd);
      }
    }
    return out;
  }

  ManipulationCost cost_of_parts(std::size_t node, std::size_t move) const {
    const bool basket = node_policy(policy_, node).derived.kind == Derivation::Kind::basket;
    ManipulationCost out;
    out.least_usd = UINT64_MAX;
    for (const Step& part : plan_.nodes[node].parts) {
      const ManipulationCost& cost = costs_[part.node][move];
      if (cost.least_usd < out.least_usd) {
        out.unknown_ppm = cost.unknown_ppm;
        out.books_needed = cost.books_needed;
      }
      out.least_usd = std::min(out.least_usd, cost.least_usd);
      if (!basket && cost.enough_usd) out.enough_usd = std::min(out.enough_usd.value_or(UINT64_MAX), *cost.enough_usd);
    }
    return out;
  }

  const AggregationPolicy& policy_;
  const Plan& plan_;
  std::span<const MeasuredNode> nodes_;
  std::vector<MoveCosts> costs_;
};

}  // namespace

ManipulationCost configured_cost(const FeedPolicy& feed) {
  std::vector<Candidate> all(feed.sources.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].source = i;
    all[i].freshness = 4;
  }
  const Weights weights = capped_weights(all, feed, blocks_of(feed));
  std::uint64_t total = 0;
  for (const std::uint64_t weight : weights.of) total += weight;
  MovableBlock books;
  for (const std::uint64_t weight : weights.of) {
    books.sources.push_back({static_cast<std::uint32_t>(weight * ppm_one / total), std::nullopt});
  }
  return manipulation_cost(std::span(&books, 1));
}

std::vector<MeasuredNode> measured(const QuoteBook& book) {
  std::vector<MeasuredNode> out(node_count(book.policy()));
  for (std::size_t node = 0; node < out.size(); ++node) {
    out[node].priced = book.report(node).entry.has_value();
    for (const SourceReport& line : book.report(node).sources) {
      if (line.weight_ppm == 0) continue;
      out[node].sources.push_back({line.source, line.weight_ppm, book.in_dollars(node, line.depth)});
    }
  }
  return out;
}

std::vector<MoveCosts> move_costs(const AggregationPolicy& policy, const Plan& plan,
                                  std::span<const MeasuredNode> nodes) {
  return Reckoner(policy, plan, nodes).reckon();
}

}  // namespace assay::aggregator
