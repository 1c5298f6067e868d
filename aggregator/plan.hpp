#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "aggregator/policy.hpp"

namespace assay::aggregator {

/// How the feeds and legs of a network depend on each other: worked out once, when a network file is loaded.

/// One conversion: times the price of a node, or divided by it.
struct Step {
  std::size_t node{};
  bool divides{};

  friend bool operator==(const Step&, const Step&) = default;
};

/// From a source's own pair to the pair of its feed.
struct Route {
  bool inverted{};  ///< the venue's price stands the other way round: BTC/USDT for a feed USDT/USD
  std::vector<Step> steps;
};

/// What a feed or leg reads of the others.
struct NodePlan {
  std::vector<Route> routes;       ///< parallel to its sources
  std::vector<Step> parts;         ///< parallel to the parts of its derivation
  Route product;                   ///< of a product: from the first part by the others; its nodes are places in `parts`
  std::optional<Route> usd;        ///< turns an amount of its quote into US dollars
  bool quoted_in_usd{};            ///< no such step is needed
  std::vector<std::size_t> needs;  ///< nodes named in routes, parts and usd; ascending, each once
};

struct Plan {
  std::vector<NodePlan> nodes;
  std::vector<std::size_t> order;  ///< every node after all that it needs
};

/// Why a network cannot be computed, and where it says so.
struct PlanFault {
  std::string symbol;                 ///< of the feed or leg
  std::optional<std::size_t> source;  ///< index of the source; none: the feed as a whole
  std::string key;                    ///< "pair", "via", "derived", "depth_via"
  std::string expected;               ///< what was expected instead, with the remedy

  friend bool operator==(const PlanFault&, const PlanFault&) = default;
};

/// Resolves every name, checks every unit and orders the nodes:
///   names   `via`, parts and depth_via name a feed or leg, not the one they belong to
///   units   a source's pair, either way round, times or divided by each leg in turn, is the feed's pair
///   order   no cycle: a price that depends on itself is no price
///   depth   depth_via leads from the feed's quote to USD
/// All faults at once, in the order of feeds, then legs.   cost  O(sources * log);  pure
std::variant<Plan, std::vector<PlanFault>> make_plan(const AggregationPolicy& policy);

/// The part of a policy that one feed or leg needs, with the same rules: what `assay explain` replays.
///   node < node_count(policy);  plan of that policy
AggregationPolicy closure(const AggregationPolicy& policy, const Plan& plan, std::size_t node);

/// The feed or leg of that symbol.
std::optional<std::size_t> find_node(const AggregationPolicy& policy, std::string_view symbol);

}  // namespace assay::aggregator
