#pragma once
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace assay::fetchers {

/// What a venue's integer timestamps count since 1970.
enum class TimeUnit {
  seconds,           ///< a fraction may follow: "1618678142.557535"
  millis_or_micros,  ///< 10^14 and more are microseconds: the venue sends either, on request
  nanos,
  by_size,  ///< seconds below 10^11, then milliseconds, microseconds from 10^14, nanoseconds from 10^17; all may
            ///< have a fraction. For venues that mix units between endpoints
};

/// An epoch timestamp, cut (not rounded) to microseconds; none unless it is digits with at most one '.'.
std::optional<WallTime> time_from_epoch(std::string_view text, TimeUnit unit);

/// "2021-04-17T16:43:30.244075Z" (RFC 3339): up to nanoseconds, cut to microseconds; 'T' or a space between; "Z",
/// "+hh", "+hh:mm", "+hhmm" or nothing (then UTC) behind. None for what is no time after 1970.
std::optional<WallTime> time_from_iso(std::string_view text);

}  // namespace assay::fetchers
