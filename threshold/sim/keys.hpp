#pragma once
#include <vector>

#include "threshold/committee.hpp"

namespace assay::threshold::sim {

/// The keys of a simulated committee, fixed by its size: made once, then shared by all runs. Immutable; any thread.
struct Keys {
  explicit Keys(Quorum quorum);

  Quorum quorum;
  frost::GroupPublic group;
  std::vector<frost::SecretShare> shares;
  std::vector<IdentityKey> identities;

  Committee committee(const Signatures& signatures) const;
};

}  // namespace assay::threshold::sim
