#include "config/source_section.hpp"

#include <algorithm>
#include <set>

#include "fetchers/symbol_rule.hpp"

namespace assay::config {
namespace {

using aggregator::Derivation;
using aggregator::FeedPolicy;
using aggregator::Part;
using aggregator::SourcePolicy;

constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t year_ms = 366 * day_ms;
constexpr std::size_t symbol_length_max = 33;

template <class T>
T as(std::int64_t value) {
  return static_cast<T>(value);
}

/// Letters, digits and '.', then perhaps '_' and a tag.
bool is_asset(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
  };
  const std::string_view unit = text.substr(0, text.find('_'));
  return !unit.empty() && text.size() <= 16 && std::all_of(unit.begin(), unit.end(), plain) &&
         std::all_of(text.begin(), text.end(), [plain](char c) { return plain(c) || c == '_'; });
}

bool is_venue_name(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// Which instrument it is: `symbol` and its `pair`. Without `symbol` it is what the venue calls the pair by its rule,
/// and then, but only then, the pair may be left to the feed: a name that tells nothing is never taken for its price.
void read_instrument(Section& section, const FeedPolicy& feed, SourcePolicy& source) {
  const bool by_rule = !section.has("symbol");
  if (!by_rule) source.symbol = section.text("symbol", 64);
  if (by_rule && !section.has("pair")) {
    source.base = feed.base;
    source.quote = feed.quote;
  } else {
    const std::string pair = section.text("pair", symbol_length_max);
    std::tie(source.base, source.quote) = split_pair(pair);
    if (source.base.empty()) section.complain("pair", "expected BASE/QUOTE such as BTC/USD, got " + shown(pair));
  }
  if (!by_rule || source.base.empty()) return;
  const auto named = fetchers::symbol_by_rule(source.venue, {.base = source.base, .quote = source.quote});
  if (named) {
    source.symbol = *named;
  } else {
    section.complain("venue", "expected `symbol` beside it: no rule tells what " + source.venue + " calls " +
                                  source.base + "/" + source.quote);
  }
}

/// A source in the feed's own pair needs no conversion, and one in another pair cannot do without: cbETH/ETH is no
/// price of cbETH/USD.
void read_route(Section& section, const FeedPolicy& feed, SourcePolicy& source) {
  const bool own = source.base == feed.base && source.quote == feed.quote;
  if (section.has("via")) source.via = section.texts("via", aggregator::via_max, symbol_length_max);
  if (own && !source.via.empty()) {
    section.complain("via", "expected none: the pair is the feed's own " + feed.base + "/" + feed.quote);
    source.via.clear();
  }
}

void read_gates(Section& section, const FeedPolicy& feed, SourcePolicy& source) {
  source.tier = as<std::uint8_t>(section.integer("tier", {1, 3}));
  source.age_max = section.millis("age_max_ms", {1, year_ms});
  if (feed.src_age_max.value > 0 && source.age_max > feed.src_age_max) {
    section.complain("age_max_ms",
                     "expected at most the feed's src_age_max_ms, or the feed goes stale before the source");
  }
  source.frozen_after = section.millis("frozen_after_ms", {0, year_ms});
  source.spread_max_ppm = as<std::uint32_t>(section.integer("spread_max_ppm", {1, million}));
  source.impact_notional = as<std::uint64_t>(section.integer("impact_notional", {0, 1'000'000'000'000}));
  source.depth_min = as<std::uint64_t>(section.integer("depth_min", {0, 1'000'000'000'000}));
  source.last_only = section.flag("last_only");
  if (source.last_only) {
    source.assumed_spread_ppm = as<std::uint32_t>(section.integer("assumed_spread_ppm", {1, million / 2}));
  }
}

SourcePolicy read_source(Section& section, const FeedPolicy& feed, FeedContext& context) {
  context.source_profiles.apply(section);
  SourcePolicy source;
  source.venue = section.text("venue", 32);
  if (!is_venue_name(source.venue)) {
    section.complain("venue", "expected lower-case letters, digits and '_', got " + shown(source.venue));
  }
  read_instrument(section, feed, source);
  read_route(section, feed, source);
  const std::vector<std::string_view> groups(context.groups.begin(), context.groups.end());
  source.group = as<std::uint16_t>(1 + static_cast<std::int64_t>(section.choice("group", groups)));
  read_gates(section, feed, source);
  section.finish();
  return source;
}

/// One sort of derivation must be named, and no more than one.
Derivation::Kind read_kind(Section& section) {
  constexpr std::string_view words[] = {"product", "basket", "average"};
  int named = 0;
  auto kind = Derivation::Kind::none;
  for (std::size_t i = 0; i < std::size(words); ++i) {
    if (!section.has(words[i])) continue;
    ++named;
    kind = static_cast<Derivation::Kind>(i + 1);
  }
  if (named == 1) return kind;
  for (const std::string_view word : words) section.complain(word, "expected one of product, basket, average");
  return Derivation::Kind::none;
}

}  // namespace

std::pair<std::string, std::string> split_pair(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view base = text.substr(0, slash);
  const std::string_view quote = text.substr(slash + 1);
  if (!is_asset(base) || !is_asset(quote)) return {};
  const std::string_view base_unit = base.substr(0, base.find('_'));
  const std::string_view quote_unit = quote.substr(0, quote.find('_'));
  if (base_unit == quote_unit) return {};
  return {std::string(base_unit), std::string(quote_unit)};
}

void read_sources(ReadFeed& feed, FeedContext& context) {
  std::set<std::pair<std::string, std::string>> seen;
  std::set<std::uint16_t> groups;
  for (Section& part : feed.section.sections("sources", {1, 64})) {
    const SourcePolicy source = read_source(part, feed.policy, context);
    const bool by_rule = !part.has("symbol");
    const bool named = part.good({"venue"}) && (by_rule ? !source.symbol.empty() : part.good({"symbol"}));
    if (named && !seen.emplace(source.venue, source.symbol).second) {
      part.complain(by_rule ? "venue" : "symbol",
                    "expected each symbol of a venue once, got " + shown(source.symbol) + " again");
    }
    groups.insert(source.group);
    feed.policy.sources.push_back(source);
    feed.sources.push_back(part);
  }
  if (feed.section.good({"sources"}) && groups.size() < feed.policy.min_groups) {
    feed.section.complain("min_groups", "expected at most the number of groups among the sources, " +
                                            std::to_string(groups.size()) + ", got " +
                                            std::to_string(feed.policy.min_groups) + "; add sources of other owners");
  }
}

Derivation read_derived(Section& section) {
  Derivation out;
  out.kind = read_kind(section);
  switch (out.kind) {
    case Derivation::Kind::none:
      break;
    case Derivation::Kind::product:
      for (std::string& name : section.texts("product", aggregator::parts_max, symbol_length_max))
        out.parts.push_back({std::move(name), 0});
      if (out.parts.size() < 2) section.complain("product", "expected two parts or more");
      break;
    case Derivation::Kind::basket:
      for (Section& part : section.sections("basket", {1, 16})) {
        out.parts.push_back({part.text("feed", symbol_length_max), part.price("units", -9)});
        part.finish();
      }
      break;
    case Derivation::Kind::average:
      out.parts.push_back({section.text("average", symbol_length_max), 0});
      out.window = section.millis("window_ms", {1'000, 7 * day_ms});
      out.gap_max = section.millis("gap_max_ms", {1, day_ms});
      if (section.good({"window_ms", "gap_max_ms"}) && out.gap_max > out.window) {
        section.complain("gap_max_ms", "expected at most window_ms, or a silent window would count as covered");
      }
      break;
  }
  section.finish();
  return out;
}

}  // namespace assay::config
