#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "core/result.hpp"
#include "threshold/committee.hpp"
#include "threshold/crypto/identity.hpp"

namespace assay::threshold::ceremony {

enum class Kind : std::uint8_t {
  fresh = 1,  ///< a new group key
  reshare,    ///< the same key for another committee
  refresh,    ///< the same key, the same committee, other shares
  repair,     ///< one member's lost share, from helpers; epoch, generation and everything else stay
};

/// A member of the committee that is to hold the shares. The endorsement is its identity's signature over
/// "assay/enc-key/v1" and the key: a proposer cannot put keys of its own in others' places.
struct Recipient {
  PublicKey identity;
  Bytes32 encryption_key{};
  Signature endorsement;
  friend bool operator==(const Recipient&, const Recipient&) = default;
};

Recipient recipient_of(const IdentityKey& identity);
/// errors  bad_element: no key of prime order;  bad_signature: the identity did not endorse it.   cost  90 us
Done check_endorsement(const Recipient& recipient);

/// What everybody agrees to beforehand; taking part is the agreement. `docs/wire.md` shows the bytes.
struct Proposal {
  Kind kind{};
  std::array<std::uint8_t, 16> salt{};  ///< random: a repeated ceremony shares nothing with the one before
  Epoch epoch;                          ///< of the record that this ends with
  std::uint32_t share_generation{};
  std::string network;               ///< the network's name: lower-case letters, digits, '-'; 1..64
  Digest previous;                   ///< digest of the old epoch record; zero when fresh
  std::uint16_t old_threshold{};     ///< 0 when fresh
  std::uint16_t new_threshold{};     ///< 2f+1 of the new committee
  std::vector<Recipient> members;    ///< the new committee; in a repair who lost its share, then the helpers
  std::vector<MemberIndex> dealers;  ///< ascending; of the new committee when fresh, else of the old one. All must
                                     ///< deal, or help
  friend bool operator==(const Proposal&, const Proposal&) = default;
};

Bytes encode(const Proposal& proposal);
/// Total.  errors  truncated, trailing_bytes, out_of_range, too_large
Result<Proposal> decode_proposal(ByteSpan bytes);

struct SignedProposal {
  Proposal proposal;
  PublicKey proposer;  ///< identity of a party
  Signature signature;
};
SignedProposal propose(Proposal proposal, const IdentityKey& proposer);
Bytes encode(const SignedProposal& proposal);
Result<SignedProposal> decode_signed_proposal(ByteSpan bytes);

/// Whoever takes part: new members first, by index, then dealers that only leave, ascending.
struct Party {
  PublicKey identity;
  std::optional<MemberIndex> member;    ///< of the new committee
  std::optional<std::uint16_t> dealer;  ///< place in Proposal::dealers
};

/// A proposal that may be carried out, and what follows from it. All public.
struct Terms {
  Proposal proposal;
  std::optional<EpochRecord> old;
  Digest id;  ///< SHA-256("assay/ceremony/v1" 00 proposal): scope of every signature and proof
  std::vector<Party> parties;

  std::uint16_t members() const { return static_cast<std::uint16_t>(proposal.members.size()); }
  std::uint16_t dealers() const { return static_cast<std::uint16_t>(proposal.dealers.size()); }
  std::uint16_t dealer_party(std::uint16_t dealer) const;  ///< place in `parties`
  std::optional<std::uint16_t> party_of(const PublicKey& identity) const;
  /// The FROST identifier at which the dealer's own polynomial counts.
  std::uint16_t dealer_identifier(std::uint16_t dealer) const;
};

/// Checks everything that can be checked before the first deal.
///   old  the running epoch's record, nothing when fresh
///   errors  out_of_range: sizes, thresholds, order, kind; duplicate: an identity or key named twice; bad_element;
///   unknown_member: the proposer takes no part; bad_signature; wrong_committee: another old record
Result<Terms> make_terms(const SignedProposal& proposal, std::optional<EpochRecord> old);

}  // namespace assay::threshold::ceremony
