#pragma once
#include <cstddef>
#include <cstdint>
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

/// Lifts the soft limit of open descriptors to the hard one.   returns  what holds now
std::uint64_t raise_descriptor_limit() noexcept;

/// How many of `wanted` connections a limit of descriptors leaves room for, beside the 200 that a node keeps for its
/// files, its peers and its venues. At least 1.
std::size_t connections_within(std::uint64_t descriptor_limit, std::size_t wanted) noexcept;

/// No core file may hold a key: PR_SET_DUMPABLE 0 and RLIMIT_CORE 0. Call before any secret is read.
void forbid_core_dumps() noexcept;

}  // namespace assay::node
