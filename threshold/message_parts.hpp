#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/bytes.hpp"
#include "core/header.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "threshold/crypto/frost.hpp"

namespace assay::threshold {

/// What several messages and the safety log's records are made of.

/// Random name of one run of one process: commitments of another run are dead.
using BootId = std::array<std::uint8_t, 16>;

/// A header that the committee signed; height 0 is genesis, with an all-zero signature.
struct TipCertificate {
  Header header;
  Signature signature;
  friend bool operator==(const TipCertificate&, const TipCertificate&) = default;
};

/// 2f+1 PREPs for one (view, height, D, P), by ascending member.
struct PrepareCertificate {
  View view;
  Height height;
  Digest header_hash;                 ///< D
  Digest proposal;                    ///< P
  std::uint32_t members{};            ///< bit i: member i
  std::vector<Signature> signatures;  ///< one per bit, ascending
  friend bool operator==(const PrepareCertificate&, const PrepareCertificate&) = default;
};

/// One listed observation: its author and the tree leaf hash of the complete signed frame.
struct Listed {
  MemberIndex member;
  Digest digest;
  friend bool operator==(const Listed&, const Listed&) = default;
};

struct LockClaim {
  View view;
  Digest header_hash;
  friend bool operator==(const LockClaim&, const LockClaim&) = default;
  friend auto operator<=>(const LockClaim&, const LockClaim&) = default;
};

}  // namespace assay::threshold
