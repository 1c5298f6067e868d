#include <optional>

#include "threshold/evidence/reading.hpp"

namespace assay::threshold::evidence {
namespace {

/// What is said once a (view, height), or once a view. Nothing for types that may be worded anew or have attempts.
const char* said_twice(MessageType type) {
  switch (type) {
    case MessageType::obs:
      return "two observations at one view and height";
    case MessageType::prop:
      return "two proposals at one view and height";
    case MessageType::prep:
      return "two votes at one view and height";
    case MessageType::venter:
      return "two summaries at the entry of one view";
    case MessageType::share:
    case MessageType::att:
    case MessageType::sign_request:
    case MessageType::nonce_request:
    case MessageType::nonce:
    case MessageType::wish:
    case MessageType::proofs:
    case MessageType::get:
    case MessageType::range:
    case MessageType::hello:
    case MessageType::echo:
    case MessageType::pull:
    case MessageType::bodies:
    case MessageType::ask_view:
    case MessageType::ready:
      return nullptr;
  }
  return nullptr;
}

struct Attempt {
  std::uint8_t number{};
  const char* twice{};  ///< what it is to say two of it
};

std::optional<Attempt> attempt_of(const Message& message) {
  if (const auto* one = std::get_if<ShareMessage>(&message)) return Attempt{one->attempt, "two shares in one attempt"};
  if (const auto* one = std::get_if<SignRequest>(&message))
    return Attempt{one->attempt, "two sessions for one attempt"};
  if (const auto* one = std::get_if<NonceRequest>(&message))
    return Attempt{one->attempt, "two requests for one attempt"};
  if (const auto* one = std::get_if<NonceMessage>(&message)) {
    return Attempt{one->attempt, "two commitments for one attempt"};
  }
  return std::nullopt;
}

}  // namespace

Result<Verdict> judge_one(const PublicNetwork& network, const Equivocation& one) {
  const char* what = said_twice(one.type);
  if (what == nullptr) return Error{Errc::malformed, "a type that is said once"};
  const auto& [first, second] = one.said;
  if (first.payload == second.payload) return Error{Errc::bad_proof, "the same twice"};
  if (one.type != MessageType::venter && first.height != second.height) {
    return Error{Errc::bad_proof, "messages of two heights"};
  }
  for (const Statement& said : one.said) {
    if (!verify_scoped(network.committee, {one.type, one.view, said.height, one.member}, said.payload,
                       said.signature)) {
      return Error{Errc::bad_signature, "not signed by the accused"};
    }
  }
  return verdict(network, Kind::equivocation, Scope{one.type, one.view, second.height, one.member}, what);
}

Result<Verdict> judge_one(const PublicNetwork& network, const SecondAnswer& one) {
  const auto first = read_any(network, one.frames[0]);
  if (!first) return first.error();
  const auto second = read_any(network, one.frames[1]);
  if (!second) return second.error();
  const auto attempt = attempt_of(first->message);
  if (!attempt || first->envelope.type != second->envelope.type) {
    return Error{Errc::malformed, "two messages of one type that has attempts"};
  }
  const auto& a = first->envelope;
  const auto& b = second->envelope;
  const bool one_place = a.sender == b.sender && a.view == b.view && a.height == b.height &&
                         attempt->number == attempt_of(second->message)->number;
  if (!one_place) return Error{Errc::bad_proof, "messages of two attempts"};
  const Digest left = sha256(a.payload);
  const Digest right = sha256(b.payload);
  if (left == right) return Error{Errc::bad_proof, "the same twice"};
  if (right < left) return Error{Errc::not_canonical, "the frame of lower payload digest first"};
  return verdict(network, Kind::second_answer, a, attempt->twice);
}

/// A share for (view, height, D) left only when that lock was durable, on top of a certificate for height - 1. In every
/// later view the summary tells of a tip at least there, and at the same tip of a lock at least of that view.
Result<Verdict> judge_one(const PublicNetwork& network, const Amnesia& one) {
  const auto share = read_as<ShareMessage>(network, one.share);
  if (!share) return share.error();
  const auto venter = read_as<VenterMessage>(network, one.venter);
  if (!venter) return venter.error();
  const auto& gave = share->envelope;
  const auto& later = venter->envelope;
  if (gave.sender != later.sender) return Error{Errc::malformed, "a share and a summary of one member"};
  if (later.view <= gave.view) return Error{Errc::bad_proof, "a summary that is not later than the share"};
  if (later.height < gave.height) {
    return verdict(network, Kind::amnesia, later, "a tip below the batch that it gave a share for");
  }
  if (later.height > gave.height) return Error{Errc::bad_proof, "the batch of the share is attested in the summary"};
  const auto& lock = venter->message.lock;
  if (!lock) return verdict(network, Kind::amnesia, later, "no lock, after a share at that height");
  if (lock->view < gave.view) return verdict(network, Kind::amnesia, later, "an older lock than that of its share");
  if (lock->view == gave.view && lock->header_hash != share->message.header_hash) {
    return verdict(network, Kind::amnesia, later, "another lock than that of its share");
  }
  return Error{Errc::bad_proof, "a summary that owns up to the share"};
}

Result<Verdict> judge_one(const PublicNetwork& network, const BadCommitment& one) {
  const auto frame = read_any(network, one.frame);
  if (!frame) return frame.error();
  std::optional<frost::Commitment> commitment;
  if (const auto* obs = std::get_if<ObsMessage>(&frame->message)) commitment = obs->commitment;
  if (const auto* venter = std::get_if<VenterMessage>(&frame->message)) commitment = venter->commitment;
  if (const auto* nonce = std::get_if<NonceMessage>(&frame->message)) commitment = nonce->commitment;
  if (!commitment) return Error{Errc::malformed, "a message with a commitment"};
  if (network.committee.signatures->validate(*commitment))
    return Error{Errc::bad_proof, "commitments that are points of prime order"};
  return verdict(network, Kind::bad_commitment, frame->envelope, "a commitment that is no pair of points");
}

}  // namespace assay::threshold::evidence
