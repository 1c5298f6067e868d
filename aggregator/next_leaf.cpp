#include "aggregator/next_leaf.hpp"

#include <algorithm>

#include "aggregator/calendar.hpp"
#include "aggregator/ema.hpp"
#include "aggregator/jump.hpp"
#include "aggregator/ppm.hpp"
#include "core/check.hpp"
#include "core/mutants.hpp"

namespace assay::aggregator {
namespace {

/// Why no fresh price may be published; ok when one may. The worst of the reasons that apply.
Status refusal(const FeedPolicy& feed, const FeedMedians& medians, WallTime time, std::uint16_t quorum) {
  Status worst = Status::ok;
  if (medians.observers < quorum) {
    worst = Status::insufficient;
  } else {
    if (time - medians.src_time > feed.src_age_max) worst = Status::stale;
    if (medians.price < feed.floor_price || medians.price > feed.ceiling_price) worst = Status::halted;
  }
  return is_open(feed, time) ? worst : Status::closed;
}

/// The previous values, byte for byte: a carried price is never re-stamped, so it grows old in plain sight.
Leaf carried(const Leaf& previous, const FeedMedians& medians, Status status) {
  Leaf leaf = previous;
  leaf.height = next(previous.height);
  const bool never_priced = previous.publish_time == WallTime{};
  leaf.status = never_priced ? Status::insufficient : status;
  leaf.reasons = medians.reasons;
  leaf.observers = static_cast<std::uint8_t>(medians.observers);
  leaf.sources = medians.sources;
  if (planted(Mutant::fresh_carried_time) && !never_priced) leaf.publish_time = leaf.publish_time + micros(1);
  return leaf;
}

Status fresh_status(const FeedPolicy& feed, const FeedMedians& medians, bool unconfirmed_jump) {
  if (unconfirmed_jump) return Status::jump;
  if ((medians.reasons & reason::depeg) != 0) return Status::depeg;
  if ((medians.reasons & reason::divergent) != 0) return Status::divergent;
  const bool poor = (medians.reasons & reason::few_sources) != 0;
  const auto price = static_cast<std::uint64_t>(medians.price);
  return poor || exceeds_ppm(medians.confidence, price, feed.wide_ppm) ? Status::wide : Status::ok;
}

Ema fresh_ema(const FeedPolicy& feed, const Leaf& previous, std::int64_t price, WallTime time) {
  if (previous.publish_time == WallTime{}) return Ema{price, 0};
  return next_ema(Ema{previous.ema, previous.ema_fraction}, price, feed.ema_tau, time - previous.publish_time);
}

Leaf priced(const FeedPolicy& feed, const Leaf& previous, const FeedMedians& medians, WallTime time) {
  const JumpStep jump = next_jump(JumpState{previous.ref_price, previous.run}, medians.price, previous.price,
                                  feed.jump_ppm, feed.jump_confirmations);
  const Ema ema = fresh_ema(feed, previous, medians.price, time);
  Leaf leaf;
  leaf.feed = previous.feed;
  leaf.height = next(previous.height);
  leaf.exponent = previous.exponent;
  leaf.status = fresh_status(feed, medians, jump.unconfirmed);
  leaf.reasons = medians.reasons;
  leaf.observers = static_cast<std::uint8_t>(medians.observers);
  leaf.sources = medians.sources;
  leaf.price = medians.price;
  leaf.bid = medians.bid;
  leaf.ask = medians.ask;
  // Honest dispersion may exceed the price itself; a leaf has no room for more than "100 %", and its status is wide.
  leaf.confidence = std::min(medians.confidence, static_cast<std::uint64_t>(medians.price));
  leaf.ema = ema.value;
  leaf.ema_fraction = ema.fraction;
  leaf.depth_usd = medians.depth_usd;
  leaf.src_time = std::min(medians.src_time, time);
  leaf.publish_time = time;
  leaf.prev_publish_time = previous.publish_time;
  leaf.valid_until = time + feed.terms.ttl;
  leaf.ref_price = jump.state.ref_price;
  leaf.run = jump.state.run;
  return leaf;
}

}  // namespace

Leaf unpriced_leaf(const FeedTerms& terms, Height height) {
  Leaf leaf;
  leaf.feed = terms.id;
  leaf.height = height;
  leaf.exponent = terms.exponent;
  leaf.status = Status::insufficient;
  return leaf;
}

Leaf next_leaf(const FeedPolicy& feed, const Leaf& previous, const FeedMedians& medians, WallTime time,
               std::uint16_t quorum) {
  check(previous.publish_time < time, "a leaf follows what was published before it");
  const Status refused = refusal(feed, medians, time, quorum);
  if (planted(Mutant::clamped_price) && refused == Status::halted) {
    FeedMedians moved = medians;
    moved.price = std::clamp(moved.price, feed.floor_price, feed.ceiling_price);
    moved.bid = std::min(moved.bid, moved.price);
    moved.ask = std::max(moved.ask, moved.price);
    return priced(feed, previous, moved, time);
  }
  return refused == Status::ok ? priced(feed, previous, medians, time) : carried(previous, medians, refused);
}

}  // namespace assay::aggregator
