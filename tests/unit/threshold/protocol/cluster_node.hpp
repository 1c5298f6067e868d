#pragma once
#include "tests/unit/threshold/protocol/cluster.hpp"

namespace assay::threshold {

/// One node of a cluster: what is on its disk, and its process while that lives.
struct Cluster::Node {
  Node(IdentityKey identity_key, std::uint64_t seed) : identity(std::move(identity_key)), entropy(seed) {}

  IdentityKey identity;
  SeededEntropy entropy;
  std::size_t epoch = 0;         ///< index into epochs_
  std::optional<Digest> staged;  ///< what it believes to hold
  // disk
  bool log_exists = false;
  std::vector<Bytes> log;
  std::vector<Batch> ledger;
  // process
  std::unique_ptr<Protocol> protocol;
  std::uint64_t life = 0;
  MonoTime wake{INT64_MAX};
  MonoTime disk_free{0};
  Micros skew{0};
  std::optional<Errc> stopped;
  std::size_t live = 0;
  std::size_t reads = 0;
  bool stalled = false;
  std::vector<Persist> waiting;  ///< while stalled
};

}  // namespace assay::threshold
