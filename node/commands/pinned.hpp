#pragma once
#include <optional>
#include <string>

#include "publisher/verify.hpp"

namespace assay::node {

/// What --group-key and --network-id pin; an empty network id pins none. Nothing when either is not 64 lower-case hex
/// digits; the reason has been printed to stderr.
std::optional<publisher::Pinned> pinned_by(const std::string& group_key, const std::string& network_id);

}  // namespace assay::node
