#include <algorithm>
#include <set>

#include "config/feed_section.hpp"
#include "config/files.hpp"
#include "config/load.hpp"
#include "core/observation.hpp"

namespace assay::config {
namespace {

constexpr Range patience_ms{1, 3'600'000};
constexpr std::size_t members_max = 31;

bool is_network_name(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

/// Only 3f+1 members tolerate f liars without a wasted seat; says which sizes are near.
std::string size_problem(std::size_t count) {
  const std::size_t below = count <= 4 ? 4 : (std::min<std::size_t>(count, members_max) - 1) / 3 * 3 + 1;
  const std::size_t near = count <= 4 ? 7 : below == members_max ? members_max - 3 : below + 3;
  return "expected 3f+1 members, at most 31: the nearest sizes are " + std::to_string(std::min(below, near)) + " and " +
         std::to_string(std::max(below, near)) + ", got " + std::to_string(count);
}

std::vector<PublicKey> read_members(Section& root) {
  std::vector<PublicKey> members = root.public_keys("members", 1024);
  if (!threshold::Quorum::of(static_cast<std::uint32_t>(members.size()))) {
    root.complain("members", size_problem(members.size()));
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

void read_feeds(Section& root, const threshold::Timing& timing, aggregator::AggregationPolicy& policy) {
  std::set<std::string> symbols;
  for (Section& section : root.sections("feeds", {1, feed_count_max})) {
    aggregator::FeedPolicy feed = read_feed(section, policy.observation_age_max);
    if (section.good({"symbol"}) && !symbols.insert(feed.terms.symbol).second) {
      section.complain("symbol", "expected each feed once, got " + shown(feed.terms.symbol) + " again");
    }
    if (timing.tick.value > 0 && feed.terms.ttl < timing.tick) section.complain("ttl_ms", "expected at least tick_ms");
    policy.feeds.push_back(std::move(feed));
  }
  std::sort(policy.feeds.begin(), policy.feeds.end(),
            [](const auto& a, const auto& b) { return a.terms.id < b.terms.id; });
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
