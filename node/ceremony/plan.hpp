#pragma once
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "config/ceremony_file.hpp"
#include "core/entropy.hpp"
#include "node/failure.hpp"

namespace assay::node {

/// What somebody wants to propose.
struct CeremonyWish {
  std::string network;                        ///< its name
  std::vector<config::MemberCard> members;    ///< the new committee, in order
  std::optional<threshold::EpochRecord> old;  ///< the running key; nothing for a fresh one
  std::vector<config::MemberCard> leaving;    ///< of the old committee only, to deal before they go
  std::vector<MemberIndex> excluded;          ///< do not deal: of the old committee, or of the new one when fresh
};

/// A signed proposal by `proposer`, one of the parties. When fresh, every member deals that is not excluded; else the
/// first threshold of the old members that have a card here. Epoch 0 and share generation 1 when fresh, else one more
/// than the old ones.   errors  in words that name the option
std::variant<config::CeremonyPlan, Failure> plan_ceremony(const CeremonyWish& wish,
                                                          const threshold::IdentityKey& proposer, Entropy& entropy);

/// A repair of the share of `lost`, by the first threshold of these helpers. network is the name.
std::variant<config::CeremonyPlan, Failure> plan_repair(const std::string& network,
                                                        const threshold::EpochRecord& record,
                                                        const config::MemberCard& lost,
                                                        std::vector<config::MemberCard> helpers,
                                                        const threshold::IdentityKey& proposer, Entropy& entropy);

}  // namespace assay::node
