#pragma once
#include <cstddef>
#include <string>

#include "config/settings.hpp"
#include "node/exit_code.hpp"

namespace assay::node {

enum class Output { text, json };

/// `assay explain --observations FILE`: the committee's step for one feed, from JSON lines.
///
///   {"previous":{"height":"41","time_us":"...","leaves":{"BTC/USD":"<140 bytes, hex>"}}}       optional, first: else
///   genesis
///   {"member":0,"time_us":"...","feeds":{"BTC/USD":{"price":"65000.12","bid":"...","ask":"...","confidence":"1.50",
///    "depth_usd":"0","src_time_us":"...","reasons":["depeg"],"sources":7}}}       null or no such feed: no opinion of
///    it
///
/// Prints the leaf that follows, and for each member's entry whether it is valid and how far it lies from the median.
/// JSON:
/// {"feed","header_time_us","quorum","status","price","bid","ask","confidence","reasons","observers","sources","leaf",
/// "entries":[{"member","price","confidence","valid","from_median"}]}.
///   exit  yes; no when the observations do not aggregate (too few, ...); usage for a file that cannot be read
Exit explain_observations(const config::NetworkSettings& network, std::size_t feed, const std::string& file,
                          Output form);

}  // namespace assay::node
