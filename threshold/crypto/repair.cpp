#include "threshold/crypto/repair.hpp"

#include <algorithm>

namespace assay::threshold::frost {

Result<std::vector<SecretScalar>> repair_deltas(const GroupPublic& group, const SecretShare& share,
                                                std::span<const MemberIndex> helpers, MemberIndex lost,
                                                Entropy& entropy) {
  const auto members = group.verifying_shares.size();
  const auto unordered = [](MemberIndex a, MemberIndex b) { return !(a < b); };
  if (helpers.size() < group.threshold || lost.value >= members) {
    return Error{Errc::bad_signer_set, "threshold or more helpers, for a member"};
  }
  if (std::ranges::adjacent_find(helpers, unordered) != helpers.end() || helpers.back().value >= members) {
    return Error{Errc::bad_signer_set, "helpers are members, ascending"};
  }
  const auto mine = std::ranges::find(helpers, share.member());
  if (mine == helpers.end() || std::ranges::find(helpers, lost) != helpers.end()) {
    return Error{Errc::bad_signer_set, "I am one of the helpers, the lost one is none"};
  }
  std::vector<std::uint16_t> identifiers;
  for (const MemberIndex helper : helpers) identifiers.push_back(static_cast<std::uint16_t>(helper.value + 1));
  const auto lambdas = lagrange_at(static_cast<std::uint16_t>(lost.value + 1), identifiers);

  // Random deltas, and a last one that makes the sum right.
  std::vector<SecretScalar> deltas;
  for (std::size_t i = 0; i + 1 < helpers.size(); ++i) deltas.push_back(SecretScalar::draw(entropy));
  SecretScalar last = SecretScalar::zero();
  last.add_product(lambdas[static_cast<std::size_t>(mine - helpers.begin())], share.scalar());
  last.add_product(negate(scalar_of(1)), sum_of(deltas));
  deltas.push_back(std::move(last));
  return deltas;
}

SecretScalar repair_sigma(std::span<const SecretScalar> deltas) {
  return sum_of(deltas);
}

Result<SecretShare> repair_share(const GroupPublic& group, std::span<const SecretScalar> sigmas, MemberIndex lost) {
  if (lost.value >= group.verifying_shares.size()) return Error{Errc::out_of_range, "the lost one is a member"};
  auto share = SecretShare::of(lost, sum_of(sigmas));
  if (!share) return share.error();
  if (share->verifying_share() != group.verifying_shares[lost.value]) {
    return Error{Errc::bad_share, "the sigmas sum to the share of this verifying share"};
  }
  return share;
}

}  // namespace assay::threshold::frost
