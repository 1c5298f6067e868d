#pragma once
#include "config/settings.hpp"
#include "core/bytes.hpp"
#include "core/digest.hpp"

namespace assay::config {

/// The typed settings in fixed field order, integers and length-prefixed text only: docs/wire.md, Config digest.
/// group_file is left out: where a file lies says nothing of the network.
Bytes canonical_bytes(const NetworkSettings& settings);

/// SHA-256("assay/config/v1" 00 canonical_bytes). Two files with the same meaning (comments, order of keys and feeds)
/// have the same digest; any other value of any field has another.   pure
Digest config_digest(const NetworkSettings& settings);

}  // namespace assay::config
