#include "aggregator/derived.hpp"

#include <algorithm>

#include "aggregator/ppm.hpp"

namespace assay::aggregator {
namespace {

using Value = std::int64_t ObservationEntry::*;

/// The part's price on the side that moves the whole this way.
std::int64_t side_of(const PartView& part, Value side, bool divides) {
  if (!divides || side == &ObservationEntry::price) return part.entry->*side;
  return part.entry->*(side == &ObservationEntry::bid ? &ObservationEntry::ask : &ObservationEntry::bid);
}

std::optional<std::int64_t> product(const FeedPolicy& feed, std::span<const PartView> parts, const NodePlan& plan,
                                    Value side) {
  Bounded<Rate, parts_max> rates;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    rates.push_back({side_of(parts[i], side, plan.parts[i].divides), parts[i].exponent, 0, true, false});
  }
  const Number first = make_number(static_cast<UInt128>(rates[0].price), rates[0].exponent);
  return convert(first, plan.product, std::span(rates.data(), rates.size()), feed.terms.exponent);
}

std::optional<std::int64_t> basket(const FeedPolicy& feed, std::span<const PartView> parts, Value side) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const UInt128 worth =
        static_cast<UInt128>(parts[i].entry->*side) * static_cast<std::uint64_t>(feed.derived.parts[i].units_e9);
    const auto term = convert(make_number(worth, parts[i].exponent - 9), {}, {}, feed.terms.exponent);
    if (!term || __builtin_add_overflow(sum, *term, &sum) || sum > price_mantissa_max) return std::nullopt;
  }
  return sum;
}

/// The spread of the part around another price.
void around(ObservationEntry& entry, std::int64_t price, const ObservationEntry& part) {
  entry.price = price;
  entry.bid = std::max<std::int64_t>(1, price - (part.price - part.bid));
  const std::int64_t above = part.ask - part.price;
  entry.ask = above > price_mantissa_max - price ? price_mantissa_max : price + above;
}

/// What the parts say beside their prices.
ObservationEntry joined(std::span<const PartView> parts) {
  ObservationEntry out = *parts.front().entry;
  for (const PartView& part : parts) {
    out.reasons = static_cast<std::uint16_t>(out.reasons | part.entry->reasons);
    out.sources = std::min(out.sources, part.entry->sources);
    out.depth_usd = std::min(out.depth_usd, part.entry->depth_usd);
    out.src_time = std::min(out.src_time, part.entry->src_time);
  }
  return out;
}

std::uint64_t confidence_of(const FeedPolicy& feed, std::int64_t price, std::span<const PartView> parts) {
  std::uint64_t sum = 0;
  for (const PartView& part : parts) {
    sum += scaled_up(static_cast<std::uint64_t>(price), part.entry->confidence,
                     static_cast<std::uint64_t>(part.entry->price)) +
           1;
    sum = std::min<std::uint64_t>(sum, INT64_MAX);
  }
  sum = std::max(sum, ceil_ppm(static_cast<std::uint64_t>(price), feed.confidence_floor_ppm));
  return std::min(sum, static_cast<std::uint64_t>(price));
}

/// Fills price, bid and ask.   returns  false when one of them does not fit
template <class Compute>
bool fill(ObservationEntry& entry, Compute compute) {
  for (const Value side : {&ObservationEntry::price, &ObservationEntry::bid, &ObservationEntry::ask}) {
    const std::optional<std::int64_t> value = compute(side);
    if (!value) return false;
    entry.*side = *value;
  }
  return true;
}

}  // namespace

Derived derive(const FeedPolicy& feed, std::span<const PartView> parts, const NodePlan& plan, AverageWindow* window,
               MonoTime now) {
  Derived out;
  const bool missing =
      std::any_of(parts.begin(), parts.end(), [](const PartView& part) { return part.entry == nullptr; });
  if (parts.empty() || missing) return out;
  ObservationEntry entry = joined(parts);
  switch (feed.derived.kind) {
    case Derivation::Kind::none:
      return out;
    case Derivation::Kind::product:
      out.absence = Absence::not_an_entry;
      if (!fill(entry, [&](Value side) { return product(feed, parts, plan, side); })) return out;
      break;
    case Derivation::Kind::basket:
      out.absence = Absence::not_an_entry;
      if (!fill(entry, [&](Value side) { return basket(feed, parts, side); })) return out;
      break;
    case Derivation::Kind::average: {
      out.absence = Absence::window_short;
      if (window == nullptr) return out;
      if (parts[0].usable) window->add(parts[0].entry->price, now);
      const auto mean = window->average(now);
      if (!mean) return out;
      around(entry, *mean, *parts[0].entry);
      break;
    }
  }
  entry.bid = std::min(entry.bid, entry.price);
  entry.ask = std::max(entry.ask, entry.price);
  entry.confidence = confidence_of(feed, entry.price, parts);
  out.entry = entry;
  out.absence = Absence::none;
  return out;
}

}  // namespace assay::aggregator
