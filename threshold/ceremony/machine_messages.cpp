#include "threshold/ceremony/machine.hpp"

namespace assay::threshold::ceremony {

void Machine::broadcast(const Bytes& frame) {
  effects_.push_back(Broadcast{std::make_shared<const Bytes>(frame)});
}

void Machine::on_frame(const Bytes& bytes) {
  const auto frame = open_frame(settings_.terms, bytes);
  if (!frame || !is_news(*frame)) return;
  if (!check_payload(settings_.terms, *frame)) {
    return frame->scope.type == MessageType::evidence ? void() : accuse(InvalidFrame{bytes});
  }
  const auto remember = [&] {
    heard_[{frame->scope.type, frame->scope.sender}] =
        Heard{bytes, {frame->digest, frame->signature}, frame->scope.attempt};
  };
  switch (frame->scope.type) {
    case MessageType::deal: {
      auto deal = decode_deal(settings_.terms, frame->payload);
      if (deal) deals_.emplace(*settings_.terms.parties[frame->scope.sender].dealer, std::move(deal).value());
      return remember();
    }
    case MessageType::support:
    case MessageType::confirm:
    case MessageType::test_commit:
    case MessageType::test_share:
      return remember();
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
  }
}

bool Machine::is_news(const Frame& frame) {
  const Heard* before = heard(frame.scope.type, frame.scope.sender);
  if (before == nullptr || frame.scope.attempt > before->attempt) return true;
  const SignedDigest now{frame.digest, frame.signature};
  if (frame.scope.attempt == before->attempt && frame.digest != before->signed_digest.digest) {
    accuse(Equivocation{frame.scope, before->signed_digest, now});
  }
  return false;
}

const Machine::Heard* Machine::heard(MessageType type, std::uint16_t party) const {
  const auto found = heard_.find({type, party});
  return found == heard_.end() ? nullptr : &found->second;
}

bool Machine::all_said(MessageType type) const {
  for (std::uint16_t i = 0; i < settings_.terms.members(); ++i) {
    if (heard(type, i) == nullptr) return false;
  }
  return true;
}

std::uint32_t Machine::bitmap_of(MessageType type) const {
  std::uint32_t bitmap = 0;
  for (const auto& [key, heard] : heard_) {
    if (key.first != type) continue;
    const Party& party = settings_.terms.parties[key.second];
    const auto place = type == MessageType::deal ? *party.dealer : party.member->value;
    bitmap |= std::uint32_t{1} << place;
  }
  return bitmap;
}

void Machine::on_query(const Frame& frame) {
  const auto query = decode_query(frame.payload);
  const std::uint16_t asker = frame.scope.sender;
  if (!query || asker == me_) return;
  // One answer in each period: a query is small, its answer is not.
  const auto [last, first] = answered_.try_emplace(asker, now_);
  if (!first && (now_ - last->second) < settings_.resend) return;
  last->second = now_;
  const auto send = [&](const Bytes& bytes) {
    effects_.push_back(Send{settings_.terms.parties[asker].identity, std::make_shared<const Bytes>(bytes)});
  };
  if (outcome_ && stage_ == Stage::activated) return send(sealed(MessageType::outcome, encode(*outcome_)));
  for (const Blame& blame : blames_) {
    if (!blame.evidence.empty()) send(sealed(MessageType::evidence, blame.evidence));
  }
  for (const auto& [key, heard] : heard_) {
    const Party& party = settings_.terms.parties[key.second];
    std::uint32_t has = ~std::uint32_t{0};
    if (key.first == MessageType::deal) has = query->deals >> *party.dealer;
    if (key.first == MessageType::support) has = query->supports >> party.member->value;
    if (key.first == MessageType::confirm) has = query->confirms >> party.member->value;
    if ((has & 1) == 0) send(heard.bytes);
  }
}

void Machine::on_outcome(const Frame& frame) {
  // A member that has not stored its share cannot have signed the certificate: then this is somebody's other life.
  if (outcome_ || stage_ == Stage::cancelled || busy_ || (is_member() && !bound_)) return;
  if (!record_ && !assemble()) return;
  auto outcome = decode_outcome(settings_.terms, frame.payload);
  if (!outcome || outcome->confirm != confirm_) return;
  if (!verify_certificate(settings_.terms, confirm_, outcome->certificate)) return;
  if (!verify_ed25519(record_->group_key, test_message(settings_.terms, confirm_), outcome->test_signature)) return;
  outcome_ = std::move(outcome).value();
  activate();
}

}  // namespace assay::threshold::ceremony
