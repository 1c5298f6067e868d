#include "config/demo.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"

namespace assay::config {
namespace {

using aggregator::FeedPolicy;
using aggregator::SourcePolicy;

/// An asset of the demo and the mantissa of its reference price at 10^-8, for both quote currencies.
struct Asset {
  const char* name;
  std::int64_t reference;
};

constexpr std::int64_t unit = 100'000'000;
constexpr Asset assets[] = {{"BTC", 60'000 * unit}, {"ETH", 3'000 * unit}, {"SOL", 150 * unit},
                            {"XRP", unit / 2},      {"ADA", unit / 2},     {"DOGE", unit / 10}};

SourcePolicy source(const char* venue, std::string symbol, std::uint16_t group, const FeedPolicy& feed) {
  SourcePolicy out;
  out.venue = venue;
  out.symbol = std::move(symbol);
  out.group = group;
  out.tier = 1;
  out.age_max = millis(5'000);
  out.spread_max_ppm = 10'000;
  out.base = feed.base;
  out.quote = feed.quote;
  return out;
}

FeedPolicy demo_feed(const Asset& asset, const std::string& quote) {
  FeedPolicy feed;
  feed.base = asset.name;
  feed.quote = quote;
  feed.terms.symbol = feed.base + "/" + feed.quote;
  feed.terms.id = feed_id(feed.terms.symbol);
  feed.terms.exponent = -8;
  feed.terms.ttl = millis(3'000);
  feed.reference_price = asset.reference;
  feed.floor_price = asset.reference / 100;
  feed.ceiling_price = asset.reference * 100;
  feed.min_groups = 3;
  feed.weight_min = 6;
  feed.leg_share_max_ppm = 490'000;
  feed.agree_ppm = 500;
  feed.exclude_ppm = 2'500;
  feed.readmit_after = millis(5'000);
  feed.confidence_floor_ppm = 20;
  feed.age_ppm = 100;
  feed.wide_ppm = 5'000;
  feed.jump_ppm = 50'000;
  feed.jump_confirmations = 3;
  feed.src_age_max = millis(10'000);
  feed.ema_tau = millis(60'000);
  feed.calendar = "always";
  feed.always_open = true;
  const std::string base = feed.base;
  feed.sources = {
      quote == "USD" ? source("binance_us", base + "USD", 1, feed) : source("binance", base + "USDT", 1, feed),
      source("coinbase_exchange", base + "-" + quote, 2, feed), source("kraken", base + "/" + quote, 3, feed)};
  // Bitcoin stays as plain as it can be; the others show a conversion.
  if (quote == "USD" && base != "BTC") {
    SourcePolicy converted = source("binance", base + "USDT", 1, feed);
    converted.quote = "USDT";
    converted.via = {"USDT/USD"};
    feed.sources.push_back(converted);
  }
  return feed;
}

/// What one USDT is worth: a feed of its own that only converts.
FeedPolicy demo_leg() {
  FeedPolicy leg = demo_feed(Asset{"USDT", unit}, "USD");
  leg.sources.pop_back();
  leg.terms.ttl = {};
  leg.jump_confirmations = 0;
  leg.src_age_max = {};
  leg.ema_tau = {};
  leg.floor_price = unit / 2;
  leg.ceiling_price = 2 * unit;
  leg.peg = {unit, 10'000};
  return leg;
}

/// Patience for one machine or one LAN. A view must last longer than a tick, so slow ticks stretch it.
threshold::Timing demo_timing(Micros tick) {
  threshold::Timing timing;
  timing.tick = tick;
  timing.grace = millis(40);
  timing.grace_max = millis(120);
  timing.timeout = std::max(millis(1'000), 4 * tick);
  timing.timeout_max = std::max(millis(8'000), 8 * timing.timeout);
  timing.resend = millis(250);
  timing.retry = millis(150);
  timing.delay_max = millis(50);
  timing.clock_error = millis(50);
  timing.timely = timing.timeout + timing.grace + 2 * timing.delay_max + timing.clock_error + millis(310);
  timing.nonce_age_max = millis(10'000);
  timing.rotation_heights = 64;
  return timing;
}

}  // namespace

NetworkSettings demo_network(std::vector<PublicKey> members, std::string name, Micros tick) {
  check(tick >= millis(1), "a demo ticks at most a thousand times a second");
  NetworkSettings out;
  out.name = std::move(name);
  out.members = std::move(members);
  out.group_file = "group.yaml";
  out.timing = demo_timing(tick);
  out.policy.version = 1;
  out.policy.observation_age_max = millis(15'000);
  out.policy.venue_future_max = millis(100);
  out.policy.groups = {"binance", "coinbase", "kraken"};
  for (const char* quote : {"USD", "USDT"}) {
    for (const Asset& asset : assets) out.policy.feeds.push_back(demo_feed(asset, quote));
  }
  out.policy.legs = {demo_leg()};
  for (FeedPolicy& feed : out.policy.feeds) feed.terms.ttl = std::max(feed.terms.ttl, 4 * tick);
  std::sort(out.policy.feeds.begin(), out.policy.feeds.end(),
            [](const FeedPolicy& a, const FeedPolicy& b) { return a.terms.id < b.terms.id; });
  return out;
}

}  // namespace assay::config
