#include <utility>

#include "threshold/ceremony/evidence.hpp"

namespace assay::threshold::ceremony {
namespace {

void write(ByteWriter& out, const InvalidFrame& evidence) {
  out.blob(evidence.frame);
}
void write(ByteWriter& out, const ComplaintMade& evidence) {
  out.blob(evidence.frame);
}
void write(ByteWriter& out, const Equivocation& evidence) {
  out.u8(static_cast<std::uint8_t>(evidence.scope.type)).u16(evidence.scope.sender).u32(evidence.scope.attempt);
  for (const SignedDigest* one : {&evidence.first, &evidence.second}) {
    out.digest(one->digest).raw(one->signature.bytes);
  }
}
void write(ByteWriter& out, const Contradiction& evidence) {
  out.blob(evidence.support).blob(evidence.confirm);
}
void write(ByteWriter& out, const BadTestShare& evidence) {
  out.blob(evidence.confirm).blob(evidence.share);
}

Bytes read_frame(ByteReader& in) {
  const ByteSpan frame = in.blob(frame_bytes_max);
  return {frame.begin(), frame.end()};
}

Equivocation read_equivocation(ByteReader& in) {
  Equivocation evidence;
  const std::uint8_t type = in.u8();
  if (in.ok() && (type < 1 || type > static_cast<std::uint8_t>(MessageType::outcome))) {
    in.fail({Errc::out_of_range, "unknown message type"});
  }
  evidence.scope.type = static_cast<MessageType>(type);
  evidence.scope.sender = in.u16();
  evidence.scope.attempt = in.u32();
  for (SignedDigest* one : {&evidence.first, &evidence.second}) {
    one->digest = in.digest();
    one->signature = Signature{in.array<64>()};
  }
  return evidence;
}

Evidence read(std::uint8_t kind, ByteReader& in) {
  switch (kind) {
    case 1:
      return InvalidFrame{read_frame(in)};
    case 2:
      return ComplaintMade{read_frame(in)};
    case 3:
      return read_equivocation(in);
    case 4: {
      Bytes support = read_frame(in);
      return Contradiction{std::move(support), read_frame(in)};
    }
    case 5: {
      Bytes confirm = read_frame(in);
      return BadTestShare{std::move(confirm), read_frame(in)};
    }
    default:
      in.fail({Errc::out_of_range, "a kind of evidence"});
      return InvalidFrame{};
  }
}

}  // namespace

Bytes encode(const Evidence& evidence) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(evidence.index() + 1));
  std::visit([&](const auto& one) { write(out, one); }, evidence);
  return std::move(out).take();
}

Result<Evidence> decode_evidence(ByteSpan bytes) {
  ByteReader in(bytes);
  const std::uint8_t kind = in.u8();
  if (!in.ok()) return in.error();
  Evidence evidence = read(kind, in);
  if (const auto done = in.done(); !done) return done.error();
  return evidence;
}

const char* name(Offence offence) noexcept {
  switch (offence) {
    case Offence::absent:
      return "absent";
    case Offence::invalid_message:
      return "invalid_message";
    case Offence::bad_deal:
      return "bad_deal";
    case Offence::false_complaint:
      return "false_complaint";
    case Offence::equivocation:
      return "equivocation";
    case Offence::contradiction:
      return "contradiction";
    case Offence::bad_test_share:
      return "bad_test_share";
  }
  return "unknown";
}

}  // namespace assay::threshold::ceremony
