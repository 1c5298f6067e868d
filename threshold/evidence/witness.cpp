#include "threshold/evidence/witness.hpp"

#include <algorithm>

#include "threshold/certificate.hpp"
#include "threshold/codec.hpp"

namespace assay::threshold::evidence {
namespace {

constexpr std::uint8_t no_attempt = 0;

/// Whether a type is said once, and in which attempt; nothing for what may be worded anew.
std::optional<std::uint8_t> attempt_of(const Message& message) {
  if (const auto* one = std::get_if<ShareMessage>(&message)) return one->attempt;
  if (const auto* one = std::get_if<SignRequest>(&message)) return one->attempt;
  if (const auto* one = std::get_if<NonceRequest>(&message)) return one->attempt;
  if (const auto* one = std::get_if<NonceMessage>(&message)) return one->attempt;
  const bool once = std::holds_alternative<ObsMessage>(message) || std::holds_alternative<PropMessage>(message) ||
                    std::holds_alternative<PrepMessage>(message) || std::holds_alternative<VenterMessage>(message);
  return once ? std::optional(no_attempt) : std::nullopt;
}

bool has_attempts(MessageType type) {
  return type == MessageType::share || type == MessageType::sign_request || type == MessageType::nonce_request ||
         type == MessageType::nonce;
}

Digest sid_of(const Bytes& share_frame) {
  // A SHARE payload begins with its session id.
  Digest sid;
  std::copy_n(share_frame.begin() + Limits::head, sid.bytes.size(), sid.bytes.begin());
  return sid;
}

Statement statement_of(const Envelope& envelope) {
  return {envelope.height, sha256(envelope.payload), envelope.signature};
}

std::optional<Evidence> twice(MessageType type, View view, MemberIndex member, Statement one, Statement other) {
  if (one.payload == other.payload) return std::nullopt;
  if (other.payload < one.payload) std::swap(one, other);
  return Equivocation{type, view, member, {one, other}};
}

NonceReuse in_order(SharedSession one, SharedSession other) {
  if (sid_of(other.share) < sid_of(one.share)) std::swap(one, other);
  return {{std::move(one), std::move(other)}};
}

}  // namespace

std::optional<Evidence> Witness::hear(const Envelope& envelope, const Message& message, const SharedBytes& frame) {
  const auto attempt = attempt_of(message);
  // More attempts than there are sessions would be free memory for whoever invents them.
  if (!attempt || *attempt > committee_.quorum.f()) return std::nullopt;
  const Height height = envelope.type == MessageType::venter ? Height{} : envelope.height;
  return hear(Key{envelope.sender, envelope.type, envelope.view, height, *attempt}, envelope, frame);
}

std::optional<Evidence> Witness::hear(const Body& body) {
  const auto envelope = open_envelope(committee_, *body.frame);
  if (!envelope) return std::nullopt;
  return hear(Key{body.member, MessageType::obs, body.view, body.height, no_attempt}, *envelope, body.frame);
}

std::optional<Evidence> Witness::hear(const Key& key, const Envelope& envelope, const SharedBytes& frame) {
  if (key.view < view_) {
    const auto before = past_.find(key);
    if (before == past_.end() || before->second.signature == envelope.signature) return std::nullopt;
    return twice(key.type, key.view, key.member, before->second, statement_of(envelope));
  }
  const auto [found, fresh] = said_.try_emplace(key, frame);
  if (fresh && key.type == MessageType::prop) proposals_.emplace(key, sha256(envelope.payload));
  if (fresh) return std::nullopt;
  return compare(key, *found->second, envelope, *frame);
}

std::optional<Evidence> Witness::compare(const Key& key, const Bytes& first, const Envelope& second,
                                         const Bytes& frame) const {
  const auto before = open_envelope(committee_, first);
  if (!before || before->signature == second.signature) return std::nullopt;
  const Statement one = statement_of(*before);
  const Statement other = statement_of(second);
  if (!has_attempts(key.type)) return twice(key.type, key.view, key.member, one, other);
  if (one.payload == other.payload) return std::nullopt;
  SecondAnswer answers{{first, frame}};
  if (other.payload < one.payload) std::swap(answers.frames[0], answers.frames[1]);
  return answers;
}

std::vector<Evidence> Witness::hear(const PrepareCertificate& certificate) {
  std::vector<Evidence> found;
  const PrepMessage vote{certificate.header_hash, certificate.proposal};
  const auto members = members_of(certificate.members);
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Scope scope{MessageType::prep, certificate.view, certificate.height, members[i]};
    const auto frame =
        std::make_shared<const Bytes>(join(committee_, scope, certificate.signatures[i], encode_payload(vote)));
    if (auto one = hear(*open_envelope(committee_, *frame), vote, frame)) found.push_back(std::move(*one));
  }
  return found;
}

