#include "node/venue_plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "node/config_files.hpp"

namespace assay::node {

namespace {

fetchers::Transport transport_of(config::Transport transport) {
  switch (transport) {
    case config::Transport::ws:
      return fetchers::Transport::streams;
    case config::Transport::rest:
      return fetchers::Transport::polls;
    case config::Transport::both:
      return fetchers::Transport::both;
  }
  return fetchers::Transport::both;
}

std::string proxy_of(const std::string& setting) {
  if (setting != "environment") return setting;
  for (const char* name : {"HTTPS_PROXY", "https_proxy"}) {
    if (const char* value = std::getenv(name)) return value;
  }
  return {};
}

/// What the network file lists of one venue.
struct Listed {
  std::map<std::string, fetchers::Pair> instruments;  ///< by symbol: base and quote
  Micros age_max{};                                   ///< the least of its sources'
};

std::map<std::string, Listed> listed_by(const aggregator::AggregationPolicy& policy) {
  std::map<std::string, Listed> venues;
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    for (const auto& source : node_policy(policy, node).sources) {
      Listed& venue = venues[source.venue];
      venue.age_max = venue.instruments.empty() ? source.age_max : std::min(venue.age_max, source.age_max);
      venue.instruments[source.symbol] = {.base = source.base, .quote = source.quote};
    }
  }
  return venues;
}

void apply(const config::VenueSettings& given, fetchers::VenueFeedSettings& settings) {
  settings.rest_url = given.rest_url;
  settings.ws_url = given.ws_url;
  if (const char* key = given.api_key_env.empty() ? nullptr : std::getenv(given.api_key_env.c_str())) {
    settings.api_key = key;
  }
  if (given.described) settings.adapter = std::make_shared<fetchers::DescribedAdapter>(*given.described);
  if (!given.pools.empty()) settings.adapter = std::make_shared<fetchers::UniswapAdapter>(given.venue, given.pools);
  settings.ca_file = given.ca_file.string();
  if (given.proxy) settings.proxy = proxy_of(*given.proxy);
  if (given.requests_per_minute) {
    settings.requests = fetchers::RateRule{.allowance = *given.requests_per_minute, .window = millis(60'000)};
  }
  settings.poll_interval = given.poll_interval;
  settings.transport = transport_of(given.transport);
}

void add_symbol(fetchers::VenueFeedSettings& settings, const std::string& symbol, const fetchers::Pair& pair,
                const config::VenueSettings* given) {
  std::string asked = symbol;
  if (given != nullptr) {
    const auto other = std::find_if(given->symbols.begin(), given->symbols.end(),
                                    [&](const auto& one) { return one.symbol == symbol; });
    if (other != given->symbols.end()) asked = other->asked_as;
  }
  if (asked != symbol) settings.names[asked] = symbol;
  settings.pairs[asked] = pair;
  settings.symbols.push_back(std::move(asked));
}

}  // namespace

std::vector<fetchers::VenueFeedSettings> venue_plan(const aggregator::AggregationPolicy& policy,
                                                    const config::NodeSettings& node) {
  std::vector<fetchers::VenueFeedSettings> plan;
  for (const auto& [venue, listed] : listed_by(policy)) {
    const auto found = std::find_if(node.venues.begin(), node.venues.end(),
                                    [&, &name = venue](const auto& one) { return one.venue == name; });
    const config::VenueSettings* given = found == node.venues.end() ? nullptr : &*found;
    fetchers::VenueFeedSettings settings;
    settings.venue = venue;
    settings.age_max = listed.age_max;
    settings.proxy = proxy_of(node.proxy);
    if (given != nullptr) apply(*given, settings);
    for (const auto& [symbol, pair] : listed.instruments) add_symbol(settings, symbol, pair, given);
    plan.push_back(std::move(settings));
  }
  return plan;
}

std::optional<std::vector<fetchers::VenueFeedSettings>> read_plan(const std::string& network, const std::string& node) {
  const auto rules = read_network(network);
  const auto settings = node.empty() ? std::optional(config::NodeSettings{}) : read_node(node);
  if (!rules || !settings) return std::nullopt;
  return venue_plan(rules->policy, *settings);
}

}  // namespace assay::node
