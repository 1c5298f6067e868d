#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/threshold/protocol/made_chain.hpp"
#include "threshold/catch_up.hpp"
#include "threshold/chain.hpp"
#include "threshold/codec.hpp"
#include "threshold/limits.hpp"
#include "threshold/machine_state.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

/// Member 3 of four, far behind a chain that its peers hold: what it asks, and what it makes of the answers.
struct Following : testing::Test {
  struct Ask {
    std::uint16_t peer;
    std::uint64_t from;
    std::uint32_t count;
    friend bool operator==(const Ask&, const Ask&) = default;
  };
  static constexpr std::uint32_t feeds = 2;

  void start(std::uint64_t tip = 0) {
    Restored restored;
    restored.records = {encode_record({chain.committee.cfg, MemberIndex{3}}, ViewRecord{View{0}})};
    restored.tip = genesis_header(chain.committee, feeds);
    restored.history.append(history_leaf(restored.tip));
    for (std::uint64_t height = 1; height <= tip; ++height) {
      const Batch& batch = chain.at(Height{height});
      restored.tip = batch.header;
      restored.tip_signature = batch.signature;
      restored.tip_leaves = batch.leaves;
      restored.history.append(history_leaf(batch.header));
    }
    ProtocolSettings settings{MemberIndex{3}, chain.committee, sim::usual_timing(64), chain.policy};
    machine = Protocol::make(std::move(settings), chain.keys.identities[3], chain.keys.first.shares[3],
                             std::move(restored), entropy, clocks())
                  .value();
    step(Tick{});
  }
  Now clocks() const { return {now, WallTime{1'800'000'000'000'000} + (now - MonoTime{0})}; }

  void step(const threshold::Event& event) {
    for (const Effect& effect : machine->step(event, clocks())) {
      if (const auto* send = std::get_if<Send>(&effect)) note_ask(*send);
      if (const auto* attested = std::get_if<Attested>(&effect)) {
        EXPECT_EQ(encode(*attested->batch), encode(chain.at(attested->batch->header.height)));
        applied.push_back(attested->batch->header.height.value);
      }
      if (const auto* said = std::get_if<Broadcast>(&effect)) {
        if (open_envelope(chain.committee, *said->frame)->type == MessageType::ready) ++readies;
      }
      if (const auto* gone = std::get_if<Disconnect>(&effect)) disconnected.push_back(gone->member.value);
    }
  }
  void note_ask(const Send& send) {
    const auto envelope = open_envelope(chain.committee, *send.frame);
    if (envelope->type != MessageType::get) return;
    const auto message = decode_payload(MessageType::get, envelope->payload, {Quorum{4}, feeds});
    asks.push_back({send.to.value, envelope->height.value, std::get<GetMessage>(*message).count});
  }
  void hear(std::uint16_t peer, MessageType type, Height height, const Message& message) {
    const Scope scope{type, View{0}, height, MemberIndex{peer}};
    step(FromPeer{MemberIndex{peer},
                  seal(chain.committee, chain.keys.identities[peer], scope, encode_payload(message))});
  }
  /// Every peer shows the newest certificate; then it is asked.
  void hear_of(std::uint64_t height) {
    const Batch& newest = chain.at(Height{height});
    for (std::uint16_t peer = 0; peer < 3; ++peer) {
      hear(peer, MessageType::att, Height{height}, AttMessage{{newest.header, newest.signature}});
    }
  }
  /// As much of it as an honest peer's frame holds.
  std::vector<Bytes> range(std::uint64_t from, std::uint64_t count) const {
    std::vector<Bytes> out;
    std::size_t size = 0;
    for (std::uint64_t height = from; height < from + count && height <= chain.batches.size(); ++height) {
      Bytes bytes = encode(chain.at(Height{height}));
      size += bytes.size() + 4;
      if (!out.empty() && size > Limits::range_bytes) break;
      out.push_back(std::move(bytes));
    }
    return out;
  }
  void answer(const Ask& ask) {
    hear(ask.peer, MessageType::range, Height{ask.from}, RangeMessage{range(ask.from, ask.count)});
  }
  /// Answers whatever is asked, until nothing is.
  void answer_all() {
    while (!asks.empty()) {
      const Ask ask = asks.front();
      asks.erase(asks.begin());
      answer(ask);
    }
  }
  void wait(Micros span) {
    now = now + span;
    step(Tick{});
  }
  std::uint64_t tip() const { return machine->status().tip.value; }

  MadeChain chain{feeds};
  SeededEntropy entropy{9};
  MonoTime now{1'000'000};
  std::unique_ptr<Protocol> machine;
  std::vector<Ask> asks;
  std::vector<std::uint64_t> applied;
  std::vector<std::uint16_t> disconnected;
  std::size_t readies = 0;
};

TEST_F(Following, asks_every_peer_for_another_range_and_applies_what_comes_in_order) {
  chain.grow(300);
  start();
  hear_of(300);
  EXPECT_THAT(asks, ElementsAre(Ask{0, 1, 64}, Ask{1, 65, 64}, Ask{2, 129, 64}));
  const auto first = std::exchange(asks, {});
  answer(first[2]);
  answer(first[1]);
  EXPECT_THAT(applied, IsEmpty());
  EXPECT_THAT(asks, SizeIs(2)) << "who has answered is asked for more";
  answer(first[0]);
  EXPECT_EQ(tip(), 192U);
  answer_all();
  EXPECT_EQ(tip(), 300U);
  EXPECT_THAT(applied, SizeIs(300));
  EXPECT_TRUE(std::ranges::is_sorted(applied));
  EXPECT_GT(machine->next_deadline(), now);
}

TEST_F(Following, a_signed_batch_over_another_history_is_not_applied) {
  chain.grow(64);
  Batch other = chain.at(Height{40});
  other.header.history_root.bytes[5] ^= 1;
  chain.sign(other);
  start();
  hear_of(64);
  ASSERT_THAT(asks, SizeIs(1));
  const Ask ask = asks[0];
  auto batches = range(1, 64);
  batches[39] = encode(other);
  asks.clear();
  hear(ask.peer, MessageType::range, Height{1}, RangeMessage{batches});
  EXPECT_EQ(tip(), 39U);
  ASSERT_FALSE(asks.empty());
  EXPECT_EQ(asks[0].from, 40U);
  EXPECT_NE(asks[0].peer, ask.peer);
  answer_all();
  EXPECT_EQ(tip(), 64U);
}

TEST_F(Following, a_signed_batch_over_another_tip_is_not_applied) {
  chain.grow(10);
  Batch other = chain.at(Height{4});
  other.header.prev_header_hash.bytes[5] ^= 1;
  chain.sign(other);
  start();
  hear_of(10);
  auto batches = range(1, 10);
  batches[3] = encode(other);
  const Ask ask = asks[0];
  asks.clear();
  hear(ask.peer, MessageType::range, Height{1}, RangeMessage{batches});
  EXPECT_EQ(tip(), 3U);
  answer_all();
  EXPECT_EQ(tip(), 10U);
}

TEST_F(Following, whoever_hands_on_what_nobody_signed_loses_its_link_before_its_turn_and_others_are_asked) {
  chain.grow(300);
  start();
  hear_of(300);
  const auto first = std::exchange(asks, {});
  auto batches = range(129, 64);
  batches[63][300] ^= 1;  // a byte of the last signature
  hear(2, MessageType::range, Height{129}, RangeMessage{batches});
  EXPECT_THAT(disconnected, ElementsAre(2));
  EXPECT_THAT(asks, IsEmpty()) << "nobody is free, and who lied is not asked";
  answer(first[0]);
  EXPECT_THAT(asks, ElementsAre(Ask{0, 129, 64}));
  answer_all();
  answer(first[1]);
  answer_all();
  EXPECT_EQ(tip(), 300U);
}

TEST_F(Following, batches_of_other_heights_leaves_or_inputs_are_lies_too) {
  chain.grow(64);
  const auto twisted = [&](auto twist) {
    Batch batch = chain.at(Height{7});
    twist(batch);
    return encode(batch);
  };
  const std::vector<Bytes> lies{
      twisted([](Batch& batch) { batch.leaves[0].reasons = 1; }),
      twisted([](Batch& batch) { batch.observations[1][0] ^= 1; }),
      encode(chain.at(Height{8})),
      Bytes(40, 1),
  };
  for (const Bytes& lie : lies) {
    start();
    disconnected.clear();
    asks.clear();
    applied.clear();
    hear_of(64);
    auto batches = range(1, 64);
    batches[6] = lie;
    const Ask ask = asks[0];
    asks.clear();
    hear(ask.peer, MessageType::range, Height{1}, RangeMessage{batches});
    EXPECT_THAT(disconnected, ElementsAre(ask.peer));
    EXPECT_EQ(tip(), 0U);
    answer_all();
    EXPECT_EQ(tip(), 64U);
  }
}

TEST_F(Following, a_silent_peer_costs_its_own_range_a_moment_and_no_more) {
  chain.grow(2000);
  start();
  hear_of(2000);
  std::size_t asked_of_silent = 0;
  for (int turn = 0; tip() < 2000 && turn < 200; ++turn) {
    for (const Ask& ask : std::exchange(asks, {})) {
      if (ask.peer == 1) {
        ++asked_of_silent;
      } else {
        answer(ask);
      }
    }
    step(Stored{Height{tip()}});
    if (asks.empty()) wait(millis(50));
  }
  EXPECT_EQ(tip(), 2000U);
  EXPECT_LE(asked_of_silent, 4U);
  EXPECT_LT(now, MonoTime{1'000'000} + millis(1500));
}

TEST_F(Following, goes_no_further_ahead_of_the_ledger_than_the_limits_say) {
  const std::uint64_t unsaved = Limits::unsaved(Limits{Quorum{4}, feeds}.batch());
  chain.grow(unsaved + 1000);
  start();
  hear_of(unsaved + 1000);
  answer_all();
  EXPECT_EQ(tip(), unsaved);
  wait(millis(500));
  EXPECT_THAT(asks, IsEmpty());
  step(Stored{Height{500}});
  answer_all();
  EXPECT_EQ(tip(), unsaved + 500);
}

/// As of an epoch with more members and feeds than this one.
TEST_F(Following, large_batches_of_an_earlier_epoch_come_in_longer_frames_and_fewer_wait_for_the_ledger) {
  chain.body_bytes = 300U << 10;
  chain.grow(120);  // of 900 KiB
  ASSERT_GT(encode(chain.at(Height{1})).size(), (Limits{Quorum{4}, feeds}.frame()));
  start();
  hear_of(120);
  answer_all();
  EXPECT_THAT(disconnected, IsEmpty());
  EXPECT_EQ(tip(), Limits::unsaved(encode(chain.at(Height{1})).size()));
  EXPECT_LT(tip(), 80U) << "64 MiB of them";
  EXPECT_EQ(now, MonoTime{1'000'000}) << "nobody had to wait: short answers were full ones";
  step(Stored{Height{tip()}});
  answer_all();
  EXPECT_EQ(tip(), 120U);
}

TEST_F(Following, a_batch_that_is_larger_than_any_of_this_epoch_is_served_alone) {
  chain.body_bytes = 300U << 10;
  chain.grow(7);
  start(7);
  const auto serve = [&](std::vector<Batch> batches) {
    for (const Effect& effect : machine->step(LedgerRange{MemberIndex{0}, std::move(batches)}, clocks())) {
      const auto* send = std::get_if<Send>(&effect);
      if (send == nullptr) continue;
      const auto envelope = open_envelope(chain.committee, *send->frame);
      EXPECT_LE(send->frame->size(), frame_bytes_max(Quorum{4}, feeds));
      return std::get<RangeMessage>(*decode_payload(envelope->type, envelope->payload, {Quorum{4}, feeds})).batches;
    }
    return std::vector<Bytes>{};
  };
  EXPECT_THAT(serve(chain.batches), SizeIs(4)) << "4 MiB of them";
  Batch huge = chain.at(Height{1});
  huge.observations[0].resize(5U << 20);
  EXPECT_THAT(serve({huge, huge}), SizeIs(1));
}

TEST_F(Following, who_catches_up_does_not_say_at_every_eighth_height_that_it_is_ready) {
  chain.grow(300);
  start();
  step(Staged{sha256(as_bytes("next"))});
  EXPECT_EQ(readies, 1U);
  hear_of(300);
  answer_all();
  EXPECT_EQ(tip(), 300U);
  EXPECT_EQ(readies, 1U);
}

TEST_F(Following, a_peer_whose_link_ended_is_not_waited_for) {
  chain.grow(300);
  start();
  hear_of(300);
  const auto first = std::exchange(asks, {});
  step(PeerDown{MemberIndex{0}});
  EXPECT_THAT(asks, IsEmpty());
  answer(first[1]);
  ASSERT_FALSE(asks.empty());
  EXPECT_EQ(asks[0], (Ask{1, 1, 64})) << "what it was asked is asked elsewhere, without a patience between";
}

TEST_F(Following, what_nobody_can_give_in_time_any_more_is_taken_without_at_that_moment) {
  chain.grow(10);
  for (Batch& batch : chain.batches) batch.observations.clear();
  start();
  hear_of(10);
  for (int answered = 0; answered < 2; ++answered) {
    ASSERT_THAT(asks, SizeIs(1));
    const Ask ask = asks[0];
    asks.clear();
    answer(ask);
  }
  EXPECT_THAT(asks, SizeIs(1));
  wait(Micros{sim::usual_timing(64).resend.value - 1});
  EXPECT_EQ(tip(), 0U) << "the third may have them";
  wait(micros(1));
  EXPECT_EQ(tip(), 10U);
}

TEST_F(Following, after_a_crash_it_goes_on_from_its_ledger) {
  chain.grow(400);
  start();
  hear_of(400);
  answer(asks[0]);
  answer(asks[1]);
  ASSERT_EQ(tip(), 128U);
  asks.clear();
  start(100);  // what the ledger held
  hear_of(400);
  ASSERT_FALSE(asks.empty());
  EXPECT_EQ(asks[0].from, 101U);
  applied.clear();
  answer_all();
  EXPECT_EQ(tip(), 400U);
  EXPECT_EQ(applied.front(), 101U);
}

TEST_F(Following, a_range_that_was_not_asked_for_is_no_work) {
  chain.grow(300);
  start();
  hear_of(300);
  hear(0, MessageType::range, Height{65}, RangeMessage{range(65, 64)});
  hear(2, MessageType::range, Height{1}, RangeMessage{range(1, 64)});
  hear(1, MessageType::range, Height{129}, RangeMessage{{Bytes(500, 7)}});
  EXPECT_EQ(tip(), 0U);
  EXPECT_THAT(disconnected, IsEmpty());
}

TEST_F(Following, an_empty_answer_is_none) {
  chain.grow(10);
  start();
  hear_of(10);
  const Ask ask = asks[0];
  asks.clear();
  hear(ask.peer, MessageType::range, Height{1}, RangeMessage{});
  ASSERT_FALSE(asks.empty());
  EXPECT_NE(asks[0].peer, ask.peer);
}

/// Member 0, asked by member 3: see also budgets_test.cpp.
TEST_F(Following, what_another_peer_failed_to_give_may_be_asked_for_a_few_times_below_the_rest) {
  chain.grow(5000);
  start(5000);
  std::size_t reads = 0;
  const auto ask = [&](std::uint64_t from) {
    const Scope scope{MessageType::get, View{0}, Height{from}, MemberIndex{0}};
    const auto frame = seal(chain.committee, chain.keys.identities[0], scope, encode_payload(GetMessage{64}));
    for (const Effect& effect : machine->step(FromPeer{MemberIndex{0}, frame}, clocks())) {
      if (!std::holds_alternative<ReadLedger>(effect)) continue;
      ++reads;
      (void)machine->step(LedgerRange{MemberIndex{0}, {}}, clocks());
    }
  };
  for (std::uint64_t from = 1000; from < 4000; from += 64) ask(from);
  EXPECT_EQ(reads, 47U) << "upwards as fast as it likes";
  reads = 0;
  for (std::uint64_t from = 1; from < 3000; from += 64) ask(from);
  EXPECT_EQ(reads, ranges_below_max);
  wait(millis(100));
  ask(1);
  EXPECT_EQ(reads, ranges_below_max + 1);
}

}  // namespace
}  // namespace assay::threshold
