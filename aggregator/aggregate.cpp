#include "aggregator/aggregate.hpp"

#include <algorithm>

#include "aggregator/entries.hpp"
#include "aggregator/next_leaf.hpp"
#include "aggregator/order_statistics.hpp"
#include "core/decimal.hpp"

namespace assay::aggregator {
namespace {

/// Header times stay below this, so that no sum with a configured span saturates. The year 148108.
constexpr std::uint64_t time_max = std::uint64_t{1} << 62U;
constexpr std::size_t observer_count_max = 255;

Done check_shape(const AggregationPolicy& policy, const AggregateInput& input) {
  if (input.observations.size() > observer_count_max) return Error{Errc::out_of_range, "at most 255 observations"};
  if (input.quorum <= 2 * input.faulty_max) return Error{Errc::out_of_range, "quorum is at least 2f+1"};
  if (input.observations.size() < input.quorum) {
    return Error{Errc::too_few_observations, "an aggregate needs a quorum of observations"};
  }
  for (const Observation& observation : input.observations) {
    if (observation.feeds.size() != policy.feeds.size()) {
      return Error{Errc::out_of_range, "an observation has one slot per feed"};
    }
  }
  if (!input.previous_leaves.empty() && input.previous_leaves.size() != policy.feeds.size()) {
    return Error{Errc::out_of_range, "previous leaves are none or one per feed"};
  }
  return Ok{};
}

bool in_price_range(std::int64_t value) {
  return value >= 0 && value <= price_mantissa_max;
}

/// What next_leaf relies on; decode_leaf has seen to the rest.
Done check_previous(const FeedPolicy& feed, const Leaf& leaf, const Header& previous) {
  if (leaf.feed != feed.terms.id || leaf.exponent != feed.terms.exponent) {
    return Error{Errc::out_of_range, "a previous leaf is of its feed and exponent"};
  }
  if (leaf.height != previous.height || leaf.publish_time > previous.time) {
    return Error{Errc::out_of_range, "previous leaves belong to the previous header"};
  }
  if (!in_price_range(leaf.price) || !in_price_range(leaf.ema) || !in_price_range(leaf.ref_price)) {
    return Error{Errc::out_of_range, "a previous leaf holds mantissas up to 2^62"};
  }
  return Ok{};
}

Done check_feed(const FeedPolicy& feed) {
  const bool sane = feed.ema_tau.value >= 0 && feed.terms.ttl.value >= 0 && feed.src_age_max.value >= 0;
  return sane ? Done{Ok{}} : Done{Error{Errc::out_of_range, "a feed's time spans are not negative"}};
}

/// Median over every observation, so that f liars cannot move it out of the honest clocks (T6); time never stands
/// still.
Result<WallTime> header_time(const Header& previous, std::span<const Observation> observations) {
  std::vector<std::uint64_t> times;
  times.reserve(observations.size());
  for (const Observation& observation : observations) times.push_back(observation.time.value);
  const std::uint64_t middle = median(std::move(times));
  if (previous.time.value >= time_max || middle > time_max) {
    return Error{Errc::out_of_range, "header times stay below 2^62"};
  }
  return WallTime{std::max(middle, previous.time.value + 1)};
}

}  // namespace

Result<AggregateOutput> aggregate(const AggregationPolicy& policy, const AggregateInput& input) {
  if (const Done shape = check_shape(policy, input); !shape) return shape.error();
  const Result<WallTime> time = header_time(input.previous, input.observations);
  if (!time) return time.error();

  AggregateOutput out;
  out.time = time.value();
  out.leaves.reserve(policy.feeds.size());
  for (std::size_t feed = 0; feed < policy.feeds.size(); ++feed) {
    const FeedPolicy& rules = policy.feeds[feed];
    const Leaf previous =
        input.previous_leaves.empty() ? unpriced_leaf(rules.terms, input.previous.height) : input.previous_leaves[feed];
    if (const Done sane = check_feed(rules); !sane) return sane.error();
    if (const Done fits = check_previous(rules, previous, input.previous); !fits) return fits.error();
    const FeedMedians medians = feed_medians(input.observations, feed, policy, input.quorum, input.faulty_max);
    out.leaves.push_back(next_leaf(rules, previous, medians, out.time, input.quorum));
  }
  return out;
}

std::vector<Leaf> carry_over(const AggregationPolicy& policy, std::span<const Leaf> leaves, Height height) {
  std::vector<Leaf> out;
  out.reserve(policy.feeds.size());
  for (const FeedPolicy& feed : policy.feeds) {
    const auto held = std::lower_bound(leaves.begin(), leaves.end(), feed.terms.id,
                                       [](const Leaf& leaf, const FeedId& id) { return leaf.feed < id; });
    const bool known = held != leaves.end() && held->feed == feed.terms.id;
    out.push_back(known ? *held : unpriced_leaf(feed.terms, height));
  }
  return out;
}

}  // namespace assay::aggregator
