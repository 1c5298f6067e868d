#include "threshold/ceremony/messages.hpp"

#include <string_view>
#include <utility>

namespace assay::threshold::ceremony {
namespace {

constexpr std::string_view test_domain{"assay/test/v1\0\0\0", 16};

}  // namespace

Bytes encode(const Support& support) {
  ByteWriter out(96 * support.deals.size());
  for (const SignedDigest& deal : support.deals) out.digest(deal.digest).raw(deal.signature.bytes);
  return std::move(out).take();
}

Result<Support> decode_support(const Terms& terms, ByteSpan payload) {
  ByteReader in(payload);
  Support support;
  for (std::uint16_t d = 0; d < terms.dealers(); ++d) {
    const Digest digest = in.digest();
    support.deals.push_back({digest, Signature{in.array<64>()}});
  }
  if (const auto done = in.done(); !done) return done.error();
  return support;
}

Bytes encode(const Complaint& complaint) {
  ByteWriter out(100 + complaint.deal.size());
  out.raw(complaint.shared_point).raw(complaint.proof).blob(complaint.deal);
  return std::move(out).take();
}

Result<Complaint> decode_complaint(ByteSpan payload) {
  ByteReader in(payload);
  Complaint complaint;
  complaint.shared_point = in.array<32>();
  complaint.proof = in.array<64>();
  const ByteSpan deal = in.blob(frame_bytes_max);
  complaint.deal.assign(deal.begin(), deal.end());
  if (const auto done = in.done(); !done) return done.error();
  return complaint;
}

Bytes encode(const Confirm& confirm) {
  ByteWriter out(64);
  out.digest(confirm.transcript).digest(confirm.record);
  return std::move(out).take();
}

Result<Confirm> decode_confirm(ByteSpan payload) {
  ByteReader in(payload);
  Confirm confirm;
  confirm.transcript = in.digest();
  confirm.record = in.digest();
  if (const auto done = in.done(); !done) return done.error();
  return confirm;
}

Digest transcript_digest(const Terms& terms, std::span<const SignedDigest> deals) {
  ByteWriter out(32 * deals.size());
  for (const SignedDigest& deal : deals) out.digest(deal.digest);
  return tagged_sha256("assay/transcript/v1", {terms.id.bytes, out.bytes()});
}

Bytes encode(const frost::Commitment& commitment) {
  ByteWriter out(64);
  out.raw(commitment.hiding).raw(commitment.binding);
  return std::move(out).take();
}

Result<frost::Commitment> decode_commitment(ByteSpan payload) {
  ByteReader in(payload);
  frost::Commitment commitment;
  commitment.hiding = in.array<32>();
  commitment.binding = in.array<32>();
  if (const auto done = in.done(); !done) return done.error();
  return commitment;
}

Bytes encode(const TestShare& share) {
  ByteWriter out(32 + 128 * share.commitments.size());
  for (const auto& entry : share.commitments) {
    out.raw(entry.commitment.hiding).raw(entry.commitment.binding).raw(entry.signature.bytes);
  }
  out.raw(share.share.z);
  return std::move(out).take();
}

Result<TestShare> decode_test_share(const Terms& terms, ByteSpan payload) {
  ByteReader in(payload);
  TestShare share;
  for (std::uint16_t i = 0; i < terms.members(); ++i) {
    TestShare::Entry entry;
    entry.commitment.hiding = in.array<32>();
    entry.commitment.binding = in.array<32>();
    entry.signature = Signature{in.array<64>()};
    share.commitments.push_back(entry);
  }
  share.share.z = in.array<32>();
  if (const auto done = in.done(); !done) return done.error();
  return share;
}

Bytes test_message(const Terms& terms, const Confirm& confirm) {
  ByteWriter out(112);
  out.raw(as_bytes(test_domain)).digest(terms.id).raw(encode(confirm));
  return std::move(out).take();
}

Bytes encode(const Query& query) {
  ByteWriter out(12);
  out.u32(query.deals).u32(query.supports).u32(query.confirms);
  return std::move(out).take();
}

Result<Query> decode_query(ByteSpan payload) {
  ByteReader in(payload);
  Query query;
  query.deals = in.u32();
  query.supports = in.u32();
  query.confirms = in.u32();
  if (const auto done = in.done(); !done) return done.error();
  return query;
}

Bytes encode(const Outcome& outcome) {
  ByteWriter out(128 + 64 * outcome.certificate.size());
  out.digest(outcome.confirm.transcript).digest(outcome.confirm.record).raw(outcome.test_signature.bytes);
  for (const Signature& signature : outcome.certificate) out.raw(signature.bytes);
  return std::move(out).take();
}

Result<Outcome> decode_outcome(const Terms& terms, ByteSpan payload) {
  ByteReader in(payload);
  Outcome outcome;
  outcome.confirm.transcript = in.digest();
  outcome.confirm.record = in.digest();
  outcome.test_signature = Signature{in.array<64>()};
  for (std::uint16_t i = 0; i < terms.members(); ++i) outcome.certificate.push_back(Signature{in.array<64>()});
  if (const auto done = in.done(); !done) return done.error();
  return outcome;
}

Done verify_certificate(const Terms& terms, const Confirm& confirm, std::span<const Signature> certificate) {
  if (certificate.size() != terms.members()) return Error{Errc::bad_certificate, "one signature of each member"};
  const Digest digest = sha256(encode(confirm));
  for (std::uint16_t i = 0; i < terms.members(); ++i) {
    if (!verify_scoped(terms, {MessageType::confirm, i, 0}, digest, certificate[i])) {
      return Error{Errc::bad_certificate, "a member's confirmation"};
    }
  }
  return Ok{};
}

}  // namespace assay::threshold::ceremony
