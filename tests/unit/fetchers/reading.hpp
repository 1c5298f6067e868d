#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "core/errc.hpp"
#include "fetchers/parse_lines.hpp"
#include "fetchers/venue.hpp"

namespace assay::fetchers::testing {

using Lines = std::vector<std::string>;

/// What `assay venues parse` would print of one frame.
inline Lines ws(std::string_view venue, std::string_view frame, std::string_view path = {}) {
  return to_json_lines(venue, find_adapter(venue)->parse_ws(as_bytes(frame), path));
}

/// What `assay venues parse` would print of one body.
inline Lines rest(std::string_view venue, std::string_view endpoint, std::string_view body,
                  std::string_view symbol = {}) {
  return to_json_lines(venue, find_adapter(venue)->parse_rest(endpoint, as_bytes(body), symbol));
}

/// "" for a quote or control, else the code of the only refusal.
inline std::string refusal_of(const Parsed& parsed) {
  if (parsed.items.size() != 1 || !std::holds_alternative<Refusal>(parsed.items.front())) {
    return {};
  }
  return std::string(name(std::get<Refusal>(parsed.items.front()).error.code));
}

inline std::string ws_refusal(std::string_view venue, std::string_view frame, std::string_view path = {}) {
  return refusal_of(find_adapter(venue)->parse_ws(as_bytes(frame), path));
}

inline std::string rest_refusal(std::string_view venue, std::string_view endpoint, std::string_view body,
                                std::string_view symbol = {}) {
  return refusal_of(find_adapter(venue)->parse_rest(endpoint, as_bytes(body), symbol));
}

}  // namespace assay::fetchers::testing
