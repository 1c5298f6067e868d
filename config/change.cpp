#include "config/change.hpp"

#include <algorithm>

#include "config/digest.hpp"
#include "core/bytes.hpp"
#include "threshold/succession.hpp"

namespace assay::config {
namespace {

using aggregator::FeedPolicy;

const FeedPolicy* find(const NetworkSettings& settings, const std::string& symbol) {
  for (const FeedPolicy& feed : settings.policy.feeds) {
    if (feed.terms.symbol == symbol) return &feed;
  }
  return nullptr;
}

std::size_t missing(const std::vector<PublicKey>& from, const std::vector<PublicKey>& in) {
  return static_cast<std::size_t>(std::count_if(from.begin(), from.end(), [&](const PublicKey& key) {
    return std::find(in.begin(), in.end(), key) == in.end();
  }));
}

void compare_feeds(const NetworkSettings& before, const NetworkSettings& after, Change& out) {
  for (const FeedPolicy& feed : after.policy.feeds) {
    const std::string& symbol = feed.terms.symbol;
    const FeedPolicy* old = find(before, symbol);
    if (old == nullptr) {
      out.news.push_back("feed " + symbol + " is new: insufficient until it has a price");
    } else if (old->terms.exponent != feed.terms.exponent || old->base != feed.base || old->quote != feed.quote) {
      out.refused.push_back("feed " + symbol +
                            ": its exponent, base and quote never change; give the new terms a new symbol");
    }
  }
  for (const FeedPolicy& feed : before.policy.feeds) {
    if (find(after, feed.terms.symbol) == nullptr) out.news.push_back("feed " + feed.terms.symbol + " goes");
  }
}

/// Whether anything but members and the list of feeds differs.
bool differs_elsewhere(NetworkSettings before, const NetworkSettings& after) {
  NetworkSettings with_old = after;
  with_old.members = before.members;
  with_old.epoch = before.epoch;
  const auto is_common = [&](const FeedPolicy& feed) {
    return find(before, feed.terms.symbol) != nullptr && find(after, feed.terms.symbol) != nullptr;
  };
  std::erase_if(with_old.policy.feeds, [&](const FeedPolicy& feed) { return !is_common(feed); });
  auto feeds = before.policy.feeds;
  std::erase_if(feeds, [&](const FeedPolicy& feed) { return !is_common(feed); });
  before.policy.feeds = std::move(feeds);
  return config_digest(before) != config_digest(with_old);
}

}  // namespace

Change compare(const NetworkSettings& before, const NetworkSettings& after) {
  Change out;
  if (after.name != before.name) {
    out.refused.push_back("name: another name is another network, which consumers must pin anew; keep \"" +
                          before.name + "\"");
  }
  if (std::uint64_t{after.epoch.value} != std::uint64_t{before.epoch.value} + 1) {
    out.refused.push_back("epoch: expected " + std::to_string(std::uint64_t{before.epoch.value} + 1) + ", got " +
                          std::to_string(after.epoch.value));
  }
  compare_feeds(before, after, out);
  if (after.members != before.members) {
    if (const auto misplaced = threshold::out_of_order(before.members, after.members)) {
      out.refused.push_back("members: entry " + std::to_string(*misplaced + 1) + ", " +
                            to_hex(after.members[*misplaced].bytes).substr(0, 16) +
                            "...: who dials whom follows the order; leave those that stay as they are, and add those "
                            "that join after them");
    }
    out.news.push_back(std::to_string(missing(before.members, after.members)) + " of " +
                       std::to_string(before.members.size()) + " members go, " +
                       std::to_string(missing(after.members, before.members)) +
                       " come: " + std::to_string(after.members.size()));
  }
  if (differs_elsewhere(before, after)) out.news.push_back("rules of feeds, venues or timing change");
  return out;
}

}  // namespace assay::config
