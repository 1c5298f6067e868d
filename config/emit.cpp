#include <map>
#include <sstream>

#include "config/load.hpp"
#include "config/scalars.hpp"
#include "core/decimal.hpp"

namespace assay::config {
namespace {

using aggregator::Derivation;
using aggregator::FeedPolicy;
using aggregator::SourcePolicy;

std::int64_t in_millis(Micros span) {
  return span.value / 1000;
}

/// A double-quoted YAML scalar: whatever the text holds, it is read back as it is.
std::string quoted_scalar(const std::string& text) {
  constexpr char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += std::string("\\") + c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += std::string("\\x") + hex[byte >> 4U] + hex[byte & 15U];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

void emit_timing(std::ostream& out, const threshold::Timing& timing) {
  out << "timing:\n"
      << "  tick_ms: " << in_millis(timing.tick) << "\n  grace_ms: " << in_millis(timing.grace)
      << "\n  grace_max_ms: " << in_millis(timing.grace_max) << "\n  timeout_ms: " << in_millis(timing.timeout)
      << "\n  timeout_max_ms: " << in_millis(timing.timeout_max) << "\n  resend_ms: " << in_millis(timing.resend)
      << "\n  retry_ms: " << in_millis(timing.retry) << "\n  delay_max_ms: " << in_millis(timing.delay_max)
      << "\n  clock_error_ms: " << in_millis(timing.clock_error) << "\n  timely_ms: " << in_millis(timing.timely)
      << "\n  nonce_age_max_ms: " << in_millis(timing.nonce_age_max)
      << "\n  rotation_heights: " << timing.rotation_heights << "\n";
}

/// What a list of texts looks like: ["a", "b"].
std::string quoted_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : ", ") + quoted_scalar(text);
  return "[" + out + "]";
}

/// The name of a group, or what cannot be read back when there is none.
std::string group_name(const std::vector<std::string>& groups, std::uint16_t group) {
  return group >= 1 && group <= groups.size() ? quoted_scalar(groups[group - 1]) : "none";
}

void emit_source(std::ostream& out, const SourcePolicy& source, const std::vector<std::string>& groups) {
  out << "      - {venue: " << source.venue << ", symbol: " << quoted_scalar(source.symbol) << ", pair: " << source.base
      << "/" << source.quote;
  if (!source.via.empty()) out << ", via: " << quoted_list(source.via);
  out << ", group: " << group_name(groups, source.group) << ", tier: " << unsigned{source.tier}
      << ", age_max_ms: " << in_millis(source.age_max) << ", frozen_after_ms: " << in_millis(source.frozen_after)
      << ", spread_max_ppm: " << source.spread_max_ppm << ", impact_notional: " << source.impact_notional
      << ", depth_min: " << source.depth_min;
  if (source.last_only) {
    out << ", last_only: true, assumed_spread_ppm: " << source.assumed_spread_ppm << "}\n";
  } else {
    out << ", last_only: false}\n";
  }
}

void emit_derived(std::ostream& out, const Derivation& derived) {
  std::vector<std::string> names;
  for (const aggregator::Part& part : derived.parts) names.push_back(part.name);
  switch (derived.kind) {
    case Derivation::Kind::none:
      break;
    case Derivation::Kind::product:
      out << "    derived: {product: " << quoted_list(names) << "}\n";
      break;
    case Derivation::Kind::basket:
      out << "    derived:\n      basket:\n";
      for (const aggregator::Part& part : derived.parts) {
        out << "        - {feed: " << quoted_scalar(part.name) << ", units: " << assay::to_text(part.units_e9, -9)
            << "}\n";
      }
      break;
    case Derivation::Kind::average:
      out << "    derived: {average: " << quoted_scalar(names.front()) << ", window_ms: " << in_millis(derived.window)
          << ", gap_max_ms: " << in_millis(derived.gap_max) << "}\n";
      break;
  }
}

void emit_guards(std::ostream& out, const FeedPolicy& feed) {
  if (feed.peg.price == 0) {
    out << "    peg: none\n";
  } else {
    out << "    peg: {price: " << assay::to_text(feed.peg.price, feed.terms.exponent)
        << ", depeg_ppm: " << feed.peg.depeg_ppm << "}\n";
  }
  if (feed.rate_limit.window.value == 0) {
    out << "    rate_limit: none\n";
  } else {
    out << "    rate_limit: {window_ms: " << in_millis(feed.rate_limit.window)
        << ", rise_ppm: " << feed.rate_limit.rise_ppm << ", fall_ppm: " << feed.rate_limit.fall_ppm << "}\n";
  }
  if (feed.quote != "USD") {
    out << "    depth_via: " << (feed.depth_via.empty() ? "none" : quoted_scalar(feed.depth_via)) << "\n";
  }
}

void emit_pooling(std::ostream& out, const FeedPolicy& feed) {
  out << "    min_groups: " << unsigned{feed.min_groups} << "\n    weight_min: " << feed.weight_min
      << "\n    leg_share_max_ppm: " << feed.leg_share_max_ppm << "\n    agree_ppm: " << feed.agree_ppm
      << "\n    exclude_ppm: " << feed.exclude_ppm << "\n    readmit_after_ms: " << in_millis(feed.readmit_after)
      << "\n    age_ppm: " << feed.age_ppm << "\n";
}

enum class Role { feed, leg };

void emit_feed(std::ostream& out, const FeedPolicy& feed, const std::vector<std::string>& groups, Role role) {
  const std::int8_t exponent = feed.terms.exponent;
  out << "  - symbol: " << feed.terms.symbol << "\n    exponent: " << int{exponent}
      << "\n    reference_price: " << assay::to_text(feed.reference_price, exponent)
      << "\n    floor_price: " << assay::to_text(feed.floor_price, exponent)
      << "\n    ceiling_price: " << assay::to_text(feed.ceiling_price, exponent)
      << "\n    confidence_floor_ppm: " << feed.confidence_floor_ppm << "\n    wide_ppm: " << feed.wide_ppm
      << "\n    jump_ppm: " << feed.jump_ppm << "\n";
  if (role == Role::feed) {
    out << "    ttl_ms: " << in_millis(feed.terms.ttl)
        << "\n    jump_confirmations: " << unsigned{feed.jump_confirmations}
        << "\n    src_age_max_ms: " << in_millis(feed.src_age_max) << "\n    ema_tau_ms: " << in_millis(feed.ema_tau)
        << "\n";
  }
  emit_guards(out, feed);
  out << "    calendar: " << quoted_scalar(feed.calendar) << "\n";
  if (feed.derived.kind != Derivation::Kind::none) return emit_derived(out, feed.derived);
  emit_pooling(out, feed);
  out << "    sources:\n";
  for (const SourcePolicy& source : feed.sources) emit_source(out, source, groups);
}

/// Every calendar that a feed names, once.
void emit_calendars(std::ostream& out, const aggregator::AggregationPolicy& policy) {
  std::map<std::string, const std::vector<aggregator::OpenInterval>*> calendars;
  for (const auto* list : {&policy.legs, &policy.feeds}) {
    for (const FeedPolicy& feed : *list) {
      if (!feed.always_open) calendars.emplace(feed.calendar, &feed.open);
    }
  }
  out << "calendars:" << (calendars.empty() ? " []" : "") << "\n";
  for (const auto& [name, open] : calendars) {
    out << "  - name: " << quoted_scalar(name) << "\n    open:\n";
    for (const auto& interval : *open) {
      out << "      - {from: \"" << utc_text(interval.from) << "\", to: \"" << utc_text(interval.to) << "\"}\n";
    }
  }
}

void emit_policy(std::ostream& out, const aggregator::AggregationPolicy& policy) {
  out << "aggregation:\n  agg_version: " << policy.version
      << "\n  observation_age_max_ms: " << in_millis(policy.observation_age_max)
      << "\n  venue_future_max_ms: " << in_millis(policy.venue_future_max) << "\ngroups: " << quoted_list(policy.groups)
      << "\n";
  emit_calendars(out, policy);
  out << "feed_profiles: []\nsource_profiles: []\nlegs:" << (policy.legs.empty() ? " []" : "") << "\n";
  for (const FeedPolicy& leg : policy.legs) emit_feed(out, leg, policy.groups, Role::leg);
  out << "feeds:\n";
  for (const FeedPolicy& feed : policy.feeds) emit_feed(out, feed, policy.groups, Role::feed);
}

const char* name(Transport transport) {
  switch (transport) {
    case Transport::ws:
      return "ws";
    case Transport::rest:
      return "rest";
    case Transport::both:
      return "both";
  }
  return "";
}

void emit_venue(std::ostream& out, const VenueSettings& venue) {
  out << "  - venue: " << venue.venue << "\n    transport: " << name(venue.transport)
      << "\n    poll_interval_ms: " << in_millis(venue.poll_interval) << "\n";
  if (!venue.rest_url.empty()) out << "    rest_url: " << quoted_scalar(venue.rest_url) << "\n";
  if (!venue.ws_url.empty()) out << "    ws_url: " << quoted_scalar(venue.ws_url) << "\n";
  if (!venue.api_key_env.empty()) out << "    api_key_env: " << venue.api_key_env << "\n";
  if (!venue.ca_file.empty()) out << "    ca_file: " << quoted_scalar(venue.ca_file.string()) << "\n";
  if (venue.proxy) out << "    proxy: " << (venue.proxy->empty() ? "none" : quoted_scalar(*venue.proxy)) << "\n";
  if (venue.requests_per_minute) out << "    requests_per_minute: " << *venue.requests_per_minute << "\n";
  if (!venue.symbols.empty()) out << "    symbols:\n";
  for (const SymbolOverride& one : venue.symbols) {
    out << "      - {symbol: " << quoted_scalar(one.symbol) << ", asked_as: " << quoted_scalar(one.asked_as) << "}\n";
  }
}

}  // namespace

