#pragma once
#include <array>
#include <cstdint>

#include "core/ids.hpp"
#include "core/keys.hpp"

namespace assay::threshold::evidence {

/// What a piece of evidence shows; the byte on the wire (docs/wire.md, "Evidence").
enum class Kind : std::uint8_t {
  equivocation = 1,     ///< two different OBS, PROP, PREP or VENTER where one is due
  second_answer = 2,    ///< two different SHARE, SIGNREQ, NONCEREQ or NONCE of one attempt: NONCE: commitments twice
  nonce_reuse = 3,      ///< shares for two sessions from one nonce pair
  bad_share = 4,        ///< a share that does not verify against the very session that it names
  amnesia = 5,          ///< a VENTER that denies a batch for which its sender gave a share before
  bad_proposal = 6,     ///< a PROP that refutes itself: NEWVIEW, mandate, tip or list of inputs
  wrong_aggregate = 7,  ///< a PROP whose inputs do not give its header
  bad_request = 8,      ///< a SIGNREQ whose certificate or commitments do not hold
  bad_commitment = 9,   ///< an OBS, VENTER or NONCE with commitments that are no points
  ceremony = 16,        ///< misbehaviour in a key ceremony
};

inline constexpr std::array all_kinds{
    Kind::equivocation, Kind::second_answer,   Kind::nonce_reuse, Kind::bad_share,      Kind::amnesia,
    Kind::bad_proposal, Kind::wrong_aggregate, Kind::bad_request, Kind::bad_commitment, Kind::ceremony};

/// "equivocation", ...: stable, for scripts and file names. Total.
const char* name(Kind kind) noexcept;

/// A conviction that anybody reaches from the same bytes and the same public data.
struct Verdict {
  Kind kind{};
  MemberIndex member;  ///< the culprit, by its index in the committee it was judged in
  PublicKey identity;  ///< its identity key
  Epoch epoch;
  View view;           ///< of the (later) message; 0 in a ceremony
  Height height;       ///< likewise
  const char* what{};  ///< string literal: what exactly
  friend bool operator==(const Verdict& a, const Verdict& b) noexcept {
    return a.kind == b.kind && a.member == b.member && a.epoch == b.epoch && a.view == b.view && a.height == b.height;
  }
};

}  // namespace assay::threshold::evidence
