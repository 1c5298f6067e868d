#pragma once
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/result.hpp"
#include "threshold/ceremony/board.hpp"
#include "threshold/ceremony/deal.hpp"
#include "threshold/ceremony/messages.hpp"
#include "threshold/ceremony/proposal.hpp"
#include "threshold/crypto/frost.hpp"

namespace assay::threshold::ceremony {

/// How much each dealer's polynomial counts: 1 when fresh, lambda_i at zero over exactly these dealers otherwise.
std::vector<frost::PublicScalar> dealer_weights(const Terms& terms);

/// The new epoch record that checked deals add up to.
///   deals  by dealer, each passed check_deal()
///   errors  bad_element: a key that is the identity; bad_share: another group key than the old one
///   cost  n = 31: 60 ms
Result<EpochRecord> assemble_record(const Terms& terms, std::span<const Deal> deals);

/// A member's share of it, from what it was dealt.
///   dealt  by dealer, each from open_share()
///   errors  bad_scalar: zero; bad_share: not the record's verifying share
Result<frost::SecretShare> assemble_share(const Terms& terms, std::span<const frost::SecretScalar> dealt,
                                          MemberIndex member, const EpochRecord& record);

/// Everything that follows from the deals, for one party.
struct Assembled {
  EpochRecord record;
  Confirm confirm;                                  ///< what a member will sign
  std::shared_ptr<const frost::SecretShare> share;  ///< null for a party that only deals
};

/// Nothing when a deal is missing, or when they do not add up: to the identity, which no single dealer can be shown to
/// have arranged.   cost  n = 31: 70 ms
std::optional<Assembled> assemble(const Terms& terms, const Board& board, const IdentityKey& identity);

}  // namespace assay::threshold::ceremony
