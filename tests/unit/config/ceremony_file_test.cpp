#include "config/ceremony_file.hpp"

#include <gmock/gmock.h>

#include "support.hpp"
#include "tests/unit/threshold/ceremony/committees.hpp"

namespace assay::config {
namespace {

using testing::HasSubstr;

struct CeremonyFiles : testing::Test {
  std::vector<threshold::IdentityKey> keys = threshold::ceremony::identities(4, 91);
  std::string card = emit_card({threshold::ceremony::recipient_of(keys[0]), "127.0.0.1:9000"});

  CeremonyPlan plan() const {
    CeremonyPlan out;
    out.proposal = propose(threshold::ceremony::fresh_proposal(keys), keys[1]);
    out.terms = make_terms(out.proposal, std::nullopt).value();
    for (int i = 0; i < 4; ++i) out.addresses.push_back("127.0.0.1:900" + std::to_string(i));
    return out;
  }
};

TEST_F(CeremonyFiles, a_card_comes_back_as_it_was_written) {
  const auto read = parse_card(card, "a.card");
  ASSERT_EQ(errors_of(read), "");
  EXPECT_EQ(std::get<MemberCard>(read).recipient, threshold::ceremony::recipient_of(keys[0]));
  EXPECT_EQ(std::get<MemberCard>(read).address, "127.0.0.1:9000");
}

TEST_F(CeremonyFiles, a_card_with_another_members_encryption_key_is_refused) {
  const auto mine = to_hex(threshold::ceremony::recipient_of(keys[0]).encryption_key);
  const auto other = to_hex(threshold::ceremony::recipient_of(keys[1]).encryption_key);
  EXPECT_THAT(errors_of(parse_card(with(card, mine, other), "a.card")), HasSubstr("a.card:5:14: endorsement"));
}

TEST_F(CeremonyFiles, a_card_without_an_address_is_refused) {
  EXPECT_THAT(errors_of(parse_card(with(card, "127.0.0.1:9000", "nowhere"), "a.card")), HasSubstr("host:port"));
}

TEST_F(CeremonyFiles, a_ceremony_comes_back_with_its_terms) {
  const auto read = parse_ceremony(emit_ceremony(plan()), "ceremony.yaml");
  ASSERT_EQ(errors_of(read), "");
  EXPECT_EQ(std::get<CeremonyPlan>(read).terms.id, plan().terms.id);
  EXPECT_EQ(std::get<CeremonyPlan>(read).addresses, plan().addresses);
}

TEST_F(CeremonyFiles, a_changed_proposal_is_refused) {
  auto changed = plan();
  changed.proposal.proposal.salt[3] ^= 1;
  EXPECT_THAT(errors_of(parse_ceremony(emit_ceremony(changed), "ceremony.yaml")), HasSubstr("bad_signature"));
  EXPECT_THAT(errors_of(parse_ceremony(with(emit_ceremony(plan()), "proposal: ", "proposal: zz"), "ceremony.yaml")),
              HasSubstr("hex"));
}

TEST_F(CeremonyFiles, every_party_has_one_address) {
  auto fewer = plan();
  fewer.addresses.pop_back();
  EXPECT_THAT(errors_of(parse_ceremony(emit_ceremony(fewer), "ceremony.yaml")),
              HasSubstr("none for " + to_hex(keys[3].public_key().bytes)));
  const auto stranger = std::string(64, 'a');
  EXPECT_THAT(errors_of(parse_ceremony(with(emit_ceremony(plan()), "identity: " + to_hex(keys[3].public_key().bytes),
                                            "identity: " + stranger),
                                       "ceremony.yaml")),
              HasSubstr("expected a party of the proposal"));
  EXPECT_THAT(errors_of(parse_ceremony(with(emit_ceremony(plan()), "identity: " + to_hex(keys[3].public_key().bytes),
                                            "identity: " + to_hex(keys[2].public_key().bytes)),
                                       "ceremony.yaml")),
              HasSubstr("expected each party once"));
}

TEST_F(CeremonyFiles, a_reshare_needs_the_old_record_and_a_fresh_key_none) {
  EXPECT_THAT(errors_of(parse_ceremony(emit_ceremony(plan()) + "old_record: 00\n", "ceremony.yaml")),
              HasSubstr("not an epoch record"));
}

}  // namespace
}  // namespace assay::config
