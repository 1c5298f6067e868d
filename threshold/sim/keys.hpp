#pragma once
#include <map>
#include <vector>

#include "threshold/committee.hpp"

namespace assay::threshold::sim {

/// The keys of a simulated network, fixed by the size of its first committee: made once, then shared by all runs.
/// Immutable; any thread.
struct Keys {
  explicit Keys(Quorum quorum);

  Quorum quorum;
  std::vector<IdentityKey> identities;  ///< by member; of those too who join a committee three larger
  frost::Dealt first;
  /// The same group key dealt again, as a resharing would, to committees three smaller, as large, and three larger.
  std::map<std::uint16_t, frost::Dealt> renewed;
};

/// The committee of the first epoch.
Committee first_committee(const Keys& keys, const Signatures& signatures);
/// The one that follows `before` with these shares; `feeds_at_first`: of the network's first epoch.
Committee next_committee(const Keys& keys, const Committee& before, std::uint32_t feeds_at_first,
                         const frost::Dealt& dealt);

}  // namespace assay::threshold::sim
