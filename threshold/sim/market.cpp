#include "threshold/sim/market.hpp"

#include <algorithm>
#include <string>

#include "core/leaf.hpp"
#include "threshold/sim/chance.hpp"

namespace assay::threshold::sim {
namespace {

constexpr std::int64_t usual_price = 100'000'000;
constexpr std::int64_t floor_price = 90'000'000;
constexpr std::int64_t spell_us = 400'000;

enum class Spell : std::uint8_t { calm, risen, fallen, halted, silent, stale, wide };

Spell spell_of(std::uint64_t draw) {
  const std::uint64_t part = draw % 100;
  if (part < 52) return Spell::calm;
  if (part < 66) return Spell::risen;
  if (part < 72) return Spell::fallen;
  if (part < 80) return Spell::halted;
  if (part < 87) return Spell::silent;
  return part < 94 ? Spell::stale : Spell::wide;
}

std::int64_t level_of(Spell spell) {
  switch (spell) {
    case Spell::risen:
      return usual_price + usual_price / 8;
    case Spell::fallen:
      return usual_price - usual_price / 16;
    case Spell::halted:
      return floor_price - floor_price / 50;
    case Spell::calm:
    case Spell::silent:
    case Spell::stale:
    case Spell::wide:
      return usual_price;
  }
  return usual_price;
}

aggregator::FeedPolicy feed_policy(std::uint32_t index) {
  aggregator::FeedPolicy feed;
  const std::string symbol = "F" + std::to_string(index) + "/USD";
  feed.terms = FeedTerms{symbol, feed_id(symbol), -4, millis(2000)};
  feed.base = "F" + std::to_string(index);
  feed.quote = "USD";
  feed.reference_price = usual_price;
  feed.floor_price = floor_price;
  feed.ceiling_price = 10 * usual_price;
  feed.min_groups = 2;
  feed.agree_ppm = 1000;
  feed.exclude_ppm = 5000;
  feed.confidence_floor_ppm = 10;
  feed.wide_ppm = 5000;
  feed.jump_ppm = 50'000;
  feed.jump_confirmations = 3;
  feed.src_age_max = millis(3000);
  feed.ema_tau = millis(60'000);
  feed.always_open = true;
  return feed;
}

}  // namespace

Market::Market(std::uint64_t seed, std::uint32_t feeds, Weather weather) : seed_(seed), weather_(weather) {
  policy_.version = 1;
  policy_.observation_age_max = millis(5000);
  for (std::uint32_t i = 0; i < feeds; ++i) policy_.feeds.push_back(feed_policy(i));
  std::sort(policy_.feeds.begin(), policy_.feeds.end(),
            [](const auto& a, const auto& b) { return a.terms.id < b.terms.id; });
}

Observation Market::observe(std::uint16_t member, MonoTime at, WallTime wall) const {
  Observation observation{.time = wall, .feeds = {}};
  for (std::uint32_t feed = 0; feed < policy_.feeds.size(); ++feed) {
    observation.feeds.push_back(entry(feed, member, at, wall));
  }
  return observation;
}

std::optional<ObservationEntry> Market::entry(std::uint32_t feed, std::uint16_t member, MonoTime at,
                                              WallTime wall) const {
  const std::uint64_t where = mix(mix(seed_, feed), static_cast<std::uint64_t>(at.value / spell_us));
  const bool calm = weather_ == Weather::calm;
  const Spell spell = calm ? Spell::calm : spell_of(where >> 8U);
  Chance own(mix(mix(where, member), static_cast<std::uint64_t>(at.value)));
  // Now and then one member has no sources of its own.
  if (spell == Spell::silent || (!calm && own.percent(2))) return std::nullopt;
  const std::int64_t price = level_of(spell) + own.between(-2000, 2000);
  const std::int64_t age = spell == Spell::stale ? 3'500'000 : own.between(1'000, 200'000);
  return ObservationEntry{.price = price,
                          .bid = price - own.between(1, 500),
                          .ask = price + own.between(1, 500),
                          .confidence = spell == Spell::wide ? 900'000U : 3'000U,
                          .depth_usd = own.below(5'000'000),
                          .src_time = wall + micros(-age),
                          .reasons = own.percent(10) ? reason::excluded : std::uint16_t{0},
                          .sources = static_cast<std::uint8_t>(own.between(2, 6))};
}

}  // namespace assay::threshold::sim
