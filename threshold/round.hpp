#pragma once
#include <map>
#include <optional>

#include "threshold/proposal.hpp"

namespace assay::threshold {

/// Propose and prepare at one (view, height): the leader's proposal, the votes for it, and my own vote.
class Round {
 public:
  /// The leader said this in the present (view, height); another digest later is equivocation.
  Added see_proposal(const Digest& digest);
  bool seen() const { return seen_.has_value(); }
  bool seen_other_than(const Digest& digest) const { return seen_ && *seen_ != digest; }
  std::optional<Proposal> proposal;

  Added add_vote(MemberIndex member, const PrepMessage& vote, const Signature& signature);
  /// 2f+1 votes for my proposal, by ascending member.
  std::optional<PrepareCertificate> certificate(View view, Height height, Quorum quorum) const;
  /// A certificate that came in a SIGNREQ, already verified.
  void adopt(PrepareCertificate certificate) { adopted_ = std::move(certificate); }

  bool voted = false;        ///< my PREP is out, or my clock refused: not asked again
  bool refused = false;      ///< recomputation gave something else: neither vote nor lock
  bool lock_issued = false;  ///< LOCK record on its way to the disk
  bool locked = false;       ///< LOCK record durable in this view: shares may leave

 private:
  struct Vote {
    PrepMessage message;
    Signature signature;
  };
  std::optional<Digest> seen_;
  std::map<MemberIndex, Vote> votes_;
  std::optional<PrepareCertificate> adopted_;
};

}  // namespace assay::threshold
