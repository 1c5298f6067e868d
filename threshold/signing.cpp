#include "threshold/signing.hpp"

#include <algorithm>

namespace assay::threshold {

Digest session_id(const Digest& cfg, const SessionScope& scope, std::span<const frost::SignerCommitment> signers) {
  ByteWriter out;
  out.digest(cfg).u64(scope.view.value).u64(scope.height.value).u8(scope.attempt).u16(scope.coordinator.value);
  out.digest(scope.header_hash).u8(static_cast<std::uint8_t>(signers.size()));
  for (const auto& signer : signers) {
    out.u16(signer.member.value).raw(signer.commitment.hiding).raw(signer.commitment.binding);
  }
  return tagged_sha256("assay/sid/v1", {out.bytes()});
}

frost::GroupPublic group_public(const Committee& committee) {
  return {committee.record.group_key, committee.quorum.signers(), committee.record.verifying_shares};
}

void Signing::clear() {
  sessions_.clear();
  early_.clear();
  caught_.clear();
  refused_.clear();
}

Done Signing::open(const SessionScope& scope, ByteSpan header, std::vector<frost::SignerCommitment> signers) {
  if (scope.attempt > committee_.quorum.f()) return Error{Errc::out_of_range, "at most f retries"};
  const Digest sid = session_id(committee_.cfg, scope, signers);
  if (const auto known = sessions_.find(scope.attempt); known != sessions_.end()) {
    if (known->second.sid == sid) return Error{Errc::duplicate, "this session is open"};
    return Error{Errc::equivocation, "another session for this attempt"};
  }
  auto session = committee_.signatures->open(group_public(committee_), header, std::move(signers));
  if (!session) return session.error();
  sessions_.emplace(scope.attempt, Open{sid, std::move(session).value(), {}, false});
  for (auto it = early_.begin(); it != early_.end();) {
    if (it->first.first == scope.attempt) {
      (void)add(it->first.second, it->second);
      it = early_.erase(it);
    } else {
      ++it;
    }
  }
  return Ok{};
}

std::vector<std::uint8_t> Signing::unanswered() const {
  std::vector<std::uint8_t> attempts;
  for (const auto& [attempt, open] : sessions_) {
    if (!open.answered) attempts.push_back(attempt);
  }
  return attempts;
}

void Signing::answered(std::uint8_t attempt) {
  if (const auto found = sessions_.find(attempt); found != sessions_.end()) found->second.answered = true;
}

bool Signing::signs(std::uint8_t attempt, MemberIndex member) const {
  const auto found = sessions_.find(attempt);
  if (found == sessions_.end()) return false;
  const auto& signers = found->second.session->signers();
  return std::any_of(signers.begin(), signers.end(), [member](const auto& one) { return one.member == member; });
}

Done Signing::add(MemberIndex member, const ShareMessage& share) {
  if (share.attempt > committee_.quorum.f()) return Error{Errc::out_of_range, "at most f retries"};
  const auto found = sessions_.find(share.attempt);
  if (found == sessions_.end()) {
    if (!early_.try_emplace({share.attempt, member}, share).second) return Error{Errc::duplicate, "one share is kept"};
    return Ok{};
  }
  Open& open = found->second;
  if (share.sid != open.sid) return Error{Errc::bad_signer_set, "a share for another session than the one I know"};
  if (!signs(share.attempt, member)) return Error{Errc::bad_signer_set, "a share of somebody outside S"};
  if (caught_.contains(member)) return Error{Errc::bad_share, "gave a bad share before"};
  if (!open.shares.try_emplace(member, share.share).second) return Error{Errc::duplicate, "share known"};
  return Ok{};
}

Signing::Outcome Signing::aggregate(std::uint8_t attempt) {
  const auto found = sessions_.find(attempt);
  if (found == sessions_.end()) return {};
  Open& open = found->second;
  std::vector<frost::SignatureShare> shares;
  for (const auto& signer : open.session->signers()) {
    const auto share = open.shares.find(signer.member);
    if (share == open.shares.end()) return {};
    shares.push_back(share->second);
  }
  Outcome outcome;
  if (auto signature = open.session->aggregate(shares); signature) {
    outcome.signature = *signature;
    return outcome;
  }
  outcome.culprits = open.session->culprits(shares);
  for (const MemberIndex culprit : outcome.culprits) {
    open.shares.erase(culprit);
    caught_.insert(culprit);
  }
  return outcome;
}

bool Signing::owes(MemberIndex member) const {
  for (const auto& [attempt, open] : sessions_) {
    if (signs(attempt, member) && !open.shares.contains(member)) return true;
  }
  return false;
}

std::vector<SignedNonce> Retries::choose(const Signing& signing, Quorum quorum, Mood mood) const {
  std::vector<SignedNonce> chosen;
  for (const auto& [member, nonce] : replies) {
    if (chosen.size() < quorum.agree() && !signing.owes(member)) chosen.push_back(nonce);
  }
  if (mood == Mood::patient) return chosen;
  for (const auto& [member, nonce] : replies) {
    if (chosen.size() < quorum.agree() && signing.owes(member) && !signing.caught(member)) chosen.push_back(nonce);
  }
  std::sort(chosen.begin(), chosen.end(), [](const auto& a, const auto& b) { return a.member < b.member; });
  return chosen;
}

}  // namespace assay::threshold
