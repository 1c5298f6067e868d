#pragma once
#include <string>
#include <string_view>

namespace assay::fetchers::market {

/// `text` packed as one gzip member.   cost  O(size), fastest level
std::string gzipped(std::string_view text);

}  // namespace assay::fetchers::market
