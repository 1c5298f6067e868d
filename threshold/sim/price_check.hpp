#pragma once
#include <functional>
#include <optional>
#include <string>

#include "aggregator/policy.hpp"
#include "core/batch.hpp"
#include "threshold/committee.hpp"
#include "threshold/limits.hpp"
#include "threshold/sim/counts.hpp"

namespace assay::threshold::sim {

/// Recomputes what an attested batch says from its signed observations, naively and apart from aggregator/.
class PriceCheck {
 public:
  PriceCheck(const Committee& committee, Limits limits, const aggregator::AggregationPolicy& policy, Counts& counts)
      : committee_(committee), limits_(limits), policy_(policy), counts_(counts) {}

  struct Finding {
    const char* invariant;
    std::string detail;
  };
  using Trusted = std::function<bool(MemberIndex)>;
  /// price           a fresh price, bid and ask are the medians of the valid entries, within the honest ones and the
  /// band carried_price   a carried leaf is the previous one, byte for byte but for what may change; never without need
  /// header_time     within the honest observation times, or just after the previous header
  std::optional<Finding> check(const Batch& batch, const Header* previous, const std::vector<Leaf>* previous_leaves,
                               const Trusted& trusted);

 private:
  struct Seen {
    MemberIndex member;
    Observation observation;
  };
  std::vector<Seen> read(const Batch& batch) const;
  std::optional<Finding> check_leaf(std::size_t feed, const Batch& batch, const Leaf* before,
                                    const std::vector<Seen>& seen, const Trusted& trusted);

  const Committee& committee_;
  Limits limits_;
  const aggregator::AggregationPolicy& policy_;
  Counts& counts_;
};

}  // namespace assay::threshold::sim
