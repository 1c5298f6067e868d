#pragma once
#include <string>
#include <string_view>
#include <utility>

#include "aggregator/policy.hpp"
#include "config/feed_section.hpp"
#include "config/section.hpp"

namespace assay::config {

/// "BTC/USD_fiat" as its units (BTC, USD); both empty when it is no pair.
std::pair<std::string, std::string> split_pair(std::string_view text);

/// Reads `sources` of a feed whose other fields are known already.
void read_sources(ReadFeed& feed, FeedContext& context);

/// Reads `derived` of a feed: {product: [...]}, {basket: [{feed, units}, ...]} or {average: FEED, window_ms,
/// gap_max_ms}.
aggregator::Derivation read_derived(Section& section);

}  // namespace assay::config
