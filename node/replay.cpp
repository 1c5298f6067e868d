#include "node/replay.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "fetchers/symbol_match.hpp"

namespace assay::node {

namespace {

using aggregator::AggregationPolicy;

AggregationPolicy part_of(const AggregationPolicy& policy, std::size_t feed) {
  const auto planned = aggregator::make_plan(policy);
  const auto* plan = std::get_if<aggregator::Plan>(&planned);
  check(plan != nullptr, "a policy was planned when it was loaded");
  return aggregator::closure(policy, *plan, feed);
}

aggregator::Number price_of(const Quote& quote) {
  if (quote.bid && quote.ask) {
    return aggregator::middle(aggregator::make_number(*quote.bid), aggregator::make_number(*quote.ask));
  }
  return quote.last ? aggregator::make_number(*quote.last) : aggregator::Number{};
}

}  // namespace

Replay::Replay(const AggregationPolicy& policy, std::size_t feed)
    : book_(part_of(policy, feed)),
      node_(aggregator::find_node(book_.policy(), node_policy(policy, feed).terms.symbol).value_or(0)) {
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    for (const auto& source : node_policy(policy, node).sources) {
      auto& known = instruments_[source.venue];
      const auto same = [&source](const Instrument& each) { return each.symbol == source.symbol; };
      if (std::none_of(known.begin(), known.end(), same)) {
        known.push_back({source.symbol, source.base, source.quote});
      }
    }
  }
}

std::optional<std::string> Replay::symbol_of(const fetchers::QuoteLine& line) const {
  const auto venue = instruments_.find(line.quote.venue);
  if (venue == instruments_.end()) return std::nullopt;
  std::vector<std::string> symbols;
  std::vector<std::string> by_pair;
  for (const auto& each : venue->second) {
    symbols.push_back(each.symbol);
    if (each.base == line.base && each.quote == line.quoted_in) by_pair.push_back(each.symbol);
  }
  fetchers::ParsedQuote named;
  named.symbol = line.quote.symbol;
  named.base = line.base;
  named.quote = line.quoted_in;
  auto symbol = fetchers::configured_symbol(named, symbols);
  return symbol || by_pair.size() != 1 ? symbol : std::optional(by_pair.front());
}

void Replay::take(const fetchers::QuoteLine& line) {
  const auto symbol = symbol_of(line);
  if (!symbol) {
    list(line);
    return;
  }
  if (line.refused) {
    refusals_.insert_or_assign({line.quote.venue, *symbol}, *line.refused);
    if (!line.of_sides) return;
  } else {
    refusals_.erase({line.quote.venue, *symbol});
  }
  auto quote = line.quote;
  quote.symbol = *symbol;
  book_.accept(quote);
}

/// Remembers a quote of this feed's base, or of one that nobody can tell, that no feed or leg of the network reads.
void Replay::list(const fetchers::QuoteLine& line) {
  const auto& rules = node_policy(book_.policy(), node_);
  if (!line.base.empty() && line.base != rules.base) {
    return;
  }
  UnlistedQuote quote{line.quote.venue, line.quote.symbol, price_of(line.quote)};
  const auto same = std::find_if(unlisted_.begin(), unlisted_.end(), [&quote](const UnlistedQuote& known) {
    return known.venue == quote.venue && known.symbol == quote.symbol;
  });
  if (same != unlisted_.end()) {
    *same = std::move(quote);
  } else {
    unlisted_.push_back(std::move(quote));
  }
}

void Replay::observe(WallTime at) {
  book_.observe(MonoTime{static_cast<std::int64_t>(at.value)}, at);
}

void replay_until(Replay& replay, std::span<const fetchers::QuoteLine> lines, WallTime at) {
  for (std::size_t i = 0; i < lines.size() && lines[i].quote.recv_time <= at; ++i) {
    replay.take(lines[i]);
    const bool last_of_moment = i + 1 == lines.size() || lines[i + 1].quote.recv_time > lines[i].quote.recv_time;
    if (last_of_moment && lines[i].quote.recv_time < at) {
      replay.observe(lines[i].quote.recv_time);
    }
  }
  replay.observe(at);
}

}  // namespace assay::node
