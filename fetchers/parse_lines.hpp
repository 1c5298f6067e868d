#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// What `assay venues parse` prints, one line an item, in payload order. Lines are stable: scripts rely on them.
///   a quote    {"venue","symbol","base","quote","kind","bid","ask","last","base_volume","venue_time_ms"}: all keys, in
///              this order, every value text or null; the time in milliseconds, cut
///   a control  {"control":NAME}
///   a refusal  {"error":CODE,"detail":TEXT}, CODE as in docs/venues.md
/// Pure, any thread.
std::vector<std::string> to_json_lines(std::string_view venue, const Parsed& parsed);

/// True when any item is a refusal: `assay venues parse` then exits with 1.
bool any_refused(const Parsed& parsed);

}  // namespace assay::fetchers
