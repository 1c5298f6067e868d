#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/error.hpp"
#include "threshold/ceremony/proposal.hpp"

namespace assay::config {

/// The two public YAML files of key ceremonies. Readers behave as those of load.hpp do.

/// What a member tells the others about itself before a ceremony.
struct MemberCard {
  threshold::ceremony::Recipient recipient;
  std::string address;  ///< "host:port" where it listens during ceremonies
};

/// A card whose encryption key is endorsed by its identity.
Loaded<MemberCard> load_card(const std::filesystem::path& file);
Loaded<MemberCard> parse_card(std::string_view text, const std::string& file_name);
std::string emit_card(const MemberCard& card);

/// One ceremony, the same for every party.
struct CeremonyPlan {
  threshold::ceremony::SignedProposal proposal;
  threshold::ceremony::Terms terms;    ///< of this proposal
  std::vector<std::string> addresses;  ///< "host:port" by party
};

/// A proposal that may be carried out, and an address for each party.
Loaded<CeremonyPlan> load_ceremony(const std::filesystem::path& file);
Loaded<CeremonyPlan> parse_ceremony(std::string_view text, const std::string& file_name);
std::string emit_ceremony(const CeremonyPlan& plan);

}  // namespace assay::config
