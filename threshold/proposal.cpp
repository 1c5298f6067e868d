#include "threshold/proposal.hpp"

#include <algorithm>

#include "aggregator/order_statistics.hpp"

namespace assay::threshold {
namespace {

bool within(WallTime a, WallTime b, Micros span) {
  const Micros apart = a - b;
  return apart <= span && apart >= Micros{-span.value};
}

std::optional<frost::Commitment> commitment_of(const Proposal& proposal, MemberIndex member) {
  if (proposal.origin == Origin::fresh) {
    for (const BodyRef& body : proposal.bodies) {
      if (body && body->member == member) return body->message.commitment;
    }
    return std::nullopt;
  }
  if (!proposal.message.new_view) return std::nullopt;
  for (const VenterEntry& entry : proposal.message.new_view->entries) {
    // The pair is bound to the height that its owner was working on.
    if (entry.member == member && entry.height == proposal.message.header.height) return entry.summary.commitment;
  }
  return std::nullopt;
}

/// The leaves before are those of another network file.
bool opens_epoch(const aggregator::AggregationPolicy& policy, std::span<const Leaf> leaves) {
  const auto same = [](const Leaf& leaf, const aggregator::FeedPolicy& feed) { return leaf.feed == feed.terms.id; };
  return !leaves.empty() && !std::equal(leaves.begin(), leaves.end(), policy.feeds.begin(), policy.feeds.end(), same);
}

}  // namespace

bool Proposal::complete() const {
  return std::all_of(bodies.begin(), bodies.end(), [](const BodyRef& body) { return body != nullptr; });
}

std::vector<Digest> Proposal::missing() const {
  std::vector<Digest> digests;
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    if (!bodies[i]) digests.push_back(message.observers[i].digest);
  }
  return digests;
}

Result<Recomputed> recompute(const aggregator::AggregationPolicy& policy, const Header& previous,
                             std::span<const Leaf> leaves, Quorum quorum, std::span<const BodyRef> bodies) {
  std::vector<Observation> observations;
  std::vector<Digest> inputs;
  for (const BodyRef& body : bodies) {
    observations.push_back(body->message.observation);
    inputs.push_back(body->digest);
  }
  std::vector<Leaf> carried;
  if (opens_epoch(policy, leaves)) leaves = carried = aggregator::carry_over(policy, leaves, previous.height);
  auto output = aggregator::aggregate(policy, aggregator::AggregateInput{.previous = previous,
                                                                         .previous_leaves = leaves,
                                                                         .observations = observations,
                                                                         .quorum = quorum.agree(),
                                                                         .faulty_max = quorum.f()});
  if (!output) return output.error();
  Recomputed mine{output->time, std::move(output->leaves), {}, merkle_root(inputs)};
  mine.feeds_root = merkle_root(leaf_hashes(mine.leaves));
  return mine;
}

std::optional<WallTime> drop_untimely(std::vector<BodyRef>& bodies, const Header& previous, Quorum quorum,
                                      Micros timely) {
  while (bodies.size() >= quorum.agree()) {
    std::vector<std::uint64_t> times;
    for (const BodyRef& body : bodies) times.push_back(body->message.observation.time.value);
    const WallTime time{std::max(aggregator::median(std::move(times)), previous.time.value + 1)};
    const auto far = std::find_if(bodies.begin(), bodies.end(), [&](const BodyRef& body) {
      return !within(body->message.observation.time, time, timely);
    });
    if (far == bodies.end()) return time;
    bodies.erase(far);
  }
  return std::nullopt;
}

Done check_list(const PropMessage& message, Quorum quorum) {
  if (message.observers.size() < quorum.agree()) {
    return Error{Errc::too_few_observations, "a proposal lists at least 2f+1 observations"};
  }
  std::vector<Digest> inputs;
  for (const Listed& listed : message.observers) inputs.push_back(listed.digest);
  if (merkle_root(inputs) != message.header.inputs_root) {
    return Error{Errc::wrong_aggregate, "the listed observations are not the inputs"};
  }
  return Ok{};
}

Done check_inputs(const Proposal& proposal, View view) {
  for (std::size_t i = 0; i < proposal.bodies.size(); ++i) {
    const Body& body = *proposal.bodies[i];
    if (body.member != proposal.message.observers[i].member) {
      return Error{Errc::unknown_member, "a listed observation has another author"};
    }
    if (body.view != view) return Error{Errc::wrong_view, "a listed observation is of another view"};
    if (body.height != proposal.message.header.height) {
      return Error{Errc::wrong_height, "a listed observation is of another height"};
    }
  }
  return Ok{};
}

Done check_recomputed(const Header& header, const Recomputed& mine) {
  const bool same = header.feeds_root == mine.feeds_root && header.inputs_root == mine.inputs_root;
  if (!same) return Error{Errc::wrong_aggregate, "recomputation gives other roots"};
  if (header.time != mine.time) return Error{Errc::wrong_aggregate, "recomputation gives another header time"};
  return Ok{};
}

Done check_times(const Proposal& proposal, const Header& previous, WallTime now, const Timing& timing) {
  const Header& header = proposal.message.header;
  if (header.time <= previous.time) return Error{Errc::untimely, "header time after the previous one"};
  if (!within(header.time, now, timing.timely)) return Error{Errc::untimely, "header time too far from my clock"};
  for (const BodyRef& body : proposal.bodies) {
    if (!within(body->message.observation.time, header.time, timing.timely)) {
      return Error{Errc::untimely, "an observation too far from the header time"};
    }
  }
  return Ok{};
}

Result<std::vector<frost::SignerCommitment>> signer_set(const Proposal& proposal, Quorum quorum) {
  const auto members = members_of(proposal.message.signers);
  std::vector<frost::SignerCommitment> signers;
  if (members.empty()) return signers;
  if (members.size() != quorum.signers()) return Error{Errc::bad_signer_set, "S has 2f+1 members"};
  for (const MemberIndex member : members) {
    const auto commitment = commitment_of(proposal, member);
    if (!commitment) return Error{Errc::bad_signer_set, "a signer without a commitment"};
    signers.push_back({member, *commitment});
  }
  return signers;
}

}  // namespace assay::threshold
