#pragma once
#include <boost/json/fwd.hpp>

#include "fetchers/io/venue_feed.hpp"

namespace assay::node {

/// How one venue is doing, as `/v1/status` and `/v1/venues` tell it (docs/architecture.md has the fields): 64-bit
/// numbers are text, null where there is none.
boost::json::object venue_state_json(const fetchers::VenueState& venue);

}  // namespace assay::node
