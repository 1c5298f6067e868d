#include "config/files.hpp"
#include "config/load.hpp"

namespace assay::config {
namespace {

using threshold::EpochRecord;

constexpr std::size_t members_max = 31;

EpochRecord read_record(Section& root, Problems&) {
  EpochRecord out;
  out.epoch = Epoch{static_cast<std::uint32_t>(root.integer("epoch", {0, 0xffff'ffff}))};
  out.share_generation = static_cast<std::uint32_t>(root.integer("share_generation", {0, 0xffff'ffff}));
  out.threshold = static_cast<std::uint16_t>(root.integer("threshold", {3, 21}));
  out.group_key = root.public_key("group_key");
  out.verifying_shares = root.public_keys("verifying_shares", members_max);
  out.identities = root.public_keys("identities", members_max);
  const auto quorum = threshold::Quorum::of(static_cast<std::uint32_t>(out.identities.size()));
  if (!quorum) {
    root.complain("identities", "expected 3f+1 keys, got " + std::to_string(out.identities.size()));
  }
  if (root.good({"identities"}) && out.verifying_shares.size() != out.identities.size()) {
    root.complain("verifying_shares", "expected one per identity, got " + std::to_string(out.verifying_shares.size()));
  }
  if (quorum && out.threshold != quorum.value().agree()) {
    root.complain("threshold", "expected 2f+1 = " + std::to_string(quorum.value().agree()));
  }
  return out;
}

void list_keys(std::string& out, const char* key, const std::vector<PublicKey>& keys) {
  out += std::string(key) + ":\n";
  for (const PublicKey& each : keys) out += "  - " + to_hex(each.bytes) + "\n";
}

}  // namespace

Loaded<EpochRecord> parse_group(std::string_view text, const std::string& file_name) {
  return read_document<EpochRecord>(text, file_name, read_record);
}

Loaded<EpochRecord> load_group(const std::filesystem::path& file) {
  return read_file<EpochRecord>(file, parse_group);
}

std::string emit_group(const EpochRecord& record) {
  std::string out = "# Epoch record: who may sign. Public, the same for all members; written by key generation.\n";
  out += "epoch: " + std::to_string(record.epoch.value) + "\n";
  out += "share_generation: " + std::to_string(record.share_generation) + "\n";
  out += "threshold: " + std::to_string(record.threshold) + "\n";
  out += "group_key: " + to_hex(record.group_key.bytes) + "\n";
  list_keys(out, "verifying_shares", record.verifying_shares);
  list_keys(out, "identities", record.identities);
  return out;
}

Done write_group(const std::filesystem::path& file, const EpochRecord& record) {
  return write_text(file, emit_group(record));
}

}  // namespace assay::config
