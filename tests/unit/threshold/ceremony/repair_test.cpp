#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <optional>

#include "committees.hpp"
#include "threshold/ceremony/evidence.hpp"
#include "threshold/ceremony/repair_machine.hpp"

namespace assay::threshold::ceremony {
namespace {

constexpr std::uint16_t n = 4;

/// A committee of four whose member 1 has lost its share; members 0, 2 and 3 help. Real machines, a perfect network
/// that a liar may bend, and a member's disk.
struct Repair : testing::Test {
  struct Party {
    std::unique_ptr<SeededEntropy> entropy;
    std::unique_ptr<RepairMachine> machine;
    std::optional<Failed> failed;
    bool repaired = false;
    std::size_t life = 0;
  };
  using Bend = std::function<std::vector<Bytes>(std::uint16_t from, std::uint16_t to, const Bytes& frame)>;

  Repair() {
    SeededEntropy entropy(71);
    keys = identities(n, 72);
    auto made = frost::deal(n, 3, entropy);
    shares = std::move(made->shares);
    record = {Epoch{5}, 2, 3, made->group.group_key, made->group.verifying_shares, {}};
    for (const auto& key : keys) record.identities.push_back(key.public_key());
    terms = *make_terms(propose(proposal(), keys[1]), record);
    parties.resize(4);
    for (std::uint16_t party = 0; party < 4; ++party) start(party);
  }

  Proposal proposal() {
    Proposal out;
    out.kind = Kind::repair;
    out.epoch = record.epoch;
    out.share_generation = record.share_generation;
    out.network = "demo";
    out.previous = epoch_record_digest(record);
    out.old_threshold = out.new_threshold = 3;
    for (const int member : {1, 0, 2, 3}) out.members.push_back(recipient_of(keys[static_cast<std::size_t>(member)]));
    out.dealers = {MemberIndex{0}, MemberIndex{2}, MemberIndex{3}};
    return out;
  }

  /// Place in the committee of a party of the repair.
  static std::size_t member(std::uint16_t party) { return std::array<std::size_t, 4>{1, 0, 2, 3}[party]; }

  void start(std::uint16_t place) {
    Party& party = parties[place];
    party.entropy = std::make_unique<SeededEntropy>(100 + 10 * place + party.life);
    const auto* share = place == 0 ? stored.get() : &shares[member(place)];
    auto machine =
        RepairMachine::make({terms, millis(10'000), millis(1'000)}, keys[member(place)], share, *party.entropy, now);
    ASSERT_TRUE(machine);
    party.machine = std::move(machine).value();
    take(place, party.machine->step(Tick{}, now));
  }

  void restart(std::uint16_t place) {
    ++parties[place].life;
    start(place);
  }

  void take(std::uint16_t place, const std::vector<Effect>& effects) {
    for (const Effect& effect : effects) {
      if (const auto* broadcast = std::get_if<Broadcast>(&effect)) {
        for (std::uint16_t to = 0; to < 4; ++to) {
          if (to == place) continue;
          for (Bytes& bytes : bend ? bend(place, to, *broadcast->frame) : std::vector<Bytes>{*broadcast->frame}) {
            queue.push_back({to, FromPeer{std::move(bytes)}});
          }
        }
      }
      if (const auto* persist = std::get_if<PersistShare>(&effect)) {
        EXPECT_EQ(place, 0);
        EXPECT_EQ(persist->generation, record.share_generation);
        stored = persist->share;
        queue.push_back({place, Persisted{persist->id}});
      }
      if (const auto* failed = std::get_if<Failed>(&effect)) parties[place].failed = *failed;
      if (std::holds_alternative<Repaired>(effect)) parties[place].repaired = true;
    }
  }

  void deliver() {
    for (std::size_t budget = 10'000; !queue.empty() && budget > 0; --budget) {
      auto [to, event] = std::move(queue.front());
      queue.pop_front();
      take(to, parties[to].machine->step(event, now));
    }
  }

