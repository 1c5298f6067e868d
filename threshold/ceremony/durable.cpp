#include "threshold/ceremony/durable.hpp"

#include <utility>

namespace assay::threshold::ceremony {
namespace {

constexpr std::size_t evidence_bytes_max = 2 * frame_bytes_max + 1024;

void write(ByteWriter& out, const Dealt& record) {
  out.raw(record.frame);
}
void write(ByteWriter& out, const Supported& record) {
  out.blob(record.frame);
  for (const Bytes& deal : record.deals) out.blob(deal);
}
void write(ByteWriter&, const Confirmed&) {}
void write(ByteWriter& out, const Certified& record) {
  out.raw(encode(record.confirm));
  for (const Signature& signature : record.certificate) out.raw(signature.bytes);
}
void write(ByteWriter& out, const Attempted& record) {
  out.u32(record.attempt);
}
void write(ByteWriter& out, const Activated& record) {
  out.blob(encode(record.record)).raw(encode(record.outcome));
}
void write(ByteWriter& out, const Cancelled& record) {
  out.u32(static_cast<std::uint32_t>(record.blames.size()));
  for (const Blame& blame : record.blames) {
    out.u16(blame.party).u8(static_cast<std::uint8_t>(blame.offence)).blob(blame.evidence);
  }
}

Bytes copied(ByteSpan bytes) {
  return {bytes.begin(), bytes.end()};
}

Record read_supported(const Terms& terms, ByteReader& in) {
  Supported record{copied(in.blob(frame_bytes_max)), {}};
  for (std::uint16_t d = 0; d < terms.dealers() && in.ok(); ++d) {
    record.deals.push_back(copied(in.blob(frame_bytes_max)));
  }
  return record;
}

Record read_certified(const Terms& terms, ByteReader& in) {
  Certified record;
  record.confirm.transcript = in.digest();
  record.confirm.record = in.digest();
  for (std::uint16_t i = 0; i < terms.members(); ++i) record.certificate.push_back(Signature{in.array<64>()});
  return record;
}

Record read_activated(const Terms& terms, ByteReader& in) {
  auto record = decode_epoch_record(in.blob(frame_bytes_max));
  auto outcome = decode_outcome(terms, in.raw(in.left()));
  if (record && outcome) return Activated{std::move(record).value(), std::move(outcome).value()};
  in.fail({Errc::log_corrupt, "a record and its outcome"});
  return Activated{};
}

Record read_cancelled(const Terms& terms, ByteReader& in) {
  Cancelled record;
  const std::uint32_t count = in.count(static_cast<std::uint32_t>(terms.parties.size()));
  for (std::uint32_t i = 0; i < count && in.ok(); ++i) {
    Blame blame;
    blame.party = in.u16();
    const std::uint8_t offence = in.u8();
    if (offence < 1 || offence > static_cast<std::uint8_t>(Offence::bad_test_share) ||
        blame.party >= terms.parties.size()) {
      in.fail({Errc::out_of_range, "a party and an offence"});
    }
    blame.offence = static_cast<Offence>(offence);
    blame.evidence = copied(in.blob(evidence_bytes_max));
    record.blames.push_back(std::move(blame));
  }
  return record;
}

Record read(std::uint8_t kind, const Terms& terms, ByteReader& in) {
  switch (kind) {
    case 1:
      return Dealt{copied(in.raw(in.left()))};
    case 2:
      return read_supported(terms, in);
    case 3:
      return Confirmed{};
    case 4:
      return read_certified(terms, in);
    case 5:
      return Attempted{in.u32()};
    case 6:
      return read_activated(terms, in);
    case 7:
      return read_cancelled(terms, in);
    default:
      in.fail({Errc::out_of_range, "a kind of record"});
      return Confirmed{};
  }
}

}  // namespace

Bytes encode_record(const Terms& terms, const Record& record) {
  ByteWriter out;
  out.digest(terms.id).u8(static_cast<std::uint8_t>(record.index() + 1));
  std::visit([&](const auto& one) { write(out, one); }, record);
  return std::move(out).take();
}

Result<Record> decode_record(const Terms& terms, ByteSpan bytes) {
  ByteReader in(bytes);
  const Digest id = in.digest();
  const std::uint8_t kind = in.u8();
  if (!in.ok() || id != terms.id) return Error{Errc::log_corrupt, "a record of this ceremony"};
  Record record = read(kind, terms, in);
  if (!in.done()) return Error{Errc::log_corrupt, "a record that decodes"};
  return record;
}

}  // namespace assay::threshold::ceremony
