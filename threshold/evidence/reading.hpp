#pragma once
#include <variant>

#include "threshold/codec.hpp"
#include "threshold/evidence/judge.hpp"

namespace assay::threshold::evidence {

/// One frame of a case: opened, decoded, and signed by its sender.
template <class MessageT>
struct Signed {
  Envelope envelope;
  MessageT message;
};

/// A frame of any type.   errors  of open_envelope and the codec; bad_signature
inline Result<Signed<Message>> read_any(const PublicNetwork& network, ByteSpan frame) {
  const auto envelope = open_envelope(network.committee, frame);
  if (!envelope) return envelope.error();
  auto message = decode_payload(envelope->type, envelope->payload, network.limits());
  if (!message) return message.error();
  if (!verify(network.committee, *envelope)) return Error{Errc::bad_signature, "not signed by the accused"};
  return Signed<Message>{*envelope, std::move(message).value()};
}

/// A frame of one type.   errors  malformed for another type, and those above
template <class MessageT>
Result<Signed<MessageT>> read_as(const PublicNetwork& network, ByteSpan frame) {
  auto any = read_any(network, frame);
  if (!any) return any.error();
  auto* message = std::get_if<MessageT>(&any->message);
  if (message == nullptr) return Error{Errc::malformed, "a message of another type than the case needs"};
  return Signed<MessageT>{any->envelope, std::move(*message)};
}

inline Verdict verdict(const PublicNetwork& network, Kind kind, const Scope& at, const char* what) {
  return {kind,      at.sender, network.committee.record.identities[at.sender.value], network.committee.epoch, at.view,
          at.height, what};
}
inline Verdict verdict(const PublicNetwork& network, Kind kind, const Envelope& at, const char* what) {
  return verdict(network, kind, Scope{at.type, at.view, at.height, at.sender}, what);
}

// One judge for each kind, by file: judge_words.cpp, judge_shares.cpp, judge_proposals.cpp.
Result<Verdict> judge_one(const PublicNetwork& network, const Equivocation& one);
Result<Verdict> judge_one(const PublicNetwork& network, const SecondAnswer& one);
Result<Verdict> judge_one(const PublicNetwork& network, const Amnesia& one);
Result<Verdict> judge_one(const PublicNetwork& network, const BadCommitment& one);
Result<Verdict> judge_one(const PublicNetwork& network, const NonceReuse& one);
Result<Verdict> judge_one(const PublicNetwork& network, const BadShare& one);
Result<Verdict> judge_one(const PublicNetwork& network, const BadRequest& one);
Result<Verdict> judge_one(const PublicNetwork& network, const BadProposal& one);
Result<Verdict> judge_one(const PublicNetwork& network, const WrongAggregate& one);

}  // namespace assay::threshold::evidence
