#pragma once
#include <span>

#include "core/entropy.hpp"
#include "core/time.hpp"

namespace assay::node {

/// The operating system's clocks and randomness: the only place of the project that reads them. Any thread.

WallTime wall_now() noexcept;  ///< CLOCK_REALTIME
MonoTime mono_now() noexcept;  ///< CLOCK_MONOTONIC: the scale of PeerMesh::wake_at

/// libsodium's randombytes, over getrandom(2).
class SystemEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

/// No core file may hold a key: PR_SET_DUMPABLE 0 and RLIMIT_CORE 0. Call before any secret is read.
void forbid_core_dumps() noexcept;

}  // namespace assay::node
