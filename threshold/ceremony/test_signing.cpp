#include "threshold/ceremony/test_signing.hpp"

#include <algorithm>
#include <utility>

namespace assay::threshold::ceremony {

std::optional<std::uint32_t> TestSigning::due(const Board& board) const {
  std::uint32_t highest = 0;
  for (std::uint16_t i = 0; i < terms_.members(); ++i) {
    const Said* said = board.find(MessageType::test_commit, i);
    if (said != nullptr) highest = std::max(highest, said->attempt);
  }
  const Said* mine = board.find(MessageType::test_commit, me_);
  if (mine != nullptr && mine->attempt >= highest) return std::nullopt;
  const std::uint32_t wanted = std::max(highest, attempt_ + 1);
  if (wanted > attempts_max) return std::nullopt;
  return wanted;
}

void TestSigning::begin(std::uint32_t attempt) {
  attempt_ = attempt;
  nonces_.reset();
}

Bytes TestSigning::commit(const Assembled& ours, Entropy& entropy) {
  nonces_.emplace(frost::commit(*ours.share, entropy));
  return encode(nonces_->commitment());
}

std::optional<frost::Session> TestSigning::session(const Board& board, const Assembled& ours) const {
  std::vector<frost::SignerCommitment> signers;
  for (std::uint16_t i = 0; i < terms_.members(); ++i) {
    const auto commitment = decode_commitment(board.find(MessageType::test_commit, i)->payload());
    if (!commitment) return std::nullopt;
    signers.push_back({MemberIndex{i}, *commitment});
  }
  const frost::GroupPublic group{ours.record.group_key, ours.record.threshold, ours.record.verifying_shares};
  auto session = frost::Session::make(group, test_message(terms_, ours.confirm), std::move(signers));
  if (!session) return std::nullopt;
  return std::move(session).value();
}

std::optional<Bytes> TestSigning::sign(const Board& board, const Assembled& ours) {
  if (!nonces_ || !board.all_members_said(MessageType::test_commit, attempt_)) return std::nullopt;
  const auto signing = session(board, ours);
  auto nonces = std::exchange(nonces_, std::nullopt);
  if (!signing) return std::nullopt;
  const auto share = signing->sign(*ours.share, std::move(*nonces));
  if (!share) return std::nullopt;
  TestShare said;
  for (std::uint16_t i = 0; i < terms_.members(); ++i) {
    said.commitments.push_back(
        {signing->signers()[i].commitment, board.find(MessageType::test_commit, i)->signed_digest.signature});
  }
  said.share = *share;
  return encode(said);
}

std::optional<Evidence> TestSigning::split_commitment(const Board& board) const {
  if (!board.all_members_said(MessageType::test_commit, attempt_)) return std::nullopt;
  for (std::uint16_t i = 0; i < terms_.members(); ++i) {
    const Said* said = board.find(MessageType::test_share, i, attempt_);
    if (said == nullptr) continue;
    const auto share = decode_test_share(terms_, said->payload());
    if (!share) continue;
    for (std::uint16_t j = 0; j < terms_.members(); ++j) {
      const SignedDigest& mine = board.find(MessageType::test_commit, j)->signed_digest;
      const SignedDigest theirs{sha256(encode(share->commitments[j].commitment)), share->commitments[j].signature};
      if (theirs.digest == mine.digest) continue;
      return Equivocation{{MessageType::test_commit, j, attempt_}, mine, theirs};
    }
  }
  return std::nullopt;
}

std::vector<frost::SignatureShare> TestSigning::shares(const Board& board) const {
  std::vector<frost::SignatureShare> shares;
  for (std::uint16_t i = 0; i < terms_.members(); ++i) {
    const Said* said = board.find(MessageType::test_share, i, attempt_);
    if (said == nullptr || board.find(MessageType::test_commit, i, attempt_) == nullptr) return {};
    const auto share = decode_test_share(terms_, said->payload());
    if (!share) return {};
    shares.push_back(share->share);
  }
  return shares;
}

std::optional<Signature> TestSigning::signature(const Board& board, const Assembled& ours) const {
  const auto parts = shares(board);
  const auto signing = parts.empty() ? std::nullopt : session(board, ours);
  if (!signing) return std::nullopt;
  const auto signature = signing->aggregate(parts);
  if (!signature) return std::nullopt;
  return *signature;
}

std::vector<TestSigning::Culprit> TestSigning::culprits(const Board& board, const Assembled& ours) const {
  std::vector<Culprit> found;
  const auto parts = shares(board);
  const auto signing = parts.empty() ? std::nullopt : session(board, ours);
  if (!signing) return found;
  for (const MemberIndex culprit : signing->culprits(parts)) {
    const Said* confirmed = board.find(MessageType::confirm, culprit.value);
    const Said* share = board.find(MessageType::test_share, culprit.value);
    found.push_back({culprit.value, std::nullopt});
    if (confirmed != nullptr) found.back().evidence = BadTestShare{confirmed->bytes, share->bytes};
  }
  return found;
}

}  // namespace assay::threshold::ceremony
