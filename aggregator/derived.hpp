#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "aggregator/average_window.hpp"
#include "aggregator/number.hpp"
#include "aggregator/opinion.hpp"
#include "aggregator/policy.hpp"
#include "core/observation.hpp"

namespace assay::aggregator {

/// What a derived feed sees of one of its parts at this moment.
struct PartView {
  const ObservationEntry* entry = nullptr;  ///< null: no price, or one outside its band or its market hours
  std::int8_t exponent{};
  bool usable{};  ///< its status is ok
};

/// The entry of a feed that is made of others, or why there is none.
struct Derived {
  std::optional<ObservationEntry> entry;
  Absence absence = Absence::part_missing;
};

/// Prices are computed side by side: bid from bids, ask from asks (exchanged where a part divides), so bid <= price <=
/// ask holds. Confidence is the sum of the parts' relative ones; times, groups and depth are the least of the parts',
/// reason bits all of theirs. Every part must be there: nothing is made of what remains.
///   product  parts multiplied and divided in order, rounded half to even
///   basket   sum of units * price, each term rounded half to even
///   average  of `window`, with the part's own spread and confidence; fails closed: a part that is not ok counts as a
///   gap parts, steps  parallel to feed.derived.parts;  window  for an average only
Derived derive(const FeedPolicy& feed, std::span<const PartView> parts, const NodePlan& plan, AverageWindow* window,
               MonoTime now);

}  // namespace assay::aggregator
