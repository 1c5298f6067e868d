#include "threshold/ceremony/machine.hpp"

#include <gtest/gtest.h>

#include <random>

#include "world.hpp"

namespace assay::threshold::ceremony {
namespace {

std::vector<const IdentityKey*> pointers(const std::vector<IdentityKey>& keys) {
  std::vector<const IdentityKey*> out;
  for (const auto& key : keys) out.push_back(&key);
  return out;
}

Terms terms_of(const Proposal& proposal, const IdentityKey& proposer, std::optional<EpochRecord> old = std::nullopt) {
  auto terms = make_terms(propose(proposal, proposer), std::move(old));
  EXPECT_TRUE(terms);
  return std::move(terms).value();
}

/// One key, everybody agrees on it, every window of t members signs and none of t - 1 does.
void expect_one_key(World& world) {
  ASSERT_TRUE(world.everybody_activated());
  const Activate& first = *world.party(0).activated;
  const auto group = group_of(first.record);
  EXPECT_TRUE(frost::validate(group));
  const Terms& terms = world.terms();
  EXPECT_TRUE(verify_certificate(terms, first.outcome.confirm, first.outcome.certificate));
  EXPECT_TRUE(
      verify_ed25519(group.group_key, test_message(terms, first.outcome.confirm), first.outcome.test_signature));
  for (auto& party : world.parties()) {
    EXPECT_EQ(party.activated->record, first.record);
    EXPECT_FALSE(party.failed.has_value());
  }
  const std::uint16_t n = terms.members();
  auto weaker = group;
  weaker.threshold = static_cast<std::uint16_t>(group.threshold - 1);
  for (std::uint16_t from = 0; from < n; ++from) {
    std::vector<const frost::SecretShare*> shares;
    for (std::uint16_t i = 0; i < n; ++i) {
      if ((i + n - from) % n < group.threshold) shares.push_back(world.party(i).share.get());
    }
    EXPECT_TRUE(signs(group, shares));
    shares.pop_back();
    EXPECT_FALSE(signs(group, shares));
    EXPECT_FALSE(signs(weaker, shares));
  }
}

TEST(Ceremony, a_fresh_key_for_four_and_for_seven) {
  for (const auto n : {std::uint16_t{4}, std::uint16_t{7}}) {
    const auto keys = identities(n, 31);
    World world(terms_of(fresh_proposal(keys), keys[0]), pointers(keys));
    world.run();
    expect_one_key(world);
  }
}

TEST(Ceremony, a_threshold_of_dealers_is_enough) {
  const auto keys = identities(4, 32);
  auto proposal = fresh_proposal(keys);
  proposal.dealers = {MemberIndex{0}, MemberIndex{2}, MemberIndex{3}};
  World world(terms_of(proposal, keys[0]), pointers(keys));
  world.run();
  expect_one_key(world);
}

/// An old committee of that size, its key dealt by nobody but itself.
struct Old {
  std::vector<IdentityKey> keys;
  EpochRecord record;
  std::vector<frost::SecretShare> shares;

