#include "aggregator/plan.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

namespace assay::aggregator {
namespace {

struct Pair {
  std::string base;
  std::string quote;

  friend bool operator==(const Pair&, const Pair&) = default;
};

std::string text_of(const Pair& pair) {
  return pair.base + "/" + pair.quote;
}

Pair pair_of(const FeedPolicy& feed) {
  return {feed.base, feed.quote};
}

/// `pair` converted by a node priced in `by`; none when they share no unit.
std::optional<std::pair<Pair, bool>> converted(const Pair& pair, const Pair& by) {
  if (pair.quote == by.base) return std::pair{Pair{pair.base, by.quote}, false};
  if (pair.quote == by.quote) return std::pair{Pair{pair.base, by.base}, true};
  if (pair.base == by.base) return std::pair{Pair{by.quote, pair.quote}, true};
  if (pair.base == by.quote) return std::pair{Pair{by.base, pair.quote}, false};
  return std::nullopt;
}

/// Steps that lead from `pair` to `wanted` by these nodes in this order.
std::optional<std::vector<Step>> walk(Pair pair, const std::vector<std::size_t>& nodes, const Pair& wanted,
                                      const AggregationPolicy& policy) {
  std::vector<Step> steps;
  for (const std::size_t node : nodes) {
    const auto next = converted(pair, pair_of(node_policy(policy, node)));
    if (!next) return std::nullopt;
    pair = next->first;
    steps.push_back({node, next->second});
  }
  return pair == wanted ? std::optional(std::move(steps)) : std::nullopt;
}

std::optional<Route> route(const Pair& pair, const std::vector<std::size_t>& nodes, const Pair& wanted,
                           const AggregationPolicy& policy) {
  if (auto steps = walk(pair, nodes, wanted, policy)) return Route{false, std::move(*steps)};
  if (auto steps = walk({pair.quote, pair.base}, nodes, wanted, policy)) return Route{true, std::move(*steps)};
  return std::nullopt;
}

class Planner {
 public:
  explicit Planner(const AggregationPolicy& policy) : policy_(policy) {
    for (std::size_t node = 0; node < node_count(policy_); ++node) {
      by_symbol_.emplace(node_policy(policy_, node).terms.symbol, node);
    }
    plan_.nodes.resize(node_count(policy_));
  }

  std::variant<Plan, std::vector<PlanFault>> make() {
    for (std::size_t node = 0; node < plan_.nodes.size(); ++node) {
      resolve(node);
    }
    if (faults_.empty()) sort_nodes();
    if (faults_.empty()) return std::move(plan_);
    return std::move(faults_);
  }

 private:
  void complain(std::size_t node, std::optional<std::size_t> source, std::string key, std::string expected) {
    faults_.push_back({node_policy(policy_, node).terms.symbol, source, std::move(key), std::move(expected)});
  }

  /// The nodes of these names; none, with a complaint, when one is unknown.
  template <class Names>
  std::optional<std::vector<std::size_t>> find(std::size_t node, std::optional<std::size_t> source,
                                               const std::string& key, const Names& names) {
    std::vector<std::size_t> out;
    for (const std::string& name : names) {
      const auto at = by_symbol_.find(name);
      if (at == by_symbol_.end()) {
        complain(node, source, key,
                 "expected feeds or legs of this file, got \"" + name + "\"; name one of them, or add it as a leg");
        return std::nullopt;
      }
      out.push_back(at->second);
    }
    return out;
  }

  void resolve(std::size_t node) {
    const FeedPolicy& feed = node_policy(policy_, node);
    NodePlan& plan = plan_.nodes[node];
    for (std::size_t source = 0; source < feed.sources.size(); ++source) {
      plan.routes.push_back(resolve_source(node, source));
    }
    resolve_parts(node);
    plan.quoted_in_usd = feed.quote == "USD";
    if (!feed.depth_via.empty()) resolve_depth(node);
    std::set<std::size_t> needs;
    for (const Route& each : plan.routes) {
      for (const Step& step : each.steps) needs.insert(step.node);
    }
    for (const Step& step : plan.parts) needs.insert(step.node);
    if (plan.usd) needs.insert(plan.usd->steps.front().node);
    plan.needs.assign(needs.begin(), needs.end());
  }

