#include "threshold/committee.hpp"

#include <algorithm>

namespace assay::threshold {
namespace {

constexpr std::uint32_t faulty_limit = 10;
constexpr std::size_t smallest = 4;
constexpr std::size_t largest = 3 * faulty_limit + 1;

}  // namespace

Result<Quorum> Quorum::of(std::uint32_t members) {
  if (members < smallest || members > largest || (members - 1) % 3 != 0) {
    return Error{Errc::out_of_range, "a committee has 4, 7, 10, ... or 31 members"};
  }
  return Quorum{.n = static_cast<std::uint16_t>(members)};
}

std::string size_problem(std::size_t members) {
  const std::size_t below = (std::clamp(members, smallest, largest - 3) - 1) / 3 * 3 + 1;
  return "expected 3f+1 members, at most " + std::to_string(largest) + ": the nearest sizes are " +
         std::to_string(below) + " and " + std::to_string(below + 3) + ", got " + std::to_string(members);
}

Bytes encode(const EpochRecord& record) {
  ByteWriter out(12 + 32 + 32 * (record.verifying_shares.size() + record.identities.size()));
  out.u32(record.epoch.value).u32(record.share_generation).u16(record.threshold);
  out.u16(static_cast<std::uint16_t>(record.identities.size())).raw(record.group_key.bytes);
  for (const PublicKey& share : record.verifying_shares) out.raw(share.bytes);
  for (const PublicKey& identity : record.identities) out.raw(identity.bytes);
  return std::move(out).take();
}

Result<EpochRecord> decode_epoch_record(ByteSpan bytes) {
  ByteReader in(bytes);
  EpochRecord record;
  record.epoch = Epoch{in.u32()};
  record.share_generation = in.u32();
  record.threshold = in.u16();
  const std::uint16_t members = in.u16();
  record.group_key = PublicKey{in.array<32>()};
  if (!in.ok()) return in.error();
  const auto quorum = Quorum::of(members);
  if (!quorum) return quorum.error();
  if (record.threshold != quorum->agree()) return Error{Errc::out_of_range, "threshold is 2f+1"};
  for (std::uint16_t i = 0; i < members; ++i) record.verifying_shares.push_back(PublicKey{in.array<32>()});
  for (std::uint16_t i = 0; i < members; ++i) record.identities.push_back(PublicKey{in.array<32>()});
  if (const auto done = in.done(); !done) return done.error();
  return record;
}

Digest epoch_record_digest(const EpochRecord& record) {
  return tagged_sha256("assay/epoch/v1", {encode(record)});
}

NetworkId network_id(const PublicKey& group_key, std::string_view network_name) {
  return NetworkId{tagged_sha256("assay/network/v1", {group_key.bytes, as_bytes(network_name)})};
}

Result<Committee> make_committee(EpochRecord record, std::string_view network_name, const Digest& config_digest) {
  const auto quorum = Quorum::of(static_cast<std::uint32_t>(record.identities.size()));
  if (!quorum) return quorum.error();
  if (record.verifying_shares.size() != record.identities.size()) {
    return Error{Errc::out_of_range, "one verifying share for each identity"};
  }
  if (record.threshold != quorum->agree()) return Error{Errc::out_of_range, "threshold is 2f+1"};
  Committee committee{.quorum = *quorum,
                      .network = network_id(record.group_key, network_name),
                      .epoch = record.epoch,
                      .config_digest = config_digest,
                      .cfg = {},
                      .record = {},
                      .descent = {},
                      .begins = {},
                      .signatures = &Signatures::ed25519()};
  committee.record = std::move(record);
  ByteWriter scope(68);
  scope.digest(committee.network.value).u32(committee.epoch.value).digest(epoch_record_digest(committee.record));
  committee.cfg = tagged_sha256("assay/cfg/v1", {scope.bytes()});
  return committee;
}

}  // namespace assay::threshold
