#include "threshold/ceremony/proposal.hpp"

#include <gtest/gtest.h>

#include "committees.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/sealed_share.hpp"

namespace assay::threshold::ceremony {
namespace {

struct Fixture : testing::Test {
  std::vector<IdentityKey> keys = identities(4, 11);
  Errc refusal(const Proposal& proposal, std::optional<EpochRecord> old = std::nullopt) {
    const auto terms = make_terms(propose(proposal, keys[0]), std::move(old));
    return terms ? Errc{} : terms.error().code;
  }
  EpochRecord old_record() {
    SeededEntropy entropy(12);
    const auto dealt = frost::deal(4, 3, entropy);
    EpochRecord record{Epoch{3}, 2, 3, dealt->group.group_key, dealt->group.verifying_shares, {}};
    for (const auto& key : keys) record.identities.push_back(key.public_key());
    return record;
  }
};
using CeremonyProposal = Fixture;

TEST_F(CeremonyProposal, an_honest_one_is_accepted_and_everybody_is_a_party_once) {
  const auto terms = make_terms(propose(fresh_proposal(keys), keys[2]), std::nullopt);
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->parties.size(), 4U);
  EXPECT_EQ(terms->dealer_party(3), 3);
}

TEST_F(CeremonyProposal, those_who_leave_are_parties_behind_the_new_members) {
  auto record = old_record();
  auto others = identities(4, 13);
  const auto terms = make_terms(propose(next_proposal(Kind::reshare, record, others), others[0]), record);
  ASSERT_TRUE(terms);
  EXPECT_EQ(terms->parties.size(), 7U);
  EXPECT_EQ(terms->dealer_party(0), 4);
  EXPECT_FALSE(terms->parties[4].member.has_value());
}

TEST_F(CeremonyProposal, a_key_that_its_member_did_not_endorse_is_refused) {
  auto proposal = fresh_proposal(keys);
  SeededEntropy entropy(14);
  proposal.members[1].encryption_key = frost::EncryptionKey::generate(entropy).point();
  EXPECT_EQ(refusal(proposal), Errc::bad_signature);
}

TEST_F(CeremonyProposal, sizes_thresholds_and_dealers_are_checked) {
  auto proposal = fresh_proposal(keys);
  proposal.new_threshold = 2;
  EXPECT_EQ(refusal(proposal), Errc::out_of_range);
  proposal = fresh_proposal(keys);
  proposal.members.pop_back();
  EXPECT_EQ(refusal(proposal), Errc::out_of_range);
  proposal = fresh_proposal(keys);
  proposal.dealers = {MemberIndex{0}, MemberIndex{1}};
  EXPECT_EQ(refusal(proposal), Errc::out_of_range);
  proposal.dealers = {MemberIndex{0}, MemberIndex{1}, MemberIndex{1}};
  EXPECT_EQ(refusal(proposal), Errc::out_of_range);
  proposal.dealers = {MemberIndex{0}, MemberIndex{1}, MemberIndex{4}};
  EXPECT_EQ(refusal(proposal), Errc::out_of_range);
  proposal = fresh_proposal(keys);
  proposal.members[3] = proposal.members[0];
  EXPECT_EQ(refusal(proposal), Errc::duplicate);
  for (const char* name : {"", "Demo", "a b"}) {
    proposal = fresh_proposal(keys);
    proposal.network = name;
    EXPECT_EQ(refusal(proposal), Errc::out_of_range) << name;
    EXPECT_FALSE(decode_proposal(encode(proposal))) << name;
  }
  proposal = fresh_proposal(keys);
  proposal.old_threshold = 3;
  EXPECT_EQ(refusal(proposal), Errc::out_of_range);
}

TEST_F(CeremonyProposal, the_old_record_and_its_threshold_cannot_be_argued_down) {
  const auto record = old_record();
  EXPECT_EQ(refusal(next_proposal(Kind::refresh, record, keys), record), Errc{});
  auto proposal = next_proposal(Kind::refresh, record, keys);
  proposal.old_threshold = 2;
  proposal.dealers = first_members(2);
  EXPECT_EQ(refusal(proposal, record), Errc::out_of_range);
  proposal = next_proposal(Kind::refresh, record, keys);
  proposal.previous = {};
  EXPECT_EQ(refusal(proposal, record), Errc::wrong_committee);
  EXPECT_EQ(refusal(next_proposal(Kind::refresh, record, keys)), Errc::wrong_committee);
  EXPECT_EQ(refusal(fresh_proposal(keys), record), Errc::wrong_committee);
  proposal = next_proposal(Kind::refresh, record, keys);
  proposal.share_generation = record.share_generation;
  EXPECT_EQ(refusal(proposal, record), Errc::out_of_range);
}

TEST_F(CeremonyProposal, a_refresh_keeps_its_members) {
  const auto record = old_record();
  auto others = identities(4, 15);
  const auto terms = make_terms(propose(next_proposal(Kind::refresh, record, others), others[0]), record);
  EXPECT_EQ(terms.error().code, Errc::out_of_range);
}

TEST_F(CeremonyProposal, only_a_party_proposes_and_signs_what_it_proposes) {
  auto stranger = identities(1, 16);
  EXPECT_EQ(make_terms(propose(fresh_proposal(keys), stranger[0]), std::nullopt).error().code, Errc::unknown_member);
  auto changed = propose(fresh_proposal(keys), keys[0]);
  changed.proposal.salt[1] = 1;
  EXPECT_EQ(make_terms(changed, std::nullopt).error().code, Errc::bad_signature);
}

TEST_F(CeremonyProposal, survives_its_encoding_and_no_prefix_of_it_does) {
  const Bytes bytes = encode(propose(fresh_proposal(keys), keys[0]));
  const auto decoded = decode_signed_proposal(bytes);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->proposal, fresh_proposal(keys));
  EXPECT_EQ(encode(*decoded), bytes);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(decode_signed_proposal(ByteSpan(bytes).first(length)));
  }
}

}  // namespace
}  // namespace assay::threshold::ceremony
