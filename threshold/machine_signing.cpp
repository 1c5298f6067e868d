#include <algorithm>

#include "threshold/machine.hpp"

namespace assay::threshold {

/// Attempt 0: its signers follow from the proposal as soon as their commitments are here.
void Machine::open_first_session() {
  const Proposal& proposal = *round_.proposal;
  if (signing_.is_open(0) || round_.refused) return;
  if (proposal.origin == Origin::fresh && !proposal.complete()) return;
  auto signers = signer_set(proposal, quorum());
  if (!signers || signers->empty() || signing_.is_refused(0)) return;
  for (const frost::SignerCommitment& signer : *signers) {
    // Those of observations were checked when they came; those of a NEWVIEW only its leader has looked at.
    if (proposal.origin == Origin::fresh || committee().signatures->validate(signer.commitment)) continue;
    signing_.refuse(0);
    suspect(quorum().leader(standing_.view), evidence::BadProposal{*proposal.frame});
    return note(Error{Errc::bad_element, "a commitment that is no pair of points"}, quorum().leader(standing_.view));
  }
  const SessionScope scope{standing_.view, chain_.working(), 0, quorum().leader(standing_.view), proposal.header_hash};
  const auto opened = signing_.open(scope, encode(proposal.message.header), std::move(signers).value());
  if (!opened) return note(opened.error(), quorum().leader(standing_.view));
  aggregate(0);
}

/// 2f+1 votes, inputs and leaves at hand: adopt the lock and make it durable. Nothing else may precede a share.
void Machine::try_lock() {
  if (!round_.proposal || round_.refused) return;
  const auto certificate = round_.certificate(standing_.view, chain_.working(), quorum());
  if (!certificate) return;
  pacemaker_.extend_once(now_);
  const Proposal& proposal = *round_.proposal;
  if (silent() || chain_.behind() || round_.lock_issued || !proposal.leaves || !proposal.complete()) return;
  // One at a time: a disk that is late costs this member the height, never the log's queue. Tried again when it is
  // done.
  if (memory_.lock_pending()) return;
  round_.lock_issued = true;
  LockRecord record{proposal.message.header, *certificate, {}, chain_.tip(), *proposal.leaves};
  for (const BodyRef& body : proposal.bodies) {
    if (!planted(Mutant::lock_without_bodies)) record.bodies.push_back(*body->frame);
  }
  memory_.lock = record;
  memory_.lock_inputs = LockInputs(record.bodies);
  memory_.newest_lock = std::max(memory_.newest_lock, std::pair{record.height(), record.view()});
  const LockClaim claim{record.view(), record.hash()};
  persist(record, Pending{0, standing_.view, claim});
  if (planted(Mutant::send_before_fsync)) {
    round_.locked = true;
    give_shares();
  }
  // An empty S means that attempt 0 does not exist: the leader asks for commitments at once.
  if (is_leader(settings_.me)) retries_.due = signing_.is_open(0) ? now_.mono + settings_.timing.retry : now_.mono;
}

void Machine::give_shares() {
  if (!round_.locked || silent()) return;
  for (const std::uint8_t attempt : signing_.unanswered()) give_share(attempt);
}

void Machine::give_share(std::uint8_t attempt) {
  signing_.answered(attempt);
  if (!signing_.signs(attempt, settings_.me)) return;
  const Proposal& proposal = *round_.proposal;
  const NoncePurpose first = proposal.origin == Origin::fresh ? NoncePurpose::observation : NoncePurpose::view_entry;
  const NonceKey key{standing_.view, chain_.working(), attempt == 0 ? first : NoncePurpose::retry, attempt};
  auto pair = nonces_.take(key, now_);
  if (planted(Mutant::cross_view_session)) {
    for (View old; !pair && old < standing_.view; old = next(old)) {
      pair = nonces_.take({old, chain_.working(), NoncePurpose::retry, attempt}, now_);
    }
  }
  if (!pair) return note(Error{Errc::nonce_used, "the pair of this session is spent or void"}, settings_.me);
  const auto share = signing_.session(attempt).sign(share_, std::move(*pair));
  if (!share) return note(share.error(), settings_.me);
  const ShareMessage message{signing_.sid(attempt), attempt, proposal.header_hash, *share};
  const auto frame = speaker_.seal(MessageType::share, standing_.view, chain_.working(), message);
  speaker_.keep_saying(MessageType::share, chain_.working(), frame);
  (void)signing_.add(settings_.me, message);
  aggregate(attempt);
}

void Machine::on_share(const Envelope& envelope, const ShareMessage& message) {
  const auto added = signing_.add(envelope.sender, message);
  if (!added) {
    if (added.error().code != Errc::duplicate) refuse(added.error(), envelope);
    return;
  }
  aggregate(message.attempt);
}

void Machine::aggregate(std::uint8_t attempt) {
  if (!round_.proposal) return;
  const Signing::Outcome outcome = signing_.aggregate(attempt);
  if (outcome.signature || !outcome.culprits.empty()) suspect_session(attempt, outcome.culprits);
  for (const MemberIndex culprit : outcome.culprits) {
    demerited_ |= bit_of(culprit);
    note(Error{Errc::bad_share, "a signature share does not verify"}, culprit);
    if (is_leader(settings_.me)) retries_.due = now_.mono;
  }
  if (!outcome.signature) return;
  const TipCertificate certificate{round_.proposal->message.header, *outcome.signature};
  speaker_.to_all(
      speaker_.seal(MessageType::att, standing_.durable, certificate.header.height, AttMessage{certificate}));
  learn(certificate, settings_.me);
}

// ---- retries: the leader coordinates

void Machine::poll_retries() {
  if (silent() || !is_leader(settings_.me) || !round_.locked || !retries_.due) return;
  if (retries_.collecting) {
    const auto mood = now_.mono >= *retries_.due ? Retries::Mood::urgent : Retries::Mood::patient;
    auto signers = retries_.choose(signing_, quorum(), mood);
    if (signers.size() == quorum().agree()) return request_signatures(std::move(signers));
    if (now_.mono >= *retries_.due) retries_.due = now_.mono + settings_.timing.retry;
    return;
  }
  if (now_.mono >= *retries_.due) begin_retry();
}

void Machine::begin_retry() {
  if (retries_.attempt >= quorum().f()) {
    retries_.due.reset();  // f+1 sessions are spent: the next view goes on
    return;
  }
  for (std::uint16_t i = 0; i < quorum().n; ++i) {
    if (signing_.owes(MemberIndex{i})) demerited_ |= bit_of(MemberIndex{i});
  }
  ++retries_.attempt;
  retries_.collecting = true;
  retries_.replies.clear();
  retries_.due = now_.mono + settings_.timing.retry;
  const NonceRequest message{retries_.attempt, round_.proposal->header_hash};
  const auto frame = speaker_.seal(MessageType::nonce_request, standing_.view, chain_.working(), message);
  speaker_.keep_saying(MessageType::nonce_request, chain_.working(), frame);
  on_nonce_request(*open_envelope(committee(), *frame), message);
}

void Machine::on_nonce_request(const Envelope& envelope, const NonceRequest& message) {
  if (!is_leader(envelope.sender)) return refuse(Error{Errc::not_leader, "only the leader coordinates"}, envelope);
  if (silent()) return;
  if (message.attempt == 0 || message.attempt > quorum().f()) {
    return refuse(Error{Errc::out_of_range, "attempts 1 to f"}, envelope);
  }
  auto& given = retries_.given[message.attempt];
  if (given == nullptr) {
    const auto commitment =
        nonces_.make({standing_.view, chain_.working(), NoncePurpose::retry, message.attempt}, now_);
    if (!commitment) return;
    const NonceMessage answer{message.attempt, envelope.sender, message.header_hash, nonces_.boot(), *commitment};
    given = speaker_.seal(MessageType::nonce, standing_.view, chain_.working(), answer);
  }
  if (envelope.sender != settings_.me) return speaker_.to(envelope.sender, given);
  const auto mine = open_envelope(committee(), *given);
  if (const auto decoded = decode_payload(MessageType::nonce, mine->payload, limits_)) {
    on_nonce(*mine, std::get<NonceMessage>(*decoded));
  }
}

void Machine::on_nonce(const Envelope& envelope, const NonceMessage& message) {
  const bool asked = is_leader(settings_.me) && retries_.collecting && message.attempt == retries_.attempt &&
                     message.coordinator == settings_.me && round_.proposal &&
                     message.header_hash == round_.proposal->header_hash;
  if (!asked || retries_.replies.contains(envelope.sender)) return;
  if (const auto valid = committee().signatures->validate(message.commitment); !valid) {
    suspect(envelope.sender, evidence::BadCommitment{frame_of(committee(), envelope)});
    return refuse(valid.error(), envelope);
  }
  retries_.replies.emplace(envelope.sender,
                           SignedNonce{envelope.sender, message.boot, message.commitment, envelope.signature});
}

void Machine::request_signatures(std::vector<SignedNonce> signers) {
  retries_.collecting = false;
  retries_.due = now_.mono + settings_.timing.retry;
  const auto certificate = round_.certificate(standing_.view, chain_.working(), quorum());
  if (!certificate) return;
  const SignRequest message{retries_.attempt, *certificate, std::move(signers)};
  const auto frame = speaker_.seal(MessageType::sign_request, standing_.view, chain_.working(), message);
  speaker_.stop_saying(MessageType::nonce_request);
  speaker_.keep_saying(MessageType::sign_request, chain_.working(), frame);
  on_sign_request(*open_envelope(committee(), *frame), message);
}

void Machine::on_sign_request(const Envelope& envelope, const SignRequest& message) {
  const View place = planted(Mutant::cross_view_session) ? message.certificate.view : standing_.view;
  if (quorum().leader(place) != envelope.sender)
    return refuse(Error{Errc::not_leader, "only the leader coordinates"}, envelope);
  if (signing_.is_open(message.attempt) || signing_.is_refused(message.attempt)) return;
  const PrepareCertificate& certificate = message.certificate;
  const auto refuse_it = [&](Error error) {
    suspect(envelope.sender, evidence::BadRequest{frame_of(committee(), envelope)});
    refuse(error, envelope);
  };
  if (message.attempt == 0 || message.attempt > quorum().f()) {
    return refuse_it(Error{Errc::out_of_range, "attempts 1 to f"});
  }
  if (certificate.view != place || certificate.height != chain_.working()) {
    return refuse_it(Error{Errc::bad_certificate, "a certificate of another view or height"});
  }
  // Without the proposal there is nothing to sign; the attested batch will come.
  if (!round_.proposal || round_.proposal->header_hash != certificate.header_hash) return;
  if (const auto valid = verify_prepare(committee(), certificate); !valid) {
    signing_.refuse(message.attempt);
    return refuse_it(valid.error());
  }
  suspect_each(witness_.hear(certificate));
  std::vector<frost::SignerCommitment> signers;
  for (const SignedNonce& nonce : message.signers) {
    const NonceMessage said{message.attempt, envelope.sender, certificate.header_hash, nonce.boot, nonce.commitment};
    const Scope scope{MessageType::nonce, place, chain_.working(), nonce.member};
    const bool signed_by_owner = verify_scoped(committee(), scope, sha256(encode_payload(said)), nonce.signature);
    if (!signed_by_owner || !committee().signatures->validate(nonce.commitment)) {
      signing_.refuse(message.attempt);
      return refuse_it(Error{Errc::bad_signer_set, "a commitment that its owner did not sign"});
    }
    signers.push_back({nonce.member, nonce.commitment});
  }
  const SessionScope scope{place, chain_.working(), message.attempt, envelope.sender, certificate.header_hash};
  const auto opened = signing_.open(scope, encode(round_.proposal->message.header), std::move(signers));
  if (!opened) {
    signing_.refuse(message.attempt);
    return refuse(opened.error(), envelope);
  }
  round_.adopt(certificate);
  try_lock();
  give_shares();
  aggregate(message.attempt);
}

}  // namespace assay::threshold
