#include <algorithm>

#include "tests/unit/threshold/protocol/cluster.hpp"

namespace assay::threshold {

aggregator::AggregationPolicy test_policy(std::uint32_t feeds) {
  aggregator::AggregationPolicy policy;
  policy.version = 1;
  policy.observation_age_max = millis(5000);
  for (std::uint32_t i = 0; i < feeds; ++i) {
    aggregator::FeedPolicy feed;
    const std::string symbol = "F" + std::to_string(i) + "/USD";
    feed.terms = FeedTerms{symbol, feed_id(symbol), -4, millis(2000)};
    feed.base = "F" + std::to_string(i);
    feed.quote = "USD";
    feed.reference_price = 100'000'000;
    feed.floor_price = 1'000'000;
    feed.ceiling_price = 10'000'000'000;
    feed.min_groups = 2;
    feed.agree_ppm = 1000;
    feed.exclude_ppm = 5000;
    feed.confidence_floor_ppm = 10;
    feed.wide_ppm = 5000;
    feed.jump_ppm = 50'000;
    feed.jump_confirmations = 3;
    feed.src_age_max = millis(5000);
    feed.ema_tau = millis(60'000);
    feed.always_open = true;
    policy.feeds.push_back(feed);
  }
  std::sort(policy.feeds.begin(), policy.feeds.end(),
            [](const auto& a, const auto& b) { return a.terms.id < b.terms.id; });
  return policy;
}

}  // namespace assay::threshold
