#include "threshold/durable.hpp"

#include <algorithm>

#include "threshold/codec.hpp"
#include "threshold/codec_parts.hpp"
#include "threshold/protocol.hpp"

namespace assay::threshold {
namespace {

constexpr std::uint8_t view_kind = 1;
constexpr std::uint8_t lock_kind = 2;

void put(const ViewRecord& record, ByteWriter& out) {
  out.u64(record.view.value);
}

void put(const LockRecord& record, ByteWriter& out) {
  out.raw(encode(record.header));
  encode(record.certificate, out);
  encode_bodies(record.bodies, out);
  encode(record.tip, out);
  out.u32(static_cast<std::uint32_t>(record.leaves.size()));
  for (const Leaf& leaf : record.leaves) out.raw(encode(leaf));
}

LockRecord get_lock(ByteReader& in, const Limits& limits) {
  LockRecord record;
  record.header = decode_header_part(in);
  record.certificate = decode_prepare_certificate(in, limits);
  record.bodies = decode_bodies(in, limits);
  record.tip = decode_tip_certificate(in);
  const std::uint32_t count = in.count(limits.feed_count);
  for (std::uint32_t i = 0; in.ok() && i < count; ++i) {
    const auto leaf = decode_leaf(in.raw(leaf_size));
    if (!leaf) {
      in.fail(leaf.error());
    } else {
      record.leaves.push_back(*leaf);
    }
  }
  return record;
}

/// The parts of a lock name the same batch.
bool coherent(const LockRecord& record) {
  const Header& header = record.header;
  return header_hash(header) == record.hash() && header.height == record.certificate.height &&
         header.height == next(record.tip.header.height) && header.prev_header_hash == header_hash(record.tip.header) &&
         header.feed_count == record.leaves.size();
}

}  // namespace

Bytes encode_record(const LogOwner& owner, const Record& record) {
  ByteWriter out;
  out.u8(std::holds_alternative<ViewRecord>(record) ? view_kind : lock_kind);
  out.digest(owner.cfg).u16(owner.member.value);
  std::visit([&out](const auto& one) { put(one, out); }, record);
  return std::move(out).take();
}

Result<std::optional<Record>> decode_record(const LogOwner& owner, const Limits& limits, ByteSpan bytes) {
  ByteReader in(bytes);
  const std::uint8_t kind = in.u8();
  const Digest cfg = in.digest();
  const MemberIndex member{in.u16()};
  if (!in.ok()) return Error{Errc::log_corrupt, "safety log record shorter than its head"};
  if (cfg != owner.cfg) return std::optional<Record>{};
  if (member != owner.member) return Error{Errc::log_corrupt, "safety log of another member"};
  std::optional<Record> record;
  if (kind == view_kind) {
    record = ViewRecord{View{in.u64()}};
  } else if (kind == lock_kind) {
    LockRecord lock = get_lock(in, limits);
    if (in.ok() && !coherent(lock)) return Error{Errc::log_corrupt, "parts of a lock record disagree"};
    record = std::move(lock);
  }
  if (!record || !in.done()) return Error{Errc::log_corrupt, "safety log record does not decode"};
  return record;
}

std::optional<Height> record_height(ByteSpan record) {
  constexpr std::size_t head = 1 + 32 + 2;
  if (record.size() < head + header_size || record[0] != lock_kind) return std::nullopt;
  const auto header = decode_header(record.subspan(head, header_size));
  if (!header) return std::nullopt;
  return header->height;
}

Result<Remembered> remember(const LogOwner& owner, const Limits& limits, const std::vector<Bytes>& records,
                            Height tip) {
  Remembered memory;
  std::optional<View> newest_view;
  std::pair<Height, View> newest_lock{};
  for (const Bytes& bytes : records) {
    auto record = decode_record(owner, limits, bytes);
    if (!record) return record.error();
    if (!record->has_value()) continue;
    // Each kind climbs by itself: compaction may drop records of one kind between two of the other.
    if (auto* lock = std::get_if<LockRecord>(&**record)) {
      const auto place = std::pair{lock->height(), lock->view()};
      if (place < newest_lock) return Error{Errc::log_corrupt, "locks go down in the safety log"};
      newest_lock = place;
      memory.view = std::max(memory.view.value_or(View{}), lock->view());
      if (lock->height() > tip) memory.locks.push_back(*lock);
      memory.inputs = std::move(lock->bodies);
    } else if (const auto* entry = std::get_if<ViewRecord>(&**record)) {
      if (newest_view && entry->view <= *newest_view)
        return Error{Errc::log_corrupt, "views go down in the safety log"};
      newest_view = entry->view;
      memory.view = std::max(memory.view.value_or(View{}), entry->view);
    }
  }
  return memory;
}

}  // namespace assay::threshold
