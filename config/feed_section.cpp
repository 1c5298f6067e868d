#include "config/feed_section.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "config/scalars.hpp"
#include "core/decimal.hpp"

namespace assay::config {
namespace {

using aggregator::FeedPolicy;
using aggregator::OpenInterval;
using aggregator::SourcePolicy;

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

bool is_asset(std::string_view text) {
  return !text.empty() && text.size() <= 16 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_';
  });
}

/// "BTC/USD" as (base, quote); both empty when it is no pair.
std::pair<std::string, std::string> split_pair(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view base = text.substr(0, slash);
  const std::string_view quote = text.substr(slash + 1);
  if (!is_asset(base) || !is_asset(quote) || base == quote) return {};
  return {std::string(base), std::string(quote)};
}

bool is_venue_name(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

SourcePolicy read_source(Section& section, const FeedPolicy& feed) {
  SourcePolicy source;
  source.venue = section.text("venue", 32);
  if (!is_venue_name(source.venue)) {
    section.complain("venue", "expected lower-case letters, digits and '_', got " + shown(source.venue));
  }
  source.symbol = section.text("symbol", 64);
  const std::string pair = section.text("pair", 33);
  std::tie(source.base, source.quote) = split_pair(pair);
  if (!feed.base.empty() && pair != feed.base + "/" + feed.quote) {
    section.complain("pair", "expected the feed's own pair " + feed.base + "/" + feed.quote + ", got " + shown(pair));
  }
  source.group = as<std::uint16_t>(section.integer("group", {1, 65'535}));
  source.tier = as<std::uint8_t>(section.integer("tier", {1, 3}));
  source.age_max = section.millis("age_max_ms", patience_ms);
  if (feed.src_age_max.value > 0 && source.age_max > feed.src_age_max) {
    section.complain("age_max_ms",
                     "expected at most the feed's src_age_max_ms, or the feed goes stale before the source");
  }
  source.last_only = section.flag("last_only");
  if (source.last_only) {
    source.assumed_spread_ppm = as<std::uint32_t>(section.integer("assumed_spread_ppm", {1, million / 2}));
  } else {
    source.spread_max_ppm = as<std::uint32_t>(section.integer("spread_max_ppm", ppm_range));
  }
  section.finish();
  return source;
}

void read_sources(Section& section, FeedPolicy& feed) {
  std::set<std::pair<std::string, std::string>> seen;
  std::set<std::uint16_t> groups;
  for (Section& part : section.sections("sources", {1, 64})) {
    const SourcePolicy source = read_source(part, feed);
    if (part.good({"venue", "symbol"}) && !seen.emplace(source.venue, source.symbol).second) {
      part.complain("symbol", "expected each symbol of a venue once, got " + shown(source.symbol) + " again");
    }
    groups.insert(source.group);
    feed.sources.push_back(source);
  }
  if (section.good({"sources"}) && groups.size() < feed.min_groups) {
    section.complain("min_groups", "expected at most the number of groups among the sources, " +
                                       std::to_string(groups.size()) + ", got " + std::to_string(feed.min_groups));
  }
}

void read_calendar(Section& section, FeedPolicy& feed) {
  feed.always_open = section.flag("always_open");
  if (!section.good({"always_open"})) {
    section.has("open");  // a known key, whatever it holds
    return;
  }
  if (feed.always_open) return;
  for (Section& part : section.sections("open", {1, 4096})) {
    const OpenInterval interval{part.time("from"), part.time("to")};
    if (part.good({"from", "to"}) && interval.to <= interval.from) part.complain("to", "expected a time after `from`");
    if (!feed.open.empty() && interval.from < feed.open.back().to) {
      part.complain("from", "expected a time not before the end of the interval above");
    }
    part.finish();
    feed.open.push_back(interval);
  }
}

void read_prices(Section& section, FeedPolicy& feed) {
  const std::int8_t exponent = feed.terms.exponent;
  feed.reference_price = section.price("reference_price", exponent);
  feed.floor_price = section.price("floor_price", exponent);
  feed.ceiling_price = section.price("ceiling_price", exponent);
  if (section.good({"exponent"}) && (feed.reference_price < reference_least || feed.reference_price > reference_most)) {
    section.complain("reference_price", "expected a mantissa from 10^6 to 10^17 at this exponent, got " +
                                            std::to_string(feed.reference_price));
  }
  if (!section.good({"exponent", "reference_price"})) return;
  if (feed.floor_price >= feed.reference_price) section.complain("floor_price", "expected less than reference_price");
  if (feed.ceiling_price <= feed.reference_price) {
    section.complain("ceiling_price", "expected more than reference_price");
  }
}

void read_limits(Section& section, FeedPolicy& feed) {
  feed.min_groups = as<std::uint8_t>(section.integer("min_groups", {2, 64}));
  feed.agree_ppm = as<std::uint32_t>(section.integer("agree_ppm", ppm_range));
  feed.exclude_ppm = as<std::uint32_t>(section.integer("exclude_ppm", ppm_range));
  feed.confidence_floor_ppm = as<std::uint32_t>(section.integer("confidence_floor_ppm", ppm_range));
  feed.age_ppm = as<std::uint32_t>(section.integer("age_ppm", {0, 100'000}));
  feed.wide_ppm = as<std::uint32_t>(section.integer("wide_ppm", {1, million - 1}));
  if (section.good({"wide_ppm"}) && feed.confidence_floor_ppm >= feed.wide_ppm) {
    section.complain("confidence_floor_ppm", "expected less than wide_ppm, or no price could be ok");
  }
  feed.jump_ppm = as<std::uint32_t>(section.integer("jump_ppm", ppm_range));
  feed.jump_confirmations = as<std::uint8_t>(section.integer("jump_confirmations", {1, 255}));
}

}  // namespace

FeedPolicy read_feed(Section& section, Micros observation_age_max) {
  FeedPolicy feed;
  feed.terms.symbol = section.text("symbol", 33);
  feed.terms.id = feed_id(feed.terms.symbol);
  std::tie(feed.base, feed.quote) = split_pair(feed.terms.symbol);
  if (feed.base.empty()) {
    section.complain("symbol", "expected BASE/QUOTE such as BTC/USD, got " + shown(feed.terms.symbol));
  }
  feed.terms.exponent = as<std::int8_t>(section.integer("exponent", {-12, 0}));
  feed.terms.ttl = section.millis("ttl_ms", patience_ms);
  read_prices(section, feed);
  read_limits(section, feed);
  feed.src_age_max = section.millis("src_age_max_ms", patience_ms);
  if (observation_age_max.value > 0 && feed.src_age_max > observation_age_max) {
    section.complain("src_age_max_ms", "expected at most observation_age_max_ms, or it could never be reached");
  }
  feed.ema_tau = section.millis("ema_tau_ms", patience_ms);
  read_calendar(section, feed);
  read_sources(section, feed);
  section.finish();
  return feed;
}

}  // namespace assay::config
