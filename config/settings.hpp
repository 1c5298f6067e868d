#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/policy.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "core/time.hpp"
#include "fetchers/described.hpp"
#include "fetchers/venues/uniswap.hpp"
#include "threshold/timing.hpp"

namespace assay::config {

/// The network file: public, the same on every node, named by config_digest(). Nothing in it has a default.
struct NetworkSettings {
  std::string name;  ///< part of network_id: lower-case letters, digits, '-'; 1..64
  Epoch epoch;
  std::vector<PublicKey> members;  ///< identity keys; the place is the MemberIndex
  std::filesystem::path
      group_file;  ///< the epoch record; resolved against the network file's folder; not in the digest
  threshold::Timing timing;
  aggregator::AggregationPolicy policy;  ///< feeds ascend by id, whatever their order in the file
};

enum class Transport : std::uint8_t { ws, rest, both };

/// Where another member listens.
struct PeerAddress {
  MemberIndex member;
  std::string address;  ///< "host:port"
};

/// One instrument that this node asks a venue for under another name than the network file's.
struct SymbolOverride {
  std::string symbol;    ///< as the network file has it
  std::string asked_as;  ///< as the venue has it, where this node reaches it
};

/// How this node reaches one venue. A venue of the network file that is not listed uses the values below.
struct VenueSettings {
  std::string venue;
  std::string rest_url;           ///< instead of the adapter's own, https:// only; empty: the adapter's
  std::string ws_url;             ///< likewise, wss:// or ws://
  std::string api_key_env{};      ///< the environment variable that holds this venue's key; empty: none
  std::filesystem::path ca_file;  ///< trusted instead of the system's roots, readable; empty: the system's
  Micros poll_interval = millis(1000);
  Transport transport = Transport::both;
  std::optional<std::string> proxy{};                  ///< instead of the node's, "" for none
  std::optional<std::uint32_t> requests_per_minute{};  ///< instead of what the venue publishes; 0: no limit
  std::vector<SymbolOverride> symbols{};               ///< default none
  std::vector<fetchers::PoolDescription> pools{};      ///< of the operator's choice; default none
  std::optional<fetchers::Description> described{};    ///< a source of the operator's own; none: a built-in one
};

/// The node file: private to one operator. Relative paths are resolved against the file's folder.
struct NodeSettings {
  MemberIndex member;                          ///< required
  std::filesystem::path identity_key_file;     ///< required
  std::filesystem::path share_file;            ///< required
  std::filesystem::path key_passphrase_file;   ///< opens the two; default none, and never together with key_file
  std::filesystem::path key_file;              ///< 32 bytes that open the two; default none
  std::filesystem::path data_dir;              ///< default "data": ledger and safety log
  std::string peer_listen = "127.0.0.1:7001";  ///< a port of 0 asks the system for a free one
  std::string http_listen = "127.0.0.1:8001";
  std::vector<PeerAddress> peers;           ///< required; every other member, ascending
  std::vector<VenueSettings> venues;        ///< default none
  std::string proxy{};                      ///< to reach venues by: "http://host:port", "environment"; "" for none
  std::optional<std::string> postgres_url;  ///< default none: no audit store
};

}  // namespace assay::config
