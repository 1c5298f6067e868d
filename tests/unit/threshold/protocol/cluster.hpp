#pragma once
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/envelope.hpp"
#include "threshold/evidence/judge.hpp"
#include "threshold/sim/invariants.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold {

/// What a cluster is made of; every number is virtual.
struct ClusterOptions {
  std::uint16_t nodes = 4;
  std::uint32_t feeds = 2;
  std::uint64_t seed = 1;
  Micros delay = millis(2);
  Micros jitter = micros(500);
  std::uint32_t loss_ppm = 0;
  Micros disk = micros(300);      ///< from Persist to Persisted
  Micros ledger_lag = micros(0);  ///< a batch reaches the ledger this much after Attested
  Micros read = micros(200);      ///< from ReadLedger to LedgerRange
  std::uint32_t rotation_heights = 64;
};

aggregator::AggregationPolicy test_policy(std::uint32_t feeds);

/// A simulated committee as a test directs it: real FROST, calm prices, links that stay up whoever gives them up. The
/// simulator's invariants watch all that its members do; of a member whose frames a test touches they still check what
/// it says itself. The same options and calls give the same run.
class Cluster : private sim::Witness {
 public:
  explicit Cluster(const ClusterOptions& options);

  void run_for(Micros span) { world_.run_for(span); }
  bool run_until(const std::function<bool()>& reached, Micros patience);
  /// Every live node attested `height`.
  bool reach(Height height, Micros patience);

  /// Makes the settings of the epoch after the newest: its committee (members keep their index; those that are new
  /// start at once and wait) under the same group key, and its feeds. With as many members the shares stay.
  void add_epoch(std::uint16_t nodes, std::uint32_t feeds);
  /// The node holds the epoch after its own, and takes it up when that begins.
  void stage(std::uint16_t node) { world_.stage(node, sim::File::right); }
  /// It believes to hold that epoch, but has another one.
  void stage_wrong(std::uint16_t node) { world_.stage(node, sim::File::wrong); }
  Epoch epoch(std::uint16_t node) const { return world_.committee_of(node).epoch; }

  void kill(std::uint16_t node) { world_.crash(node); }
  void restart(std::uint16_t node) { world_.restart(node); }
  bool alive(std::uint16_t node) const { return world_.alive(node); }
  /// From now on nothing becomes durable there, until resume_disk.
  void stall_disk(std::uint16_t node) { world_.stall_disk(node); }
  void resume_disk(std::uint16_t node) { world_.resume_disk(node); }
  std::size_t records_waiting(std::uint16_t node) const { return world_.seat(node).disk.waiting.size(); }
  /// The safety log loses its newest records: the node must not vote again.
  void roll_back_log(std::uint16_t node, std::size_t records);
  void lose_log(std::uint16_t node);
  /// What compaction leaves when the ledger durably ends at `ledger`.
  void compact_log(std::uint16_t node, Height ledger);
  void cut(std::uint16_t a, std::uint16_t b);
  void join(std::uint16_t a, std::uint16_t b) { world_.join(MemberIndex{a}, MemberIndex{b}); }
  void isolate(std::uint16_t node);
  void heal();
  void skew(std::uint16_t node, Micros by) { world_.seat(node).clock.skew = by; }

  /// May drop a frame (false) or change it before it is sent.
  using Filter = std::function<bool(std::uint16_t from, std::uint16_t to, Bytes& frame)>;
  void filter(Filter filter) { filter_ = std::move(filter); }
  /// Puts a frame on the wire as if `from` had sent it.
  void inject(std::uint16_t from, std::uint16_t to, Bytes frame);
  /// Called for each Persist, before it is durable; true kills the node at that point.
  void crash_before_durable(sim::World::Strike crash) { world_.strike_before_durable(std::move(crash)); }
  void crash_after_durable(sim::World::Strike crash) { world_.strike_after_durable(std::move(crash)); }

  MonoTime now() const { return world_.now(); }
  ProtocolStatus status(std::uint16_t node) const;
  Height tip(std::uint16_t node) const { return world_.tip(node); }
  Height lowest_tip() const;
  Height highest_tip() const;
  std::vector<Batch> ledger(std::uint16_t node) const;
  /// Of the one batch attested there.
  const Digest& hash_at(Height height) const { return invariants_.chronicle().at(height)->hash; }
  std::optional<Errc> stopped(std::uint16_t node) const;
  std::size_t live_attested(std::uint16_t node) const { return world_.seat(node).live; }
  std::size_t reads(std::uint16_t node) const { return world_.seat(node).reads; }  ///< ReadLedger effects

  std::size_t count(Errc code) const;
  std::size_t notes_about(Errc code, std::uint16_t member) const;
  std::size_t disconnects(std::uint16_t member) const;  ///< asked for by anyone
  /// What is held against `member`, each verified from its bytes.
  std::vector<evidence::Verdict> accusations_of(std::uint16_t member) const;
  /// Frames of one type, a broadcast counting once.
  std::size_t said(MessageType type) const;
  /// How often `member` sent PREP in a view above `view`.
  std::size_t votes_above(std::uint16_t member, View view) const;

  /// A Byzantine member may say what it likes.
  void distrust(std::uint16_t member) { invariants_.distrust(MemberIndex{member}); }
  /// The first rule that broke; empty while all hold.
  std::string violation() const;

  const Committee& committee(std::size_t epoch = 0) const { return world_.committee(epoch); }
  const IdentityKey& identity(std::uint16_t node) const { return world_.identity(MemberIndex{node}); }
  const ClusterOptions& options() const { return options_; }
  std::uint32_t feed_count() const { return options_.feeds; }

 private:
  void does(sim::Seat seat, const Effect& effect) override;
  void settled(sim::Seat seat, const threshold::Event& event, const Protocol& machine, Now now) override;
  void accuses(std::uint16_t node, const Accuse& accuse);
  bool passes(MemberIndex from, MemberIndex to, SharedFrame& frame);
  void note_words(MemberIndex from, const SharedFrame& frame);
  void forged(MemberIndex from, MemberIndex to, const Bytes& frame);

  ClusterOptions options_;
  sim::Keys keys_;
  sim::World world_;
  sim::Counts counts_;
  sim::Invariants invariants_;
  Filter filter_;
  SharedFrame newest_;             ///< what was said last
  std::set<std::uint64_t> words_;  ///< fingerprints of all frames, as their senders made them
  std::map<MessageType, std::size_t> said_;
  std::map<MemberIndex, std::vector<View>> votes_;
  std::map<std::pair<Errc, MemberIndex>, std::size_t> notes_;
  std::map<MemberIndex, std::size_t> disconnects_;
  std::vector<evidence::Verdict> accused_;
};

}  // namespace assay::threshold
