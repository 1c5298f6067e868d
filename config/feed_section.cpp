#include "config/feed_section.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "config/scalars.hpp"
#include "config/source_section.hpp"
#include "core/decimal.hpp"

namespace assay::config {
namespace {

using aggregator::FeedPolicy;
using aggregator::OpenInterval;

constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t year_ms = 366LL * 86'400'000;
constexpr Range ppm_range{1, million};
constexpr Range patience_ms{1, year_ms};
constexpr std::int64_t reference_least = 1'000'000;
constexpr std::int64_t reference_most = 100'000'000'000'000'000;

template <class T>
T as(std::int64_t value) {
  return static_cast<T>(value);
}

std::vector<OpenInterval> read_hours(Section& calendar) {
  std::vector<OpenInterval> out;
  for (Section& part : calendar.sections("open", {1, 4096})) {
    const OpenInterval interval{part.time("from"), part.time("to")};
    if (part.good({"from", "to"}) && interval.to <= interval.from) part.complain("to", "expected a time after `from`");
    if (!out.empty() && interval.from < out.back().to) {
      part.complain("from", "expected a time not before the end of the interval above");
    }
    part.finish();
    out.push_back(interval);
  }
  return out;
}

void read_calendar(Section& section, const Calendars& calendars, FeedPolicy& feed) {
  std::vector<std::string_view> known{"always"};
  for (const auto& [name, open] : calendars) known.emplace_back(name);
  feed.calendar = known[section.choice("calendar", known)];
  feed.always_open = feed.calendar == "always";
  if (!feed.always_open) feed.open = calendars.find(feed.calendar)->second;
}

void read_prices(Section& section, FeedPolicy& feed) {
  const std::int8_t exponent = feed.terms.exponent;
  feed.reference_price = section.price("reference_price", exponent);
  feed.floor_price = section.price("floor_price", exponent);
  feed.ceiling_price = section.price("ceiling_price", exponent);
  if (section.good({"exponent"}) && (feed.reference_price < reference_least || feed.reference_price > reference_most)) {
    section.complain("reference_price", "expected a mantissa from 10^6 to 10^17 at this exponent, got " +
                                            std::to_string(feed.reference_price) + "; choose another exponent");
  }
  if (!section.good({"exponent", "reference_price"})) return;
  if (feed.floor_price >= feed.reference_price) section.complain("floor_price", "expected less than reference_price");
  if (feed.ceiling_price <= feed.reference_price) {
    section.complain("ceiling_price", "expected more than reference_price");
  }
}

void read_limits(Section& section, FeedPolicy& feed) {
  feed.confidence_floor_ppm = as<std::uint32_t>(section.integer("confidence_floor_ppm", ppm_range));
  feed.wide_ppm = as<std::uint32_t>(section.integer("wide_ppm", {1, million - 1}));
  if (section.good({"wide_ppm"}) && feed.confidence_floor_ppm >= feed.wide_ppm) {
    section.complain("confidence_floor_ppm", "expected less than wide_ppm, or no price could be ok");
  }
  feed.jump_ppm = as<std::uint32_t>(section.integer("jump_ppm", ppm_range));
}

/// What only an attested feed has.
void read_attested(Section& section, Micros observation_age_max, FeedPolicy& feed) {
  feed.terms.ttl = section.millis("ttl_ms", patience_ms);
  feed.jump_confirmations = as<std::uint8_t>(section.integer("jump_confirmations", {1, 255}));
  feed.src_age_max = section.millis("src_age_max_ms", patience_ms);
  if (observation_age_max.value > 0 && feed.src_age_max > observation_age_max) {
    section.complain("src_age_max_ms", "expected at most observation_age_max_ms, or it could never be reached");
  }
  feed.ema_tau = section.millis("ema_tau_ms", patience_ms);
}

/// What only a feed with sources has.
void read_pooling(Section& section, FeedPolicy& feed) {
  feed.min_groups = as<std::uint8_t>(section.integer("min_groups", {1, 64}));
  if (section.good({"min_groups"}) && feed.min_groups < 3) {
    section.complain("min_groups",
                     "expected 3 to 64: of two sources nobody knows which one lies, so they are never "
                     "averaged; add sources of other owners");
  }
  feed.weight_min = as<std::uint16_t>(section.integer("weight_min", {1, 768}));
  feed.leg_share_max_ppm = as<std::uint32_t>(section.integer("leg_share_max_ppm", {334'000, million}));
  feed.agree_ppm = as<std::uint32_t>(section.integer("agree_ppm", ppm_range));
  feed.exclude_ppm = as<std::uint32_t>(section.integer("exclude_ppm", ppm_range));
  feed.readmit_after = section.millis("readmit_after_ms", {0, 3'600'000});
  feed.age_ppm = as<std::uint32_t>(section.integer("age_ppm", {0, 100'000}));
}

void read_guards(Section& section, FeedPolicy& feed) {
  if (!section.is_none("peg")) {
    Section peg = section.section("peg");
    feed.peg.price = peg.price("price", feed.terms.exponent);
    feed.peg.depeg_ppm = as<std::uint32_t>(peg.integer("depeg_ppm", ppm_range));
    peg.finish();
  }
  if (!section.is_none("rate_limit")) {
    Section limit = section.section("rate_limit");
    feed.rate_limit.window = limit.millis("window_ms", patience_ms);
    feed.rate_limit.rise_ppm = as<std::uint32_t>(limit.integer("rise_ppm", {0, million}));
    feed.rate_limit.fall_ppm = as<std::uint32_t>(limit.integer("fall_ppm", {0, million}));
    limit.finish();
  }
  if (feed.quote == "USD" || feed.quote.empty()) {
    if (section.has("depth_via") && !section.is_none("depth_via")) {
      section.complain("depth_via", "expected none: depth in USD needs no conversion");
    }
    return;
  }
  if (!section.is_none("depth_via")) feed.depth_via = section.text("depth_via", 33);
}

}  // namespace

Calendars read_calendars(Section& root) {
  Calendars out;
  for (Section& part : root.sections("calendars", {0, 64})) {
    const std::string name = part.text("name", 32);
    if (name == "always" || out.contains(name)) {
      part.complain("name", "expected a name of its own, got " + shown(name));
    }
    out[name] = read_hours(part);
    part.finish();
  }
  return out;
}

FeedContext::FeedContext(Section& root)
    : groups(root.texts("groups", 1024, 32)),
      calendars(read_calendars(root)),
      feed_profiles(root, "feed_profiles"),
      source_profiles(root, "source_profiles") {
  const std::set<std::string> distinct(groups.begin(), groups.end());
  if (distinct.size() < groups.size()) root.complain("groups", "expected each group once");
}

void FeedContext::finish() {
  feed_profiles.finish();
  source_profiles.finish();
}

ReadFeed read_feed(Section section, FeedRole role, FeedContext& context) {
  ReadFeed out{{}, std::move(section), {}};
  FeedPolicy& feed = out.policy;
  Section& keys = out.section;
  context.feed_profiles.apply(keys);
  feed.terms.symbol = keys.text("symbol", 33);
  feed.terms.id = feed_id(feed.terms.symbol);
  std::tie(feed.base, feed.quote) = split_pair(feed.terms.symbol);
  if (feed.base.empty()) {
    keys.complain("symbol", "expected BASE/QUOTE such as BTC/USD, got " + shown(feed.terms.symbol));
  }
  feed.terms.exponent = as<std::int8_t>(keys.integer("exponent", {-12, 0}));
  read_prices(keys, feed);
  read_limits(keys, feed);
  if (role == FeedRole::feed) read_attested(keys, context.observation_age_max, feed);
  read_guards(keys, feed);
  read_calendar(keys, context.calendars, feed);
  if (keys.has("derived")) {
    Section derived = keys.section("derived");
    feed.derived = read_derived(derived);
  } else {
    read_pooling(keys, feed);
    read_sources(out, context);
  }
  keys.finish();
  return out;
}

}  // namespace assay::config
