#include "courtroom.hpp"

namespace assay::threshold::evidence {
namespace {

struct Proposals : Courtroom {
  std::vector<Bytes> bodies{observes(MemberIndex{0}, 100'000'000), observes(MemberIndex{1}, 100'000'010),
                            observes(MemberIndex{3}, 100'000'020)};
  PropMessage honest = proposal(bodies);

  WrongAggregate aggregate(const PropMessage& message) const { return {says(accused, message), {}, bodies}; }
  BadProposal alone(const PropMessage& message) const { return {says(accused, message)}; }
};

TEST_F(Proposals, an_honest_proposal_convicts_nobody) {
  expect_refused(aggregate(honest), Errc::bad_proof);
  expect_refused(alone(honest), Errc::bad_proof);
}

TEST_F(Proposals, a_price_that_does_not_follow_from_the_observations_convicts) {
  PropMessage lie = honest;
  lie.header.feeds_root.bytes[0] ^= 1;
  expect_conviction(aggregate(lie), Kind::wrong_aggregate);
}

TEST_F(Proposals, a_header_time_that_does_not_follow_convicts) {
  PropMessage lie = honest;
  lie.header.time.value += 1;
  expect_conviction(aggregate(lie), Kind::wrong_aggregate);
}

TEST_F(Proposals, a_listed_observation_that_its_author_never_signed_convicts) {
  Bytes forged = observes(MemberIndex{3}, 100'000'020);
  forged[60] ^= 1;  // of the signature
  bodies[2] = forged;
  PropMessage lie = honest;
  lie.observers[2].digest = merkle_leaf(forged);
  expect_conviction(aggregate(lie), Kind::wrong_aggregate);
}

TEST_F(Proposals, a_listed_observation_of_another_height_convicts) {
  bodies[2] = observes(MemberIndex{3}, 100'000'020, view, Height{2});
  PropMessage lie = honest;
  lie.observers[2].digest = merkle_leaf(bodies[2]);
  expect_conviction(aggregate(lie), Kind::wrong_aggregate);
}

TEST_F(Proposals, other_bodies_than_the_listed_ones_prove_nothing) {
  PropMessage lie = honest;
  lie.header.feeds_root.bytes[0] ^= 1;
  auto evidence = aggregate(lie);
  evidence.bodies[1] = observes(MemberIndex{1}, 99'000'000);
  expect_refused(evidence, Errc::bad_proof);
}

TEST_F(Proposals, other_leaves_than_those_of_the_tip_prove_nothing) {
  auto evidence = aggregate(honest);
  Leaf leaf;
  leaf.feed = policy.feeds[0].terms.id;
  leaf.height = Height{1};
  leaf.exponent = -4;
  leaf.status = Status::insufficient;
  evidence.previous = {leaf, leaf};
  expect_refused(evidence, Errc::bad_proof);
}

TEST_F(Proposals, a_reproposal_answers_for_no_aggregate_and_fits_its_mandate) {
  PropMessage again = honest;
  again.header.feeds_root.bytes[0] ^= 1;  // whatever it is, 2f+1 members have prepared it
  again.new_view = new_view(prepared(View{0}, height, header_hash(again.header), sha256(as_bytes("proposal"))));
  expect_refused(aggregate(again), Errc::bad_proof);
  expect_refused(alone(again), Errc::bad_proof);
}

/// Nodes above the inputs have the same root; 2f+1 names are asked of everybody, so that most such lists are none.
TEST_F(Proposals, a_reproposal_that_names_nodes_above_its_inputs_convicts) {
  PropMessage lie = honest;
  lie.new_view = new_view(prepared(View{0}, height, header_hash(lie.header), sha256(as_bytes("proposal"))));
  lie.observers = {{MemberIndex{0}, merkle_node(honest.observers[0].digest, honest.observers[1].digest)},
                   honest.observers[2]};
  expect_conviction(alone(lie), Kind::bad_proposal);
}

TEST_F(Proposals, another_batch_than_the_locked_one_convicts) {
  PropMessage lie = honest;
  lie.new_view = new_view(prepared(View{0}, height, sha256(as_bytes("locked")), sha256(as_bytes("proposal"))));
  expect_conviction(alone(lie), Kind::bad_proposal);
}

TEST_F(Proposals, a_lock_claim_without_its_proof_convicts) {
  PropMessage lie = honest;
  lie.new_view = new_view(prepared(View{0}, height, sha256(as_bytes("locked")), sha256(as_bytes("proposal"))));
  lie.new_view->lock.reset();
  expect_conviction(alone(lie), Kind::bad_proposal);
}

TEST_F(Proposals, a_summary_that_its_member_did_not_sign_convicts) {
  PropMessage lie = honest;
  lie.new_view->entries[0].summary.boot[3] ^= 1;
  expect_conviction(alone(lie), Kind::bad_proposal);
}

TEST_F(Proposals, a_new_view_with_commitments_that_are_no_points_convicts) {
  PropMessage lie = honest;
  VenterEntry& entry = lie.new_view->entries[2];
  entry.summary.commitment = frost::Commitment{};
  entry.signature = signature_of(says(entry.member, entry.summary));
  expect_conviction(alone(lie), Kind::bad_proposal);
}

TEST_F(Proposals, a_list_that_is_not_under_the_header_convicts) {
  PropMessage lie = honest;
  lie.observers[1].digest.bytes[5] ^= 1;
  expect_conviction(alone(lie), Kind::bad_proposal);
}

TEST_F(Proposals, a_header_that_does_not_extend_the_tip_beside_it_convicts) {
  PropMessage lie = honest;
  lie.header.prev_header_hash.bytes[0] ^= 1;
  expect_conviction(alone(lie), Kind::bad_proposal);
}

TEST_F(Proposals, a_tip_that_nobody_attested_convicts) {
  PropMessage lie = honest;
  lie.tip.header.height = Height{1};
  lie.header.height = Height{2};
  lie.header.prev_header_hash = header_hash(lie.tip.header);
  expect_conviction({BadProposal{says(accused, lie, view, Height{2})}}, Kind::bad_proposal);
}

TEST_F(Proposals, fewer_than_a_quorum_of_observations_convict) {
  PropMessage lie = honest;
  lie.observers.pop_back();
  lie.header.inputs_root = merkle_root(std::vector{lie.observers[0].digest, lie.observers[1].digest});
  expect_conviction(alone(lie), Kind::bad_proposal);
}

TEST_F(Proposals, a_proposal_by_a_member_that_does_not_lead_is_nobodys_business) {
  PropMessage lie = honest;
  lie.observers.clear();
  expect_refused(BadProposal{says(MemberIndex{2}, lie)}, Errc::not_leader);
}

TEST_F(Proposals, a_judge_with_another_network_file_convicts_nobody) {
  PropMessage lie = honest;
  lie.header.feeds_root.bytes[0] ^= 1;
  const auto kept = committee.config_digest;
  const Evidence evidence = aggregate(lie);
  committee.config_digest = sha256(as_bytes("other feeds"));
  expect_refused(evidence, Errc::wrong_network);
  expect_refused(alone(honest), Errc::wrong_network);
  committee.config_digest = kept;
}

TEST_F(Proposals, across_the_border_of_an_epoch_nobody_is_judged) {
  PropMessage first = honest;  // of this epoch, over the last batch of the one before
  first.tip.header.epoch = Epoch{4};
  first.header.prev_header_hash = header_hash(first.tip.header);
  expect_refused(alone(first), Errc::unsupported);
  expect_refused(aggregate(first), Errc::unsupported);
  PropMessage opening = honest;
  opening.new_view->tip.header.epoch = Epoch{4};
  expect_refused(alone(opening), Errc::unsupported);
}

TEST_F(Proposals, a_judge_of_another_epoch_convicts_nobody) {
  const Bytes bytes = encode(committee.cfg, aggregate(honest));
  EpochRecord record = committee.record;
  record.epoch = Epoch{6};
  const auto later = make_committee(record, "court", committee.config_digest);
  const auto verdict = verify_evidence({*later, policy}, bytes);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, Errc::wrong_committee);
}

}  // namespace
}  // namespace assay::threshold::evidence
