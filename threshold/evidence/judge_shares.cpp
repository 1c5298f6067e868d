#include <algorithm>

#include "threshold/certificate.hpp"
#include "threshold/evidence/reading.hpp"
#include "threshold/signing.hpp"

namespace assay::threshold::evidence {
namespace {

/// The session that a share names: its list hashes to the sid that the author signed, or it is none of its business.
Result<Signed<ShareMessage>> read_session(const PublicNetwork& network, const SharedSession& one) {
  auto share = read_as<ShareMessage>(network, one.share);
  if (!share) return share.error();
  const Envelope& at = share->envelope;
  const SessionScope scope{at.view, at.height, share->message.attempt, network.committee.quorum.leader(at.view),
                           share->message.header_hash};
  if (session_id(network.committee.cfg, scope, one.signers) != share->message.sid) {
    return Error{Errc::bad_proof, "another session than the one that the author signed"};
  }
  return share;
}

const frost::Commitment* commitment_of(const SharedSession& session, MemberIndex member) {
  for (const auto& signer : session.signers) {
    if (signer.member == member) return &signer.commitment;
  }
  return nullptr;
}

}  // namespace

Result<Verdict> judge_one(const PublicNetwork& network, const BadShare& one) {
  const auto share = read_session(network, one.session);
  if (!share) return share.error();
  if (header_hash(one.header) != share->message.header_hash) {
    return Error{Errc::bad_proof, "another header than the one that the author signed"};
  }
  // An honest member gives no share where a commitment is no point: nothing is judged there, the author's share
  // neither.
  for (const auto& signer : one.session.signers) {
    if (const auto valid = network.committee.signatures->validate(signer.commitment); !valid) return valid.error();
  }
  const MemberIndex author = share->envelope.sender;
  const auto place = std::ranges::find(one.session.signers, author, &frost::SignerCommitment::member);
  if (place == one.session.signers.end()) return Error{Errc::bad_proof, "a session that the author is not in"};
  const auto session = network.committee.signatures->open(group_public(network.committee), assay::encode(one.header),
                                                          one.session.signers);
  if (!session) return session.error();
  // Only the author's share is at hand; the others count for nothing in what is said of it.
  std::vector<frost::SignatureShare> shares(one.session.signers.size());
  shares[static_cast<std::size_t>(place - one.session.signers.begin())] = share->message.share;
  const auto culprits = (*session)->culprits(shares);
  if (std::ranges::find(culprits, author) == culprits.end()) return Error{Errc::bad_proof, "a share that verifies"};
  return verdict(network, Kind::bad_share, share->envelope,
                 "a share that does not verify in the session that it names");
}

Result<Verdict> judge_one(const PublicNetwork& network, const NonceReuse& one) {
  const auto first = read_session(network, one.uses[0]);
  if (!first) return first.error();
  const auto second = read_session(network, one.uses[1]);
  if (!second) return second.error();
  if (first->envelope.sender != second->envelope.sender) return Error{Errc::malformed, "two shares of one member"};
  if (first->message.sid == second->message.sid) return Error{Errc::bad_proof, "one session"};
  if (second->message.sid < first->message.sid) return Error{Errc::not_canonical, "the session of lower sid first"};
  const auto* left = commitment_of(one.uses[0], first->envelope.sender);
  const auto* right = commitment_of(one.uses[1], first->envelope.sender);
  if (left == nullptr || right == nullptr || *left != *right) return Error{Errc::bad_proof, "two nonce pairs"};
  return verdict(network, Kind::nonce_reuse, second->envelope, "shares for two sessions from one nonce pair");
}

Result<Verdict> judge_one(const PublicNetwork& network, const BadRequest& one) {
  const auto request = read_as<SignRequest>(network, one.request);
  if (!request) return request.error();
  const Committee& committee = network.committee;
  const Envelope& at = request->envelope;
  const SignRequest& said = request->message;
  if (committee.quorum.leader(at.view) != at.sender) return Error{Errc::not_leader, "nobody heeds a request of others"};
  const auto guilty = [&](const char* what) { return verdict(network, Kind::bad_request, at, what); };
  if (said.attempt == 0 || said.attempt > committee.quorum.f()) return guilty("an attempt that does not exist");
  if (said.certificate.view != at.view || said.certificate.height != at.height) {
    return guilty("a certificate of another view or height");
  }
  if (!verify_prepare(committee, said.certificate)) return guilty("a certificate that does not verify");
  for (const SignedNonce& nonce : said.signers) {
    const NonceMessage words{said.attempt, at.sender, said.certificate.header_hash, nonce.boot, nonce.commitment};
    const Scope scope{MessageType::nonce, at.view, at.height, nonce.member};
    if (!verify_scoped(committee, scope, sha256(encode_payload(words)), nonce.signature)) {
      return guilty("a commitment that its owner did not sign for this attempt");
    }
    if (!committee.signatures->validate(nonce.commitment)) return guilty("a commitment that is no pair of points");
  }
  return Error{Errc::bad_proof, "a request in which nothing is wrong"};
}

}  // namespace assay::threshold::evidence
