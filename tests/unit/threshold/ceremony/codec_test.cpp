#include <gtest/gtest.h>

#include "committees.hpp"
#include "threshold/ceremony/durable.hpp"

namespace assay::threshold::ceremony {
namespace {

struct Fixture : testing::Test {
  std::vector<IdentityKey> keys = identities(4, 21);
  Terms terms = *make_terms(propose(fresh_proposal(keys), keys[0]), std::nullopt);
  SeededEntropy entropy{22};
  Deal deal = make_deal(terms, 1, nullptr, entropy);
  Bytes deal_frame = seal(terms, keys[1], {MessageType::deal, 1, 0}, encode(deal));
};
using CeremonyCodec = Fixture;

/// What decodes encodes to the same bytes; no prefix decodes, nor anything longer.
template <class Decode, class Encode>
void expect_one_spelling(const Bytes& bytes, Decode decode, Encode encode_again) {
  const auto value = decode(bytes);
  ASSERT_TRUE(value);
  EXPECT_EQ(encode_again(*value), bytes);
  for (std::size_t length = 0; length < bytes.size(); ++length) EXPECT_FALSE(decode(ByteSpan(bytes).first(length)));
  Bytes longer = bytes;
  longer.push_back(0);
  EXPECT_FALSE(decode(longer));
}

TEST_F(CeremonyCodec, payloads_have_one_spelling) {
  const auto again = [](const auto& value) { return encode(value); };
  expect_one_spelling(
      encode(deal), [&](ByteSpan in) { return decode_deal(terms, in); }, again);
  const Signature signature = keys[0].sign(ByteSpan{});
  const Support support{std::vector<SignedDigest>(4, SignedDigest{terms.id, signature})};
  expect_one_spelling(
      encode(support), [&](ByteSpan in) { return decode_support(terms, in); }, again);
  expect_one_spelling(encode(Complaint{deal_frame, deal.ephemeral, deal.possession}), decode_complaint, again);
  const Confirm confirm{terms.id, sha256(ByteSpan{})};
  expect_one_spelling(encode(confirm), decode_confirm, again);
  TestShare share{std::vector<TestShare::Entry>(4), {}};
  share.share.z[0] = 9;
  expect_one_spelling(
      encode(share), [&](ByteSpan in) { return decode_test_share(terms, in); }, again);
  expect_one_spelling(encode(Query{1, 2, 3}), decode_query, again);
  const Outcome outcome{confirm, std::vector<Signature>(4, signature), signature};
  expect_one_spelling(
      encode(outcome), [&](ByteSpan in) { return decode_outcome(terms, in); }, again);
}

TEST_F(CeremonyCodec, evidence_has_one_spelling) {
  const SignedDigest one{terms.id, keys[0].sign(ByteSpan{})};
  const std::vector<Evidence> all{InvalidFrame{deal_frame}, ComplaintMade{deal_frame},
                                  Equivocation{{MessageType::deal, 1, 0}, one, one},
                                  Contradiction{deal_frame, deal_frame}, BadTestShare{deal_frame, deal_frame}};
  for (const Evidence& evidence : all) {
    expect_one_spelling(encode(evidence), decode_evidence, [](const Evidence& value) { return encode(value); });
  }
}

TEST_F(CeremonyCodec, records_have_one_spelling_and_belong_to_their_ceremony) {
  const Signature signature = keys[0].sign(ByteSpan{});
  const std::vector<Record> all{Supported{deal_frame, std::vector<Bytes>(4, deal_frame)}, Confirmed{},
                                Certified{{}, std::vector<Signature>(4, signature)}, Attempted{3},
                                Cancelled{{Blame{1, Offence::bad_deal, deal_frame}, Blame{2, Offence::absent, {}}}}};
  for (const Record& record : all) {
    expect_one_spelling(
        encode_record(terms, record), [&](ByteSpan in) { return decode_record(terms, in); },
        [&](const Record& value) { return encode_record(terms, value); });
  }
  Terms other = terms;
  other.id = {};
  EXPECT_EQ(decode_record(other, encode_record(terms, Confirmed{})).error().code, Errc::log_corrupt);
}

TEST_F(CeremonyCodec, frames_are_bound_to_ceremony_sender_role_and_every_byte) {
  ASSERT_TRUE(open_frame(terms, deal_frame));
  for (std::size_t i = 0; i < deal_frame.size(); ++i) {
    Bytes flipped = deal_frame;
    flipped[i] ^= 1;
    EXPECT_FALSE(open_frame(terms, flipped)) << i;
  }
  EXPECT_EQ(open_frame(terms, seal(terms, keys[0], {MessageType::deal, 1, 0}, encode(deal))).error().code,
            Errc::bad_signature);
  EXPECT_EQ(open_frame(terms, seal(terms, keys[1], {MessageType::deal, 1, 2}, encode(deal))).error().code,
            Errc::out_of_range);
  EXPECT_EQ(open_frame(terms, seal(terms, keys[1], {MessageType::deal, 4, 0}, encode(deal))).error().code,
            Errc::unknown_member);
  EXPECT_EQ(open_frame(terms, seal(terms, keys[1], {MessageType::deal, 1, 0}, Bytes(9000))).error().code,
            Errc::too_large);
  Terms other = terms;
  other.id = {};
  EXPECT_EQ(open_frame(other, deal_frame).error().code, Errc::wrong_committee);
}

TEST_F(CeremonyCodec, one_who_only_leaves_may_deal_and_nothing_else) {
  SeededEntropy seeded(23);
  const auto dealt = frost::deal(4, 3, seeded);
  EpochRecord old{Epoch{1}, 1, 3, dealt->group.group_key, dealt->group.verifying_shares, {}};
  for (const auto& key : keys) old.identities.push_back(key.public_key());
  const auto others = identities(4, 24);
  const auto reshare = make_terms(propose(next_proposal(Kind::reshare, old, others), others[0]), old);
  ASSERT_TRUE(reshare);
  EXPECT_TRUE(open_frame(*reshare, seal(*reshare, keys[0], {MessageType::deal, 4, 0}, {})));
  EXPECT_EQ(open_frame(*reshare, seal(*reshare, keys[0], {MessageType::confirm, 4, 0}, {})).error().code,
            Errc::unknown_member);
  EXPECT_EQ(open_frame(*reshare, seal(*reshare, others[0], {MessageType::deal, 0, 0}, {})).error().code,
            Errc::unknown_member);
}

}  // namespace
}  // namespace assay::threshold::ceremony
