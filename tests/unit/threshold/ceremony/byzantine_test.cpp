#include <gtest/gtest.h>

#include "threshold/ceremony/polynomial.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/proof_of_knowledge.hpp"
#include "threshold/crypto/secret_scalar.hpp"
#include "world.hpp"

namespace assay::threshold::ceremony {
namespace {

constexpr std::uint16_t liar = 2;

MessageType type_of(const Bytes& frame) {
  return static_cast<MessageType>(frame[32]);
}

std::uint16_t sender_of(const Bytes& frame) {
  return static_cast<std::uint16_t>(frame[33] << 8 | frame[34]);
}

ByteSpan payload_of(const Bytes& frame) {
  return ByteSpan(frame).subspan(frame_head);
}

/// (0, -1): order two.
Bytes32 torsion() {
  Bytes32 point;
  point.fill(0xff);
  point[0] = 0xec;
  point[31] = 0x7f;
  return point;
}

/// Four members, the third of whom lies.
struct Scene {
  std::vector<IdentityKey> keys = identities(4, 51);
  World world{*make_terms(propose(fresh_proposal(keys), keys[0]), std::nullopt),
              {&keys[0], &keys[1], &keys[2], &keys[3]}};
  SeededEntropy entropy{52};

  /// Whatever of this type the liar says itself becomes what `change` makes of it for that receiver.
  void lie(MessageType type, std::function<std::vector<Bytes>(std::uint16_t to, const Bytes&)> change) {
    world.bend = [this, type, change = std::move(change)](std::uint16_t from, std::uint16_t to, const Bytes& frame) {
      // Its own machine hears what the others say of it, but speaks for it no more than the lie.
      if (from == liar && type_of(frame) == type && sender_of(frame) == liar) return change(to, frame);
      return std::vector<Bytes>{frame};
    };
  }

  /// The same lie to everybody.
  void lie_to_all(MessageType type, const Bytes& payload, std::uint32_t attempt = 0) {
    const Bytes frame = world.sealed(liar, type, payload, attempt);
    lie(type, [frame](std::uint16_t, const Bytes&) { return std::vector<Bytes>{frame}; });
  }

  Deal deal_of(const Bytes& frame) { return *decode_deal(world.terms(), payload_of(frame)); }

  /// The deal of a dealer that follows the rules up to this change.
  Bytes changed_deal(const std::function<void(Deal&)>& change) {
    Deal deal = make_deal(world.terms(), liar, nullptr, entropy);
    change(deal);
    return encode(deal);
  }

