#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "config/section.hpp"
#include "fetchers/described.hpp"
#include "fetchers/venues/uniswap.hpp"

namespace assay::config {

/// A source that the node file describes: the keys http_json and ws_json of an entry of `venues`, either or both, or
/// eth_call; none when it has none of them. Everything wrong is complained of where it stands: a built-in venue's name,
/// a URL of another scheme, text that is no JSON pointer, a shape without any price, a target without {symbol} or
/// {symbols} and without a symbol in its answers, an address or call data that is none, eth_call beside one of the
/// others.
std::optional<fetchers::Description> read_description(Section& venue, std::string_view name);

/// The key `pools` of such an entry: Uniswap v3 pools that the operator describes, for the built-in venue uniswap
/// beside those that it knows, or for a venue of a name of its own. Complained of: an address that is none, a symbol
/// that is not made of the two tokens, a pool described twice, no rest_url.
std::vector<fetchers::PoolDescription> read_pools(Section& venue, std::string_view name);

}  // namespace assay::config
