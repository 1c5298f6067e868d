#include "threshold/codec_parts.hpp"

#include <bit>

namespace assay::threshold {

void encode_flag(bool present, ByteWriter& out) {
  out.u8(present ? 1 : 0);
}

bool decode_flag(ByteReader& in) {
  const std::uint8_t flag = in.u8();
  if (flag > 1) in.fail(Error{Errc::not_canonical, "a flag is 0 or 1"});
  return flag == 1;
}

void encode(const frost::Commitment& commitment, ByteWriter& out) {
  out.raw(commitment.hiding).raw(commitment.binding);
}

frost::Commitment decode_commitment(ByteReader& in) {
  frost::Commitment commitment;
  commitment.hiding = in.array<32>();
  commitment.binding = in.array<32>();
  return commitment;
}

void encode(const std::optional<frost::Commitment>& commitment, ByteWriter& out) {
  encode_flag(commitment.has_value(), out);
  if (commitment) encode(*commitment, out);
}

std::optional<frost::Commitment> decode_optional_commitment(ByteReader& in) {
  if (!decode_flag(in)) return std::nullopt;
  return decode_commitment(in);
}

Header decode_header_part(ByteReader& in) {
  const auto header = decode_header(in.raw(header_size));
  if (!header) {
    if (in.ok()) in.fail(header.error());
    return {};
  }
  return *header;
}

MemberIndex decode_member(ByteReader& in, const Limits& limits) {
  const MemberIndex member{in.u16()};
  if (in.ok() && member.value >= limits.quorum.n) in.fail(Error{Errc::unknown_member, "member outside the committee"});
  return member;
}

std::uint32_t decode_bitmap(ByteReader& in, const Limits& limits) {
  const std::uint32_t bits = in.u32();
  if ((bits >> limits.quorum.n) != 0) in.fail(Error{Errc::unknown_member, "bit outside the committee"});
  return bits;
}

void require_ascending(ByteReader& in, std::optional<MemberIndex>& previous, MemberIndex member) {
  if (in.ok() && previous && member <= *previous) in.fail(Error{Errc::not_canonical, "members ascend"});
  previous = member;
}

void encode(const TipCertificate& certificate, ByteWriter& out) {
  out.raw(encode(certificate.header)).raw(certificate.signature.bytes);
}

TipCertificate decode_tip_certificate(ByteReader& in) {
  TipCertificate certificate;
  certificate.header = decode_header_part(in);
  certificate.signature = Signature{in.array<64>()};
  return certificate;
}

void encode(const PrepareCertificate& certificate, ByteWriter& out) {
  out.u64(certificate.view.value).u64(certificate.height.value);
  out.digest(certificate.header_hash).digest(certificate.proposal).u32(certificate.members);
  for (const Signature& signature : certificate.signatures) out.raw(signature.bytes);
}

PrepareCertificate decode_prepare_certificate(ByteReader& in, const Limits& limits) {
  PrepareCertificate certificate;
  certificate.view = View{in.u64()};
  certificate.height = Height{in.u64()};
  certificate.header_hash = in.digest();
  certificate.proposal = in.digest();
  certificate.members = decode_bitmap(in, limits);
  if (in.ok() && std::popcount(certificate.members) != limits.quorum.votes()) {
    in.fail(Error{Errc::bad_certificate, "a prepare certificate has exactly 2f+1 signatures"});
  }
  for (int i = 0; in.ok() && i < limits.quorum.votes(); ++i) {
    certificate.signatures.push_back(Signature{in.array<64>()});
  }
  return certificate;
}

void encode_bodies(const std::vector<Bytes>& bodies, ByteWriter& out) {
  out.u32(static_cast<std::uint32_t>(bodies.size()));
  for (const Bytes& body : bodies) out.blob(body);
}

std::vector<Bytes> decode_bodies(ByteReader& in, const Limits& limits) {
  std::vector<Bytes> bodies;
  const std::uint32_t count = in.count(limits.quorum.n);
  for (std::uint32_t i = 0; in.ok() && i < count; ++i) {
    const ByteSpan body = in.blob(limits.observation_frame());
    bodies.emplace_back(body.begin(), body.end());
  }
  return bodies;
}

void encode(const VenterMessage& summary, ByteWriter& out) {
  out.digest(summary.tip);
  encode_flag(summary.lock.has_value(), out);
  if (summary.lock) out.u64(summary.lock->view.value).digest(summary.lock->header_hash);
  out.raw(summary.boot);
  encode(summary.commitment, out);
}

VenterMessage decode_venter(ByteReader& in) {
  VenterMessage summary;
  summary.tip = in.digest();
  if (decode_flag(in)) {
    LockClaim claim;
    claim.view = View{in.u64()};
    claim.header_hash = in.digest();
    summary.lock = claim;
  }
  summary.boot = in.array<16>();
  summary.commitment = decode_optional_commitment(in);
  return summary;
}

void encode(const NewView& new_view, ByteWriter& out) {
  out.u8(static_cast<std::uint8_t>(new_view.entries.size()));
  for (const VenterEntry& entry : new_view.entries) {
    out.u16(entry.member.value).u64(entry.height.value);
    encode(entry.summary, out);
    out.raw(entry.signature.bytes);
  }
  encode(new_view.tip, out);
  encode_flag(new_view.lock.has_value(), out);
  if (new_view.lock) encode(*new_view.lock, out);
}

NewView decode_new_view(ByteReader& in, const Limits& limits) {
  NewView new_view;
  const std::uint8_t count = in.u8();
  if (in.ok() && count != limits.quorum.agree()) in.fail(Error{Errc::bad_new_view, "exactly 2f+1 summaries"});
  std::optional<MemberIndex> previous;
  for (std::uint8_t i = 0; in.ok() && i < count; ++i) {
    VenterEntry entry;
    entry.member = decode_member(in, limits);
    require_ascending(in, previous, entry.member);
    entry.height = Height{in.u64()};
    entry.summary = decode_venter(in);
    entry.signature = Signature{in.array<64>()};
    new_view.entries.push_back(entry);
  }
  new_view.tip = decode_tip_certificate(in);
  if (decode_flag(in)) new_view.lock = decode_prepare_certificate(in, limits);
  return new_view;
}

}  // namespace assay::threshold