  Route resolve_source(std::size_t node, std::size_t source) {
    const FeedPolicy& feed = node_policy(policy_, node);
    const SourcePolicy& rules = feed.sources[source];
    const auto nodes = find(node, source, "via", rules.via);
    if (!nodes) return {};
    const Pair pair{rules.base, rules.quote};
    if (auto found = route(pair, *nodes, pair_of(feed), policy_)) return std::move(*found);
    complain(node, source, rules.via.empty() ? "pair" : "via", remedy(node, pair, rules.via));
    return {};
  }

  /// What a source of another pair needs, and which single feed or leg would do.
  std::string remedy(std::size_t node, const Pair& pair, const std::vector<std::string>& via) const {
    const FeedPolicy& feed = node_policy(policy_, node);
    std::string out = "expected a way from " + text_of(pair) + " to " + text_of(pair_of(feed));
    out += via.empty() ? ", got no `via`" : ", which these units do not give";
    for (std::size_t other = 0; other < plan_.nodes.size(); ++other) {
      if (other == node || !route(pair, {other}, pair_of(feed), policy_)) continue;
      return out + "; add via: [" + node_policy(policy_, other).terms.symbol + "]";
    }
    Pair missing = pair.base == feed.base ? Pair{pair.quote, feed.quote} : Pair{pair.base, feed.base};
    if (missing.base == "USD") std::swap(missing.base, missing.quote);  // dollars are what others are priced in
    return out + "; add a leg such as " + text_of(missing) + " and name it in `via`";
  }

  void resolve_parts(std::size_t node) {
    const FeedPolicy& feed = node_policy(policy_, node);
    if (feed.derived.kind == Derivation::Kind::none) return;
    std::vector<std::string> names;
    for (const Part& part : feed.derived.parts) names.push_back(part.name);
    const auto nodes = find(node, std::nullopt, "derived", names);
    if (!nodes) return;
    if (auto steps = steps_of(feed, *nodes)) {
      NodePlan& plan = plan_.nodes[node];
      plan.parts = std::move(*steps);
      plan.product.inverted = plan.parts.front().divides;
      for (std::size_t i = 1; i < plan.parts.size(); ++i) plan.product.steps.push_back({i, plan.parts[i].divides});
    } else {
      complain(node, std::nullopt, "derived", derived_remedy(feed));
    }
  }

  std::optional<std::vector<Step>> steps_of(const FeedPolicy& feed, const std::vector<std::size_t>& nodes) const {
    if (nodes.empty()) return std::nullopt;
    std::vector<Step> out;
    switch (feed.derived.kind) {
      case Derivation::Kind::product: {
        const std::vector<std::size_t> rest(nodes.begin() + 1, nodes.end());
        auto found = route(pair_of(node_policy(policy_, nodes.front())), rest, pair_of(feed), policy_);
        if (!found) return std::nullopt;
        out.push_back({nodes.front(), found->inverted});
        out.insert(out.end(), found->steps.begin(), found->steps.end());
        return out;
      }
      case Derivation::Kind::basket:
        for (const std::size_t part : nodes) {
          if (node_policy(policy_, part).quote != feed.quote) return std::nullopt;
          out.push_back({part, false});
        }
        return out;
      case Derivation::Kind::average:
        if (nodes.size() != 1 || !averages(feed, node_policy(policy_, nodes.front()))) return std::nullopt;
        return std::vector<Step>{{nodes.front(), false}};
      case Derivation::Kind::none:
        break;
    }
    return std::nullopt;
  }

  static bool averages(const FeedPolicy& feed, const FeedPolicy& part) {
    return pair_of(part) == pair_of(feed) && part.terms.exponent == feed.terms.exponent;
  }

  static std::string derived_remedy(const FeedPolicy& feed) {
    const std::string pair = text_of(pair_of(feed));
    switch (feed.derived.kind) {
      case Derivation::Kind::product:
        return "expected parts whose units multiply or divide, in this order, to " + pair;
      case Derivation::Kind::basket:
        return "expected every part to be priced in " + feed.quote + "; convert it by a leg first";
      case Derivation::Kind::average:
        return "expected one part in the feed's own units and exponent, " + pair;
      case Derivation::Kind::none:
        break;
    }
    return "";
  }

