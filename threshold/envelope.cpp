#include "threshold/envelope.hpp"

#include "threshold/limits.hpp"

namespace assay::threshold {
namespace {

constexpr std::string_view domain{"assay/msg/v1\0\0\0\0", 16};

Bytes signed_bytes(const Committee& committee, const Scope& scope, const Digest& payload_digest) {
  ByteWriter out(99);
  out.raw(as_bytes(domain)).digest(committee.cfg).u8(static_cast<std::uint8_t>(scope.type));
  out.u64(scope.view.value).u64(scope.height.value).u16(scope.sender.value).digest(payload_digest);
  return std::move(out).take();
}

}  // namespace

Bytes seal(const Committee& committee, const IdentityKey& identity, const Scope& scope, ByteSpan payload) {
  return join(committee, scope, committee.signatures->sign(identity, signed_bytes(committee, scope, sha256(payload))),
              payload);
}

Bytes join(const Committee& committee, const Scope& scope, const Signature& signature, ByteSpan payload) {
  ByteWriter out(115 + payload.size());
  out.digest(committee.cfg).u8(static_cast<std::uint8_t>(scope.type)).u64(scope.view.value).u64(scope.height.value);
  out.u16(scope.sender.value).raw(signature.bytes).raw(payload);
  return std::move(out).take();
}

Bytes frame_of(const Committee& committee, const Envelope& envelope) {
  const Scope scope{envelope.type, envelope.view, envelope.height, envelope.sender};
  return join(committee, scope, envelope.signature, envelope.payload);
}

Result<Envelope> open_foreign_envelope(ByteSpan frame) {
  ByteReader in(frame);
  (void)in.digest();
  const std::uint8_t type = in.u8();
  Envelope envelope;
  envelope.view = View{in.u64()};
  envelope.height = Height{in.u64()};
  envelope.sender = MemberIndex{in.u16()};
  envelope.signature = Signature{in.array<64>()};
  if (!in.ok()) return in.error();
  if (type < 1 || type > std::variant_size_v<Message>) return Error{Errc::out_of_range, "unknown message type"};
  // The last representable values are refused so that "next" never wraps.
  if (envelope.view.value > INT64_MAX || envelope.height.value > INT64_MAX) {
    return Error{Errc::out_of_range, "view or height beyond any that can be reached"};
  }
  envelope.type = static_cast<MessageType>(type);
  envelope.payload = in.raw(in.left());
  return envelope;
}

Result<Envelope> open_envelope(const Committee& committee, ByteSpan frame) {
  ByteReader scope(frame);
  const Digest cfg = scope.digest();
  if (!scope.ok()) return scope.error();
  // A whole head first: what is too short is malformed, whoever it was meant for.
  if (frame.size() >= Limits::head && cfg != committee.cfg) {
    return Error{Errc::wrong_committee, "signed for another committee"};
  }
  auto envelope = open_foreign_envelope(frame);
  if (envelope && envelope->sender.value >= committee.quorum.n) {
    return Error{Errc::unknown_member, "sender outside the committee"};
  }
  return envelope;
}

bool verify_scoped(const Committee& committee, const Scope& scope, const Digest& payload_digest,
                   const Signature& signature) {
  if (scope.sender.value >= committee.record.identities.size()) return false;
  return committee.signatures->verify(committee.record.identities[scope.sender.value],
                                      signed_bytes(committee, scope, payload_digest), signature);
}

bool verify(const Committee& committee, const Envelope& envelope) {
  const Scope scope{envelope.type, envelope.view, envelope.height, envelope.sender};
  return verify_scoped(committee, scope, sha256(envelope.payload), envelope.signature);
}

}  // namespace assay::threshold
