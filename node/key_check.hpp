#pragma once
#include <optional>
#include <string>

#include "config/settings.hpp"
#include "threshold/committee.hpp"
#include "threshold/crypto/identity.hpp"
#include "threshold/crypto/key_file.hpp"

namespace assay::node {

/// What does not fit together among network file, group file, node file and key files, in words that name the remedy;
/// nothing when all is well.
std::optional<std::string> key_mismatch(const threshold::Committee& committee, const config::NetworkSettings& network,
                                        const config::NodeSettings& settings, const threshold::IdentityKey& identity,
                                        const threshold::StoredShare& stored);

}  // namespace assay::node
