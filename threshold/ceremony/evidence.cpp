#include "threshold/ceremony/evidence.hpp"

#include <utility>

#include "threshold/ceremony/polynomial.hpp"
#include "threshold/crypto/element.hpp"

namespace assay::threshold::ceremony {
namespace {

Result<Verdict> judge_one(const Terms& terms, const EpochRecord*, const InvalidFrame& evidence) {
  const auto frame = open_frame(terms, evidence.frame);
  if (!frame) return frame.error();
  // Wrong evidence is worth nothing and proves nothing; it would not fit into evidence either.
  if (frame->scope.type == MessageType::evidence) return Error{Errc::bad_proof, "a message that is no evidence"};
  if (check_payload(terms, *frame)) return Error{Errc::bad_proof, "a message in which nothing is wrong"};
  const bool deal = frame->scope.type == MessageType::deal;
  return Verdict{frame->scope.sender, deal ? Offence::bad_deal : Offence::invalid_message};
}

/// Whether the complaint is right; the frame passed open_frame().
Verdict verdict_on(const Terms& terms, const Frame& frame) {
  const Verdict false_complaint{frame.scope.sender, Offence::false_complaint};
  const auto complaint = decode_complaint(frame.payload);
  if (!complaint) return {frame.scope.sender, Offence::invalid_message};
  const auto dealt = open_frame(terms, complaint->deal);
  if (!dealt || dealt->scope.type != MessageType::deal) return false_complaint;
  const Verdict bad_deal{dealt->scope.sender, Offence::bad_deal};
  const std::uint16_t dealer = *terms.parties[dealt->scope.sender].dealer;
  const auto deal = decode_deal(terms, dealt->payload);
  if (!deal || !check_deal(terms, dealer, *deal)) return bad_deal;
  const MemberIndex member = *terms.parties[frame.scope.sender].member;
  const SharedPoint statement{terms.proposal.members[member.value].encryption_key, deal->ephemeral,
                              complaint->shared_point};
  if (!verify_shared_point(proof_scope(terms, dealer, member), statement, complaint->proof)) return false_complaint;
  return open_share(terms, dealer, *deal, member, complaint->shared_point) ? false_complaint : bad_deal;
}

Result<Verdict> judge_one(const Terms& terms, const EpochRecord*, const ComplaintMade& evidence) {
  const auto frame = open_frame(terms, evidence.frame);
  if (!frame) return frame.error();
  if (frame->scope.type != MessageType::complaint) return Error{Errc::malformed, "a complaint"};
  return verdict_on(terms, *frame);
}

/// What is said once only. Complaints, queries, evidence and outcomes may be worded anew.
bool is_said_once(MessageType type) {
  switch (type) {
    case MessageType::deal:
    case MessageType::support:
    case MessageType::confirm:
    case MessageType::test_commit:
    case MessageType::test_share:
      return true;
    case MessageType::complaint:
    case MessageType::query:
    case MessageType::evidence:
    case MessageType::outcome:
    case MessageType::repair_ask:
    case MessageType::repair_pieces:
    case MessageType::repair_sum:
    case MessageType::repair_done:
      return false;
  }
  return false;
}

Result<Verdict> judge_one(const Terms& terms, const EpochRecord*, const Equivocation& evidence) {
  if (!is_said_once(evidence.scope.type)) return Error{Errc::bad_proof, "a message that is said once"};
  if (evidence.first.digest == evidence.second.digest) return Error{Errc::bad_proof, "two different messages"};
  for (const SignedDigest* one : {&evidence.first, &evidence.second}) {
    if (!verify_scoped(terms, evidence.scope, one->digest, one->signature)) {
      return Error{Errc::bad_signature, "both signed by the accused"};
    }
  }
  return Verdict{evidence.scope.sender, Offence::equivocation};
}

Result<Verdict> judge_one(const Terms& terms, const EpochRecord*, const Contradiction& evidence) {
  const auto support = open_frame(terms, evidence.support);
  if (!support) return support.error();
  const auto confirm = open_frame(terms, evidence.confirm);
  if (!confirm) return confirm.error();
  if (support->scope.type != MessageType::support || confirm->scope.type != MessageType::confirm ||
      support->scope.sender != confirm->scope.sender) {
    return Error{Errc::malformed, "support and confirmation of one member"};
  }
  const auto supported = decode_support(terms, support->payload);
  const auto confirmed = decode_confirm(confirm->payload);
  if (!supported || !confirmed) return Error{Errc::malformed, "messages that decode"};
  if (confirmed->transcript == transcript_digest(terms, supported->deals)) {
    return Error{Errc::bad_proof, "two transcripts"};
  }
  return Verdict{support->scope.sender, Offence::contradiction};
}

Result<Verdict> judge_one(const Terms& terms, const EpochRecord* record, const BadTestShare& evidence) {
  if (record == nullptr) return Error{Errc::missing_field, "the new epoch record"};
  const auto confirm_frame = open_frame(terms, evidence.confirm);
  if (!confirm_frame) return confirm_frame.error();
  const auto share_frame = open_frame(terms, evidence.share);
  if (!share_frame) return share_frame.error();
  if (confirm_frame->scope.type != MessageType::confirm || share_frame->scope.type != MessageType::test_share ||
      confirm_frame->scope.sender != share_frame->scope.sender) {
    return Error{Errc::malformed, "confirmation and share of one member"};
  }
  const auto confirm = decode_confirm(confirm_frame->payload);
  if (!confirm || confirm->record != epoch_record_digest(*record)) {
    return Error{Errc::wrong_committee, "the record that the accused confirmed"};
  }
  const std::uint16_t accused = share_frame->scope.sender;
  if (!check_payload(terms, *share_frame)) return Verdict{accused, Offence::invalid_message};
  const auto share = decode_test_share(terms, share_frame->payload);
  if (!share) return share.error();
  std::vector<frost::SignerCommitment> signers;
  for (std::uint16_t i = 0; i < terms.members(); ++i) {
    signers.push_back({MemberIndex{i}, share->commitments[i].commitment});
  }
  const frost::GroupPublic group{record->group_key, record->threshold, record->verifying_shares};
  const auto session = frost::Session::make(group, test_message(terms, *confirm), std::move(signers));
  if (!session) return session.error();
  if (session->verify_share(*terms.parties[accused].member, share->share)) {
    return Error{Errc::bad_proof, "a share that verifies"};
  }
  return Verdict{accused, Offence::bad_test_share};
}

Done check_support(const Terms& terms, ByteSpan payload) {
  const auto support = decode_support(terms, payload);
  if (!support) return support.error();
  for (std::uint16_t d = 0; d < terms.dealers(); ++d) {
    const Scope scope{MessageType::deal, terms.dealer_party(d), 0};
    if (!verify_scoped(terms, scope, support->deals[d].digest, support->deals[d].signature)) {
      return Error{Errc::bad_signature, "a deal that its dealer signed"};
    }
  }
  return Ok{};
}

Done check_test_share(const Terms& terms, const Frame& frame) {
  const auto share = decode_test_share(terms, frame.payload);
  if (!share) return share.error();
  if (!frost::is_canonical_scalar(share->share.z)) return Error{Errc::bad_scalar, "a share below the group order"};
  for (std::uint16_t i = 0; i < terms.members(); ++i) {
    const auto& entry = share->commitments[i];
    const Scope scope{MessageType::test_commit, i, frame.scope.attempt};
    if (!verify_scoped(terms, scope, sha256(encode(entry.commitment)), entry.signature)) {
      return Error{Errc::bad_signature, "a commitment that its member signed"};
    }
    if (auto done = frost::validate(entry.commitment); !done) return done;
  }
  return Ok{};
}

template <class T>
Done done_of(const Result<T>& result) {
  if (!result) return result.error();
  return Ok{};
}

}  // namespace

Done check_payload(const Terms& terms, const Frame& frame) {
  switch (frame.scope.type) {
    case MessageType::deal: {
      const auto deal = decode_deal(terms, frame.payload);
      if (!deal) return deal.error();
      return check_deal(terms, *terms.parties[frame.scope.sender].dealer, *deal);
    }
    case MessageType::support:
      return check_support(terms, frame.payload);
    case MessageType::complaint:
      return done_of(decode_complaint(frame.payload));
    case MessageType::confirm:
      return done_of(decode_confirm(frame.payload));
    case MessageType::test_commit: {
      const auto commitment = decode_commitment(frame.payload);
      if (!commitment) return commitment.error();
      return frost::validate(*commitment);
    }
    case MessageType::test_share:
      return check_test_share(terms, frame);
    case MessageType::query:
      return done_of(decode_query(frame.payload));
    case MessageType::evidence:
      return done_of(decode_evidence(frame.payload));
    case MessageType::outcome:
      return done_of(decode_outcome(terms, frame.payload));
    case MessageType::repair_ask:
    case MessageType::repair_pieces:
    case MessageType::repair_sum:
    case MessageType::repair_done:
      break;
  }
  return Error{Errc::out_of_range, "unknown message type"};
}

Result<Verdict> judge(const Terms& terms, const EpochRecord* record, const Evidence& evidence) {
  // What goes wrong in a repair is told, not proved: an honest helper that restarts says other pieces.
  if (terms.proposal.kind == Kind::repair) return Error{Errc::unsupported, "no repair"};
  return std::visit([&](const auto& one) { return judge_one(terms, record, one); }, evidence);
}

}  // namespace assay::threshold::ceremony
