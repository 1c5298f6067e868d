#include "node/commands/pinned.hpp"

#include <fmt/format.h>

#include "core/bytes.hpp"

namespace assay::node {

std::optional<publisher::Pinned> pinned_by(const std::string& group_key, const std::string& network_id) {
  const auto key = bytes32_from_hex(group_key);
  if (!key) {
    fmt::print(stderr, "assay: --group-key: expected 64 lower-case hex digits\n");
    return std::nullopt;
  }
  publisher::Pinned pinned{.group_key = PublicKey{*key}, .network = std::nullopt};
  if (!network_id.empty()) {
    const auto network = bytes32_from_hex(network_id);
    if (!network) {
      fmt::print(stderr, "assay: --network-id: expected 64 lower-case hex digits\n");
      return std::nullopt;
    }
    pinned.network = NetworkId{Digest{*network}};
  }
  return pinned;
}

}  // namespace assay::node
