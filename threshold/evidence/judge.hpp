#pragma once
#include "aggregator/policy.hpp"
#include "core/result.hpp"
#include "threshold/committee.hpp"
#include "threshold/evidence/evidence.hpp"

namespace assay::threshold::evidence {

/// Everything that a judge knows beside the evidence: what the network file and the group file say, all public.
/// Borrowed.
struct PublicNetwork {
  const Committee& committee;
  const aggregator::AggregationPolicy& policy;

  Limits limits() const { return {committee.quorum, static_cast<std::uint32_t>(policy.feeds.size())}; }
};

/// Who is convicted of what; the same for everybody who judges. Whatever an honest member may ever sign, also one that
/// was cut off, misled by a leader, or restarted behind its fence, convicts nobody: a share is judged only against the
/// session that its author signed, a proposal only by what it carries, and what depends on the network file only
/// when the accused itself signed that file's config digest. Of ceremonies, see verify_evidence().
///   errors  everything that is no conviction: wrong_committee, bad_signature, malformed (messages that do not make
///           such a case), bad_proof (a case in which nothing is wrong), wrong_network (another network file than the
///           accused's), unsupported (a ceremony; a tip of another epoch)
///   cost  at most: 2 signatures a member and one aggregation;  pure, any thread
Result<Verdict> judge(const PublicNetwork& network, const Evidence& evidence);

}  // namespace assay::threshold::evidence
