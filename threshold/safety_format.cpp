#include "threshold/safety_format.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace assay::threshold {
namespace {

constexpr std::string_view magic{"assay/safety/v1\0", 16};
constexpr std::uint8_t trailer = 0xa5;
constexpr std::size_t sector = 512;

constexpr std::array<std::uint32_t, 256> crc_table = [] {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0x82f63b78U : 0U);
    table[i] = crc;
  }
  return table;
}();

struct RecordHead {
  std::uint32_t length{};
  std::uint32_t crc{};
  std::uint64_t sequence{};
};

std::optional<RecordHead> head_at(ByteSpan file, std::size_t at) {
  if (file.size() - at < safety_record_overhead) return std::nullopt;
  ByteReader in(file.subspan(at, 16));
  return RecordHead{in.u32(), in.u32(), in.u64()};
}

bool fits(ByteSpan file, std::size_t at, std::size_t length) {
  return length >= 1 && file.size() - at >= safety_record_overhead &&
         length <= file.size() - at - safety_record_overhead;
}

/// A whole, undamaged record with a payload of `length` bytes starts at `at`, whatever its own length field says.
bool record_at(ByteSpan file, std::size_t at, const RecordHead& head, std::size_t length) {
  return fits(file, at, length) && file[at + 16 + length] == trailer &&
         crc32c(file.subspan(at + 8, 8 + length)) == head.crc;
}

/// Does any record that must come later than `next` stand whole behind the damage? Only then was the damage durable.
/// The limit on the checksummed bytes keeps a hostile file from costing more than a few passes.
bool later_record_exists(ByteSpan file, std::size_t from, std::uint64_t next) {
  std::size_t budget = 8 * file.size();
  for (std::size_t at = from; at < file.size(); ++at) {
    const auto head = head_at(file, at);
    if (!head) return false;
    if (head->sequence <= next || head->sequence - next > file.size() / safety_record_overhead) continue;
    if (!fits(file, at, head->length) || file[at + 16 + head->length] != trailer) continue;
    if (head->length > budget) return true;
    budget -= head->length;
    if (record_at(file, at, *head, head->length)) return true;
  }
  return false;
}

/// The file was lengthened but its last sector never written: it holds zeros, and a whole record never ends in one.
bool ends_in_unwritten_sector(ByteSpan file, std::size_t from) {
  const std::size_t last_sector = (file.size() - 1) / sector * sector;
  const auto tail = file.subspan(std::max(from, last_sector));
  return std::ranges::all_of(tail, [](std::uint8_t byte) { return byte == 0; });
}

bool cut_short(ByteSpan file, std::size_t at, std::uint64_t next) {
  if (ends_in_unwritten_sector(file, at)) return !later_record_exists(file, at + 1, next);
  const auto head = head_at(file, at);
  if (head) {
    if (fits(file, at, head->length)) return false;  // all of it is there, and it is wrong
    // A damaged length makes a whole last record look short; its checksum covers exactly the rest.
    const std::size_t rest = file.size() - at - safety_record_overhead;
    if (file.back() == trailer && record_at(file, at, *head, rest)) return false;
  }
  return !later_record_exists(file, at + 1, next);
}

Result<std::uint64_t> read_header(ByteSpan file, const SafetyLogIdentity& identity) {
  if (file.size() < safety_header_size) return Error{Errc::log_corrupt, "the safety log has its header"};
  ByteReader in(file.first(safety_header_size));
  const auto found_magic = in.array<16>();
  const SafetyLogIdentity found{NetworkId{in.digest()}, MemberIndex{in.u16()}, Epoch{in.u32()}};
  const std::uint64_t first_sequence = in.u64();
  if (!std::ranges::equal(found_magic, as_bytes(magic)) || in.u32() != crc32c(file.first(safety_header_size - 4))) {
    return Error{Errc::log_corrupt, "the header of the safety log is undamaged"};
  }
  if (found.network != identity.network) return Error{Errc::wrong_committee, "a safety log of this network"};
  if (found.member != identity.member) return Error{Errc::wrong_committee, "a safety log of this member"};
  if (found.epoch != identity.epoch) return Error{Errc::wrong_committee, "a safety log of this epoch"};
  return first_sequence;
}

}  // namespace

std::uint32_t crc32c(ByteSpan bytes, std::uint32_t before) noexcept {
  std::uint32_t crc = ~before;
  for (const std::uint8_t byte : bytes) crc = crc >> 8 ^ crc_table[(crc ^ byte) & 0xff];
  return ~crc;
}

Bytes safety_header(const SafetyLogIdentity& identity, std::uint64_t first_sequence) {
  ByteWriter out(safety_header_size);
  out.raw(as_bytes(magic)).digest(identity.network.value).u16(identity.member.value).u32(identity.epoch.value);
  out.u64(first_sequence);
  const std::uint32_t crc = crc32c(out.bytes());
  out.u32(crc);
  return std::move(out).take();
}

void append_record(Bytes& out, std::uint64_t sequence, ByteSpan payload) {
  ByteWriter tail(8);
  tail.u64(sequence);
  const std::uint32_t crc = crc32c(payload, crc32c(tail.bytes()));
  ByteWriter record(safety_record_overhead + payload.size());
  record.u32(static_cast<std::uint32_t>(payload.size())).u32(crc).u64(sequence).raw(payload).u8(trailer);
  out.insert(out.end(), record.bytes().begin(), record.bytes().end());
}

void drop_unneeded(std::vector<NeededRecord>& records, Height ledger) {
  std::array<bool, 256> newer_seen{};
  std::set<Height> newer_of_height;
  const auto unneeded = [&](const NeededRecord& one) {
    const bool newest = !std::exchange(newer_seen[one.record.front()], true);
    const bool above = one.height && *one.height > ledger && newer_of_height.insert(*one.height).second;
    return !newest && !above;
  };
  std::vector<NeededRecord> kept;
  for (auto it = records.rbegin(); it != records.rend(); ++it) {
    if (!unneeded(*it)) kept.push_back(std::move(*it));
  }
  std::ranges::reverse(kept);
  records = std::move(kept);
}

Result<SafetyContents> read_safety_log(ByteSpan file, const SafetyLogIdentity& identity, std::size_t record_bytes_max) {
  const auto first = read_header(file, identity);
  if (!first) return first.error();
  SafetyContents contents{{}, *first, safety_header_size};
  while (contents.good_bytes < file.size()) {
    const std::size_t at = contents.good_bytes;
    const auto head = head_at(file, at);
    if (!head || head->sequence != contents.next_sequence || head->length > record_bytes_max ||
        !record_at(file, at, *head, head->length)) {
      if (!cut_short(file, at, contents.next_sequence)) {
        return Error{Errc::log_corrupt,
                     "the safety log is damaged before its tail: this node must not vote again in this epoch"};
      }
      break;
    }
    const auto payload = file.subspan(at + 16, head->length);
    contents.records.emplace_back(payload.begin(), payload.end());
    contents.good_bytes += safety_record_overhead + head->length;
    ++contents.next_sequence;
  }
  return contents;
}

}  // namespace assay::threshold
