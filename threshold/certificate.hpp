#pragma once
#include "threshold/committee.hpp"
#include "threshold/messages.hpp"

namespace assay::threshold {

/// Group signature over the header, of this network and of no epoch that has ended before it; height 0 must be exactly
/// the computed genesis with an all-zero signature. A header of a later epoch is good: it says how far the network is.
///   errors  wrong_network, bad_certificate, bad_signature.   cost  47 us
Done verify_tip(const Committee& committee, std::uint32_t feed_count, const TipCertificate& certificate);

/// Exactly 2f+1 distinct members signed PREP(view, height, D, P).   errors  bad_certificate.   cost  (2f+1) * 47 us
Done verify_prepare(const Committee& committee, const PrepareCertificate& certificate);

/// The digest that a PREP's envelope signature covers.
Digest prep_payload_digest(const Digest& header_hash, const Digest& proposal);

/// Members named by a bitmap, ascending.
std::vector<MemberIndex> members_of(std::uint32_t bitmap);
constexpr std::uint32_t bit_of(MemberIndex member) {
  return std::uint32_t{1} << (member.value & 31U);
}

}  // namespace assay::threshold
