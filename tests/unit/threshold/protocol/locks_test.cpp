#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/threshold/protocol/cluster.hpp"

namespace assay::threshold {
namespace {

MessageType type_of(const Bytes& frame) {
  return static_cast<MessageType>(frame[32]);
}

bool is_lock(const Bytes& record) {
  return record[0] == 2;
}

TEST(Locks, a_batch_locked_before_its_leader_died_is_proposed_again_byte_for_byte) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{5}, millis(5'000)));
  // From here on no share travels, so height 6 locks everywhere and is attested nowhere.
  Digest locked;
  cluster.filter([&](std::uint16_t, std::uint16_t, Bytes& frame) {
    const auto envelope = open_envelope(cluster.committee(), frame);
    if (envelope->type == MessageType::prop && envelope->height == Height{6} && envelope->view == View{0}) {
      const auto message = decode_payload(MessageType::prop, envelope->payload, {Quorum{4}, 2});
      locked = header_hash(std::get<PropMessage>(*message).header);
    }
    return type_of(frame) != MessageType::share;
  });
  std::size_t locks = 0;
  cluster.crash_after_durable([&](std::uint16_t, const Bytes& record) {
    locks += is_lock(record) ? 1 : 0;
    return false;
  });
  ASSERT_TRUE(cluster.run_until([&] { return locks == 4; }, millis(2'000)));
  cluster.kill(0);
  cluster.filter(nullptr);
  EXPECT_TRUE(cluster.reach(Height{15}, millis(20'000)));
  EXPECT_EQ(cluster.hash_at(Height{6}), locked);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Locks, a_bad_commitment_in_a_new_view_is_its_leaders_fault_and_named_once) {
  Cluster cluster({.nodes = 4});
  cluster.distrust(1);
  std::size_t locks = 0;
  cluster.filter([](std::uint16_t, std::uint16_t, Bytes& frame) { return type_of(frame) != MessageType::share; });
  cluster.crash_after_durable([&](std::uint16_t, const Bytes& record) {
    locks += is_lock(record) ? 1 : 0;
    return false;
  });
  ASSERT_TRUE(cluster.run_until([&] { return locks == 4; }, millis(2'000)));
  cluster.kill(0);
  std::size_t proposals = 0;
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    if (from != 1 || type_of(frame) != MessageType::prop) return true;
    const auto envelope = open_envelope(cluster.committee(), frame);
    auto message = decode_payload(MessageType::prop, envelope->payload, {Quorum{4}, 2});
    auto& prop = std::get<PropMessage>(*message);
    if (!prop.new_view) return true;
    for (VenterEntry& entry : prop.new_view->entries) {
      if (entry.member != MemberIndex{1}) continue;
      entry.summary.commitment->hiding = {1};  // the identity
      const Scope scope{MessageType::venter, envelope->view, entry.height, MemberIndex{1}};
      const auto venter = seal(cluster.committee(), cluster.identity(1), scope, encode_payload(entry.summary));
      entry.signature = open_envelope(cluster.committee(), venter)->signature;
    }
    frame = seal(cluster.committee(), cluster.identity(1),
                 {MessageType::prop, envelope->view, envelope->height, MemberIndex{1}}, encode_payload(*message));
    ++proposals;
    return true;
  });
  ASSERT_TRUE(cluster.run_until([&] { return proposals >= 2; }, millis(5'000)));
  cluster.run_for(millis(20));
  EXPECT_EQ(cluster.notes_about(Errc::bad_element, 1), 2U) << "once at each of members 2 and 3";
  EXPECT_EQ(cluster.count(Errc::bad_share), 0U);
}

TEST(Locks, one_lock_in_one_survivor_is_enough_to_bind_the_next_view) {
  // Only node 1 hears the votes of height 6; it locks, the others do not.
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{5}, millis(5'000)));
  Digest locked;
  cluster.filter([&](std::uint16_t, std::uint16_t to, Bytes& frame) {
    const auto envelope = open_envelope(cluster.committee(), frame);
    if (envelope->type == MessageType::prep && envelope->height == Height{6} && envelope->view == View{0}) {
      locked = std::get<PrepMessage>(*decode_payload(MessageType::prep, envelope->payload, {Quorum{4}, 2})).header_hash;
      return to == 1;
    }
    return true;
  });
  bool held = false;
  cluster.crash_after_durable([&](std::uint16_t node, const Bytes& record) {
    held = held || (node == 1 && is_lock(record));
    return false;
  });
  ASSERT_TRUE(cluster.run_until([&] { return held; }, millis(2'000)));
  EXPECT_TRUE(cluster.reach(Height{12}, millis(20'000)));
  // Node 1 leads view 1 and proves its own lock; whoever leads must count it or a quorum without it.
  EXPECT_EQ(cluster.hash_at(Height{6}), locked);
  EXPECT_EQ(cluster.violation(), "");
}

/// Height 6 of view 0 is locked where `hears` says that its frames arrive, and signed nowhere; then the leader dies.
struct Takeover : testing::Test {
  using Hears = std::function<bool(std::uint16_t to, MessageType type)>;
  void begin(std::size_t locks_wanted, Hears hears_then) {
    hears = std::move(hears_then);
    ASSERT_TRUE(cluster.reach(Height{5}, millis(5'000)));
    cluster.filter([this](std::uint16_t, std::uint16_t to, Bytes& frame) { return arrives(to, frame); });
    std::size_t locks = 0;
    cluster.crash_after_durable([&](std::uint16_t node, const Bytes& record) {
      const auto read = decode_record({cluster.committee().cfg, MemberIndex{node}}, {Quorum{4}, 2}, record);
      const auto* lock = std::get_if<LockRecord>(&**read);
      if (lock == nullptr || lock->height() != Height{6}) return false;
      locked = lock->hash();
      ++locks;
      return false;
    });
    ASSERT_TRUE(cluster.run_until([&] { return locks == locks_wanted; }, millis(2'000)));
    cluster.crash_after_durable(nullptr);
    cluster.kill(0);
  }
  bool arrives(std::uint16_t to, const Bytes& frame) const {
    const auto envelope = open_envelope(cluster.committee(), frame);
    if (envelope->height != Height{6} || envelope->view != View{0}) return true;
    return envelope->type != MessageType::share && hears(to, envelope->type);
  }
  /// Of view 1; `lost` BODIES do not arrive.
  void go_on(std::size_t lost) {
    cluster.filter([this, lost](std::uint16_t from, std::uint16_t to, Bytes& frame) {
      const MessageType type = type_of(frame);
      if (!arrives(to, frame)) return false;
      if (cluster.status(from).tip != Height{5} || cluster.status(from).view != View{1}) return true;
      return ++said[type] > lost || type != MessageType::bodies;
    });
    EXPECT_TRUE(cluster.reach(Height{15}, millis(20'000)));
    EXPECT_EQ(cluster.hash_at(Height{6}), locked);
    EXPECT_EQ(cluster.status(1).view, View{1}) << "in the first view that could";
    EXPECT_EQ(cluster.violation(), "");
  }
  Cluster cluster{{.nodes = 4, .jitter = micros(0)}};  // frames in order, as on a link
  Hears hears;
  Digest locked;
  std::map<MessageType, std::size_t> said;
};

TEST_F(Takeover, a_new_leader_that_saw_nothing_of_a_locked_batch_fetches_its_inputs_once) {
  begin(3, [](std::uint16_t to, MessageType) { return to != 1; });
  go_on(0);
  EXPECT_EQ(said[MessageType::proofs], 2U);
  EXPECT_EQ(said[MessageType::pull], 1U);
  EXPECT_EQ(said[MessageType::bodies], 1U);
}

TEST_F(Takeover, it_asks_others_when_who_proved_the_lock_first_does_not_answer) {
  begin(3, [](std::uint16_t to, MessageType) { return to != 1; });
  go_on(1);
  EXPECT_GT(said[MessageType::bodies], 1U);
}

TEST_F(Takeover, who_had_the_proposal_needs_no_body_in_the_next_view) {
  begin(1, [](std::uint16_t to, MessageType type) { return type != MessageType::prep || to == 2; });
  go_on(0);
  EXPECT_EQ(said[MessageType::pull], 0U);
  EXPECT_EQ(said[MessageType::bodies], 0U);
}

TEST(Locks, a_power_cut_of_all_with_a_locked_batch_brings_that_batch_back) {
  for (const Micros lag : {millis(0), millis(200)}) {
    Cluster cluster({.nodes = 4, .ledger_lag = lag});
    ASSERT_TRUE(cluster.reach(Height{5}, millis(5'000)));
    const Height at{cluster.highest_tip().value + 1};
    cluster.filter([&](std::uint16_t, std::uint16_t, Bytes& frame) {
      return type_of(frame) != MessageType::share && type_of(frame) != MessageType::att;
    });
    std::map<std::uint16_t, Digest> locked;
    cluster.crash_after_durable([&](std::uint16_t node, const Bytes& record) {
      const auto read = decode_record({cluster.committee().cfg, MemberIndex{node}}, {Quorum{4}, 2}, record);
      if (const auto* lock = std::get_if<LockRecord>(&**read); lock != nullptr && lock->height() == at) {
        locked[node] = lock->hash();
      }
      return false;
    });
    ASSERT_TRUE(cluster.run_until([&] { return locked.size() == 4; }, millis(2'000)));
    for (std::uint16_t node = 0; node < 4; ++node) cluster.kill(node);
    cluster.crash_after_durable(nullptr);
    cluster.filter(nullptr);
    for (std::uint16_t node = 0; node < 4; ++node) cluster.restart(node);
    EXPECT_TRUE(cluster.reach(Height{at.value + 6}, millis(30'000)));
    EXPECT_EQ(cluster.hash_at(at), locked[0]);
    EXPECT_EQ(cluster.violation(), "");
  }
}

TEST(Locks, a_lock_above_a_late_ledger_is_claimed_with_the_certificate_it_was_stored_with) {
  // Node 1's ledger lost batches behind its newest lock after compaction dropped their locks: it still must claim the
  // tip below that lock, and the lock, or a later view could agree on something else there.
  Cluster cluster({.nodes = 4, .ledger_lag = millis(250)});
  ASSERT_TRUE(cluster.reach(Height{12}, millis(5'000)));
  std::optional<LockClaim> locked;
  Height at{0};
  cluster.crash_after_durable([&](std::uint16_t node, const Bytes& record) {
    if (node != 1 || !is_lock(record)) return false;
    const auto read = decode_record({cluster.committee().cfg, MemberIndex{1}}, {Quorum{4}, 2}, record);
    const auto* lock = std::get_if<LockRecord>(&**read);
    locked = LockClaim{lock->view(), lock->hash()};
    at = lock->height();
    return true;
  });
  ASSERT_TRUE(cluster.run_until([&] { return locked.has_value(); }, millis(1'000)));
  cluster.crash_after_durable(nullptr);
  for (std::uint16_t node = 0; node < 4; ++node) cluster.kill(node);
  ASSERT_LT(cluster.ledger(1).size() + 1, at.value - 1);
  cluster.compact_log(1, at);
  std::optional<std::pair<Height, std::optional<LockClaim>>> claimed;
  cluster.filter([&](std::uint16_t from, std::uint16_t, Bytes& frame) {
    if (from != 1 || type_of(frame) != MessageType::venter || claimed) return true;
    const auto envelope = open_envelope(cluster.committee(), frame);
    const auto message = decode_payload(MessageType::venter, envelope->payload, {Quorum{4}, 2});
    claimed = std::pair{envelope->height, std::get<VenterMessage>(*message).lock};
    return true;
  });
  for (std::uint16_t node = 0; node < 4; ++node) cluster.restart(node);
  EXPECT_TRUE(cluster.reach(Height{at.value + 5}, millis(30'000)));
  ASSERT_TRUE(claimed);
  EXPECT_EQ(claimed->first, at);
  EXPECT_EQ(claimed->second, locked);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Locks, a_power_cut_of_all_loses_no_batch_that_the_ledgers_lack_after_a_compaction) {
  Cluster cluster({.nodes = 4, .ledger_lag = millis(200)});
  ASSERT_TRUE(cluster.reach(Height{8}, millis(5'000)));
  const Height attested = cluster.highest_tip();
  for (std::uint16_t node = 0; node < 4; ++node) cluster.kill(node);
  for (std::uint16_t node = 0; node < 4; ++node) {
    ASSERT_LT(cluster.ledger(node).size() + 1, attested.value);
    cluster.compact_log(node, Height{cluster.ledger(node).size()});
  }
  for (std::uint16_t node = 0; node < 4; ++node) cluster.restart(node);
  EXPECT_TRUE(cluster.reach(Height{attested.value + 6}, millis(30'000)));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Locks, a_share_never_leaves_after_the_view_changed_under_a_slow_disk) {
  // Locks take a second to become durable, patience ends after 400 ms: no share may follow from a view that is left.
  Cluster cluster({.nodes = 4, .disk = millis(900)});
  cluster.run_for(millis(20'000));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Locks, a_disk_that_stands_still_costs_its_member_the_heights_and_nothing_else) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{3}, millis(5'000)));
  cluster.stall_disk(2);
  ASSERT_TRUE(cluster.reach(Height{40}, millis(10'000)));
  EXPECT_EQ(cluster.records_waiting(2), 1U);
  EXPECT_EQ(cluster.status(2).view, View{0});
  // The height is open when the disk comes back: the lock that had to wait is issued then, and its share given.
  cluster.kill(3);
  const Height open{cluster.highest_tip().value + 1};
  cluster.run_for(millis(250));  // all sessions of the height have been asked for
  EXPECT_LE(cluster.highest_tip(), open);
  cluster.resume_disk(2);
  ASSERT_TRUE(cluster.run_until([&] { return cluster.tip(0) > open; }, millis(120)));
  EXPECT_EQ(cluster.status(0).view, View{0});
  EXPECT_EQ(cluster.violation(), "");
}

/// Member `victim` dies at its `point`th record, before or after it is durable, and starts again. Until then each third
/// height is attested at one member alone in its first view: shares reach nobody else, and it tells nobody. So the
/// locks of that view bind the next one, which must find the same batch. Returns how many batches were proposed again.
struct Strike {
  std::uint16_t victim;
  int point;
  bool durable;
};
std::size_t expect_one_chain_through(const Strike& strike) {
  Cluster cluster({.nodes = 4, .seed = 100U + static_cast<std::uint64_t>(strike.point), .rotation_heights = 4});
  const auto confidant = static_cast<std::uint16_t>((strike.victim + 1) % 4);
  std::map<Height, View> first_view;
  std::set<Height> reproposed;
  cluster.filter([&](std::uint16_t, std::uint16_t to, Bytes& frame) {
    const auto envelope = open_envelope(cluster.committee(), frame);
    const bool hidden = envelope->height.value % 3 == 0;
    if (!hidden) return true;
    if (envelope->type == MessageType::prop) {
      const View first = first_view.try_emplace(envelope->height, envelope->view).first->second;
      if (first < envelope->view) reproposed.insert(envelope->height);
    }
    const auto first = first_view.find(envelope->height);
    const bool present = first != first_view.end() && first->second == envelope->view;
    return !present || envelope->type == MessageType::prop || envelope->type == MessageType::prep ||
           envelope->type == MessageType::obs || (envelope->type == MessageType::share && to == confidant);
  });
  int seen = 0;
  bool down = false;
  const auto hits = [&](std::uint16_t node, const Bytes&) {
    if (node != strike.victim || down) return false;
    down = seen++ == strike.point;
    return down;
  };
  strike.durable ? cluster.crash_after_durable(hits) : cluster.crash_before_durable(hits);
  EXPECT_TRUE(cluster.run_until([&] { return down; }, millis(20'000)));
  cluster.run_for(millis(120));
  cluster.filter(nullptr);
  cluster.restart(strike.victim);
  const View fence = cluster.status(strike.victim).fence;
  EXPECT_TRUE(cluster.reach(Height{cluster.highest_tip().value + 8}, millis(60'000)));
  EXPECT_TRUE(cluster.run_until([&] { return cluster.votes_above(strike.victim, fence) > 0; }, millis(5'000)));
  EXPECT_EQ(cluster.violation(), "");
  return reproposed.size();
}

TEST(Locks, a_crash_of_any_member_at_any_persist_point_never_makes_a_second_vote) {
  std::size_t proposed_again = 0;
  for (std::uint16_t victim = 0; victim < 4; ++victim) {
    for (int point = 0; point < 12; ++point) {
      SCOPED_TRACE(testing::Message() << "member " << victim << ", record " << point);
      proposed_again += expect_one_chain_through({victim, point, point % 2 == 0});
      if (victim < 2) proposed_again += expect_one_chain_through({victim, point, point % 2 != 0});
    }
  }
  EXPECT_GT(proposed_again, 0U) << "or hardly a lock has bound anybody";
}

TEST(Locks, a_rolled_back_log_is_noticed_by_the_peers) {
  Cluster cluster({.nodes = 4, .ledger_lag = millis(100'000), .rotation_heights = 4});
  ASSERT_TRUE(cluster.reach(Height{10}, millis(20'000)));
  cluster.kill(2);
  cluster.roll_back_log(2, 100);
  cluster.restart(2);
  cluster.run_for(millis(500));
  EXPECT_EQ(cluster.stopped(2), Errc::log_behind);
  EXPECT_TRUE(cluster.reach(Height{30}, millis(20'000)));
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Locks, logs_of_all_that_are_rolled_back_at_once_are_noticed_beside_their_ledgers) {
  Cluster cluster({.nodes = 4, .rotation_heights = 4});
  ASSERT_TRUE(cluster.reach(Height{10}, millis(20'000)));
  for (std::uint16_t node = 0; node < 4; ++node) {
    cluster.kill(node);
    cluster.roll_back_log(node, 6);  // to the view before the last rotation
  }
  for (std::uint16_t node = 0; node < 4; ++node) {
    cluster.restart(node);
    EXPECT_EQ(cluster.stopped(node), Errc::log_behind) << "member " << node;
  }
}

TEST(Locks, a_lost_log_beside_an_empty_ledger_is_noticed_by_the_peers) {
  Cluster cluster({.nodes = 4, .ledger_lag = millis(100'000)});
  ASSERT_TRUE(cluster.reach(Height{6}, millis(20'000)));
  cluster.kill(2);
  cluster.lose_log(2);
  cluster.restart(2);
  cluster.run_for(millis(500));
  EXPECT_EQ(cluster.stopped(2), Errc::log_behind);
  EXPECT_EQ(cluster.violation(), "");
}

TEST(Locks, a_lost_log_beside_a_ledger_is_refused_at_once) {
  Cluster cluster({.nodes = 4});
  ASSERT_TRUE(cluster.reach(Height{6}, millis(20'000)));
  cluster.kill(2);
  cluster.lose_log(2);
  cluster.restart(2);
  EXPECT_EQ(cluster.stopped(2), Errc::log_behind);
}

}  // namespace
}  // namespace assay::threshold
