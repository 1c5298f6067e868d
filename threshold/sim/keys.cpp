#include "threshold/sim/keys.hpp"

#include "core/check.hpp"
#include "threshold/sim/chance.hpp"

namespace assay::threshold::sim {

Keys::Keys(Quorum of) : quorum(of) {
  RepeatableEntropy entropy(0xA55A'0000U + of.n);
  auto dealt = frost::deal(of.n, of.agree(), entropy);
  check(static_cast<bool>(dealt), "the dealer deals to 2f+1 of 3f+1");
  group = std::move(dealt->group);
  shares = std::move(dealt->shares);
  for (std::uint16_t i = 0; i < of.n; ++i) identities.push_back(IdentityKey::generate(entropy));
}

Committee Keys::committee(const Signatures& signatures) const {
  EpochRecord record{.epoch = Epoch{0},
                     .share_generation = 0,
                     .threshold = quorum.agree(),
                     .group_key = group.group_key,
                     .verifying_shares = group.verifying_shares,
                     .identities = {}};
  for (const IdentityKey& identity : identities) record.identities.push_back(identity.public_key());
  auto made = make_committee(std::move(record), "simulation", sha256(as_bytes("simulation")));
  check(static_cast<bool>(made), "a committee of 3f+1");
  made->signatures = &signatures;
  return std::move(made).value();
}

}  // namespace assay::threshold::sim
