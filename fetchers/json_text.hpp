#pragma once
#include <span>
#include <string>
#include <string_view>

namespace assay::fetchers {

/// `text` as a JSON string with its quotes (RFC 8259 section 7); control bytes escaped, UTF-8 as it is.
std::string json_string(std::string_view text);

/// ["a","b"] without spaces.
std::string json_list(std::span<const std::string> texts);

}  // namespace assay::fetchers
