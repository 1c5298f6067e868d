#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace assay::node {

/// What to show of a document of `/v1/venues`.
enum class VenueDetail : std::uint8_t {
  everything,
  troubles,  ///< every venue, but only the instruments that do not count for some feed
};

/// The document of `/v1/venues` (venue_table.hpp) for people: a line a venue, below it one an instrument. Lines of
/// instruments that count fit into 80 columns unless many feeds read them.
///   before   an earlier document of the same node, from which rates of messages are counted; "" without one
///   venue    only this one; "" is all
///   errors   malformed: not such a document;  symbol_unknown: no such venue in it
Result<std::vector<std::string>> venues_text(std::string_view document, std::string_view before, std::string_view venue,
                                             VenueDetail detail);

}  // namespace assay::node
