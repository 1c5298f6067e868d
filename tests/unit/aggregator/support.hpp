#pragma once
#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "aggregator/aggregate.hpp"
#include "aggregator/policy.hpp"
#include "aggregator/quote_book.hpp"
#include "core/batch.hpp"

/// Vocabulary of the aggregator tests: one feed with round numbers, entries and quotes around 1'000'000.
namespace assay::aggregator {

inline constexpr std::uint64_t second = 1'000'000;
inline constexpr WallTime noon{1'700'000'000 * second};

inline SourcePolicy source(std::string venue, std::uint16_t group) {
  SourcePolicy out;
  out.venue = std::move(venue);
  out.symbol = "BTCUSD";
  out.group = group;
  out.tier = 1;
  out.age_max = millis(4000);
  out.spread_max_ppm = 10'000;
  out.base = "BTC";
  out.quote = "USD";
  return out;
}

inline FeedPolicy some_feed(std::size_t sources = 5) {
  FeedPolicy feed;
  feed.terms = FeedTerms{"BTC/USD", feed_id("BTC/USD"), -2, millis(3000)};
  feed.base = "BTC";
  feed.quote = "USD";
  feed.reference_price = 1'000'000;
  feed.floor_price = 1'000;
  feed.ceiling_price = 1'000'000'000;
  feed.min_groups = 3;
  feed.agree_ppm = 500;
  feed.exclude_ppm = 2'000;
  feed.confidence_floor_ppm = 20;
  feed.age_ppm = 0;
  feed.wide_ppm = 5'000;
  feed.jump_ppm = 50'000;
  feed.jump_confirmations = 3;
  feed.src_age_max = millis(10'000);
  feed.ema_tau = millis(60'000);
  feed.always_open = true;
  feed.weight_min = 1;
  feed.leg_share_max_ppm = 490'000;
  for (std::size_t i = 0; i < sources; ++i) {
    feed.sources.push_back(source("venue" + std::to_string(i), static_cast<std::uint16_t>(i + 1)));
  }
  return feed;
}

/// What the steps need beside candidates and rules, made anew for each call: nothing is remembered.
inline Weights capped_weights(std::span<const Candidate> candidates, const FeedPolicy& feed) {
  return capped_weights(candidates, feed, blocks_of(feed));
}
inline Opinion form_opinion(std::span<const Candidate> candidates, const FeedPolicy& feed) {
  std::vector<Exile> exiles(sources_max);
  return form_opinion(candidates, feed, blocks_of(feed), exiles, MonoTime{});
}

inline AggregationPolicy some_policy(FeedPolicy feed = some_feed()) {
  AggregationPolicy policy;
  policy.version = 1;
  policy.observation_age_max = millis(15'000);
  policy.venue_future_max = millis(100);
  policy.feeds.push_back(std::move(feed));
  return policy;
}

inline ObservationEntry entry(std::int64_t price, std::uint64_t confidence = 100, WallTime at = noon) {
  ObservationEntry out;
  out.price = price;
  out.bid = price - 10;
  out.ask = price + 10;
  out.confidence = confidence;
  out.depth_usd = 1'000;
  out.src_time = at;
  out.sources = 5;
  return out;
}

inline Observation observation(std::optional<ObservationEntry> only, WallTime at = noon) {
  return Observation{at, {std::move(only)}};
}

/// A committee of four by default: q = 3, f = 1.
struct Committee {
  std::uint16_t quorum = 3;
  std::uint16_t faulty_max = 1;
};

/// A chain of batches of one feed: each call adds a height.
class Chain {
 public:
  explicit Chain(FeedPolicy feed = some_feed()) : policy(some_policy(std::move(feed))) {
    header.time = noon + micros(-1);
  }

  Result<AggregateOutput> attempt(const std::vector<Observation>& observations) const {
    return aggregate(policy, AggregateInput{header, leaves, observations, committee.quorum, committee.faulty_max});
  }

  const Leaf& extend(const std::vector<Observation>& observations) {
    auto output = attempt(observations);
    check(static_cast<bool>(output), "the test's observations aggregate");
    header.height = next(header.height);
    header.time = output->time;
    leaves = std::move(output->leaves);
    return leaves.front();
  }

  /// Four members that all say the same at `at`.
  const Leaf& agree(std::int64_t price, WallTime at) {
    return extend(std::vector<Observation>(4, observation(entry(price, 100, at), at)));
  }

  AggregationPolicy policy;
  Committee committee;
  Header header;
  std::vector<Leaf> leaves;
};

}  // namespace assay::aggregator