  void run(int periods = 12) {
    deliver();
    for (int period = 0; period < periods; ++period) {
      now = now + millis(1'000);
      for (std::uint16_t place = 0; place < 4; ++place) take(place, parties[place].machine->step(Tick{}, now));
      deliver();
    }
  }

  void expect_repaired() {
    ASSERT_NE(stored, nullptr);
    EXPECT_EQ(stored->member(), MemberIndex{1});
    EXPECT_EQ(stored->verifying_share(), record.verifying_shares[1]);
    for (const auto& party : parties) EXPECT_TRUE(party.repaired);
  }

  void expect_blamed(std::uint16_t place, std::uint16_t culprit, Offence offence) {
    ASSERT_TRUE(parties[place].failed.has_value());
    ASSERT_EQ(parties[place].failed->blames.size(), 1U);
    EXPECT_EQ(parties[place].failed->blames.front().party, culprit);
    EXPECT_EQ(parties[place].failed->blames.front().offence, offence);
  }

  static MessageType type_of(const Bytes& frame) { return static_cast<MessageType>(frame[32]); }

  std::vector<IdentityKey> keys;
  std::vector<frost::SecretShare> shares;
  EpochRecord record;
  Terms terms;
  std::vector<Party> parties;
  std::deque<std::pair<std::uint16_t, Event>> queue;
  std::shared_ptr<const frost::SecretShare> stored;
  MonoTime now{1'000'000};
  Bend bend;
};

TEST_F(Repair, the_lost_share_comes_back_and_everybody_knows) {
  run(1);
  expect_repaired();
}

TEST_F(Repair, lost_frames_are_said_again) {
  std::uint32_t dice = 7;
  bend = [&](std::uint16_t, std::uint16_t, const Bytes& frame) {
    dice = dice * 1'103'515'245 + 12'345;
    return (dice >> 16) % 3 == 0 ? std::vector<Bytes>{} : std::vector<Bytes>{frame};
  };
  run(9);
  ASSERT_NE(stored, nullptr);
  EXPECT_EQ(stored->verifying_share(), record.verifying_shares[1]);
}

TEST_F(Repair, a_helper_that_restarts_at_any_message_costs_a_round_and_nothing_else) {
  for (int at = 0; at < 40; ++at) {
    queue.clear();
    stored = nullptr;
    for (auto& party : parties) party = {};
    for (std::uint16_t party = 0; party < 4; ++party) start(party);
    for (int i = 0; i < at && !queue.empty(); ++i) {
      auto [to, event] = std::move(queue.front());
      queue.pop_front();
      take(to, parties[to].machine->step(event, now));
    }
    restart(2);
    run(6);
    ASSERT_NE(stored, nullptr) << at;
    EXPECT_EQ(stored->verifying_share(), record.verifying_shares[1]) << at;
    for (const auto& party : parties) EXPECT_FALSE(party.failed.has_value()) << at;
  }
}

TEST_F(Repair, the_member_restarts_with_its_share_on_the_disk_and_tells_the_helpers) {
  bend = [&](std::uint16_t, std::uint16_t, const Bytes& frame) {
    return type_of(frame) == MessageType::repair_done ? std::vector<Bytes>{} : std::vector<Bytes>{frame};
  };
  run(1);
  ASSERT_NE(stored, nullptr);
  EXPECT_FALSE(parties[1].repaired);
  bend = {};
  restart(0);
  run(1);
  expect_repaired();
}

TEST_F(Repair, pieces_that_do_not_add_up_to_the_helpers_part_name_it) {
  bend = [&](std::uint16_t from, std::uint16_t, const Bytes& frame) {
    if (from != 2 || type_of(frame) != MessageType::repair_pieces) return std::vector<Bytes>{frame};
    auto pieces = *decode_repair_pieces(terms, ByteSpan(frame).subspan(frame_head));
    pieces.commitments[0] = pieces.commitments[1];
    return std::vector<Bytes>{seal(terms, keys[2], {MessageType::repair_pieces, 2, 0}, encode(pieces))};
  };
  run(2);
  for (const auto place : {std::uint16_t{0}, std::uint16_t{1}, std::uint16_t{3}}) {
    expect_blamed(place, 2, Offence::bad_deal);
  }
  EXPECT_EQ(stored, nullptr);
}

TEST_F(Repair, a_piece_that_does_not_open_is_noticed_by_whom_it_was_for) {
  bend = [&](std::uint16_t from, std::uint16_t, const Bytes& frame) {
    if (from != 2 || type_of(frame) != MessageType::repair_pieces) return std::vector<Bytes>{frame};
    auto pieces = *decode_repair_pieces(terms, ByteSpan(frame).subspan(frame_head));
    pieces.pieces[0][3] ^= 1;
    return std::vector<Bytes>{seal(terms, keys[2], {MessageType::repair_pieces, 2, 0}, encode(pieces))};
  };
  run();
  expect_blamed(1, 2, Offence::bad_deal);
  expect_blamed(0, 1, Offence::absent);
  EXPECT_EQ(stored, nullptr);
}

TEST_F(Repair, a_false_sum_names_who_sent_it) {
  const auto lie = [&](const Bytes& frame) {
    auto sum = *decode_repair_sum(terms, ByteSpan(frame).subspan(frame_head));
    return make_repair_sum(terms, 2, sum.round, sum.pieces, frost::SecretScalar::draw(*parties[3].entropy),
                           *parties[3].entropy);
  };
  bend = [&](std::uint16_t from, std::uint16_t, const Bytes& frame) {
    if (from != 3 || type_of(frame) != MessageType::repair_sum) return std::vector<Bytes>{frame};
    return std::vector<Bytes>{seal(terms, keys[3], {MessageType::repair_sum, 3, 0}, encode(lie(frame)))};
  };
  run(2);
  expect_blamed(0, 3, Offence::bad_deal);
  EXPECT_EQ(stored, nullptr);
}

TEST_F(Repair, who_is_silent_is_named) {
  bend = [&](std::uint16_t from, std::uint16_t, const Bytes& frame) {
    return from == 3 ? std::vector<Bytes>{} : std::vector<Bytes>{frame};
  };
  run();
  expect_blamed(0, 3, Offence::absent);
  expect_blamed(1, 3, Offence::absent);
}

TEST_F(Repair, a_helper_without_its_share_and_a_stranger_do_not_start) {
  SeededEntropy entropy(73);
  const RepairMachine::Settings settings{terms, millis(10), millis(1)};
  EXPECT_EQ(RepairMachine::make(settings, keys[0], nullptr, entropy, now).error().code, Errc::bad_share);
  EXPECT_EQ(RepairMachine::make(settings, keys[0], &shares[2], entropy, now).error().code, Errc::bad_share);
  EXPECT_EQ(RepairMachine::make(settings, keys[1], &shares[2], entropy, now).error().code, Errc::bad_share);
  const auto stranger = identities(1, 74);
  EXPECT_EQ(RepairMachine::make(settings, stranger[0], nullptr, entropy, now).error().code, Errc::unknown_member);
}

TEST_F(Repair, its_proposal_changes_nothing_and_names_members_only) {
  const auto refusal = [&](const Proposal& one) {
    const auto made = make_terms(propose(one, keys[1]), record);
    return made ? Errc{} : made.error().code;
  };
  auto changed = proposal();
  changed.epoch = Epoch{6};
  EXPECT_EQ(refusal(changed), Errc::out_of_range);
  changed = proposal();
  changed.members[2] = changed.members[1];
  EXPECT_EQ(refusal(changed), Errc::duplicate);
  changed = proposal();
  std::swap(changed.members[2], changed.members[1]);
  EXPECT_EQ(refusal(changed), Errc::unknown_member);
  changed = proposal();
  changed.members.front() = recipient_of(identities(1, 75).front());
  EXPECT_EQ(refusal(changed), Errc::unknown_member);
  changed = proposal();
  changed.members.pop_back();
  changed.dealers.pop_back();
  EXPECT_EQ(refusal(changed), Errc::out_of_range);
  EXPECT_EQ(make_terms(propose(proposal(), keys[1]), std::nullopt).error().code, Errc::wrong_committee);
}

TEST_F(Repair, no_frame_of_it_is_evidence) {
  const Bytes frame = seal(terms, keys[0], {MessageType::repair_pieces, 1, 0}, Bytes(3));
  EXPECT_EQ(judge(terms, nullptr, InvalidFrame{frame}).error().code, Errc::unsupported);
  const Bytes deal = seal(terms, keys[0], {MessageType::deal, 1, 0}, Bytes(3));
  EXPECT_EQ(open_frame(terms, deal).error().code, Errc::unknown_member);
}

}  // namespace
}  // namespace assay::threshold::ceremony
