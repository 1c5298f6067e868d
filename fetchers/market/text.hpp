#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"

namespace assay::fetchers::market {

/// How many decimal places a venue prints: trailing zeros beyond `min` are left out.
struct Places {
  int min = 0;
  int max = 8;
};

/// value * 1e-8 as plain decimal text; negative values get a sign. max <= 8, the rest is cut off.
std::string decimal(std::int64_t value_e8, Places places);

/// "2021-04-17T16:43:15.270101Z".
std::string iso_time(WallTime time);

/// The path of "/path?query".
std::string_view path_of(std::string_view target);
/// The value of one query parameter, percent-decoded; none when absent or badly encoded.
std::optional<std::string> query_value(std::string_view target, std::string_view key);

std::string lower(std::string_view text);

}  // namespace assay::fetchers::market
