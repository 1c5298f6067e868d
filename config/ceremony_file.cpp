#include "config/ceremony_file.hpp"

#include <map>
#include <utility>

#include "config/files.hpp"
#include "config/scalars.hpp"
#include "core/bytes.hpp"

namespace assay::config {
namespace {

namespace ceremony = threshold::ceremony;

constexpr std::size_t hex_length_max = 16 * 1024;  // a proposal for 31 members has 8.5 KB of hex
constexpr std::int64_t parties_max = 62;
constexpr std::size_t address_length_max = 256;

Bytes hex_bytes(Section& section, std::string_view key) {
  auto bytes = from_hex(section.text(key, hex_length_max));
  if (bytes) return std::move(bytes).value();
  section.complain(key, "expected lower-case hex digits");
  return {};
}

template <std::size_t size>
std::array<std::uint8_t, size> exact_bytes(Section& section, std::string_view key) {
  const Bytes bytes = hex_bytes(section, key);
  std::array<std::uint8_t, size> out{};
  if (bytes.size() == size) {
    std::copy(bytes.begin(), bytes.end(), out.begin());
  } else {
    section.complain(key, "expected " + std::to_string(2 * size) + " lower-case hex digits");
  }
  return out;
}

std::string read_address(Section& section) {
  std::string address = section.text("address", address_length_max);
  if (!is_address(address)) section.complain("address", "expected host:port, got " + shown(address));
  return address;
}

MemberCard read_card(Section& root, Problems&) {
  MemberCard card;
  card.recipient.identity = root.public_key("identity");
  card.recipient.encryption_key = root.public_key("encryption_key").bytes;
  card.recipient.endorsement = Signature{exact_bytes<64>(root, "endorsement")};
  card.address = read_address(root);
  if (root.good() && !ceremony::check_endorsement(card.recipient)) {
    root.complain("endorsement", "expected the identity's signature of the encryption key: the card was changed");
  }
  return card;
}

std::string reason(const char* what, Error error) {
  return std::string(what) + ": " + std::string(name(error.code)) + ": expected " + error.detail;
}

/// By party; empty where none is given.
std::vector<std::string> read_addresses(Section& root, const ceremony::Terms& terms) {
  std::vector<std::string> out(terms.parties.size());
  for (Section& part : root.sections("addresses", {1, parties_max})) {
    const PublicKey identity = part.public_key("identity");
    std::string address = read_address(part);
    part.finish();
    const auto party = terms.party_of(identity);
    if (!part.good() || terms.parties.empty()) continue;
    if (!party) {
      part.complain("identity", "expected a party of the proposal");
    } else if (!out[*party].empty()) {
      part.complain("identity", "expected each party once");
    } else {
      out[*party] = std::move(address);
    }
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (root.good({"addresses"}) && out[i].empty()) {
      root.complain("addresses", "expected one for each party, none for " + to_hex(terms.parties[i].identity.bytes));
    }
  }
  return out;
}

CeremonyPlan read_ceremony(Section& root, Problems&) {
  CeremonyPlan plan;
  const Bytes signed_bytes = hex_bytes(root, "proposal");
  std::optional<threshold::EpochRecord> old;
  if (root.has("old_record")) {
    auto record = threshold::decode_epoch_record(hex_bytes(root, "old_record"));
    if (!record) root.complain("old_record", reason("not an epoch record", record.error()));
    if (record) old = std::move(record).value();
  }
  auto proposal = ceremony::decode_signed_proposal(signed_bytes);
  if (!proposal) {
    root.complain("proposal", reason("not a signed proposal", proposal.error()));
  } else {
    plan.proposal = std::move(proposal).value();
    auto terms = ceremony::make_terms(plan.proposal, std::move(old));
    if (!terms) root.complain("proposal", reason("cannot be carried out", terms.error()));
    if (terms) plan.terms = std::move(terms).value();
  }
  plan.addresses = read_addresses(root, plan.terms);
  return plan;
}

const char* kind_text(ceremony::Kind kind) {
  switch (kind) {
    case ceremony::Kind::fresh:
      return "a fresh key";
    case ceremony::Kind::reshare:
      return "the key handed on to another committee";
    case ceremony::Kind::refresh:
      return "fresh shares of the key for the same committee";
    case ceremony::Kind::repair:
      return "a member's lost share, from helpers";
  }
  return "";
}

}  // namespace

Loaded<MemberCard> parse_card(std::string_view text, const std::string& file_name) {
  return read_document<MemberCard>(text, file_name, read_card);
}

Loaded<MemberCard> load_card(const std::filesystem::path& file) {
  return read_file<MemberCard>(file, parse_card);
}

std::string emit_card(const MemberCard& card) {
  std::string out =
      "# Card of a member: public. Whoever proposes a key ceremony needs one of each member; compare the\n";
  out += "# identity over another channel before you rely on it.\n";
  out += "identity: " + to_hex(card.recipient.identity.bytes) + "\n";
  out += "encryption_key: " + to_hex(card.recipient.encryption_key) + "\n";
  out += "endorsement: " + to_hex(card.recipient.endorsement.bytes) + "\n";
  out += "address: \"" + card.address + "\"\n";
  return out;
}

Loaded<CeremonyPlan> parse_ceremony(std::string_view text, const std::string& file_name) {
  return read_document<CeremonyPlan>(text, file_name, read_ceremony);
}

Loaded<CeremonyPlan> load_ceremony(const std::filesystem::path& file) {
  return read_file<CeremonyPlan>(file, parse_ceremony);
}

std::string emit_ceremony(const CeremonyPlan& plan) {
  const auto& proposal = plan.terms.proposal;
  std::string out = "# Key ceremony: public, the same file for every party. The proposal says it all and is signed;\n";
  out += "# joining shows what is in it before it starts. It asks for " + std::string(kind_text(proposal.kind)) +
         ", network " + proposal.network + ".\n";
  out += "proposal: " + to_hex(encode(plan.proposal)) + "\n";
  if (plan.terms.old) out += "old_record: " + to_hex(encode(*plan.terms.old)) + "\n";
  out += "addresses:\n";
  for (std::size_t i = 0; i < plan.addresses.size(); ++i) {
    out += "  - {identity: " + to_hex(plan.terms.parties[i].identity.bytes) + ", address: \"" + plan.addresses[i] +
           "\"}\n";
  }
  return out;
}

}  // namespace assay::config
