#include "threshold/ceremony/frame.hpp"

#include <string_view>
#include <utility>

namespace assay::threshold::ceremony {
namespace {

constexpr std::string_view domain{"assay/cer/v1\0\0\0\0", 16};

Bytes signed_bytes(const Terms& terms, const Scope& scope, const Digest& digest) {
  ByteWriter out(87);
  out.raw(as_bytes(domain)).digest(terms.id).u8(static_cast<std::uint8_t>(scope.type)).u16(scope.sender);
  out.u32(scope.attempt).digest(digest);
  return std::move(out).take();
}

bool may_say(const Terms& terms, std::uint16_t sender, MessageType type) {
  const Party& party = terms.parties[sender];
  const bool repair = terms.proposal.kind == Kind::repair;
  if (repair != (type >= MessageType::repair_ask)) return false;
  switch (type) {
    case MessageType::deal:
      return party.dealer.has_value();
    case MessageType::support:
    case MessageType::complaint:
    case MessageType::confirm:
    case MessageType::test_commit:
    case MessageType::test_share:
      return party.member.has_value();
    case MessageType::query:
    case MessageType::evidence:
    case MessageType::outcome:
      return true;
    case MessageType::repair_pieces:
    case MessageType::repair_sum:
      return party.dealer.has_value();
    case MessageType::repair_ask:
    case MessageType::repair_done:
      return !party.dealer.has_value();
  }
  return false;
}

std::size_t bytes_max(MessageType type) {
  if (type == MessageType::evidence) return frame_bytes_max;
  return type == MessageType::complaint ? complaint_bytes_max : plain_bytes_max;
}

bool attempt_fits(const Scope& scope) {
  const bool test = scope.type == MessageType::test_commit || scope.type == MessageType::test_share;
  return test ? scope.attempt >= 1 && scope.attempt <= attempts_max : scope.attempt == 0;
}

}  // namespace

Bytes seal(const Terms& terms, const IdentityKey& identity, const Scope& scope, ByteSpan payload) {
  const Signature signature = identity.sign(signed_bytes(terms, scope, sha256(payload)));
  ByteWriter out(frame_head + payload.size());
  out.digest(terms.id).u8(static_cast<std::uint8_t>(scope.type)).u16(scope.sender).u32(scope.attempt);
  out.raw(signature.bytes).raw(payload);
  return std::move(out).take();
}

Result<Frame> open_frame(const Terms& terms, ByteSpan bytes) {
  ByteReader in(bytes);
  const Digest id = in.digest();
  const std::uint8_t type = in.u8();
  Frame frame;
  frame.scope.sender = in.u16();
  frame.scope.attempt = in.u32();
  frame.signature = Signature{in.array<64>()};
  if (!in.ok()) return in.error();
  if (id != terms.id) return Error{Errc::wrong_committee, "signed for another ceremony"};
  if (type < 1 || type > static_cast<std::uint8_t>(MessageType::repair_done)) {
    return Error{Errc::out_of_range, "unknown message type"};
  }
  frame.scope.type = static_cast<MessageType>(type);
  if (bytes.size() > bytes_max(frame.scope.type)) return Error{Errc::too_large, "a frame within its bound"};
  if (frame.scope.sender >= terms.parties.size()) return Error{Errc::unknown_member, "no such party"};
  if (!may_say(terms, frame.scope.sender, frame.scope.type)) {
    return Error{Errc::unknown_member, "a party that may not say this"};
  }
  if (!attempt_fits(frame.scope)) return Error{Errc::out_of_range, "an attempt where there is none"};
  frame.payload = in.raw(in.left());
  frame.digest = sha256(frame.payload);
  if (!verify_scoped(terms, frame.scope, frame.digest, frame.signature)) {
    return Error{Errc::bad_signature, "the sender's signature"};
  }
  return frame;
}

bool verify_scoped(const Terms& terms, const Scope& scope, const Digest& digest, const Signature& signature) {
  if (scope.sender >= terms.parties.size()) return false;
  return verify_ed25519(terms.parties[scope.sender].identity, signed_bytes(terms, scope, digest), signature);
}

}  // namespace assay::threshold::ceremony
