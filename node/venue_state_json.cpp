#include "node/venue_state_json.hpp"

#include <boost/json.hpp>

#include "node/json_values.hpp"

namespace assay::node {

boost::json::object venue_state_json(const fetchers::VenueState& venue) {
  boost::json::array problems;
  for (const auto& problem : venue.problems) problems.emplace_back(problem.text);
  return {{"venue", venue.venue},
          {"state", venue.state},
          {"messages", std::to_string(venue.messages)},
          {"quotes", std::to_string(venue.quotes)},
          {"refusals", std::to_string(venue.refusals)},
          {"unlisted", std::to_string(venue.unlisted)},
          {"untimely", std::to_string(venue.untimely)},
          {"reconnects", std::to_string(venue.reconnects)},
          {"renewals", std::to_string(venue.renewals)},
          {"gaps", std::to_string(venue.gaps)},
          {"disagreements", std::to_string(venue.disagreements)},
          {"poll_failures", std::to_string(venue.poll_failures)},
          {"rest", name(venue.condition)},
          {"rest_left_alone_ms", std::to_string(venue.left_alone.value / 1000)},
          {"contradicted", boost::json::value_from(venue.contradicted)},
          {"poll_interval_ms", std::to_string(venue.poll_interval.value / 1000)},
          {"mute", boost::json::value_from(venue.mute)},
          {"last_message_age_ms", millis_or_null(venue.last_message_age)},
          {"clock_offset_ms", millis_or_null(venue.clock_offset)},
          {"instrument_problems", std::move(problems)}};
}

}  // namespace assay::node
