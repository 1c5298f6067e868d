#include <algorithm>
#include <set>
#include <string>

#include "aggregator/plan.hpp"
#include "aggregator/weights.hpp"
#include "config/feed_section.hpp"
#include "config/files.hpp"
#include "config/load.hpp"
#include "core/observation.hpp"

namespace assay::config {
namespace {

constexpr Range patience_ms{1, 3'600'000};
constexpr std::size_t intervals_max = 200'000;  // of all calendars of all feeds: 3 MB

bool is_network_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

std::vector<PublicKey> read_members(Section& root) {
  std::vector<PublicKey> members = root.public_keys("members", 1024);
  if (!threshold::Quorum::of(static_cast<std::uint32_t>(members.size()))) {
    root.complain("members", threshold::size_problem(members.size()));
  }
  return members;
}

threshold::Timing read_timing(Section& root) {
  Section section = root.section("timing");
  threshold::Timing timing;
  timing.tick = section.millis("tick_ms", patience_ms);
  timing.grace = section.millis("grace_ms", patience_ms);
  timing.grace_max = section.millis("grace_max_ms", patience_ms);
  timing.timeout = section.millis("timeout_ms", patience_ms);
  timing.timeout_max = section.millis("timeout_max_ms", patience_ms);
  timing.resend = section.millis("resend_ms", patience_ms);
  timing.retry = section.millis("retry_ms", patience_ms);
  timing.delay_max = section.millis("delay_max_ms", patience_ms);
  timing.clock_error = section.millis("clock_error_ms", patience_ms);
  timing.timely = section.millis("timely_ms", patience_ms);
  timing.nonce_age_max = section.millis("nonce_age_max_ms", patience_ms);
  timing.rotation_heights = static_cast<std::uint32_t>(section.integer("rotation_heights", {1, 1'000'000}));
  section.finish();
  if (const Done sane = timing.validate(); section.good() && !sane) {
    root.complain("timing", std::string("expected ") + sane.error().detail);
  }
  return timing;
}

/// Reads `feeds` or `legs`; a symbol names one of either only.
void read_list(Section& root, FeedRole role, FeedContext& context, std::set<std::string>& seen,
               std::vector<ReadFeed>& out) {
  const bool leg = role == FeedRole::leg;
  for (Section& section : root.sections(leg ? "legs" : "feeds", {leg ? 0 : 1, feed_count_max})) {
    ReadFeed read = read_feed(std::move(section), role, context);
    const std::string& symbol = read.policy.terms.symbol;
    if (!seen.insert(symbol).second)
      read.section.complain("symbol", "expected each feed once, got " + shown(symbol) + " again");
    out.push_back(std::move(read));
  }
}

/// Tells each fault of the whole where the file says it.
void tell_faults(const std::vector<aggregator::PlanFault>& faults, std::vector<ReadFeed>& feeds) {
  for (const aggregator::PlanFault& fault : faults) {
    const auto at = std::find_if(feeds.begin(), feeds.end(),
                                 [&fault](const ReadFeed& feed) { return feed.policy.terms.symbol == fault.symbol; });
    Section& section = fault.source ? at->sources[*fault.source] : at->section;
    section.complain(fault.key, fault.expected);
  }
}

void read_feeds(Section& root, const threshold::Timing& timing, aggregator::AggregationPolicy& policy) {
  FeedContext context(root);
  context.observation_age_max = policy.observation_age_max;
  policy.groups = context.groups;
  std::vector<ReadFeed> feeds;
  std::set<std::string> seen;
  read_list(root, FeedRole::leg, context, seen, feeds);
  for (const ReadFeed& leg : feeds) policy.legs.push_back(leg.policy);
  read_list(root, FeedRole::feed, context, seen, feeds);
  const std::size_t leg_count = policy.legs.size();
  std::size_t intervals = 0;
  for (std::size_t i = 0; i < feeds.size(); ++i) {
    const aggregator::FeedPolicy& feed = feeds[i].policy;
    intervals += feed.open.size();
    if (intervals > intervals_max) {
      feeds[i].section.complain("calendar", "expected at most " + std::to_string(intervals_max) +
                                                " intervals over all feeds; join neighbouring ones");
      break;
    }
    if (i < leg_count) continue;
    if (timing.tick.value > 0 && feed.terms.ttl < timing.tick) {
      feeds[i].section.complain("ttl_ms", "expected at least tick_ms");
    }
    policy.feeds.push_back(feed);
  }
  context.finish();
  std::sort(policy.feeds.begin(), policy.feeds.end(),
            [](const auto& a, const auto& b) { return a.terms.id < b.terms.id; });
  std::sort(policy.legs.begin(), policy.legs.end(),
            [](const auto& a, const auto& b) { return a.terms.symbol < b.terms.symbol; });
  const bool whole = std::all_of(feeds.begin(), feeds.end(), [](const ReadFeed& feed) {
    return feed.section.good() &&
           std::all_of(feed.sources.begin(), feed.sources.end(), [](const Section& source) { return source.good(); });
  });
  if (!whole) return;  // a rule between feeds means something only when each of them does
  for (ReadFeed& feed : feeds) {
    if (const auto fault = aggregator::cap_fault(feed.policy)) feed.section.complain("sources", *fault);
  }
  const auto plan = aggregator::make_plan(policy);
  if (const auto* faults = std::get_if<std::vector<aggregator::PlanFault>>(&plan)) tell_faults(*faults, feeds);
}

NetworkSettings read_network(Section& root, Problems& problems) {
  NetworkSettings out;
  out.name = root.text("name", 64);
  if (!is_network_name(out.name)) {
    root.complain("name", "expected lower-case letters, digits and '-', got " + shown(out.name));
  }
  out.epoch = Epoch{static_cast<std::uint32_t>(root.integer("epoch", {0, 0xffff'ffff}))};
  out.group_file = beside(problems.file, root.text("group_file", 4096));
  out.members = read_members(root);
  out.timing = read_timing(root);
  Section section = root.section("aggregation");
  out.policy.version = static_cast<std::uint32_t>(section.integer("agg_version", {1, 1}));
  out.policy.observation_age_max = section.millis("observation_age_max_ms", {1, 366LL * 86'400'000});
  out.policy.venue_future_max = section.millis("venue_future_max_ms", {0, 60'000});
  section.finish();
  read_feeds(root, out.timing, out.policy);
  return out;
}

}  // namespace

Loaded<NetworkSettings> parse_network(std::string_view text, const std::string& file_name) {
  return read_document<NetworkSettings>(text, file_name, read_network);
}

Loaded<NetworkSettings> load_network(const std::filesystem::path& file) {
  return read_file<NetworkSettings>(file, parse_network);
}

}  // namespace assay::config
