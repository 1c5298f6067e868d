#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace assay::config {

/// A plain decimal integer: optional '-', digits, nothing else; nullopt outside int64.
std::optional<std::int64_t> parse_integer(std::string_view text);

/// RFC 3339 in UTC with whole seconds, 1970..9999: 2026-01-31T14:30:00Z.
std::optional<WallTime> parse_utc(std::string_view text);
/// The inverse; parts of a second are dropped.
std::string utc_text(WallTime time);

/// host:port with port 0..65535; an IPv6 host stands in brackets. Names are not resolved here.
bool is_address(std::string_view text);

}  // namespace assay::config
