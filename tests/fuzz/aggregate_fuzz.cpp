#include <cstddef>
#include <cstdint>
#include <vector>

#include "aggregator/aggregate.hpp"
#include "core/check.hpp"
#include "fuzz_bytes.hpp"

/// Random bytes as a policy, a previous leaf and a few heights of observations: aggregate() answers with an error or
/// with leaves that decode, never with a crash.
namespace assay::aggregator {
namespace {

FeedPolicy feed_from(FuzzBytes& in) {
  FeedPolicy feed;
  feed.terms = FeedTerms{"F/USD", feed_id("F/USD"), static_cast<std::int8_t>(-in.below(13)), Micros{in.i64()}};
  feed.floor_price = in.i64();
  feed.ceiling_price = in.i64();
  feed.wide_ppm = in.u32();
  feed.jump_ppm = in.u32();
  feed.jump_confirmations = in.u8();
  feed.src_age_max = Micros{in.i64()};
  feed.ema_tau = Micros{in.i64()};
  feed.always_open = in.below(4) != 0;
  for (std::uint64_t i = in.below(4); i > 0; --i) feed.open.push_back({WallTime{in.u64()}, WallTime{in.u64()}});
  return feed;
}

/// Half of the entries have the form of honest ones, so that most inputs reach the arithmetic.
std::optional<ObservationEntry> entry_from(FuzzBytes& in, WallTime now) {
  const std::uint64_t form = in.below(8);
  if (form == 0) return std::nullopt;
  ObservationEntry entry;
  entry.reasons = in.u8();
  entry.sources = in.u8();
  if (form < 4) {
    entry.price = in.i64();
    entry.bid = in.i64();
    entry.ask = in.i64();
    entry.confidence = in.u64();
    entry.depth_usd = in.u64();
    entry.src_time = WallTime{in.u64()};
    return entry;
  }
  entry.price = static_cast<std::int64_t>(in.u64() >> (2 + in.below(61))) + 1;
  entry.bid = entry.price - static_cast<std::int64_t>(in.below(static_cast<std::uint64_t>(entry.price)));
  entry.ask = entry.price;
  entry.confidence = 1 + in.below(static_cast<std::uint64_t>(entry.price));
  entry.src_time = now;
  entry.reasons &= reason::known;
  return entry;
}

std::vector<Observation> observations_from(FuzzBytes& in, std::uint64_t count, std::uint64_t base) {
  std::vector<Observation> out;
  for (std::uint64_t i = 0; i < count; ++i) {
    const WallTime now{in.below(8) == 0 ? in.u64() : base + in.u32()};
    out.push_back(Observation{now, {entry_from(in, now)}});
  }
  return out;
}

void check_output(const AggregateOutput& out, const Header& previous) {
  check(out.time > previous.time, "header time grows");
  for (const Leaf& leaf : out.leaves) {
    const auto decoded = decode_leaf(encode(leaf));
    check(decoded && decoded.value() == leaf, "a leaf decodes to itself");
    check(leaf.height == next(previous.height), "a leaf is of the next height");
    check(leaf.publish_time <= out.time && leaf.prev_publish_time <= leaf.publish_time, "times are in order");
  }
}

void run(FuzzBytes& in) {
  AggregationPolicy policy;
  policy.observation_age_max = Micros{in.i64()};
  policy.feeds.push_back(feed_from(in));
  const auto faulty_max = static_cast<std::uint16_t>(in.below(4));
  const auto quorum = static_cast<std::uint16_t>(2 * faulty_max + in.below(3));
  Header previous;
  std::vector<Leaf> leaves;
  if (in.below(4) == 0) {
    auto leaf = decode_leaf(in.raw(leaf_size));
    if (leaf) leaves.push_back(leaf.value());
    previous.height = leaf ? leaf->height : Height{};
  }
  previous.time = WallTime{in.u64()};
  for (std::uint64_t heights = 1 + in.below(4); heights > 0 && previous.height.value < UINT64_MAX; --heights) {
    const auto observations = observations_from(in, in.below(11), previous.time.value);
    const auto out = aggregate(policy, AggregateInput{previous, leaves, observations, quorum, faulty_max});
    if (!out) continue;
    const bool chained = leaves.empty() || leaves.front().prev_publish_time <= leaves.front().publish_time;
    if (chained) check_output(*out, previous);
    previous.height = next(previous.height);
    previous.time = out->time;
    leaves = out->leaves;
  }
}

}  // namespace
}  // namespace assay::aggregator

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::FuzzBytes in({data, size});
  assay::aggregator::run(in);
  return 0;
}
