#include "node/price_desk.hpp"

#include "node/explain.hpp"
#include "node/system.hpp"

namespace assay::node {

PriceDesk::PriceDesk(const aggregator::AggregationPolicy& policy)
    : policy_(policy), desk_(Desk{aggregator::QuoteBook(policy), {}}) {}

Observation PriceDesk::observe(std::span<const Quote> fresh, MonoTime mono, WallTime wall) {
  Observation out;
  desk_.update([&](Desk& desk) {
    for (const auto& quote : fresh) {
      desk.book.accept(quote);
    }
    out = desk.book.observe(mono, wall);
    desk.at = wall;
  });
  return out;
}

std::optional<std::string> PriceDesk::explain(std::string_view symbol) {
  std::optional<std::string> out;
  desk_.update([&](Desk& desk) {
    if (const auto node = aggregator::find_node(desk.book.policy(), symbol)) {
      out = explain_json({desk.book, *node, desk.at});
    }
  });
  return out;
}

VenueTable PriceDesk::table() {
  VenueTable out;
  desk_.update([&](Desk& desk) { out = venue_table(desk.book, desk.at, mono_now()); });
  return out;
}

std::string PriceDesk::venues(const std::vector<fetchers::VenueState>& states) {
  return venues_json(policy_, table(), states);
}

}  // namespace assay::node
