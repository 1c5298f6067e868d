#include "aggregator/risk.hpp"

#include <algorithm>
#include <set>

#include "aggregator/ppm.hpp"
#include "aggregator/weights.hpp"

namespace assay::aggregator {
namespace {

/// Sources whose ways meet in some node, with the nodes of all of them and those that all share.
struct Meeting {
  std::vector<std::size_t> sources;
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

std::vector<Meeting> meetings(const QuoteBook& book, std::size_t node) {
  std::vector<Meeting> out;
  for (const SourceReport& line : book.report(node).sources) {
    if (line.weight_ppm == 0) continue;
    const auto nodes = nodes_of(book.plan().nodes[node].routes[line.source]);
    Meeting merged{{line.source}, nodes, nodes};
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
  explicit Reckoner(const QuoteBook& book) : book_(book), costs_(node_count(book.policy())) {}

  std::vector<MoveCosts> reckon() {
    for (const std::size_t node : book_.plan().order) {
      if (!book_.report(node).entry) continue;
      for (std::size_t move = 0; move < risk_moves_ppm.size(); ++move) costs_[node][move] = cost_of(node, move);
    }
    return std::move(costs_);
  }

 private:
  ManipulationCost cost_of(std::size_t node, std::size_t move) const {
    if (node_policy(book_.policy(), node).derived.kind != Derivation::Kind::none) return cost_of_parts(node, move);
    std::vector<MovableBlock> blocks;
    for (const Meeting& meeting : meetings(book_, node)) {
      MovableBlock block;
      for (const std::size_t source : meeting.sources) block.sources.push_back(movable(node, source, move));
      if (!meeting.nodes.empty()) block.leg = leg_cost(meeting, move);
      blocks.push_back(std::move(block));
    }
    return manipulation_cost(blocks);
  }

  Movable movable(std::size_t node, std::size_t source, std::size_t move) const {
    const SourceReport& line = book_.report(node).sources[source];
    Movable out{line.weight_ppm, std::nullopt};
    const std::uint64_t depth = book_.in_dollars(node, line.depth);
    if (depth > 0) out.cost_usd = cost_of_move(depth, risk_moves_ppm[move]);
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
    const bool basket = node_policy(book_.policy(), node).derived.kind == Derivation::Kind::basket;
    ManipulationCost out;
    out.least_usd = UINT64_MAX;
    for (const Step& part : book_.plan().nodes[node].parts) {
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

  const QuoteBook& book_;
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

std::vector<MoveCosts> move_costs(const QuoteBook& book) {
  return Reckoner(book).reckon();
}

}  // namespace assay::aggregator
