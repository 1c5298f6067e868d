#include <gtest/gtest.h>

#include "tests/unit/threshold/ceremony/committees.hpp"
#include "tests/unit/threshold/protocol/cluster.hpp"
#include "threshold/ceremony/evidence.hpp"
#include "threshold/evidence/verify.hpp"

namespace assay::threshold::evidence {
namespace {

namespace cer = ceremony;

/// A fresh ceremony of four, judged by who knows a committee of three of them and a stranger.
struct OutOfTheCeremony : testing::Test {
  static constexpr std::uint16_t liar = 2;

  OutOfTheCeremony() {
    SeededEntropy entropy(5);
    auto dealt = frost::deal(4, 3, entropy);
    EpochRecord record{.epoch = Epoch{4},
                       .share_generation = 1,
                       .threshold = 3,
                       .group_key = dealt->group.group_key,
                       .verifying_shares = dealt->group.verifying_shares,
                       .identities = {}};
    const auto strangers = cer::identities(1, 99);
    for (const std::uint16_t i : {std::uint16_t{3}, std::uint16_t{2}, std::uint16_t{0}})
      record.identities.push_back(keys[i].public_key());
    record.identities.push_back(strangers[0].public_key());
    committee = *make_committee(record, "ceremony", {});
  }

  Bytes frame(std::uint16_t party, cer::MessageType type, ByteSpan payload) const {
    return cer::seal(terms, keys[party], {type, party, 0}, payload);
  }
  cer::Evidence two_confirmations(std::uint16_t party) const {
    cer::Equivocation twice{{cer::MessageType::confirm, party, 0}, {}, {}};
    for (auto* half : {&twice.first, &twice.second}) {
      const cer::Confirm said{sha256(as_bytes(half == &twice.first ? "a" : "b")), {}};
      const Bytes bytes = frame(party, cer::MessageType::confirm, cer::encode(said));
      *half = {sha256(cer::encode(said)), cer::open_frame(terms, bytes)->signature};
    }
    return twice;
  }
  Bytes taken_out(const cer::Evidence& proof, const std::optional<EpochRecord>& outcome = std::nullopt) const {
    return ceremony_evidence(proposal, std::nullopt, outcome, cer::encode(proof));
  }

  std::vector<IdentityKey> keys = cer::identities(4, 51);
  cer::SignedProposal proposal = cer::propose(cer::fresh_proposal(keys), keys[0]);
  cer::Terms terms = *cer::make_terms(proposal, std::nullopt);
  aggregator::AggregationPolicy policy = test_policy(2);
  Committee committee;
};

TEST_F(OutOfTheCeremony, its_proofs_convict_by_themselves_and_name_the_member_of_this_committee) {
  const Bytes bytes = taken_out(two_confirmations(liar));
  const auto verdict = verify_evidence({committee, policy}, bytes);
  ASSERT_TRUE(verdict) << verdict.error().detail;
  EXPECT_EQ(verdict->kind, Kind::ceremony);
  EXPECT_EQ(verdict->member, MemberIndex{1});
  EXPECT_EQ(verdict->identity, keys[liar].public_key());
  EXPECT_EQ(verdict->epoch, Epoch{1});
  EXPECT_STREQ(verdict->what, "equivocation");
}

TEST_F(OutOfTheCeremony, no_changed_byte_convicts) {
  Bytes bytes = taken_out(two_confirmations(liar));
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] ^= 1;
    EXPECT_FALSE(verify_evidence({committee, policy}, bytes)) << "byte " << i;
    bytes[i] ^= 1;
  }
}

TEST_F(OutOfTheCeremony, a_deal_that_is_none_convicts_its_dealer) {
  const Bytes deal = frame(liar, cer::MessageType::deal, as_bytes("no deal"));
  const auto verdict = verify_evidence({committee, policy}, taken_out(cer::InvalidFrame{deal}));
  ASSERT_TRUE(verdict) << verdict.error().detail;
  EXPECT_STREQ(verdict->what, "bad_deal");
}

TEST_F(OutOfTheCeremony, a_false_complaint_convicts_the_complainer) {
  SeededEntropy entropy(6);
  const Bytes deal = frame(0, cer::MessageType::deal, cer::encode(cer::make_deal(terms, 0, nullptr, entropy)));
  cer::Complaint complaint{deal, {}, {}};
  complaint.shared_point = keys[0].public_key().bytes;
  const Bytes bytes = frame(liar, cer::MessageType::complaint, cer::encode(complaint));
  const auto verdict = verify_evidence({committee, policy}, taken_out(cer::ComplaintMade{bytes}));
  ASSERT_TRUE(verdict) << verdict.error().detail;
  EXPECT_STREQ(verdict->what, "false_complaint");
  EXPECT_EQ(verdict->identity, keys[liar].public_key());
}

TEST_F(OutOfTheCeremony, a_culprit_outside_the_committee_is_not_its_business) {
  const auto verdict = verify_evidence({committee, policy}, taken_out(two_confirmations(1)));
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, Errc::unknown_member);
}

TEST_F(OutOfTheCeremony, an_outcome_that_nothing_is_judged_by_is_refused) {
  const auto verdict = verify_evidence({committee, policy}, taken_out(two_confirmations(liar), committee.record));
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().code, Errc::not_canonical);
}

TEST_F(OutOfTheCeremony, an_honest_deal_convicts_nobody) {
  SeededEntropy entropy(6);
  const Bytes deal = frame(0, cer::MessageType::deal, cer::encode(cer::make_deal(terms, 0, nullptr, entropy)));
  EXPECT_FALSE(verify_evidence({committee, policy}, taken_out(cer::InvalidFrame{deal})));
}

}  // namespace
}  // namespace assay::threshold::evidence
