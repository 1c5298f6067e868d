#pragma once
#include "core/bytes.hpp"
#include "core/result.hpp"
#include "threshold/committee.hpp"
#include "threshold/crypto/identity.hpp"
#include "threshold/messages.hpp"

namespace assay::threshold {

/// What every message says of itself, and what its author's identity key signs:
///   "assay/msg/v1" padded to 16 | cfg | type u8 | view u64 | height u64 | sender u16 | SHA-256(payload)
/// On the wire a frame is  cfg 32 | type u8 | view u64 | height u64 | sender u16 | signature 64 | payload.
struct Envelope {
  MessageType type{};
  View view;
  Height height;
  MemberIndex sender;
  Signature signature;
  ByteSpan payload;  ///< borrowed from the frame
};

/// The part of an envelope that decides what a signature means.
struct Scope {
  MessageType type{};
  View view;
  Height height;
  MemberIndex sender;
};

/// A complete signed frame.   cost  16 us and one hash of the payload
Bytes seal(const Committee& committee, const IdentityKey& identity, const Scope& scope, ByteSpan payload);

/// The same frame from a signature that its author made before.
Bytes join(const Committee& committee, const Scope& scope, const Signature& signature, ByteSpan payload);

/// The frame that an envelope was opened from.
Bytes frame_of(const Committee& committee, const Envelope& envelope);

/// Splits a frame; checks cfg, type and sender index, not the signature.
///   errors  truncated, wrong_committee, out_of_range for an unknown type, unknown_member
Result<Envelope> open_envelope(const Committee& committee, ByteSpan frame);

/// A frame of any committee, by its form alone: of which only its link says who sent it. What it carries must prove
/// itself (ATT, RANGE) or ask for little (GET).   errors  those of open_envelope but wrong_committee, unknown_member
Result<Envelope> open_foreign_envelope(ByteSpan frame);

/// True when the author's identity key signed exactly this.   cost  47 us
bool verify(const Committee& committee, const Envelope& envelope);
bool verify_scoped(const Committee& committee, const Scope& scope, const Digest& payload_digest,
                   const Signature& signature);

}  // namespace assay::threshold
