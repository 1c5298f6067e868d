#include <boost/json.hpp>
#include <iostream>
#include <string>

#include "aggregator/aggregate.hpp"

/// Reads one aggregate() case a line (JSON, as tests/reference/aggregate.py writes it) and answers one line with header
/// time and leaf bytes, or with the error. For the comparison with the reference only.
namespace assay::aggregator {
namespace {

namespace json = boost::json;

template <class T>
T number(const json::value& from, std::string_view key) {
  return json::value_to<T>(from.as_object().at(key));
}

FeedPolicy feed_of(const json::value& from) {
  FeedPolicy feed;
  feed.terms.symbol = json::value_to<std::string>(from.as_object().at("symbol"));
  feed.terms.id = feed_id(feed.terms.symbol);
  feed.terms.exponent = number<std::int8_t>(from, "exponent");
  feed.terms.ttl = Micros{number<std::int64_t>(from, "ttl")};
  feed.floor_price = number<std::int64_t>(from, "floor_price");
  feed.ceiling_price = number<std::int64_t>(from, "ceiling_price");
  feed.wide_ppm = number<std::uint32_t>(from, "wide_ppm");
  feed.jump_ppm = number<std::uint32_t>(from, "jump_ppm");
  feed.jump_confirmations = number<std::uint8_t>(from, "jump_confirmations");
  feed.src_age_max = Micros{number<std::int64_t>(from, "src_age_max")};
  feed.ema_tau = Micros{number<std::int64_t>(from, "ema_tau")};
  feed.always_open = from.as_object().at("always_open").as_bool();
  for (const json::value& each : from.as_object().at("open").as_array()) {
    feed.open.push_back({WallTime{number<std::uint64_t>(each, "from")}, WallTime{number<std::uint64_t>(each, "to")}});
  }
  return feed;
}

std::optional<ObservationEntry> entry_of(const json::value& from) {
  if (from.is_null()) return std::nullopt;
  ObservationEntry entry;
  entry.price = number<std::int64_t>(from, "price");
  entry.bid = number<std::int64_t>(from, "bid");
  entry.ask = number<std::int64_t>(from, "ask");
  entry.confidence = number<std::uint64_t>(from, "confidence");
  entry.depth_usd = number<std::uint64_t>(from, "depth_usd");
  entry.src_time = WallTime{number<std::uint64_t>(from, "src_time")};
  entry.reasons = number<std::uint16_t>(from, "reasons");
  entry.sources = number<std::uint8_t>(from, "sources");
  return entry;
}

json::object answer(const json::value& request) {
  AggregationPolicy policy;
  policy.observation_age_max = Micros{number<std::int64_t>(request, "observation_age_max")};
  for (const json::value& feed : request.as_object().at("feeds").as_array()) policy.feeds.push_back(feed_of(feed));

  Header previous;
  previous.height = Height{number<std::uint64_t>(request, "previous_height")};
  previous.time = WallTime{number<std::uint64_t>(request, "previous_time")};
  std::vector<Leaf> leaves;
  for (const json::value& leaf : request.as_object().at("previous_leaves").as_array()) {
    const auto bytes = from_hex(json::value_to<std::string>(leaf));
    const auto decoded = decode_leaf(bytes.value());
    if (!decoded) return {{"error", name(decoded.error().code)}};
    leaves.push_back(decoded.value());
  }
  std::vector<Observation> observations;
  for (const json::value& each : request.as_object().at("observations").as_array()) {
    Observation observation{WallTime{number<std::uint64_t>(each, "time")}, {}};
    for (const json::value& entry : each.as_object().at("feeds").as_array()) {
      observation.feeds.push_back(entry_of(entry));
    }
    observations.push_back(std::move(observation));
  }

  const auto output =
      aggregate(policy, AggregateInput{previous, leaves, observations, number<std::uint16_t>(request, "quorum"),
                                       number<std::uint16_t>(request, "faulty_max")});
  if (!output) return {{"error", name(output.error().code)}};
  json::array encoded;
  for (const Leaf& leaf : output->leaves) encoded.emplace_back(to_hex(encode(leaf)));
  return {{"time", output->time.value}, {"leaves", std::move(encoded)}};
}

}  // namespace
}  // namespace assay::aggregator

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    std::cout << boost::json::serialize(assay::aggregator::answer(boost::json::parse(line))) << "\n" << std::flush;
  }
  return 0;
}
