#include "threshold/sim/price_check.hpp"

#include <algorithm>

#include "threshold/codec.hpp"
#include "threshold/envelope.hpp"

namespace assay::threshold::sim {
namespace {

constexpr std::int64_t price_max = std::int64_t{1} << 62U;

bool counts(const ObservationEntry& entry, WallTime observed_at, Micros age_max) {
  const Micros age = observed_at - entry.src_time;
  return entry.bid > 0 && entry.bid <= entry.price && entry.price <= entry.ask && entry.ask <= price_max &&
         entry.confidence > 0 && entry.confidence <= static_cast<std::uint64_t>(entry.price) &&
         (entry.reasons & ~reason::known) == 0 && age.value <= age_max.value && age.value >= -age_max.value;
}

std::int64_t median(std::vector<std::int64_t> values) {
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  if (values.size() % 2 == 1) return values[half];
  return values[half - 1] + (values[half] - values[half - 1]) / 2;
}

/// What a carried leaf may not change.
bool same_values(const Leaf& a, const Leaf& b) {
  return a.price == b.price && a.bid == b.bid && a.ask == b.ask && a.confidence == b.confidence && a.ema == b.ema &&
         a.ema_fraction == b.ema_fraction && a.depth_usd == b.depth_usd && a.src_time == b.src_time &&
         a.publish_time == b.publish_time && a.prev_publish_time == b.prev_publish_time &&
         a.valid_until == b.valid_until && a.ref_price == b.ref_price && a.run == b.run;
}

}  // namespace

std::vector<PriceCheck::Seen> PriceCheck::read(const Batch& batch) const {
  std::vector<Seen> seen;
  for (const Bytes& body : batch.observations) {
    const auto envelope = open_envelope(committee_, body);
    if (!envelope || envelope->type != MessageType::obs) continue;
    auto message = decode_payload(MessageType::obs, envelope->payload, limits_);
    if (message) seen.push_back({envelope->sender, std::get<ObsMessage>(std::move(*message)).observation});
  }
  return seen;
}

std::optional<PriceCheck::Finding> PriceCheck::check(const Batch& batch, const Header* previous,
                                                     const std::vector<Leaf>* previous_leaves, const Trusted& trusted) {
  const auto seen = read(batch);
  std::uint32_t distinct = 0;
  WallTime low{UINT64_MAX};
  WallTime high{0};
  for (const Seen& one : seen) {
    distinct |= std::uint32_t{1} << one.member.value;
    if (!trusted(one.member)) continue;
    low = std::min(low, one.observation.time);
    high = std::max(high, one.observation.time);
  }
  const auto wanted = static_cast<int>(2 * committee_.quorum.n / 3 + 1);
  if (__builtin_popcount(distinct) < wanted) return Finding{"price", "fewer than 2f+1 distinct observers"};
  const bool just_after = previous != nullptr && batch.header.time == previous->time + micros(1);
  if ((batch.header.time < low || batch.header.time > high) && !just_after) {
    return Finding{"header_time", "outside the honest observation times"};
  }
  for (std::size_t feed = 0; feed < policy_.feeds.size(); ++feed) {
    const Leaf* before = nullptr;  // over a change of epochs a feed stands elsewhere
    for (std::size_t i = 0; previous_leaves != nullptr && i < previous_leaves->size(); ++i) {
      if ((*previous_leaves)[i].feed == batch.leaves[feed].feed) before = &(*previous_leaves)[i];
    }
    if (auto found = check_leaf(feed, batch, before, seen, trusted)) return found;
  }
  return std::nullopt;
}

std::optional<PriceCheck::Finding> PriceCheck::check_leaf(std::size_t feed, const Batch& batch, const Leaf* before,
                                                          const std::vector<Seen>& seen, const Trusted& trusted) {
  const Leaf& leaf = batch.leaves[feed];
  const aggregator::FeedPolicy& policy = policy_.feeds[feed];
  std::vector<std::int64_t> prices;
  std::vector<std::int64_t> bids;
  std::vector<std::int64_t> asks;
  std::int64_t low = INT64_MAX;
  std::int64_t high = 0;
  bool all_recent = true;
  for (const Seen& one : seen) {
    const auto& entry = one.observation.feeds[feed];
    if (!entry || !counts(*entry, one.observation.time, policy_.observation_age_max)) continue;
    prices.push_back(entry->price);
    bids.push_back(entry->bid);
    asks.push_back(entry->ask);
    all_recent = all_recent && (batch.header.time - entry->src_time) <= policy.src_age_max;
    if (!trusted(one.member)) continue;
    low = std::min(low, entry->price);
    high = std::max(high, entry->price);
  }
  const std::string where = " of feed " + std::to_string(feed) + " at height " + std::to_string(leaf.height.value);
  const bool enough = prices.size() >= static_cast<std::size_t>(2 * committee_.quorum.n / 3 + 1);
  const bool in_band = enough && median(prices) >= policy.floor_price && median(prices) <= policy.ceiling_price;
  if (!is_priced(leaf.status)) {
    counts_.add(Branch::carried_price);
    if (before != nullptr && !same_values(leaf, *before)) return Finding{"carried_price", "changed a value" + where};
    if (in_band && all_recent) return Finding{"carried_price", "without need" + where};
    return std::nullopt;
  }
  if (!in_band) return Finding{"price", "fresh without a quorum or outside the band" + where};
  if (leaf.price != median(prices) || leaf.bid != median(bids) || leaf.ask != median(asks)) {
    return Finding{"price", "not the median" + where};
  }
  if (leaf.price < low || leaf.price > high) return Finding{"price", "outside the honest prices" + where};
  if (leaf.publish_time != batch.header.time) return Finding{"price", "not published at the header's time" + where};
  const bool moved = before != nullptr && before->ref_price != 0 && before->run > 0 && leaf.run == 0;
  if (moved && leaf.ref_price != before->ref_price && leaf.ref_price == leaf.price) counts_.add(Branch::jump_confirm);
  return std::nullopt;
}

}  // namespace assay::threshold::sim