  void resolve_depth(std::size_t node) {
    const FeedPolicy& feed = node_policy(policy_, node);
    const auto nodes = find(node, std::nullopt, "depth_via", std::vector{feed.depth_via});
    if (!nodes) return;
    const auto step = converted({"", feed.quote}, pair_of(node_policy(policy_, nodes->front())));
    if (step && step->first.quote == "USD") {
      plan_.nodes[node].usd = Route{false, {Step{nodes->front(), step->second}}};
    } else {
      complain(node, std::nullopt, "depth_via", "expected a feed or leg " + feed.quote + "/USD, or none");
    }
  }

  /// Kahn's algorithm, smallest node first, so that every node plans alike.
  void sort_nodes() {
    std::vector<std::size_t> missing(plan_.nodes.size());
    std::set<std::size_t> ready;
    std::vector<std::vector<std::size_t>> wanted_by(plan_.nodes.size());
    for (std::size_t node = 0; node < plan_.nodes.size(); ++node) {
      missing[node] = plan_.nodes[node].needs.size();
      if (missing[node] == 0) ready.insert(node);
      for (const std::size_t need : plan_.nodes[node].needs) wanted_by[need].push_back(node);
    }
    while (!ready.empty()) {
      const std::size_t node = *ready.begin();
      ready.erase(ready.begin());
      plan_.order.push_back(node);
      for (const std::size_t after : wanted_by[node]) {
        if (--missing[after] == 0) ready.insert(after);
      }
    }
    if (plan_.order.size() < plan_.nodes.size()) complain_of_cycle(missing);
  }

  /// Follows needs that are missing until a node comes twice: that is a cycle.
  void complain_of_cycle(const std::vector<std::size_t>& missing) {
    const auto stuck = [&missing](std::size_t node) { return missing[node] > 0; };
    std::size_t node = 0;
    while (!stuck(node)) ++node;
    std::vector<std::size_t> path;
    while (std::find(path.begin(), path.end(), node) == path.end()) {
      path.push_back(node);
      const auto& needs = plan_.nodes[node].needs;
      node = *std::find_if(needs.begin(), needs.end(), stuck);
    }
    path.erase(path.begin(), std::find(path.begin(), path.end(), node));
    path.push_back(node);
    std::string text = "expected no cycle, got ";
    for (std::size_t i = 0; i < path.size(); ++i) {
      text += (i == 0 ? "" : " -> ") + node_policy(policy_, path[i]).terms.symbol;
    }
    text += "; break it by a leg of its own, such as BTC/USD_fiat, that has only sources without `via`";
    const auto [source, key] = place_of(path[0], path[1]);
    complain(path[0], source, key, text);
  }

  /// Where `node` says that it needs `need`.
  std::pair<std::optional<std::size_t>, std::string> place_of(std::size_t node, std::size_t need) const {
    const NodePlan& plan = plan_.nodes[node];
    for (std::size_t source = 0; source < plan.routes.size(); ++source) {
      for (const Step& step : plan.routes[source].steps) {
        if (step.node == need) return {source, "via"};
      }
    }
    return {std::nullopt, plan.parts.empty() ? "depth_via" : "derived"};
  }

  const AggregationPolicy& policy_;
  std::map<std::string, std::size_t, std::less<>> by_symbol_;
  Plan plan_;
  std::vector<PlanFault> faults_;
};

}  // namespace

std::variant<Plan, std::vector<PlanFault>> make_plan(const AggregationPolicy& policy) {
  return Planner(policy).make();
}

AggregationPolicy closure(const AggregationPolicy& policy, const Plan& plan, std::size_t node) {
  std::set<std::size_t> wanted{node};
  std::vector<std::size_t> open{node};
  while (!open.empty()) {
    const std::size_t at = open.back();
    open.pop_back();
    for (const std::size_t need : plan.nodes[at].needs) {
      if (wanted.insert(need).second) open.push_back(need);
    }
  }
  AggregationPolicy out = policy;
  out.feeds.clear();
  out.legs.clear();
  for (const std::size_t each : wanted) {
    (each < policy.feeds.size() ? out.feeds : out.legs).push_back(node_policy(policy, each));
  }
  return out;
}

std::optional<std::size_t> find_node(const AggregationPolicy& policy, std::string_view symbol) {
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    if (node_policy(policy, node).terms.symbol == symbol) return node;
  }
  return std::nullopt;
}

}  // namespace assay::aggregator
