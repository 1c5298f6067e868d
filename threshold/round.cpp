#include "threshold/round.hpp"

namespace assay::threshold {

Added Round::see_proposal(const Digest& digest) {
  if (!seen_) {
    seen_ = digest;
    return Added::first;
  }
  return *seen_ == digest ? Added::same : Added::different;
}

Added Round::add_vote(MemberIndex member, const PrepMessage& vote, const Signature& signature) {
  const auto [found, fresh] = votes_.try_emplace(member, Vote{vote, signature});
  if (fresh) return Added::first;
  return found->second.message == vote ? Added::same : Added::different;
}

std::optional<PrepareCertificate> Round::certificate(View view, Height height, Quorum quorum) const {
  if (!proposal) return std::nullopt;
  if (adopted_ && adopted_->header_hash == proposal->header_hash) return adopted_;
  PrepareCertificate certificate{view, height, proposal->header_hash, proposal->digest, 0, {}};
  for (const auto& [member, vote] : votes_) {
    if (certificate.signatures.size() == quorum.votes()) break;
    if (vote.message != PrepMessage{proposal->header_hash, proposal->digest}) continue;
    certificate.members |= bit_of(member);
    certificate.signatures.push_back(vote.signature);
  }
  if (certificate.signatures.size() < quorum.votes()) return std::nullopt;
  return certificate;
}

}  // namespace assay::threshold
