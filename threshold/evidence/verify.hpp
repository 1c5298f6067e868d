#pragma once
#include <optional>

#include "threshold/ceremony/proposal.hpp"
#include "threshold/evidence/judge.hpp"

namespace assay::threshold::evidence {

/// The whole question that `assay evidence verify` answers: bytes from anybody, a verdict that is the same for
/// everybody. A ceremony's culprit is named by its index in `network`'s committee; the epoch is the one that the
/// ceremony was for.
///   errors  of decode() and judge(); wrong_committee: evidence of another epoch or network; unknown_member: a culprit
///   of a ceremony who is no member of this committee; those of ceremony::make_terms and ceremony::judge cost  that of
///   judge(); a ceremony of n = 31 under 20 ms;  pure, any thread
Result<Verdict> verify_evidence(const PublicNetwork& network, ByteSpan bytes);

/// Makes a ceremony's proof leave the ceremony: with the terms that it is judged by.
///   old      the record that the proposal names, none when fresh
///   outcome  the new record, for a bad test share; else none
///   proof    ceremony::encode(ceremony::Evidence), as a Blame holds it
Bytes ceremony_evidence(const ceremony::SignedProposal& proposal, const std::optional<EpochRecord>& old,
                        const std::optional<EpochRecord>& outcome, ByteSpan proof);

}  // namespace assay::threshold::evidence
