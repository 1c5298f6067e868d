#include <algorithm>
#include <string_view>

#include "threshold/codec_parts.hpp"
#include "threshold/evidence/evidence.hpp"

namespace assay::threshold::evidence {
namespace {

constexpr std::string_view domain{"assay/evid/v1\0\0\0", 16};
constexpr std::size_t ceremony_part_max = std::size_t{8} * 1024;
constexpr std::size_t ceremony_evidence_max = std::size_t{32} * 1024;

void write_frame(ByteWriter& out, const Bytes& frame) {
  out.blob(frame);
}
Bytes read_frame(ByteReader& in, std::size_t length_max) {
  const ByteSpan frame = in.blob(length_max);
  return {frame.begin(), frame.end()};
}

void write_signers(ByteWriter& out, const std::vector<frost::SignerCommitment>& signers) {
  out.u8(static_cast<std::uint8_t>(signers.size()));
  for (const auto& signer : signers) {
    out.u16(signer.member.value);
    threshold::encode(signer.commitment, out);
  }
}
std::vector<frost::SignerCommitment> read_signers(ByteReader& in, const Limits& limits) {
  const std::uint8_t count = in.u8();
  if (count > limits.quorum.n) in.fail({Errc::too_large, "no more signers than members"});
  std::vector<frost::SignerCommitment> signers;
  std::optional<MemberIndex> previous;
  for (std::uint8_t i = 0; i < count && in.ok(); ++i) {
    const MemberIndex member = decode_member(in, limits);
    require_ascending(in, previous, member);
    signers.push_back({member, decode_commitment(in)});
  }
  return signers;
}

// ---- one writer and one reader for each kind

void write(ByteWriter& out, const Equivocation& one) {
  out.u8(static_cast<std::uint8_t>(one.type)).u64(one.view.value).u16(one.member.value);
  for (const Statement& said : one.said) {
    out.u64(said.height.value).digest(said.payload).raw(said.signature.bytes);
  }
}
Evidence read_equivocation(ByteReader& in, const Limits& limits) {
  Equivocation one;
  const std::uint8_t type = in.u8();
  if (in.ok() && (type < 1 || type > std::variant_size_v<Message>)) {
    in.fail({Errc::out_of_range, "unknown message type"});
  }
  one.type = static_cast<MessageType>(type);
  one.view = View{in.u64()};
  one.member = decode_member(in, limits);
  for (Statement& said : one.said) {
    said.height = Height{in.u64()};
    said.payload = in.digest();
    said.signature = Signature{in.array<64>()};
  }
  if (in.ok() && !(one.said[0].payload < one.said[1].payload)) {
    in.fail({Errc::not_canonical, "the statement of lower digest first"});
  }
  return one;
}

void write(ByteWriter& out, const SecondAnswer& one) {
  for (const Bytes& frame : one.frames) write_frame(out, frame);
}
Evidence read_second_answer(ByteReader& in, const Limits& limits) {
  SecondAnswer one;
  for (Bytes& frame : one.frames) frame = read_frame(in, limits.frame());
  return one;
}

void write(ByteWriter& out, const SharedSession& one) {
  write_frame(out, one.share);
  write_signers(out, one.signers);
}
SharedSession read_session(ByteReader& in, const Limits& limits) {
  SharedSession one{read_frame(in, Limits::head + 128), {}};
  one.signers = read_signers(in, limits);
  return one;
}

void write(ByteWriter& out, const NonceReuse& one) {
  for (const SharedSession& use : one.uses) write(out, use);
}
Evidence read_nonce_reuse(ByteReader& in, const Limits& limits) {
  NonceReuse one;
  for (SharedSession& use : one.uses) use = read_session(in, limits);
  return one;
}

void write(ByteWriter& out, const BadShare& one) {
  write(out, one.session);
  out.raw(assay::encode(one.header));
}
Evidence read_bad_share(ByteReader& in, const Limits& limits) {
  BadShare one{read_session(in, limits), {}};
  one.header = decode_header_part(in);
  return one;
}

void write(ByteWriter& out, const Amnesia& one) {
  write_frame(out, one.share);
  write_frame(out, one.venter);
}
Evidence read_amnesia(ByteReader& in, const Limits& limits) {
  Amnesia one{read_frame(in, limits.frame()), {}};
  one.venter = read_frame(in, limits.frame());
  return one;
}

void write(ByteWriter& out, const BadProposal& one) {
  write_frame(out, one.proposal);
}

void write(ByteWriter& out, const WrongAggregate& one) {
  write_frame(out, one.proposal);
  out.u32(static_cast<std::uint32_t>(one.previous.size()));
  for (const Leaf& leaf : one.previous) out.raw(assay::encode(leaf));
  encode_bodies(one.bodies, out);
}
Evidence read_wrong_aggregate(ByteReader& in, const Limits& limits) {
  WrongAggregate one{read_frame(in, limits.frame()), {}, {}};
  const std::uint32_t count = in.count(limits.feed_count);
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    const auto leaf = decode_leaf(in.raw(leaf_size));
    if (leaf) {
      one.previous.push_back(*leaf);
    } else if (in.ok()) {
      in.fail(leaf.error());
    }
  }
  one.bodies = decode_bodies(in, limits);
  return one;
}

void write(ByteWriter& out, const BadRequest& one) {
  write_frame(out, one.request);
}
void write(ByteWriter& out, const BadCommitment& one) {
  write_frame(out, one.frame);
}

void write(ByteWriter& out, const CeremonyFault& one) {
  for (const Bytes* part : {&one.proposal, &one.old_record, &one.new_record, &one.evidence}) write_frame(out, *part);
}
Evidence read_ceremony(ByteReader& in) {
  CeremonyFault one;
  for (Bytes* part : {&one.proposal, &one.old_record, &one.new_record}) *part = read_frame(in, ceremony_part_max);
  one.evidence = read_frame(in, ceremony_evidence_max);
  return one;
}

Evidence read(std::uint8_t kind, ByteReader& in, const Limits& limits) {
  switch (kind) {
    case static_cast<std::uint8_t>(Kind::equivocation):
      return read_equivocation(in, limits);
    case static_cast<std::uint8_t>(Kind::second_answer):
      return read_second_answer(in, limits);
    case static_cast<std::uint8_t>(Kind::nonce_reuse):
      return read_nonce_reuse(in, limits);
    case static_cast<std::uint8_t>(Kind::bad_share):
      return read_bad_share(in, limits);
    case static_cast<std::uint8_t>(Kind::amnesia):
      return read_amnesia(in, limits);
    case static_cast<std::uint8_t>(Kind::bad_proposal):
      return BadProposal{read_frame(in, limits.frame())};
    case static_cast<std::uint8_t>(Kind::wrong_aggregate):
      return read_wrong_aggregate(in, limits);
    case static_cast<std::uint8_t>(Kind::bad_request):
      return BadRequest{read_frame(in, limits.frame())};
    case static_cast<std::uint8_t>(Kind::bad_commitment):
      return BadCommitment{read_frame(in, limits.frame())};
    case static_cast<std::uint8_t>(Kind::ceremony):
      return read_ceremony(in);
    default:
      in.fail({Errc::out_of_range, "unknown kind of evidence"});
      return BadProposal{};
  }
}

}  // namespace

