#pragma once
#include <algorithm>
#include <array>
#include <variant>
#include <vector>

#include "core/bytes.hpp"
#include "core/leaf.hpp"
#include "core/result.hpp"
#include "threshold/envelope.hpp"
#include "threshold/evidence/verdict.hpp"
#include "threshold/limits.hpp"

namespace assay::threshold::evidence {

/// Proofs that a member broke the protocol, made of what it signed itself: whoever has the network file and the group
/// file can check them, years later, without trusting whoever kept them. Frames are complete signed messages.

/// One of two statements: the identity signature covers SHA-256(payload), so the payload is not needed.
struct Statement {
  Height height;
  Digest payload;
  Signature signature;
  friend bool operator==(const Statement&, const Statement&) = default;
};
/// OBS, PROP, PREP: one a (view, height). VENTER: one a view, whatever its height.
struct Equivocation {
  MessageType type{};
  View view;
  MemberIndex member;
  std::array<Statement, 2> said;  ///< ascending payload digest, so that one offence has one spelling
};
/// Two frames of one attempt, ascending SHA-256 of the payload.
struct SecondAnswer {
  std::array<Bytes, 2> frames;
};
/// A SHARE and the session it names: sid is the hash of all of it, so the author signed this list and no other.
struct SharedSession {
  Bytes share;
  std::vector<frost::SignerCommitment> signers;
};
struct NonceReuse {
  std::array<SharedSession, 2> uses;  ///< ascending sid
};
struct BadShare {
  SharedSession session;
  Header header;  ///< what was to be signed: D is its hash
};
struct Amnesia {
  Bytes share;
  Bytes venter;
};
struct BadProposal {
  Bytes proposal;
};
struct WrongAggregate {
  Bytes proposal;
  std::vector<Leaf> previous;  ///< leaves of the tip that the proposal carries; none for genesis
  std::vector<Bytes> bodies;   ///< one per listed observer, in its order
};
struct BadRequest {
  Bytes request;
};
struct BadCommitment {
  Bytes frame;
};
/// What threshold/ceremony proves, with the terms it is judged by.
struct CeremonyFault {
  Bytes proposal;    ///< ceremony::SignedProposal
  Bytes old_record;  ///< epoch record that it names as the old one; empty when there is none
  Bytes new_record;  ///< epoch record of the outcome, for a bad test share; else empty
  Bytes evidence;    ///< ceremony::Evidence
};

/// In the order of all_kinds.
using Evidence = std::variant<Equivocation, SecondAnswer, NonceReuse, BadShare, Amnesia, BadProposal, WrongAggregate,
                              BadRequest, BadCommitment, CeremonyFault>;
Kind kind_of(const Evidence& evidence) noexcept;

/// domain 16 | kind u8 | scope 32 | fields. The scope is the committee's cfg, or a ceremony's id.
Bytes encode(const Digest& scope, const Evidence& evidence);

struct Opened {
  Digest scope;
  Evidence evidence;
};
/// Total; one spelling each.
///   errors  bad_domain, truncated, trailing_bytes, out_of_range, too_large, not_canonical
Result<Opened> decode(ByteSpan bytes, const Limits& limits);

/// No evidence is longer: two of the longest frames, or what a ceremony's needs.
constexpr std::size_t bytes_max(const Limits& limits) {
  return std::max(2 * limits.frame(), std::size_t{64} * 1024);
}

}  // namespace assay::threshold::evidence
