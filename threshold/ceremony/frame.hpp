#pragma once
#include <cstdint>

#include "core/bytes.hpp"
#include "core/keys.hpp"
#include "core/result.hpp"
#include "threshold/ceremony/proposal.hpp"

namespace assay::threshold::ceremony {

/// The messages of a ceremony; `messages.hpp` has their payloads.
enum class MessageType : std::uint8_t {
  deal = 1,     ///< dealer: commitments, proofs, every encrypted share
  support,      ///< member: these deals hold, mine too
  complaint,    ///< member: this deal's share for me does not
  confirm,      ///< member: my share is durable, this is the transcript
  test_commit,  ///< member: nonces for the test signature
  test_share,   ///< member: its share of the test signature
  query,        ///< anybody: what I have; send me the rest
  evidence,     ///< anybody: proof against a party
  outcome,      ///< anybody: certificate and test signature
  // in a repair, and only there; `repair_messages.hpp`
  repair_ask,     ///< the member that lost its share: a round begins
  repair_pieces,  ///< helper: its part, split among the helpers
  repair_sum,     ///< helper: the sum of the pieces that it got
  repair_done,    ///< the member: my share is stored
};

/// What a signature is about. The identity key signs "assay/cer/v1" padded to 16 | ceremony id 32 | type u8 |
/// sender u16 | attempt u32 | SHA-256(payload).
struct Scope {
  MessageType type{};
  std::uint16_t sender{};   ///< place in Terms::parties
  std::uint32_t attempt{};  ///< of the test signature; 0 elsewhere
  friend bool operator==(const Scope&, const Scope&) = default;
};

/// ceremony id 32 | type u8 | sender u16 | attempt u32 | signature 64 | payload
struct Frame {
  Scope scope;
  Signature signature;
  Digest digest;     ///< of the payload
  ByteSpan payload;  ///< borrowed
};

inline constexpr std::uint32_t attempts_max = 64;
inline constexpr std::size_t frame_head = 103;
/// At n = 31 an honest deal or test share has 4 KB. Complaints hold one frame, evidence two, hence three bounds; what
/// is longer is refused unread.
inline constexpr std::size_t frame_bytes_max = 32 * 1024;
inline constexpr std::size_t complaint_bytes_max = 12 * 1024;
inline constexpr std::size_t plain_bytes_max = 8 * 1024;

Bytes seal(const Terms& terms, const IdentityKey& identity, const Scope& scope, ByteSpan payload);

/// Splits and checks, signature last.   cost  50 us
///   errors  truncated, too_large, wrong_committee, out_of_range: type or attempt; unknown_member: no such party, or
///   not one that may say this; bad_signature
Result<Frame> open_frame(const Terms& terms, ByteSpan bytes);

bool verify_scoped(const Terms& terms, const Scope& scope, const Digest& digest, const Signature& signature);

}  // namespace assay::threshold::ceremony
