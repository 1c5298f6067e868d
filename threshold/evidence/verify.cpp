#include "threshold/evidence/verify.hpp"

#include <algorithm>

#include "threshold/ceremony/evidence.hpp"

namespace assay::threshold::evidence {
namespace {

Result<std::optional<EpochRecord>> read_record(ByteSpan bytes) {
  if (bytes.empty()) return std::optional<EpochRecord>{};
  auto record = decode_epoch_record(bytes);
  if (!record) return record.error();
  return std::optional(std::move(record).value());
}

Digest ceremony_id(const ceremony::Proposal& proposal) {
  return tagged_sha256("assay/ceremony/v1", {ceremony::encode(proposal)});
}

Result<Verdict> judge_ceremony(const PublicNetwork& network, const Digest& scope, const CeremonyFault& one) {
  const auto proposal = ceremony::decode_signed_proposal(one.proposal);
  if (!proposal) return proposal.error();
  auto old = read_record(one.old_record);
  if (!old) return old.error();
  const auto outcome = read_record(one.new_record);
  if (!outcome) return outcome.error();
  const auto terms = ceremony::make_terms(*proposal, std::move(old).value());
  if (!terms) return terms.error();
  if (terms->id != scope) return Error{Errc::wrong_committee, "evidence of another ceremony than it says"};
  const auto proof = ceremony::decode_evidence(one.evidence);
  if (!proof) return proof.error();
  if (*outcome && !std::holds_alternative<ceremony::BadTestShare>(*proof)) {
    return Error{Errc::not_canonical, "an outcome only where it is judged by"};
  }
  const auto verdict = ceremony::judge(*terms, *outcome ? &**outcome : nullptr, *proof);
  if (!verdict) return verdict.error();
  const PublicKey& identity = terms->parties[verdict->party].identity;
  const auto& members = network.committee.record.identities;
  const auto member = std::ranges::find(members, identity);
  if (member == members.end()) return Error{Errc::unknown_member, "a culprit who is no member of this committee"};
  return Verdict{Kind::ceremony,
                 MemberIndex{static_cast<std::uint16_t>(member - members.begin())},
                 identity,
                 terms->proposal.epoch,
                 View{},
                 Height{},
                 ceremony::name(verdict->offence)};
}

}  // namespace

Result<Verdict> verify_evidence(const PublicNetwork& network, ByteSpan bytes) {
  const auto opened = decode(bytes, network.limits());
  if (!opened) return opened.error();
  if (const auto* ceremony = std::get_if<CeremonyFault>(&opened->evidence)) {
    return judge_ceremony(network, opened->scope, *ceremony);
  }
  if (opened->scope != network.committee.cfg) return Error{Errc::wrong_committee, "of another committee or epoch"};
  return judge(network, opened->evidence);
}

Bytes ceremony_evidence(const ceremony::SignedProposal& proposal, const std::optional<EpochRecord>& old,
                        const std::optional<EpochRecord>& outcome, ByteSpan proof) {
  CeremonyFault fault{ceremony::encode(proposal), {}, {}, {proof.begin(), proof.end()}};
  if (old) fault.old_record = threshold::encode(*old);
  if (outcome) fault.new_record = threshold::encode(*outcome);
  return encode(ceremony_id(proposal.proposal), fault);
}

}  // namespace assay::threshold::evidence
