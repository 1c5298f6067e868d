#include "node/venue_table.hpp"

#include <boost/json.hpp>
#include <map>

#include "aggregator/plan.hpp"
#include "node/json_values.hpp"
#include "node/told_json.hpp"
#include "node/venue_state_json.hpp"

namespace assay::node {

namespace {

namespace json = boost::json;
using aggregator::AggregationPolicy;

constexpr Error no_table{Errc::malformed, "the document of /v1/venues"};

json::value price_or_null(std::int64_t price, std::int8_t exponent) {
  return price == 0 ? json::value(nullptr) : json::value(to_text(price, exponent));
}

json::object feed_json(const AggregationPolicy& policy, const SourceRow& row) {
  const auto& terms = node_policy(policy, row.node).terms;
  const bool counted = row.verdict == aggregator::Verdict::counted;
  return {{"feed", terms.symbol},
          {"counted", counted},
          {"reason", counted ? json::value(nullptr) : json::value(name(row.verdict))},
          {"price", price_or_null(row.price, terms.exponent)},
          {"weight_ppm", row.weight_ppm},
          {"depth_usd", row.depth_usd == 0 ? json::value(nullptr) : json::value(std::to_string(row.depth_usd))}};
}

/// The instruments of one venue: each with every feed and leg that reads it.
json::array instruments_json(const AggregationPolicy& policy, const VenueTable& table, const std::string& venue) {
  std::map<std::string, json::object> found;
  for (const SourceRow& row : table.sources) {
    const auto& source = node_policy(policy, row.node).sources[row.source];
    if (source.venue != venue) continue;
    json::object& at = found[source.symbol];
    if (at.empty()) {
      at = {{"symbol", source.symbol},
            {"bid", text_or_null(digits_of(row.bid))},
            {"ask", text_or_null(digits_of(row.ask))},
            {"age_ms", millis_or_null(row.age)},
            {"feeds", json::array{}}};
    }
    at["feeds"].as_array().push_back(feed_json(policy, row));
  }
  json::array out;
  for (auto& [symbol, instrument] : found) out.push_back(std::move(instrument));
  return out;
}

}  // namespace

VenueTable venue_table(const aggregator::QuoteBook& book, WallTime at, MonoTime now) {
  VenueTable out{at, {}, {}};
  for (std::size_t node = 0; node < node_count(book.policy()); ++node) {
    const auto& report = book.report(node);
    out.nodes.push_back({state_of(report), report.entry ? report.entry->price : 0});
    for (std::size_t source = 0; source < report.sources.size(); ++source) {
      const auto& line = report.sources[source];
      const auto& held = book.held(node, source);
      out.sources.push_back({node, source, held.bid, held.ask,
                             held.heard ? std::optional(now - held.recv_mono) : std::nullopt, line.verdict, line.price,
                             line.weight_ppm, book.in_dollars(node, line.depth)});
    }
  }
  return out;
}

std::string venues_json(const AggregationPolicy& policy, const VenueTable& table,
                        const std::vector<fetchers::VenueState>& states) {
  json::array venues;
  for (const auto& state : states) {
    json::object venue = venue_state_json(state);
    venue["instruments"] = instruments_json(policy, table, state.venue);
    venues.push_back(std::move(venue));
  }
  json::array feeds;
  for (std::size_t node = 0; node < table.nodes.size(); ++node) {
    const auto& terms = node_policy(policy, node).terms;
    feeds.push_back({{"feed", terms.symbol},
                     {"state", name(table.nodes[node].state)},
                     {"price", price_or_null(table.nodes[node].price, terms.exponent)}});
  }
  return json::serialize(json::object{
      {"at_ms", std::to_string(table.at.value / 1000)}, {"venues", std::move(venues)}, {"feeds", std::move(feeds)}});
}

Result<std::vector<ToldNode>> told_nodes(const AggregationPolicy& policy, std::string_view document) {
  const auto root = told_object(document, "venues");
  if (!root) return no_table;
  std::vector<ToldNode> out(node_count(policy));
  for (const json::object* feed : objects(*root, "feeds")) {
    const auto node = aggregator::find_node(policy, text_of(*feed, "feed"));
    if (!node) continue;
    out[*node].state = text_of(*feed, "state");
    out[*node].price = text_of(*feed, "price");
    out[*node].measured.priced = !out[*node].price.empty();
  }
  for (const json::object* venue : objects(*root, "venues")) {
    for (const json::object* instrument : objects(*venue, "instruments")) {
      for (const json::object* feed : objects(*instrument, "feeds")) {
        const auto node = aggregator::find_node(policy, text_of(*feed, "feed"));
        const auto* weight = feed->if_contains("weight_ppm");
        if (!node || weight == nullptr || !weight->is_int64() || weight->as_int64() <= 0 ||
            weight->as_int64() > 1'000'000) {
          continue;
        }
        const auto& sources = node_policy(policy, *node).sources;
        const auto source = std::find_if(sources.begin(), sources.end(), [&](const aggregator::SourcePolicy& each) {
          return each.venue == text_of(*venue, "venue") && each.symbol == text_of(*instrument, "symbol");
        });
        if (source == sources.end()) continue;
        out[*node].measured.sources.push_back({static_cast<std::size_t>(source - sources.begin()),
                                               static_cast<std::uint32_t>(weight->as_int64()),
                                               number_of(*feed, "depth_usd")});
      }
    }
  }
  return out;
}

}  // namespace assay::node
