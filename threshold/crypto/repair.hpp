#pragma once
#include <span>
#include <vector>

#include "core/entropy.hpp"
#include "core/result.hpp"
#include "threshold/crypto/frost.hpp"

namespace assay::threshold::frost {

/// Giving a member its lost share back, without anybody learning it or another one (the repairable threshold scheme of
/// Stinson and Wei, as frost-rs has it). With helpers H, t or more: helper i splits lambda_i(lost) * s_i into one delta
/// for each helper; helper j adds up the deltas that it got to its sigma; the lost share is the sum of the sigmas.
/// Deltas and sigmas travel sealed: t deltas of one helper, or all sigmas, are a share.

/// One delta for each helper, same order.
///   helpers  ascending, distinct; share's holder is one of them
///   errors  bad_signer_set: fewer than group.threshold, not ascending, not members, without me, or with the lost one
///   cost  40 us
Result<std::vector<SecretScalar>> repair_deltas(const GroupPublic& group, const SecretShare& share,
                                                std::span<const MemberIndex> helpers, MemberIndex lost,
                                                Entropy& entropy);

/// What a helper passes on: the sum of the deltas that every helper, itself included, has for it.
SecretScalar repair_sigma(std::span<const SecretScalar> deltas);

/// The lost share, from the sigma of every helper.
///   errors  bad_share: not the one of the group's verifying share, so somebody lied;  bad_scalar: zero;  out_of_range
Result<SecretShare> repair_share(const GroupPublic& group, std::span<const SecretScalar> sigmas, MemberIndex lost);

}  // namespace assay::threshold::frost