std::vector<Evidence> Witness::hear(const NewView& new_view, View view) {
  std::vector<Evidence> found;
  for (const VenterEntry& entry : new_view.entries) {
    const Scope scope{MessageType::venter, view, entry.height, entry.member};
    const auto frame =
        std::make_shared<const Bytes>(join(committee_, scope, entry.signature, encode_payload(entry.summary)));
    if (auto one = hear(*open_envelope(committee_, *frame), entry.summary, frame)) found.push_back(std::move(*one));
  }
  return found;
}

SharedBytes Witness::share(View view, Height height, MemberIndex member, std::uint8_t attempt) const {
  const auto found = said_.find({member, MessageType::share, view, height, attempt});
  return found == said_.end() ? nullptr : found->second;
}

SharedBytes Witness::proposal(const Digest& digest) const {
  for (const auto& [key, known] : proposals_) {
    if (known == digest) return said_.at(key);
  }
  return nullptr;
}

std::vector<Evidence> Witness::spend(View view, Height height, std::uint8_t attempt, Session session) {
  const auto again = [&session](const Session& before) { return before.sid == session.sid; };
  if (std::ranges::any_of(spent_, again)) return {};
  std::vector<Evidence> found;
  for (const auto& signer : session.signers) {
    const SharedBytes frame = share(view, height, signer.member, attempt);
    if (frame == nullptr || sid_of(*frame) != session.sid) continue;
    session.shares.emplace(signer.member, frame);
    for (const Session& before : spent_) {
      const auto used = before.shares.find(signer.member);
      const bool same = used != before.shares.end() && std::ranges::any_of(before.signers, [&](const auto& one) {
                          return one.member == signer.member && one.commitment == signer.commitment;
                        });
      if (same) found.push_back(in_order({*used->second, before.signers}, {*frame, session.signers}));
    }
  }
  spent_.push_back(std::move(session));
  if (spent_.size() > spent_max) spent_.pop_front();
  return found;
}

SharedBytes Witness::venter(View view, MemberIndex member) const {
  const auto found = said_.find({member, MessageType::venter, view, Height{}, no_attempt});
  return found == said_.end() ? nullptr : found->second;
}

void Witness::keep_past(const Key& key, const Bytes& frame) {
  const auto envelope = open_envelope(committee_, frame);
  if (envelope && !has_attempts(key.type)) past_.emplace(key, statement_of(*envelope));
}

void Witness::forget(View view, Height below) {
  if (view > view_) {
    for (const auto& [key, frame] : said_) {
      if (key.view < view && key.view.value + past_views >= view.value) keep_past(key, *frame);
    }
    std::erase_if(past_, [&](const auto& one) { return one.first.view.value + past_views < view.value; });
    view_ = view;
  }
  const auto old = [&](const auto& one) {
    return one.first.view != view || (one.first.type != MessageType::venter && one.first.height < below);
  };
  std::erase_if(said_, old);
  std::erase_if(proposals_, old);
}

}  // namespace assay::threshold::evidence
