#include "node/venue_table.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "aggregator/plan.hpp"

namespace assay::node {

namespace {

namespace json = boost::json;
using aggregator::AggregationPolicy;

constexpr Error no_table{Errc::malformed, "the document of /v1/venues"};

json::value text_or_null(std::string text) {
  return text.empty() ? json::value(nullptr) : json::value(std::move(text));
}

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
            {"age_ms", row.age ? json::value(std::to_string(row.age->value / 1000)) : json::value(nullptr)},
            {"feeds", json::array{}}};
    }
    at["feeds"].as_array().push_back(feed_json(policy, row));
  }
  json::array out;
  for (auto& [symbol, instrument] : found) out.push_back(std::move(instrument));
  return out;
}

std::string text_of(const json::object& at, std::string_view key) {
  const auto* found = at.if_contains(key);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string{};
}

std::uint64_t number_of(const json::object& at, std::string_view key) {
  const auto text = text_of(at, key);
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

/// The objects of a list; empty when there is none.
std::vector<const json::object*> objects(const json::object& at, std::string_view key) {
  std::vector<const json::object*> out;
  const auto* found = at.if_contains(key);
  if (found == nullptr || !found->is_array()) return out;
  for (const auto& each : found->as_array()) {
    if (each.is_object()) out.push_back(&each.as_object());
  }
  return out;
}

std::optional<json::object> parsed(std::string_view document) {
  boost::system::error_code failed;
  auto value = json::parse({document.data(), document.size()}, failed);
  if (failed || !value.is_object() || !value.as_object().contains("venues")) return std::nullopt;
  return std::move(value).as_object();
}

/// Messages a second since the document before, as far as that tells.
std::string rate_of(const json::object& venue, const json::object& now, const std::optional<json::object>& before) {
  if (!before) return "-";
  const auto span_ms = number_of(now, "at_ms") - number_of(*before, "at_ms");
  for (const json::object* old : objects(*before, "venues")) {
    if (text_of(*old, "venue") != text_of(venue, "venue") || span_ms == 0 || span_ms > 3'600'000) continue;
    return fmt::format("{}", (number_of(venue, "messages") - number_of(*old, "messages")) * 1000 / span_ms);
  }
  return "-";
}

/// "BTC/USD, ETH/USD: outlier": the feeds for which it counts, then those for which it does not, and why.
std::string feeds_text(const json::object& instrument) {
  std::string counts;
  std::string not_counted;
  for (const json::object* feed : objects(instrument, "feeds")) {
    const auto reason = text_of(*feed, "reason");
    std::string& out = reason.empty() ? counts : not_counted;
    out += (out.empty() ? "" : ", ") + text_of(*feed, "feed") + (reason.empty() ? "" : ": " + reason);
  }
  return not_counted.empty() ? counts : counts + (counts.empty() ? "" : "; ") + "not " + not_counted;
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
    const auto& age = state.last_message_age;
    venues.push_back({{"venue", state.venue},
                      {"state", state.state},
                      {"messages", std::to_string(state.messages)},
                      {"quotes", std::to_string(state.quotes)},
                      {"refusals", std::to_string(state.refusals)},
                      {"unlisted", std::to_string(state.unlisted)},
                      {"reconnects", std::to_string(state.reconnects)},
                      {"poll_failures", std::to_string(state.poll_failures)},
                      {"last_message_age_ms", age ? json::value(std::to_string(age->value / 1000)) : nullptr},
                      {"instruments", instruments_json(policy, table, state.venue)}});
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

Result<std::vector<std::string>> venues_text(std::string_view document, std::string_view before) {
  const auto now = parsed(document);
  if (!now) return no_table;
  const auto earlier = before.empty() ? std::nullopt : parsed(before);
  std::vector<std::string> out{
      fmt::format("{:<18} {:<12} {:>14} {:>14} {:>8}  {}", "venue", "symbol", "bid", "ask", "age", "counts for")};
  for (const json::object* venue : objects(*now, "venues")) {
    const auto errors =
        number_of(*venue, "refusals") + number_of(*venue, "poll_failures") + number_of(*venue, "reconnects");
    out.push_back(fmt::format("{:<18} {}, {} messages ({}/s), {} errors", text_of(*venue, "venue"),
                              text_of(*venue, "state"), text_of(*venue, "messages"), rate_of(*venue, *now, earlier),
                              errors));
    for (const json::object* each : objects(*venue, "instruments")) {
      const auto shown = [&](std::string_view key) {
        const auto text = text_of(*each, key);
        return text.empty() ? std::string("-") : text;
      };
      const auto age = text_of(*each, "age_ms");
      out.push_back(fmt::format("{:<18} {:<12} {:>14} {:>14} {:>8}  {}", "", text_of(*each, "symbol"), shown("bid"),
                                shown("ask"), age.empty() ? "-" : age + " ms", feeds_text(*each)));
    }
  }
  return out;
}

Result<std::vector<ToldNode>> told_nodes(const AggregationPolicy& policy, std::string_view document) {
  const auto root = parsed(document);
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
