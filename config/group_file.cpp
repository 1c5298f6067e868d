#include <algorithm>

#include "config/files.hpp"
#include "config/load.hpp"
#include "core/observation.hpp"

namespace assay::config {
namespace {

using threshold::EpochRecord;
using threshold::Succession;

constexpr std::size_t members_max = 31;

EpochRecord read_record(Section& root) {
  EpochRecord out;
  out.epoch = Epoch{static_cast<std::uint32_t>(root.integer("epoch", {0, 0xffff'ffff}))};
  out.share_generation = static_cast<std::uint32_t>(root.integer("share_generation", {0, 0xffff'ffff}));
  out.threshold = static_cast<std::uint16_t>(root.integer("threshold", {3, 21}));
  out.group_key = root.public_key("group_key");
  out.verifying_shares = root.public_keys("verifying_shares", members_max);
  out.identities = root.public_keys("identities", members_max);
  const auto quorum = threshold::Quorum::of(static_cast<std::uint32_t>(out.identities.size()));
  if (!quorum) {
    root.complain("identities", threshold::size_problem(out.identities.size()));
  }
  if (root.good({"identities"}) && out.verifying_shares.size() != out.identities.size()) {
    root.complain("verifying_shares", "expected one per identity, got " + std::to_string(out.verifying_shares.size()));
  }
  if (quorum && out.threshold != quorum.value().agree()) {
    root.complain("threshold", "expected 2f+1 = " + std::to_string(quorum.value().agree()));
  }
  return out;
}

void list_keys(std::string& out, const std::string& margin, const char* key, const std::vector<PublicKey>& keys) {
  out += margin + key + ":\n";
  for (const PublicKey& each : keys) out += margin + "  - " + to_hex(each.bytes) + "\n";
}

std::string emit_record(const EpochRecord& record, const std::string& margin) {
  std::string out = margin + "epoch: " + std::to_string(record.epoch.value) + "\n";
  out += margin + "share_generation: " + std::to_string(record.share_generation) + "\n";
  out += margin + "threshold: " + std::to_string(record.threshold) + "\n";
  out += margin + "group_key: " + to_hex(record.group_key.bytes) + "\n";
  list_keys(out, margin, "verifying_shares", record.verifying_shares);
  list_keys(out, margin, "identities", record.identities);
  return out;
}

Signature read_signature(Section& section) {
  Signature signature;
  const std::string text = section.text("signature", 2 * signature.bytes.size());
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != signature.bytes.size()) {
    section.complain("signature", "expected 128 lower-case hex digits");
    return signature;
  }
  std::copy(bytes->begin(), bytes->end(), signature.bytes.begin());
  return signature;
}

Succession read_succession(Section& root, Problems&) {
  Succession out;
  out.network = NetworkId{Digest{root.public_key("network_id").bytes}};
  Section genesis = root.section("genesis");
  out.genesis.epoch = Epoch{static_cast<std::uint32_t>(genesis.integer("epoch", {0, 0xffff'ffff}))};
  out.genesis.config_digest = Digest{genesis.public_key("config_digest").bytes};
  out.genesis.feed_count = static_cast<std::uint32_t>(genesis.integer("feed_count", {1, feed_count_max}));
  genesis.finish();
  out.config_digest = Digest{root.public_key("config_digest").bytes};
  Section before = root.section("before");
  out.before = read_record(before);
  before.finish();
  Section after = root.section("after");
  out.after = read_record(after);
  const auto misplaced = threshold::out_of_order(out.before.identities, out.after.identities);
  if (misplaced && before.good({"identities"}) && after.good({"identities"})) {
    after.complain("identities",
                   "expected members that stay in the order of `before`, and those that join after "
                   "them; entry " +
                       std::to_string(*misplaced + 1) + " is not");
  }
  after.finish();
  for (Section& section : root.sections("endorsements", {0, 2 * members_max})) {
    const PublicKey identity = section.public_key("identity");
    out.endorsements.push_back({identity, read_signature(section)});
    section.finish();
  }
  return out;
}

}  // namespace

Loaded<EpochRecord> parse_group(std::string_view text, const std::string& file_name) {
  return read_document<EpochRecord>(text, file_name, [](Section& root, Problems&) { return read_record(root); });
}

Loaded<EpochRecord> load_group(const std::filesystem::path& file) {
  return read_file<EpochRecord>(file, parse_group);
}

std::string emit_group(const EpochRecord& record) {
  return "# Epoch record: who may sign. Public, the same for all members; written by key generation.\n" +
         emit_record(record, "");
}

Done write_group(const std::filesystem::path& file, const EpochRecord& record) {
  return write_text(file, emit_group(record));
}

Loaded<Succession> parse_succession(std::string_view text, const std::string& file_name) {
  return read_document<Succession>(text, file_name, read_succession);
}

Loaded<Succession> load_succession(const std::filesystem::path& file) {
  return read_file<Succession>(file, parse_succession);
}

std::string emit_succession(const Succession& succession) {
  std::string out = "# How one epoch follows another. Public; members endorse it with `assay epoch sign`.\n";
  out += "network_id: " + to_hex(succession.network.value.bytes) + "\n";
  out += "genesis:\n  epoch: " + std::to_string(succession.genesis.epoch.value) + "\n";
  out += "  config_digest: " + to_hex(succession.genesis.config_digest.bytes) + "\n";
  out += "  feed_count: " + std::to_string(succession.genesis.feed_count) + "\n";
  out += "config_digest: " + to_hex(succession.config_digest.bytes) + "\n";
  out += "before:\n" + emit_record(succession.before, "  ");
  out += "after:\n" + emit_record(succession.after, "  ");
  out += succession.endorsements.empty() ? "endorsements: []\n" : "endorsements:\n";
  for (const auto& one : succession.endorsements) {
    out += "  - identity: " + to_hex(one.identity.bytes) + "\n    signature: " + to_hex(one.signature.bytes) + "\n";
  }
  return out;
}

}  // namespace assay::config