Kind kind_of(const Evidence& evidence) noexcept {
  static_assert(all_kinds.size() == std::variant_size_v<Evidence>);
  return all_kinds[evidence.index()];
}

const char* name(Kind kind) noexcept {
  switch (kind) {
    case Kind::equivocation:
      return "equivocation";
    case Kind::second_answer:
      return "second_answer";
    case Kind::nonce_reuse:
      return "nonce_reuse";
    case Kind::bad_share:
      return "bad_share";
    case Kind::amnesia:
      return "amnesia";
    case Kind::bad_proposal:
      return "bad_proposal";
    case Kind::wrong_aggregate:
      return "wrong_aggregate";
    case Kind::bad_request:
      return "bad_request";
    case Kind::bad_commitment:
      return "bad_commitment";
    case Kind::ceremony:
      return "ceremony";
  }
  return "unknown";
}

Bytes encode(const Digest& scope, const Evidence& evidence) {
  ByteWriter out;
  out.raw(as_bytes(domain)).u8(static_cast<std::uint8_t>(kind_of(evidence))).digest(scope);
  std::visit([&](const auto& one) { write(out, one); }, evidence);
  return std::move(out).take();
}

Result<Opened> decode(ByteSpan bytes, const Limits& limits) {
  if (bytes.size() > bytes_max(limits)) return Error{Errc::too_large, "longer than any evidence"};
  ByteReader in(bytes);
  const ByteSpan start = in.raw(domain.size());
  if (in.ok() && !std::ranges::equal(start, as_bytes(domain))) return Error{Errc::bad_domain, "evidence, version 1"};
  const std::uint8_t kind = in.u8();
  const Digest scope = in.digest();
  if (!in.ok()) return in.error();
  Evidence evidence = read(kind, in, limits);
  if (const auto done = in.done(); !done) return done.error();
  return Opened{scope, std::move(evidence)};
}

}  // namespace assay::threshold::evidence
