#include "threshold/certificate.hpp"

#include <bit>

#include "threshold/codec.hpp"
#include "threshold/envelope.hpp"
#include "threshold/protocol.hpp"

namespace assay::threshold {

Done verify_tip(const Committee& committee, std::uint32_t feed_count, const TipCertificate& certificate) {
  const Header& header = certificate.header;
  if (header.height.value == 0) {
    if (certificate.signature == Signature{} && header == genesis_header(committee, feed_count)) return Ok{};
    return Error{Errc::bad_certificate, "height 0 is the computed genesis"};
  }
  if (header.network != committee.network) return Error{Errc::wrong_network, "header of another network"};
  // Where this epoch begins, no header of an earlier one counts any more: its committee has no say there.
  const bool earlier = header.epoch < committee.epoch;
  if (earlier && committee.begins.value != 0 && header.height >= committee.begins) {
    return Error{Errc::bad_certificate, "header of another epoch"};
  }
  if (earlier && !committee.descent) return Error{Errc::bad_certificate, "header from before the first epoch"};
  if (!committee.signatures->verify(committee.record.group_key, encode(header), certificate.signature)) {
    return Error{Errc::bad_signature, "not signed by the group key"};
  }
  return Ok{};
}

Digest prep_payload_digest(const Digest& header_hash, const Digest& proposal) {
  return sha256(encode_payload(PrepMessage{header_hash, proposal}));
}

std::vector<MemberIndex> members_of(std::uint32_t bitmap) {
  std::vector<MemberIndex> members;
  for (std::uint16_t i = 0; i < 32; ++i) {
    if ((bitmap & bit_of(MemberIndex{i})) != 0) members.push_back(MemberIndex{i});
  }
  return members;
}

Done verify_prepare(const Committee& committee, const PrepareCertificate& certificate) {
  const auto members = members_of(certificate.members);
  if (members.size() != committee.quorum.votes() || certificate.signatures.size() != members.size()) {
    return Error{Errc::bad_certificate, "a prepare certificate has exactly 2f+1 signatures"};
  }
  const Digest payload = prep_payload_digest(certificate.header_hash, certificate.proposal);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Scope scope{MessageType::prep, certificate.view, certificate.height, members[i]};
    if (!verify_scoped(committee, scope, payload, certificate.signatures[i])) {
      return Error{Errc::bad_certificate, "a signature in the prepare certificate does not verify"};
    }
  }
  return Ok{};
}

}  // namespace assay::threshold