std::string emit_network(const NetworkSettings& settings) {
  std::ostringstream out;
  out << "# Network file: public, the same on every node; its digest is in every signed header.\n"
      << "name: " << settings.name << "\nepoch: " << settings.epoch.value
      << "\ngroup_file: " << quoted_scalar(settings.group_file.string()) << "\nmembers:\n";
  for (const PublicKey& member : settings.members) out << "  - " << to_hex(member.bytes) << "\n";
  emit_timing(out, settings.timing);
  emit_policy(out, settings.policy);
  return out.str();
}

std::string emit_node(const NodeSettings& settings) {
  std::ostringstream out;
  out << "# Node file: private to this operator.\n"
      << "member: " << settings.member.value
      << "\nidentity_key_file: " << quoted_scalar(settings.identity_key_file.string())
      << "\nshare_file: " << quoted_scalar(settings.share_file.string()) << "\n";
  if (!settings.key_passphrase_file.empty()) {
    out << "key_passphrase_file: " << quoted_scalar(settings.key_passphrase_file.string()) << "\n";
  }
  if (!settings.key_file.empty()) out << "key_file: " << quoted_scalar(settings.key_file.string()) << "\n";
  out << "data_dir: " << quoted_scalar(settings.data_dir.string())
      << "\npeer_listen: " << quoted_scalar(settings.peer_listen)
      << "\nhttp_listen: " << quoted_scalar(settings.http_listen) << "\npeers:" << (settings.peers.empty() ? " []" : "")
      << "\n";
  for (const PeerAddress& peer : settings.peers) {
    out << "  - {member: " << peer.member.value << ", address: " << quoted_scalar(peer.address) << "}\n";
  }
  if (!settings.proxy.empty()) out << "proxy: " << quoted_scalar(settings.proxy) << "\n";
  if (!settings.venues.empty()) out << "venues:\n";
  for (const VenueSettings& venue : settings.venues) emit_venue(out, venue);
  if (settings.postgres_url) out << "postgres_url: " << quoted_scalar(*settings.postgres_url) << "\n";
  return out.str();
}

}  // namespace assay::config
