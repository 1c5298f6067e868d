#pragma once
#include <optional>
#include <string_view>

#include "config/section.hpp"
#include "fetchers/described.hpp"

namespace assay::config {

/// A source that the node file describes: the keys http_json and ws_json of an entry of `venues`, either or both, or
/// eth_call; none when it has none of them. Everything wrong is complained of where it stands: a built-in venue's name,
/// a URL of another scheme, text that is no JSON pointer, a shape without any price, a target without {symbol} or
/// {symbols} and without a symbol in its answers, an address or call data that is none, eth_call beside one of the
/// others.
std::optional<fetchers::Description> read_description(Section& venue, std::string_view name);

}  // namespace assay::config
