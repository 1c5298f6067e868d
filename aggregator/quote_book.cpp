#include "aggregator/quote_book.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <variant>

#include "aggregator/aggregate.hpp"
#include "aggregator/calendar.hpp"
#include "aggregator/ppm.hpp"
#include "core/arith.hpp"
#include "core/check.hpp"
#include "core/leaf.hpp"

namespace assay::aggregator {
namespace {

bool is_down(Verdict verdict) {
  return verdict == Verdict::halted || verdict == Verdict::silent || verdict == Verdict::too_old;
}

void add_reason(ObservationEntry& entry, std::uint16_t bit) {
  entry.reasons = static_cast<std::uint16_t>(entry.reasons | bit);
}

/// What a feed stands at, and what one source makes of it.
struct Standing {
  std::int64_t feed{};
  std::int64_t source{};
};

/// Whether feed / source has changed by more than ppm. Both in 1..2^62: cross products, of which the lowest bits go
/// where they would not leave room for the ppm.
bool parted(Standing then, Standing now, std::uint32_t ppm) {
  UInt128 a = static_cast<UInt128>(now.feed) * static_cast<std::uint64_t>(then.source);
  UInt128 b = static_cast<UInt128>(then.feed) * static_cast<std::uint64_t>(now.source);
  constexpr unsigned spare_bits = 20;
  if ((std::max(a, b) >> (128 - spare_bits)) != 0) {
    a >>= spare_bits;
    b >>= spare_bits;
  }
  return (a > b ? a - b : b - a) * ppm_one > b * ppm;
}

Plan plan_of(const AggregationPolicy& policy) {
  auto planned = make_plan(policy);
  auto* plan = std::get_if<Plan>(&planned);
  check(plan != nullptr, "a policy was planned when it was loaded");
  return std::move(*plan);
}

}  // namespace

State state_of(const FeedReport& report) noexcept {
  if (!report.entry) return State::absent;
  if ((report.entry->reasons & reason::divergent) != 0) return State::divergent;
  return (report.entry->reasons & reason::few_sources) != 0 ? State::degraded : State::ok;
}

std::string_view name(State state) noexcept {
  switch (state) {
    case State::ok:
      return "ok";
    case State::degraded:
      return "degraded";
    case State::divergent:
      return "divergent";
    case State::absent:
      return "absent";
  }
  return "unknown";
}

QuoteBook::QuoteBook(AggregationPolicy policy) : policy_(std::move(policy)), plan_(plan_of(policy_)) {
  const std::size_t count = node_count(policy_);
  desks_.resize(count);
  rates_.resize(count);
  views_.resize(count);
  for (std::size_t node = 0; node < count; ++node) {
    const FeedPolicy& rules = node_policy(policy_, node);
    Desk& desk = desks_[node];
    check(rules.sources.size() <= sources_max, "a feed has at most 64 sources");
    desk.held.resize(rules.sources.size());
    desk.exiles.resize(rules.sources.size());
    desk.blocks = blocks_of(rules);
    desk.report.sources.resize(rules.sources.size());
    if (rules.derived.kind == Derivation::Kind::average)
      desk.window.emplace(rules.derived.window, rules.derived.gap_max);
    rates_[node].exponent = rules.terms.exponent;
    for (std::size_t source = 0; source < rules.sources.size(); ++source) {
      listings_.push_back({rules.sources[source].venue, rules.sources[source].symbol, node, source});
    }
  }
  std::sort(listings_.begin(), listings_.end(), [](const Listing& a, const Listing& b) {
    return std::tie(a.venue, a.symbol, a.node, a.source) < std::tie(b.venue, b.symbol, b.node, b.source);
  });
}

bool QuoteBook::accept(const Quote& quote) {
  auto at =
      std::lower_bound(listings_.begin(), listings_.end(), quote, [](const Listing& listing, const Quote& wanted) {
        return std::tie(listing.venue, listing.symbol) < std::tie(wanted.venue, wanted.symbol);
      });
  bool listed = false;
  for (; at != listings_.end() && at->venue == quote.venue && at->symbol == quote.symbol; ++at) {
    listed = true;
    const FeedPolicy& rules = node_policy(policy_, at->node);
    hold(desks_[at->node].held[at->source], quote, rules.sources[at->source], rules.jump_ppm, policy_.venue_future_max);
  }
  return listed;
}

Observation QuoteBook::observe(MonoTime mono, WallTime wall) {
  for (const std::size_t node : plan_.order) conclude(node, mono, wall);
  Observation out{wall, {}};
  out.feeds.reserve(policy_.feeds.size());
  for (std::size_t feed = 0; feed < policy_.feeds.size(); ++feed) out.feeds.push_back(desks_[feed].report.entry);
  return out;
}

const FeedReport& QuoteBook::report(std::size_t node) const {
  check(node < desks_.size(), "a report is of a feed or leg of the policy");
  return desks_[node].report;
}

const HeldQuote& QuoteBook::held(std::size_t node, std::size_t source) const {
  check(node < desks_.size() && source < desks_[node].held.size(), "a source is one of the policy");
  return desks_[node].held[source];
}

void QuoteBook::conclude(std::size_t node, MonoTime mono, WallTime wall) {
  if (node_policy(policy_, node).derived.kind == Derivation::Kind::none) {
    pool_sources(node, mono);
  } else {
    derive_from_parts(node, mono);
  }
  judge(node, mono, wall);
  follow_market(node);
}

/// An unchanged quote is fine in an unchanged market. Once the market of its own pair has moved away from where it
/// stood when the quote was first said, the quote has to move to be believed. That market is seen through the feed: a
/// dead BTC/USDC for a feed USDC/USD seems to follow bitcoin, since it is divided by what bitcoin costs now.
void QuoteBook::follow_market(std::size_t node) {
  const FeedPolicy& rules = node_policy(policy_, node);
  Desk& desk = desks_[node];
  if (!desk.report.entry) return;
  const std::int64_t price = desk.report.entry->price;
  for (std::size_t source = 0; source < desk.held.size(); ++source) {
    HeldQuote& held = desk.held[source];
    if (!held.heard || held.left_behind) continue;
    const Route& route = plan_.nodes[node].routes[source];
    std::int64_t own = 1;
    if (!route.steps.empty()) {
      const bool sure =
          std::all_of(route.steps.begin(), route.steps.end(), [this](const Step& s) { return rates_[s.node].usable; });
      own = sure ? convert(held.centre, route, rates_, rules.terms.exponent).value_or(0) : 0;
      if (own == 0) continue;  // nobody knows what it was to follow
    }
    if (held.said_at == 0) {
      held.said_at = price;
      held.said_as = own;
    } else {
      held.left_behind = parted({held.said_at, held.said_as}, {price, own}, rules.exclude_ppm);
    }
  }
}

QuoteBook::Admitted QuoteBook::admit_sources(std::size_t node, MonoTime mono, Jumps jumps) {
  const FeedPolicy& rules = node_policy(policy_, node);
  Desk& desk = desks_[node];
  Admitted out;
  for (std::size_t source = 0; source < rules.sources.size(); ++source) {
    const HeldQuote& held = desk.held[source];
    const Gate gate{rules, plan_.nodes[node].routes[source], rates_, policy_.venue_future_max, mono, jumps};
    SourceReport& line = desk.report.sources[source];
    line = SourceReport{source, Verdict::counted, held.centre, 0, 0, 0, 0};
    const auto admitted = admit(held, source, gate);
    if (const Verdict* refused = std::get_if<Verdict>(&admitted)) {
      line.verdict = *refused;
      line.price = converted(held, gate);
      if (*refused == Verdict::unsettled) out.unsettled |= std::uint64_t{1} << source;
    } else {
      const auto& candidate = std::get<Candidate>(admitted);
      line.price = candidate.price;
      line.uncertainty = candidate.uncertainty;
      line.depth = candidate.depth;
      out.candidates.push_back(candidate);
      out.settled |= std::uint64_t{1} << source;
    }
    out.venue_down = out.venue_down || is_down(line.verdict);
  }
  return out;
}

void QuoteBook::pool_sources(std::size_t node, MonoTime mono) {
  const FeedPolicy& rules = node_policy(policy_, node);
  Desk& desk = desks_[node];
  Admitted admitted = admit_sources(node, mono, Jumps::wait);
  // The jump of one is a claim; when more owners jump than stay, it is the market.
  if (admitted.unsettled != 0 &&
      groups_in(desk.blocks, admitted.unsettled) > groups_in(desk.blocks, admitted.settled)) {
    admitted = admit_sources(node, mono, Jumps::count);
  }
  const auto& candidates = admitted.candidates;
  const std::span<const Candidate> all(candidates.data(), candidates.size());
  const Opinion opinion = form_opinion(all, rules, desk.blocks, desk.exiles, mono);
  std::uint64_t total = 0;
  for (const std::uint64_t weight : opinion.weights) total += weight;
  for (std::size_t i = 0; i < opinion.excluded.size(); ++i) {
    SourceReport& line = desk.report.sources[candidates[i].source];
    if (opinion.excluded[i]) line.verdict = opinion.returning[i] ? Verdict::readmission : Verdict::outlier;
    const std::uint64_t weight = i < opinion.weights.size() ? opinion.weights[i] : 0;
    line.weight_ppm = static_cast<std::uint32_t>(weight * ppm_one / std::max<std::uint64_t>(total, 1));
  }
  desk.report.entry = opinion.entry;
  desk.report.absence = opinion.absence;
  if (!desk.report.entry) return;
  desk.report.entry->depth_usd = in_dollars(node, desk.report.entry->depth_usd);
  if (admitted.venue_down) add_reason(*desk.report.entry, reason::venue_down);
  for (const Route& route : plan_.nodes[node].routes) {
    for (const Step& step : route.steps) {
      if (rates_[step.node].depeg) add_reason(*desk.report.entry, reason::depeg);
    }
  }
}

void QuoteBook::derive_from_parts(std::size_t node, MonoTime mono) {
  const NodePlan& plan = plan_.nodes[node];
  Bounded<PartView, parts_max> parts;
  for (const Step& step : plan.parts) parts.push_back(views_[step.node]);
  Desk& desk = desks_[node];
  AverageWindow* window = desk.window ? &*desk.window : nullptr;
  const Derived derived = derive(node_policy(policy_, node), std::span(parts.data(), parts.size()), plan, window, mono);
  desk.report.entry = derived.entry;
  desk.report.absence = derived.absence;
}

/// The guards, and what this price is worth to the others. What the committee would not count is not said.
void QuoteBook::judge(std::size_t node, MonoTime mono, WallTime wall) {
  const FeedPolicy& rules = node_policy(policy_, node);
  Desk& desk = desks_[node];
  FeedReport& report = desk.report;
  const std::int8_t exponent = rules.terms.exponent;
  report.usable = false;
  rates_[node] = Rate{0, exponent, 0, false, false};
  views_[node] = PartView{nullptr, exponent, false};
  if (report.entry && !is_valid_entry(*report.entry, wall, policy_)) {
    report.entry.reset();
    report.absence = Absence::not_an_entry;
  }
  if (!report.entry) return;

  ObservationEntry& entry = *report.entry;
  const bool depeg = off_peg(entry.price, rules.peg);
  if (depeg) add_reason(entry, reason::depeg);
  if (beyond_limit(desk.anchor, entry.price, rules.rate_limit, mono)) add_reason(entry, reason::rate_limit);
  add_price(desk.volatility, entry.price, rules.ema_tau, mono);
  report.volatility_ppm = volatility_ppm(desk.volatility);

  const bool sound = entry.price >= rules.floor_price && entry.price <= rules.ceiling_price && is_open(rules, wall);
  const unsigned spoils = reason::few_sources | reason::divergent | reason::rate_limit;
  const bool wide = exceeds_ppm(entry.confidence, static_cast<std::uint64_t>(entry.price), rules.wide_ppm);
  report.usable = sound && !depeg && !wide && (entry.reasons & spoils) == 0;
  rates_[node] = Rate{sound ? entry.price : 0, exponent, entry.confidence, report.usable, depeg};
  views_[node] = PartView{sound ? &entry : nullptr, exponent, report.usable};
}

std::uint64_t QuoteBook::in_dollars(std::size_t node, std::uint64_t amount) const {
  const NodePlan& plan = plan_.nodes[node];
  if (plan.quoted_in_usd || amount == 0) return amount;
  if (!plan.usd || !rates_[plan.usd->steps.front().node].usable) return 0;
  constexpr std::uint64_t most = 1'000'000'000'000'000;
  const auto dollars = convert(make_number(std::min(amount, most), 0), *plan.usd, rates_, 0);
  return static_cast<std::uint64_t>(dollars.value_or(0));
}

}  // namespace assay::aggregator
