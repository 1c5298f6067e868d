#include "aggregator/quote_book.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>
#include <utility>
#include <variant>

#include "aggregator/aggregate.hpp"
#include "aggregator/opinion.hpp"
#include "aggregator/ppm.hpp"
#include "core/check.hpp"
#include "core/leaf.hpp"

namespace assay::aggregator {
namespace {

/// A repeated REST answer may be older than what the stream said; a venue clock that runs ahead must not freeze it out.
bool supersedes(const Quote& fresh, const Quote& kept, const SourcePolicy& source, Micros venue_future_max) {
  if (fresh.recv_mono - kept.recv_mono > source.age_max) return true;
  if (has_sides(fresh, source) != has_sides(kept, source)) return has_sides(fresh, source);
  if (fresh.recv_mono < kept.recv_mono) return false;
  const bool credible = kept.venue_time && *kept.venue_time - kept.recv_time <= venue_future_max;
  return !(credible && fresh.venue_time && *fresh.venue_time < *kept.venue_time);
}

bool silent(Verdict verdict) {
  return verdict == Verdict::silent || verdict == Verdict::too_old;
}

}  // namespace

QuoteBook::QuoteBook(AggregationPolicy policy) : policy_(std::move(policy)) {
  for (std::size_t feed = 0; feed < policy_.feeds.size(); ++feed) {
    const auto& sources = policy_.feeds[feed].sources;
    newest_.emplace_back(sources.size());
    for (std::size_t source = 0; source < sources.size(); ++source) {
      listings_.push_back({sources[source].venue, sources[source].symbol, feed, source});
    }
  }
  std::sort(listings_.begin(), listings_.end(), [](const Listing& a, const Listing& b) {
    return std::tie(a.venue, a.symbol, a.feed, a.source) < std::tie(b.venue, b.symbol, b.feed, b.source);
  });
}

bool QuoteBook::accept(Quote quote) {
  auto at =
      std::lower_bound(listings_.begin(), listings_.end(), quote, [](const Listing& listing, const Quote& wanted) {
        return std::tie(listing.venue, listing.symbol) < std::tie(wanted.venue, wanted.symbol);
      });
  bool listed = false;
  for (; at != listings_.end() && at->venue == quote.venue && at->symbol == quote.symbol; ++at) {
    listed = true;
    std::optional<Quote>& kept = newest_[at->feed][at->source];
    const SourcePolicy& source = policy_.feeds[at->feed].sources[at->source];
    if (!kept || supersedes(quote, *kept, source, policy_.venue_future_max)) kept = quote;
  }
  return listed;
}

Observation QuoteBook::observe(MonoTime mono, WallTime wall) const {
  Observation out{wall, {}};
  out.feeds.reserve(policy_.feeds.size());
  for (std::size_t feed = 0; feed < policy_.feeds.size(); ++feed) out.feeds.push_back(report(feed, mono, wall).entry);
  return out;
}

FeedReport QuoteBook::report(std::size_t feed, MonoTime mono, WallTime wall) const {
  check(feed < policy_.feeds.size(), "a report is of a feed of the policy");
  const FeedPolicy& rules = policy_.feeds[feed];
  FeedReport out;
  std::vector<Candidate> candidates;
  bool venue_down = false;
  for (std::size_t source = 0; source < rules.sources.size(); ++source) {
    SourceReport line{source, Verdict::silent, 0, 0, 0};
    if (const std::optional<Quote>& quote = newest_[feed][source]) {
      const auto admitted = admit(*quote, rules, source, policy_.venue_future_max, mono);
      if (const Verdict* refused = std::get_if<Verdict>(&admitted)) {
        line.verdict = *refused;
      } else {
        const auto& candidate = std::get<Candidate>(admitted);
        line = SourceReport{source, Verdict::counted, candidate.price, candidate.uncertainty, 0};
        candidates.push_back(candidate);
      }
    }
    venue_down = venue_down || silent(line.verdict);
    out.sources.push_back(line);
  }

  const Opinion opinion = form_opinion(candidates, rules);
  const std::uint64_t total = std::accumulate(opinion.weights.begin(), opinion.weights.end(), std::uint64_t{0});
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    SourceReport& line = out.sources[candidates[i].source];
    if (opinion.excluded[i]) line.verdict = Verdict::outlier;
    line.weight_ppm = static_cast<std::uint32_t>(opinion.weights[i] * ppm_one / std::max<std::uint64_t>(total, 1));
  }
  out.entry = opinion.entry;
  if (!out.entry) return out;
  if (venue_down) out.entry->reasons = static_cast<std::uint16_t>(out.entry->reasons | reason::venue_down);
  // What the committee would not count is not said.
  if (!is_valid_entry(*out.entry, wall, policy_)) out.entry.reset();
  return out;
}

}  // namespace assay::aggregator
