#pragma once
#include <optional>
#include <span>
#include <vector>

#include "aggregator/aggregate.hpp"
#include "threshold/chain.hpp"
#include "threshold/observations.hpp"
#include "threshold/view_change.hpp"

namespace assay::threshold {

/// Fresh: made in this view from its observations.  locked: a re-proposal, header bytes verbatim, voted for without the
/// checks of inputs, recomputation and time: 2f+1 members made them before.
enum class Origin : std::uint8_t { fresh, locked };

/// A proposal of my view at my working height, with what I know of its inputs.
struct Proposal {
  PropMessage message;
  Digest digest;       ///< P
  Digest header_hash;  ///< D
  SharedBytes frame;
  Origin origin{};
  std::vector<BodyRef> bodies;              ///< one per listed observer; null while missing
  std::optional<std::vector<Leaf>> leaves;  ///< recomputed here, equal to the header's root

  bool complete() const;
  /// Digests of the bodies that I lack.
  std::vector<Digest> missing() const;
};

/// Reads the inputs in a proposal's order and recomputes; nothing but its arguments decides.
///   previous, leaves  the tip that it extends
struct Recomputed {
  WallTime time;
  std::vector<Leaf> leaves;
  Digest feeds_root;
  Digest inputs_root;
};
Result<Recomputed> recompute(const aggregator::AggregationPolicy& policy, const Header& previous,
                             std::span<const Leaf> leaves, Quorum quorum, std::span<const BodyRef> bodies);

/// The header time that `recompute` will give, from the times alone: what costs nothing is looked at first. Drops, one
/// by one, the observations that are too far from it.   returns  nothing when fewer than 2f+1 are left
std::optional<WallTime> drop_untimely(std::vector<BodyRef>& bodies, const Header& previous, Quorum quorum,
                                      Micros timely);

// The checks before a vote, by their numbers in docs/agreement.md.

/// 5, of a re-proposal too: at least 2f+1 names that lead to the header's inputs_root. Where
/// more are listed, nodes higher in their tree lead there as well: only who holds the inputs can tell.
///   errors  too_few_observations, wrong_aggregate
Done check_list(const PropMessage& message, Quorum quorum);
/// 6, once the bodies are here: each is of this (view, height) and of its listed author.
///   errors  unknown_member, wrong_view, wrong_height
Done check_inputs(const Proposal& proposal, View view);
/// 7: the recomputed bytes are the header's.   errors  wrong_aggregate
Done check_recomputed(const Header& header, const Recomputed& mine);
/// 8: after the previous header, near my clock, and each observation near the header.   errors  untimely
Done check_times(const Proposal& proposal, const Header& previous, WallTime now, const Timing& timing);
/// 10: S is 2f+1 members with commitments of their own, or empty (attempt 0 is skipped).
///   errors  bad_signer_set
Result<std::vector<frost::SignerCommitment>> signer_set(const Proposal& proposal, Quorum quorum);

}  // namespace assay::threshold
