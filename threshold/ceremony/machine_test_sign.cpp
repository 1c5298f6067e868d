#include <algorithm>

#include "threshold/ceremony/machine.hpp"

namespace assay::threshold::ceremony {

// All n members sign, so that the signature shows every share to be good. A member that restarts has lost its nonces:
// it asks for the next attempt by committing to it, and everybody follows to the highest attempt seen.
void Machine::test() {
  std::uint32_t highest = 0;
  bool together = true;
  for (std::uint16_t i = 0; i < settings_.terms.members(); ++i) {
    const Heard* said = heard(MessageType::test_commit, i);
    if (said != nullptr) highest = std::max(highest, said->attempt);
    together = together && said != nullptr && said->attempt == attempt_;
  }
  const Heard* mine = heard(MessageType::test_commit, me_);
  if (mine == nullptr || mine->attempt < highest) return begin_attempt(std::max(highest, attempt_ + 1));
  if (!together) return;
  const Heard* signed_before = heard(MessageType::test_share, me_);
  if (signed_before == nullptr || signed_before->attempt != attempt_) sign_test();
  compare_lists();
  finish_test();
}

void Machine::begin_attempt(std::uint32_t attempt) {
  if (attempt > attempts_max) return;
  attempt_ = attempt;
  nonces_.reset();
  persist(Next::attempt, Attempted{attempt_});
}

void Machine::commit_test() {
  nonces_.emplace(frost::commit(*share_, entropy_));
  say(MessageType::test_commit, encode(nonces_->commitment()));
}

std::optional<frost::Session> Machine::test_session() const {
  std::vector<frost::SignerCommitment> signers;
  for (std::uint16_t i = 0; i < settings_.terms.members(); ++i) {
    const auto commitment = decode_commitment(ByteSpan(heard(MessageType::test_commit, i)->bytes).subspan(frame_head));
    if (!commitment) return std::nullopt;
    signers.push_back({MemberIndex{i}, *commitment});
  }
  const frost::GroupPublic group{record_->group_key, record_->threshold, record_->verifying_shares};
  auto session = frost::Session::make(group, test_message(settings_.terms, confirm_), std::move(signers));
  if (!session) return std::nullopt;
  return std::move(session).value();
}

void Machine::sign_test() {
  if (!nonces_) return;
  const auto session = test_session();
  auto nonces = std::exchange(nonces_, std::nullopt);
  if (!session) return;
  const auto share = session->sign(*share_, std::move(*nonces));
  if (!share) return;
  TestShare said;
  for (std::uint16_t i = 0; i < settings_.terms.members(); ++i) {
    said.commitments.push_back(
        {session->signers()[i].commitment, heard(MessageType::test_commit, i)->signed_digest.signature});
  }
  said.share = *share;
  say(MessageType::test_share, encode(said));
}

void Machine::compare_lists() {
  const Terms& terms = settings_.terms;
  for (std::uint16_t i = 0; i < terms.members(); ++i) {
    const Heard* said = heard(MessageType::test_share, i);
    if (said == nullptr || said->attempt != attempt_) continue;
    const auto share = decode_test_share(terms, ByteSpan(said->bytes).subspan(frame_head));
    if (!share) continue;
    for (std::uint16_t j = 0; j < terms.members(); ++j) {
      const SignedDigest& mine = heard(MessageType::test_commit, j)->signed_digest;
      const SignedDigest theirs{sha256(encode(share->commitments[j].commitment)), share->commitments[j].signature};
      if (theirs.digest == mine.digest) continue;
      return accuse(Equivocation{{MessageType::test_commit, j, attempt_}, mine, theirs});
    }
  }
}

void Machine::finish_test() {
  const Terms& terms = settings_.terms;
  std::vector<frost::SignatureShare> shares;
  for (std::uint16_t i = 0; i < terms.members(); ++i) {
    const Heard* said = heard(MessageType::test_share, i);
    if (said == nullptr || said->attempt != attempt_) return;
    const auto share = decode_test_share(terms, ByteSpan(said->bytes).subspan(frame_head));
    if (!share) return;
    shares.push_back(share->share);
  }
  const auto session = test_session();
  if (!session) return;
  const auto signature = session->aggregate(shares);
  if (signature) {
    outcome_ = Outcome{confirm_, certificate_, *signature};
    return activate();
  }
  for (const MemberIndex culprit : session->culprits(shares)) {
    const Heard* confirmed = heard(MessageType::confirm, culprit.value);
    const Heard* share = heard(MessageType::test_share, culprit.value);
    if (confirmed != nullptr) {
      accuse(BadTestShare{confirmed->bytes, share->bytes});
    } else {
      fail({Blame{culprit.value, Offence::bad_test_share, {}}});
    }
  }
}

void Machine::activate() {
  persist(Next::activate, Activated{*record_, *outcome_});
}

}  // namespace assay::threshold::ceremony
