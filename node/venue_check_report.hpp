#pragma once
#include <string>
#include <vector>

#include "node/venue_check.hpp"

namespace assay::node {

/// {"ok","venues":[{"venue","ok","problem","rest","stream","instruments","clock_offset_ms","remarks"}]} in one line.
///   rest, stream   null where that road is not used, else {"url","ok","steps":[{"step","ok","ms","text"}],"http",
///                  "answered_ms","first_quote_ms","told","failure"}; http is the status as far as the host answered
///   instruments    {"symbol","listed","problem","bid","ask","last","rest_ms","stream_ms"}; listed is false where the
///                  venue's own list does not have it, true where it was quoted or listed, null where nobody knows
/// Numbers of 64 bits and prices are text, null where there is none.
std::string check_json(const std::vector<VenueCheck>& checks);

/// The same for people, a block a venue, and the sum of it in the last line; at most 80 columns but for addresses and
/// what others said.
std::vector<std::string> check_text(const std::vector<VenueCheck>& checks);

/// "12 of 17 venues checked, waiting for kraken, okx": one line of at most 79 columns.
std::string check_progress(const std::vector<VenueCheck>& checks);

}  // namespace assay::node
