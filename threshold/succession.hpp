#pragma once
#include <optional>
#include <vector>

#include "core/keys.hpp"
#include "core/result.hpp"
#include "threshold/committee.hpp"
#include "threshold/crypto/identity.hpp"

namespace assay::threshold {

/// One member's word that it has read the settings of the next epoch and agrees.
struct Endorsement {
  PublicKey identity;
  Signature signature;  ///< over "assay/succeed/v1" and the next epoch digest: 48 bytes
  friend bool operator==(const Endorsement&, const Endorsement&) = default;
};

/// How one epoch of a network follows another: both epoch records and the digest of the new network file, endorsed by
/// 2f+1 members of the old committee and all of the new one. Public; operators hand it around as a file (config/load).
struct Succession {
  NetworkId network;
  Genesis genesis;
  EpochRecord before;
  EpochRecord after;
  Digest config_digest;                   ///< of the network file that comes with `after`
  std::vector<Endorsement> endorsements;  ///< ascending identity
  friend bool operator==(const Succession&, const Succession&) = default;
};

/// What headers announce: SHA-256("assay/next-epoch/v1" 00 network_id 32, genesis (epoch u32, config digest 32,
/// feed_count u32), digest of `before` 32, digest of `after` 32, config_digest 32).
Digest next_epoch_digest(const Succession& succession);

/// Who dials whom follows the order of the members, and around a switch some are in one epoch and some in the other:
/// those who stay keep their order, and those who join stand after them.
///   returns  the first place of `after` that breaks this
std::optional<std::size_t> out_of_order(const std::vector<PublicKey>& before, const std::vector<PublicKey>& after);

/// What can follow at all, endorsed or not: one epoch more, the same group key; either the same share generation, and
/// then the same members and shares, or a later one, and the members in an order of the kind above.
///   errors  out_of_range, detail names the rule
Done check_terms(const Succession& succession);

/// Adds or renews the endorsement of `identity`.
///   errors  those of check_terms;  unknown_member: in neither committee
Done endorse(Succession& succession, const IdentityKey& identity);

/// Takes over the endorsements of `other` that this one lacks.   errors  wrong_committee: of another succession
Done merge(Succession& into, const Succession& other);

/// Who endorsed, counted for the two committees; endorsements that do not verify are none.
struct Endorsed {
  std::uint16_t before{};
  std::uint16_t after{};
  std::vector<PublicKey> missing;  ///< of the new committee first, then those of the old one who could still help
};
Endorsed count_endorsements(const Succession& succession);

/// Terms and endorsements: 2f+1 of the old committee and all of the new one; none false, none twice, none by strangers.
///   errors  those of check_terms;  unknown_member, bad_signature, not_canonical;
///           bad_certificate: too few.   cost  one verification an endorsement, at most 62
Done check_succession(const Succession& succession);

}  // namespace assay::threshold
