#include <utility>

#include "threshold/ceremony/machine.hpp"

namespace assay::threshold::ceremony {

Bytes Machine::sealed(MessageType type, ByteSpan payload) const {
  const bool test = type == MessageType::test_commit || type == MessageType::test_share;
  return seal(settings_.terms, identity_, {type, me_, test ? test_.attempt() : 0}, payload);
}

void Machine::say(MessageType type, ByteSpan payload) {
  const Bytes frame = sealed(type, payload);
  outbox_.broadcast(frame);
  on_frame(frame);
}

void Machine::say_again() {
  pace_.said = pace_.now;
  for (const Bytes& frame : board_.said_by(me_)) outbox_.broadcast(frame);
  outbox_.broadcast(sealed(MessageType::query, encode(board_.have())));
}

void Machine::on_frame(const Bytes& bytes) {
  const auto frame = open_frame(settings_.terms, bytes);
  if (!frame) return;
  board_.note(frame->scope);
  if (!is_news(*frame)) return;
  if (!check_payload(settings_.terms, *frame)) {
    return frame->scope.type == MessageType::evidence ? void() : accuse(InvalidFrame{bytes});
  }
  switch (frame->scope.type) {
    case MessageType::deal:
    case MessageType::support:
    case MessageType::confirm:
    case MessageType::test_commit:
    case MessageType::test_share:
      return board_.put(*frame, bytes);
    case MessageType::complaint:
      return accuse(ComplaintMade{bytes});
    case MessageType::query:
      return on_query(*frame);
    case MessageType::evidence: {
      const auto evidence = decode_evidence(frame->payload);
      if (evidence) accuse(*evidence);
      return;
    }
    case MessageType::outcome:
      return on_outcome(*frame);
    case MessageType::repair_ask:
    case MessageType::repair_pieces:
    case MessageType::repair_sum:
    case MessageType::repair_done:
      return;  // open_frame() lets none of them through but in a repair
  }
}

bool Machine::is_news(const Frame& frame) {
  const Said* before = board_.find(frame.scope.type, frame.scope.sender);
  if (before == nullptr || frame.scope.attempt > before->attempt) return true;
  const SignedDigest now{frame.digest, frame.signature};
  if (frame.scope.attempt == before->attempt && frame.digest != before->signed_digest.digest) {
    accuse(Equivocation{frame.scope, before->signed_digest, now});
  }
  return false;
}

std::vector<Bytes> Machine::last_words() const {
  if (pace_.stage == Stage::activated) return {sealed(MessageType::outcome, encode(*kept_.outcome))};
  std::vector<Bytes> frames;
  for (const Blame& blame : kept_.blames) {
    if (!blame.evidence.empty()) frames.push_back(sealed(MessageType::evidence, blame.evidence));
  }
  return frames;
}

void Machine::on_met(std::uint16_t party) {
  if (party >= settings_.terms.parties.size() || party == me_) return;
  for (const Bytes& frame : last_words()) outbox_.send(party, frame);
  if (is_over()) return;
  for (const Bytes& frame : board_.said_by(me_)) outbox_.send(party, frame);
  outbox_.send(party, sealed(MessageType::query, encode(board_.have())));
}

void Machine::on_query(const Frame& frame) {
  const auto query = decode_query(frame.payload);
  const std::uint16_t asker = frame.scope.sender;
  if (!query || asker == me_) return;
  // One answer in each period: a query is small, its answer is not.
  const auto [last, first] = answered_.try_emplace(asker, pace_.now);
  if (!first && (pace_.now - last->second) < settings_.resend) return;
  last->second = pace_.now;
  for (const Bytes& bytes : last_words()) outbox_.send(asker, bytes);
  if (pace_.stage == Stage::activated) return;
  for (const Bytes& bytes : board_.missing_in(*query)) outbox_.send(asker, bytes);
}

void Machine::on_outcome(const Frame& frame) {
  // A member that has not stored its share cannot have signed the certificate: then this is somebody's other life.
  if (kept_.outcome || pace_.stage == Stage::cancelled || outbox_.is_waiting()) return;
  if (is_member() && !kept_.bound) return;
  if (!ours_) ours_ = assemble(settings_.terms, board_, identity_);
  auto outcome = decode_outcome(settings_.terms, frame.payload);
  if (!ours_ || !outcome || outcome->confirm != ours_->confirm) return;
  if (!verify_certificate(settings_.terms, ours_->confirm, outcome->certificate)) return;
  const Bytes message = test_message(settings_.terms, ours_->confirm);
  if (!verify_ed25519(ours_->record.group_key, message, outcome->test_signature)) return;
  kept_.outcome = std::move(outcome).value();
  persist(Next::activate, Activated{ours_->record, *kept_.outcome});
}

}  // namespace assay::threshold::ceremony
