#include "config/digest.hpp"

namespace assay::config {
namespace {

using aggregator::FeedPolicy;
using aggregator::SourcePolicy;

void put(ByteWriter& out, const std::string& text) {
  out.blob(as_bytes(text));
}

void put(ByteWriter& out, Micros span) {
  out.i64(span.value);
}

void put_timing(ByteWriter& out, const threshold::Timing& timing) {
  for (const Micros span :
       {timing.tick, timing.grace, timing.grace_max, timing.timeout, timing.timeout_max, timing.resend, timing.retry,
        timing.delay_max, timing.clock_error, timing.timely, timing.nonce_age_max}) {
    put(out, span);
  }
  out.u32(timing.rotation_heights);
}

void put_source(ByteWriter& out, const SourcePolicy& source) {
  put(out, source.venue);
  put(out, source.symbol);
  put(out, source.base);
  put(out, source.quote);
  out.u16(source.group).u8(source.tier);
  put(out, source.age_max);
  put(out, source.frozen_after);
  out.u32(source.spread_max_ppm).u8(source.last_only ? 1 : 0).u32(source.assumed_spread_ppm);
  out.u64(source.impact_notional).u64(source.depth_min);
  out.u32(static_cast<std::uint32_t>(source.via.size()));
  for (const std::string& name : source.via) put(out, name);
}

void put_feed(ByteWriter& out, const FeedPolicy& feed) {
  put(out, feed.terms.symbol);
  out.i8(feed.terms.exponent);
  put(out, feed.terms.ttl);
  put(out, feed.base);
  put(out, feed.quote);
  out.i64(feed.reference_price).i64(feed.floor_price).i64(feed.ceiling_price);
  out.u8(feed.min_groups).u16(feed.weight_min);
  out.u32(feed.leg_share_max_ppm).u32(feed.agree_ppm).u32(feed.exclude_ppm);
  put(out, feed.readmit_after);
  out.u32(feed.confidence_floor_ppm).u32(feed.age_ppm);
  out.u32(feed.wide_ppm).u32(feed.jump_ppm).u8(feed.jump_confirmations);
  put(out, feed.src_age_max);
  put(out, feed.ema_tau);
  out.i64(feed.peg.price).u32(feed.peg.depeg_ppm);
  put(out, feed.rate_limit.window);
  out.u32(feed.rate_limit.rise_ppm).u32(feed.rate_limit.fall_ppm);
  put(out, feed.depth_via);
  out.u8(feed.always_open ? 1 : 0).u32(static_cast<std::uint32_t>(feed.open.size()));
  for (const auto& interval : feed.open) out.u64(interval.from.value).u64(interval.to.value);
  out.u8(static_cast<std::uint8_t>(feed.derived.kind)).u32(static_cast<std::uint32_t>(feed.derived.parts.size()));
  for (const auto& part : feed.derived.parts) {
    put(out, part.name);
    out.i64(part.units_e9);
  }
  put(out, feed.derived.window);
  put(out, feed.derived.gap_max);
  out.u32(static_cast<std::uint32_t>(feed.sources.size()));
  for (const SourcePolicy& source : feed.sources) put_source(out, source);
}

}  // namespace

Bytes canonical_bytes(const NetworkSettings& settings) {
  ByteWriter out;
  put(out, settings.name);
  out.u32(settings.epoch.value).u16(static_cast<std::uint16_t>(settings.members.size()));
  for (const PublicKey& member : settings.members) out.raw(member.bytes);
  put_timing(out, settings.timing);
  out.u32(settings.policy.version);
  put(out, settings.policy.observation_age_max);
  put(out, settings.policy.venue_future_max);
  out.u32(static_cast<std::uint32_t>(settings.policy.groups.size()));
  for (const std::string& group : settings.policy.groups) put(out, group);
  out.u32(static_cast<std::uint32_t>(settings.policy.feeds.size()));
  for (const FeedPolicy& feed : settings.policy.feeds) put_feed(out, feed);
  out.u32(static_cast<std::uint32_t>(settings.policy.legs.size()));
  for (const FeedPolicy& leg : settings.policy.legs) put_feed(out, leg);
  return std::move(out).take();
}

Digest config_digest(const NetworkSettings& settings) {
  return tagged_sha256("assay/config/v1", {canonical_bytes(settings)});
}

}  // namespace assay::config