  /// Nobody activates; every honest member blames the liar for this and nobody else, and proves it to outsiders.
  void expect_convicted(Offence offence, bool provable = true) {
    EXPECT_EQ(world.activated(), 0U);
    for (std::uint16_t i = 0; i < 4; ++i) {
      if (i == liar) continue;
      const auto& failed = world.party(i).failed;
      ASSERT_TRUE(failed.has_value()) << i;
      ASSERT_EQ(failed->blames.size(), 1U) << i;
      const Blame& blame = failed->blames.front();
      EXPECT_EQ(blame.party, liar);
      EXPECT_EQ(blame.offence, offence) << name(blame.offence);
      EXPECT_EQ(!blame.evidence.empty(), provable);
      if (!provable) continue;
      const auto evidence = decode_evidence(blame.evidence);
      ASSERT_TRUE(evidence);
      const auto verdict = judge(world.terms(), nullptr, *evidence);
      ASSERT_TRUE(verdict || offence == Offence::bad_test_share);
      if (verdict) {
        EXPECT_EQ(verdict->party, liar);
      }
    }
  }
};
struct CeremonyLiar : testing::Test, Scene {};

TEST_F(CeremonyLiar, a_bad_share_for_one_member_cancels_and_convicts_its_dealer) {
  lie_to_all(MessageType::deal, changed_deal([](Deal& deal) { deal.shares[1][0] ^= 1; }));
  world.run();
  expect_convicted(Offence::bad_deal);
  for (const std::uint16_t i : {std::uint16_t{0}, std::uint16_t{1}, std::uint16_t{3}}) {
    EXPECT_TRUE(world.party(i).failed->final);
    EXPECT_EQ(world.party(i).machine->stage(), Stage::cancelled);
    EXPECT_EQ(world.party(i).share, nullptr);
  }
}

TEST_F(CeremonyLiar, a_share_that_opens_to_another_value_convicts_its_dealer) {
  const auto& terms = world.terms();
  const auto ephemeral = frost::EncryptionKey::generate(entropy);
  lie_to_all(MessageType::deal, changed_deal([&](Deal& deal) {
               deal.ephemeral = ephemeral.point();
               deal.possession = prove_possession({terms.id, liar, 0}, ephemeral.scalar(), deal.ephemeral, entropy);
               for (std::uint16_t j = 0; j < 4; ++j) {
                 const auto shared = ephemeral.agree(terms.proposal.members[j].encryption_key);
                 deal.shares[j] = frost::seal_share(seal_context(terms, liar, deal, MemberIndex{j}),
                                                    shared->bytes().first<32>(), frost::SecretScalar::draw(entropy));
               }
             }));
  world.run();
  expect_convicted(Offence::bad_deal);
}

TEST_F(CeremonyLiar, a_bad_proof_of_knowledge_convicts) {
  lie_to_all(MessageType::deal, changed_deal([](Deal& deal) { deal.knowledge[40] ^= 1; }));
  world.run();
  expect_convicted(Offence::bad_deal);
}

TEST_F(CeremonyLiar, a_copied_commitment_and_proof_convict) {
  // Another dealer's C_0 with its proof, of another identifier.
  Deal other = make_deal(world.terms(), 1, nullptr, entropy);
  lie_to_all(MessageType::deal, changed_deal([&](Deal& deal) {
               deal.commitments.front() = other.commitments.front();
               deal.knowledge = other.knowledge;
             }));
  world.run();
  expect_convicted(Offence::bad_deal);
}

TEST_F(CeremonyLiar, torsion_or_the_identity_among_the_commitments_convicts) {
  Bytes32 identity{};
  identity[0] = 1;
  for (std::size_t place = 0; place < 3; ++place) {
    for (const bool mixed : {true, false}) {
      Scene other;
      other.lie_to_all(MessageType::deal, other.changed_deal([&](Deal& deal) {
        deal.commitments[place] = mixed ? *frost::plus(deal.commitments[place], torsion()) : identity;
      }));
      other.world.run();
      other.expect_convicted(Offence::bad_deal);
    }
  }
}

TEST_F(CeremonyLiar, a_replayed_ephemeral_key_convicts) {
  const auto& terms = world.terms();
  Deal victim = make_deal(terms, 1, nullptr, entropy);
  lie_to_all(MessageType::deal, changed_deal([&](Deal& deal) {
               deal.ephemeral = victim.ephemeral;
               deal.possession = victim.possession;
               deal.shares = victim.shares;
             }));
  // A complaint would open the victim's share to everybody: the proof of possession must be what refuses.
  bool complained = false;
  world.bend = [&complained, before = world.bend](std::uint16_t from, std::uint16_t to, const Bytes& frame) {
    complained = complained || type_of(frame) == MessageType::complaint;
    return before(from, to, frame);
  };
  world.run();
  expect_convicted(Offence::bad_deal);
  EXPECT_FALSE(complained);
}

TEST(CeremonyHolder, that_deals_another_share_than_it_holds_is_convicted) {
  SeededEntropy entropy(61);
  const auto keys = identities(4, 62);
  const auto dealt = frost::deal(4, 3, entropy);
  EpochRecord old{Epoch{1}, 1, 3, dealt->group.group_key, dealt->group.verifying_shares, {}};
  for (const auto& key : keys) old.identities.push_back(key.public_key());
  const auto terms = make_terms(propose(next_proposal(Kind::refresh, old, keys), keys[0]), old);
  ASSERT_TRUE(terms);
  World world(*terms, {&keys[0], &keys[1], &keys[2], &keys[3]}, dealt->shares);
  // Everything fits together, but f(0) is another member's share.
  const Bytes payload = encode(make_deal(*terms, liar, &dealt->shares[3], entropy));
  world.bend = [&](std::uint16_t, std::uint16_t, const Bytes& frame) {
    const bool lie = type_of(frame) == MessageType::deal && sender_of(frame) == liar;
    return std::vector<Bytes>{lie ? world.sealed(liar, MessageType::deal, payload) : frame};
  };
  world.run();
  EXPECT_EQ(world.activated(), 0U);
  for (const std::uint16_t i : {std::uint16_t{0}, std::uint16_t{1}, std::uint16_t{3}}) {
    ASSERT_TRUE(world.party(i).failed.has_value());
    ASSERT_EQ(world.party(i).failed->blames.size(), 1U);
    EXPECT_EQ(world.party(i).failed->blames.front().party, liar);
    EXPECT_EQ(world.party(i).failed->blames.front().offence, Offence::bad_deal);
  }
}

TEST_F(CeremonyLiar, a_deal_of_another_length_convicts) {
  lie_to_all(MessageType::deal, Bytes(17));
  world.run();
  expect_convicted(Offence::bad_deal);
}

TEST_F(CeremonyLiar, two_deals_convict) {
  const Bytes second = world.sealed(liar, MessageType::deal, changed_deal([](Deal&) {}));
  lie(MessageType::deal,
      [&](std::uint16_t to, const Bytes& frame) { return std::vector<Bytes>{to == 0 ? second : frame}; });
  world.run();
  expect_convicted(Offence::equivocation);
}

TEST_F(CeremonyLiar, two_deals_for_everybody_convict_too) {
  const Bytes second = world.sealed(liar, MessageType::deal, changed_deal([](Deal&) {}));
  lie(MessageType::deal, [&](std::uint16_t, const Bytes& frame) { return std::vector<Bytes>{frame, second}; });
  world.run();
  expect_convicted(Offence::equivocation);
}

TEST_F(CeremonyLiar, two_supports_convict) {
  // The second names another deal of the liar's own: it signed that too.
  const Bytes deal = changed_deal([](Deal&) {});
  const Bytes deal_frame = world.sealed(liar, MessageType::deal, deal);
  const auto opened = open_frame(world.terms(), deal_frame);
  const SignedDigest other{opened->digest, opened->signature};
  lie(MessageType::support, [&](std::uint16_t to, const Bytes& frame) {
    if (to != 0) return std::vector<Bytes>{frame};
    auto support = *decode_support(world.terms(), payload_of(frame));
    support.deals[liar] = other;
    return std::vector<Bytes>{world.sealed(liar, MessageType::support, encode(support))};
  });
  world.run();
  expect_convicted(Offence::equivocation);
}

TEST_F(CeremonyLiar, a_support_of_a_deal_that_nobody_signed_convicts) {
  lie(MessageType::support, [&](std::uint16_t, const Bytes& frame) {
    auto support = *decode_support(world.terms(), payload_of(frame));
    support.deals[1].digest.bytes[0] ^= 1;
    return std::vector<Bytes>{world.sealed(liar, MessageType::support, encode(support))};
  });
  world.run();
  expect_convicted(Offence::invalid_message);
}

TEST_F(CeremonyLiar, a_false_complaint_convicts_the_complainer) {
  // A true point with a true proof: but the share holds.
  Bytes victim;
  const auto key = frost::EncryptionKey::of(keys[liar]);
  world.bend = [&](std::uint16_t from, std::uint16_t, const Bytes& frame) {
    if (type_of(frame) == MessageType::deal && sender_of(frame) == 1) victim = frame;
    if (from != liar || type_of(frame) != MessageType::support || victim.empty()) return std::vector<Bytes>{frame};
    const Deal deal = deal_of(victim);
    const SharedPoint statement{key.point(), deal.ephemeral, *frost::times(key.scalar(), deal.ephemeral)};
    const Proof proof =
        prove_shared_point(proof_scope(world.terms(), 1, MemberIndex{liar}), key.scalar(), statement, entropy);
    return std::vector<Bytes>{
        world.sealed(liar, MessageType::complaint, encode(Complaint{victim, statement.shared, proof}))};
  };
  world.run();
  expect_convicted(Offence::false_complaint);
}

TEST_F(CeremonyLiar, a_complaint_with_a_wrong_point_convicts_the_complainer) {
  Bytes victim;
  world.bend = [&](std::uint16_t from, std::uint16_t, const Bytes& frame) {
    if (type_of(frame) == MessageType::deal && sender_of(frame) == 1) victim = frame;
    if (from != liar || type_of(frame) != MessageType::support || victim.empty()) return std::vector<Bytes>{frame};
    const auto other = frost::EncryptionKey::generate(entropy);
    return std::vector<Bytes>{
        world.sealed(liar, MessageType::complaint, encode(Complaint{victim, other.point(), Proof{}}))};
  };
  world.run();
  expect_convicted(Offence::false_complaint);
}

TEST_F(CeremonyLiar, a_wrong_transcript_convicts_and_nobody_activates) {
  lie(MessageType::confirm, [&](std::uint16_t, const Bytes& frame) {
    auto confirm = *decode_confirm(payload_of(frame));
    confirm.transcript.bytes[0] ^= 1;
    return std::vector<Bytes>{world.sealed(liar, MessageType::confirm, encode(confirm))};
  });
  world.run();
  expect_convicted(Offence::contradiction);
  EXPECT_FALSE(world.party(0).failed->final);
}

TEST_F(CeremonyLiar, a_wrong_record_is_blamed_though_not_provable) {
  lie(MessageType::confirm, [&](std::uint16_t, const Bytes& frame) {
    auto confirm = *decode_confirm(payload_of(frame));
    confirm.record.bytes[0] ^= 1;
    return std::vector<Bytes>{world.sealed(liar, MessageType::confirm, encode(confirm))};
  });
  world.run();
  expect_convicted(Offence::contradiction, false);
}

TEST_F(CeremonyLiar, a_bad_share_of_the_test_signature_convicts_by_the_record) {
  lie(MessageType::test_share, [&](std::uint16_t, const Bytes& frame) {
    auto share = *decode_test_share(world.terms(), payload_of(frame));
    share.share.z = frost::scalar_of(3).bytes;
    return std::vector<Bytes>{world.sealed(liar, MessageType::test_share, encode(share), 1)};
  });
  world.run();
  // The liar itself gets only true shares, and its own machine activates; what matters are the others.
  for (const std::uint16_t i : {std::uint16_t{0}, std::uint16_t{1}, std::uint16_t{3}}) {
    ASSERT_TRUE(world.party(i).failed.has_value());
    const Blame& blame = world.party(i).failed->blames.front();
    EXPECT_EQ(blame.party, liar);
    EXPECT_EQ(blame.offence, Offence::bad_test_share);
    const auto evidence = decode_evidence(blame.evidence);
    ASSERT_TRUE(world.party(liar).activated.has_value());
    EpochRecord record = world.party(liar).activated->record;
    EXPECT_EQ(judge(world.terms(), &record, *evidence)->party, liar);
    EXPECT_FALSE(judge(world.terms(), nullptr, *evidence));
    record.verifying_shares[liar] = record.verifying_shares[0];
    EXPECT_FALSE(judge(world.terms(), &record, *evidence));
  }
}

TEST_F(CeremonyLiar, two_test_commitments_convict) {
  SeededEntropy other(53);
  lie(MessageType::test_commit, [&](std::uint16_t to, const Bytes& frame) {
    if (to != 0) return std::vector<Bytes>{frame};
    const frost::Commitment commitment{*frost::base_times(frost::scalar_of(8)),
                                       *frost::base_times(frost::scalar_of(9))};
    return std::vector<Bytes>{world.sealed(liar, MessageType::test_commit, encode(commitment), 1)};
  });
  world.run();
  expect_convicted(Offence::equivocation);
}

TEST_F(CeremonyLiar, silence_names_the_silent_at_every_step) {
  for (const MessageType type : {MessageType::deal, MessageType::support, MessageType::confirm,
                                 MessageType::test_commit, MessageType::test_share}) {
    Scene other;
    other.world.bend = [type](std::uint16_t, std::uint16_t, const Bytes& frame) {
      const bool silent = sender_of(frame) == liar && type_of(frame) >= type;
      return silent ? std::vector<Bytes>{} : std::vector<Bytes>{frame};
    };
    other.world.run();
    for (const std::uint16_t i : {std::uint16_t{0}, std::uint16_t{1}, std::uint16_t{3}}) {
      const auto& failed = other.world.party(i).failed;
      ASSERT_TRUE(failed.has_value());
      ASSERT_EQ(failed->blames.size(), 1U);
      EXPECT_EQ(failed->blames.front().party, liar);
      EXPECT_EQ(failed->blames.front().offence, Offence::absent);
      EXPECT_FALSE(other.world.party(i).activated.has_value());
      EXPECT_EQ(failed->final, type <= MessageType::support);
    }
  }
}

TEST_F(CeremonyLiar, one_that_lost_the_last_messages_gets_the_outcome) {
  // Its own shares are out; what the others say to it from then on is lost until they ask each other again.
  std::size_t lost = 0;
  world.bend = [&](std::uint16_t, std::uint16_t to, const Bytes& frame) {
    const bool drop =
        to == liar && type_of(frame) >= MessageType::test_share && type_of(frame) != MessageType::query && lost++ < 8;
    return drop ? std::vector<Bytes>{} : std::vector<Bytes>{frame};
  };
  world.run();
  EXPECT_TRUE(world.everybody_activated());
}

TEST_F(CeremonyLiar, evidence_without_a_fault_convicts_nobody) {
  world.run();
  ASSERT_TRUE(world.everybody_activated());
  const auto& terms = world.terms();
  const Bytes deal = encode(make_deal(terms, 1, nullptr, entropy));
  const Bytes frame = world.sealed(1, MessageType::deal, deal);
  EXPECT_FALSE(judge(terms, nullptr, InvalidFrame{frame}));
  EXPECT_FALSE(judge(terms, nullptr, InvalidFrame{Bytes(200)}));
  EXPECT_FALSE(judge(terms, nullptr, ComplaintMade{frame}));
  const auto opened = open_frame(terms, frame);
  const SignedDigest mine{opened->digest, opened->signature};
  EXPECT_FALSE(judge(terms, nullptr, Equivocation{opened->scope, mine, mine}));
  EXPECT_FALSE(judge(terms, nullptr, Equivocation{opened->scope, mine, {Digest{}, opened->signature}}));
  EXPECT_FALSE(judge(terms, nullptr, Contradiction{frame, frame}));
  // A query may be asked anew: two of them prove nothing.
  const Bytes one = world.sealed(1, MessageType::query, encode(Query{1, 1, 1}));
  const Bytes two = world.sealed(1, MessageType::query, encode(Query{2, 1, 1}));
  const auto a = open_frame(terms, one);
  const auto b = open_frame(terms, two);
  EXPECT_FALSE(judge(terms, nullptr, Equivocation{a->scope, {a->digest, a->signature}, {b->digest, b->signature}}));
}

TEST_F(CeremonyLiar, a_cancelled_member_stays_cancelled_after_a_restart) {
  lie_to_all(MessageType::deal, changed_deal([](Deal& deal) { deal.shares[1][0] ^= 1; }));
  world.run();
  auto machine = Machine::make({world.terms(), millis(10'000), millis(1'000)}, keys[0], nullptr, world.party(0).log,
                               entropy, MonoTime{});
  ASSERT_TRUE(machine);
  const auto effects = (*machine)->step(Tick{}, MonoTime{});
  ASSERT_EQ(effects.size(), 1U);
  const auto* failed = std::get_if<Failed>(&effects.front());
  ASSERT_NE(failed, nullptr);
  EXPECT_TRUE(failed->final);
  EXPECT_EQ(failed->blames.front().party, liar);
}

}  // namespace
}  // namespace assay::threshold::ceremony