  explicit Old(std::uint16_t n) : keys(identities(n, 33)) {
    World world(terms_of(fresh_proposal(keys), keys[0]), pointers(keys));
    world.run();
    EXPECT_TRUE(world.everybody_activated());
    record = world.party(0).activated->record;
    for (auto& party : world.parties()) {
      Bytes32 scalar;
      std::copy_n(party.share->expose().begin(), 32, scalar.begin());
      shares.push_back(frost::SecretShare::from_bytes(party.share->member(), scalar).value());
    }
  }
};

/// The first `stay` old members and strangers up to n.
std::vector<IdentityKey> some_of(const Old& old, std::uint16_t stay, std::uint16_t n) {
  auto keys = identities(static_cast<std::uint16_t>(old.keys.size()), 33);
  auto others = identities(n, 34);
  std::vector<IdentityKey> out;
  for (std::uint16_t i = 0; i < n; ++i) out.push_back(i < stay ? std::move(keys[i]) : std::move(others[i]));
  return out;
}

void reshare(std::uint16_t from, std::uint16_t to, std::uint16_t stay) {
  const Old old(from);
  const auto keys = some_of(old, stay, to);
  auto everybody = pointers(keys);
  for (const auto& key : old.keys) everybody.push_back(&key);
  World world(terms_of(next_proposal(Kind::reshare, old.record, keys), keys[0], old.record), everybody, old.shares);
  world.run();
  expect_one_key(world);
  EXPECT_EQ(world.party(0).activated->record.group_key, old.record.group_key);
  EXPECT_EQ(world.party(0).activated->record.threshold, Quorum{to}.agree());
}

TEST(Ceremony, four_hand_their_key_on_to_seven) {
  reshare(4, 7, 4);
}

TEST(Ceremony, seven_hand_their_key_on_to_four) {
  reshare(7, 4, 2);
}

TEST(Ceremony, a_whole_committee_leaves) {
  reshare(4, 4, 0);
}

TEST(Ceremony, a_refresh_keeps_the_key_and_makes_old_shares_useless_among_new_ones) {
  const Old old(4);
  World world(terms_of(next_proposal(Kind::refresh, old.record, old.keys), old.keys[1], old.record), pointers(old.keys),
              old.shares);
  world.run();
  expect_one_key(world);
  const auto& record = world.party(0).activated->record;
  EXPECT_EQ(record.group_key, old.record.group_key);
  EXPECT_NE(record.verifying_shares, old.record.verifying_shares);
  EXPECT_FALSE(signs(group_of(record), {&old.shares[0], world.party(1).share.get(), world.party(2).share.get()}));
  EXPECT_TRUE(signs(group_of(old.record), {&old.shares[0], &old.shares[1], &old.shares[2]}));
}

TEST(Ceremony, a_dealer_with_another_share_than_the_records_does_not_start) {
  const Old old(4);
  SeededEntropy entropy(35);
  const auto terms = terms_of(next_proposal(Kind::refresh, old.record, old.keys), old.keys[1], old.record);
  const Settings settings{terms, millis(10), millis(1)};
  EXPECT_EQ(Machine::make(settings, old.keys[0], &old.shares[1], {}, entropy, MonoTime{}).error().code,
            Errc::bad_share);
  EXPECT_EQ(Machine::make(settings, old.keys[0], nullptr, {}, entropy, MonoTime{}).error().code, Errc::bad_share);
  const auto stranger = identities(1, 36);
  EXPECT_EQ(Machine::make(settings, stranger[0], nullptr, {}, entropy, MonoTime{}).error().code, Errc::unknown_member);
}

TEST(Ceremony, lost_frames_are_asked_for_again) {
  const auto keys = identities(4, 37);
  World world(terms_of(fresh_proposal(keys), keys[0]), pointers(keys));
  std::mt19937_64 luck(37);
  world.bend = [&](std::uint16_t, std::uint16_t, const Bytes& frame) {
    return luck() % 3 == 0 ? std::vector<Bytes>{} : std::vector<Bytes>{frame};
  };
  world.run();
  expect_one_key(world);
}

TEST(Ceremony, a_party_that_is_met_gets_what_was_said_and_a_query_at_once) {
  const auto keys = identities(4, 43);
  SeededEntropy entropy(44);
  auto machine = Machine::make({terms_of(fresh_proposal(keys), keys[0]), millis(1'000), millis(100)}, keys[0], nullptr,
                               {}, entropy, MonoTime{0});
  ASSERT_TRUE(machine);
  (void)(*machine)->step(Tick{}, MonoTime{0});
  (void)(*machine)->step(Persisted{1}, MonoTime{1});
  std::vector<MessageType> sent;
  for (const auto& effect : (*machine)->step(Met{2}, MonoTime{2})) {
    const auto* send = std::get_if<Send>(&effect);
    ASSERT_NE(send, nullptr);
    EXPECT_EQ(send->to, 2);
    sent.push_back(static_cast<MessageType>((*send->frame)[32]));
  }
  EXPECT_EQ(sent, (std::vector{MessageType::deal, MessageType::query}));
  EXPECT_TRUE((*machine)->step(Met{0}, MonoTime{3}).empty());
  EXPECT_TRUE((*machine)->step(Met{4}, MonoTime{3}).empty());
}

TEST(Ceremony, a_deal_that_reached_one_member_reaches_all) {
  const auto keys = identities(4, 38);
  World world(terms_of(fresh_proposal(keys), keys[0]), pointers(keys));
  world.bend = [&](std::uint16_t from, std::uint16_t to, const Bytes& frame) {
    const bool hidden = from == 3 && to != 0 && frame[32] == static_cast<std::uint8_t>(MessageType::deal);
    return hidden ? std::vector<Bytes>{} : std::vector<Bytes>{frame};
  };
  world.run();
  expect_one_key(world);
}

TEST(Ceremony, a_crash_at_any_record_before_or_after_it_is_written_is_survived) {
  const auto keys = identities(4, 39);
  for (std::size_t record = 1; record <= 7; ++record) {
    for (const bool before : {true, false}) {
      World world(terms_of(fresh_proposal(keys), keys[0]), pointers(keys));
      world.party(2).crash_at = record;
      world.party(2).crash_before_writing = before;
      world.run();
      EXPECT_EQ(world.party(2).crashes, 1U) << record;
      expect_one_key(world);
    }
  }
}

TEST(Ceremony, everybody_crashing_at_the_same_record_is_survived) {
  const auto keys = identities(4, 40);
  for (std::size_t record = 1; record <= 7; ++record) {
    World world(terms_of(fresh_proposal(keys), keys[0]), pointers(keys));
    for (auto& party : world.parties()) party.crash_at = record;
    world.run();
    expect_one_key(world);
  }
}

TEST(Ceremony, a_dealer_that_leaves_survives_its_crashes_too) {
  const Old old(4);
  const auto keys = some_of(old, 0, 4);
  auto everybody = pointers(keys);
  for (const auto& key : old.keys) everybody.push_back(&key);
  for (std::size_t record = 1; record <= 2; ++record) {
    World world(terms_of(next_proposal(Kind::reshare, old.record, keys), keys[0], old.record), everybody, old.shares);
    world.party(4).crash_at = record;
    world.run();
    EXPECT_EQ(world.party(4).crashes, 1U);
    expect_one_key(world);
  }
}

TEST(Ceremony, a_damaged_or_foreign_log_stops_it) {
  const auto keys = identities(4, 41);
  World world(terms_of(fresh_proposal(keys), keys[0]), pointers(keys));
  world.run();
  auto log = world.party(1).log;
  SeededEntropy entropy(42);
  const Settings settings{world.terms(), millis(10), millis(1)};
  const auto restored = [&](const std::vector<Bytes>& records) {
    const auto machine = Machine::make(settings, keys[1], nullptr, records, entropy, MonoTime{});
    return machine ? Errc{} : machine.error().code;
  };
  EXPECT_EQ(restored(log), Errc{});
  EXPECT_EQ(restored(world.party(2).log), Errc::log_corrupt);
  for (std::size_t i = 0; i < log.size(); ++i) {
    auto cut = log;
    cut[i].pop_back();
    EXPECT_EQ(restored(cut), Errc::log_corrupt) << i;
  }
  std::swap(log[1], log[2]);
  EXPECT_EQ(restored(log), Errc::log_corrupt);
}

}  // namespace
}  // namespace assay::threshold::ceremony
