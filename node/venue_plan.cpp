#include "node/venue_plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

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

}  // namespace

std::vector<fetchers::VenueFeedSettings> venue_plan(const aggregator::AggregationPolicy& policy,
                                                    const std::vector<config::VenueSettings>& venues) {
  std::map<std::string, std::set<std::string>> symbols;
  for (std::size_t node = 0; node < node_count(policy); ++node) {
    for (const auto& source : node_policy(policy, node).sources) {
      symbols[source.venue].insert(source.symbol);
    }
  }
  std::vector<fetchers::VenueFeedSettings> plan;
  for (const auto& [venue, instruments] : symbols) {
    fetchers::VenueFeedSettings settings;
    settings.venue = venue;
    settings.symbols.assign(instruments.begin(), instruments.end());
    const auto given = std::find_if(venues.begin(), venues.end(), [&](const auto& v) { return v.venue == venue; });
    if (given != venues.end()) {
      settings.rest_url = given->rest_url;
      settings.ws_url = given->ws_url;
      if (const char* key = given->api_key_env.empty() ? nullptr : std::getenv(given->api_key_env.c_str())) {
        settings.api_key = key;
      }
      if (given->described) settings.adapter = std::make_shared<fetchers::DescribedAdapter>(*given->described);
      settings.ca_file = given->ca_file.string();
      settings.poll_interval = given->poll_interval;
      settings.transport = transport_of(given->transport);
    }
    plan.push_back(std::move(settings));
  }
  return plan;
}

}  // namespace assay::node
