#pragma once
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "tests/unit/threshold/protocol/wire_observer.hpp"
#include "threshold/crypto/secret_scalar.hpp"
#include "threshold/envelope.hpp"
#include "threshold/evidence/judge.hpp"
#include "threshold/protocol.hpp"
#include "threshold/succession.hpp"

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

/// N real machines, real FROST, one thread, virtual time: delays, loss, cuts, kills. What a node keeps over a kill is
/// only what its disk completed. The same options give the same run.
class Cluster {
 public:
  explicit Cluster(ClusterOptions options);
  ~Cluster();

  void run_for(Micros span);
  bool run_until(const std::function<bool()>& reached, Micros patience);
  /// Every live node attested `height`.
  bool reach(Height height, Micros patience);

  /// Makes the settings of the epoch after the newest: its committee (members keep their index; those that are new
  /// start at once and wait) under the same group key, and its feeds. With as many members the shares stay.
  void add_epoch(std::uint16_t nodes, std::uint32_t feeds);
  /// The node holds the epoch after its own, and takes it up when that begins.
  void stage(std::uint16_t node);
  /// It believes to hold that epoch, but has another one.
  void stage_wrong(std::uint16_t node);
  Epoch epoch(std::uint16_t node) const;

  void kill(std::uint16_t node);
  void restart(std::uint16_t node);
  /// From now on nothing becomes durable there, until resume_disk.
  void stall_disk(std::uint16_t node);
  void resume_disk(std::uint16_t node);
  std::size_t records_waiting(std::uint16_t node) const;
  /// The safety log loses its newest records.
  void roll_back_log(std::uint16_t node, std::size_t records);
  void lose_log(std::uint16_t node);
  /// What compaction leaves when the ledger durably ends at `ledger`.
  void compact_log(std::uint16_t node, Height ledger);
  bool alive(std::uint16_t node) const;
  void cut(std::uint16_t a, std::uint16_t b);
  void join(std::uint16_t a, std::uint16_t b);
  void isolate(std::uint16_t node);
  void heal();
  void skew(std::uint16_t node, Micros by);

  /// May drop a frame (false) or change it before it is sent.
  using Filter = std::function<bool(std::uint16_t from, std::uint16_t to, Bytes& frame)>;
  void filter(Filter filter) { filter_ = std::move(filter); }
  /// Called for each Persist, before it is durable; true kills the node at that point.
  using Crash = std::function<bool(std::uint16_t node, const Bytes& record)>;
  void crash_before_durable(Crash crash) { crash_before_ = std::move(crash); }
  void crash_after_durable(Crash crash) { crash_after_ = std::move(crash); }

  ProtocolStatus status(std::uint16_t node) const;
  Height tip(std::uint16_t node) const;
  Height lowest_tip() const;
  Height highest_tip() const;
  const std::vector<Batch>& ledger(std::uint16_t node) const;
  std::size_t count(Errc code) const;
  std::size_t notes_about(Errc code, std::uint16_t member) const;
  std::optional<Errc> stopped(std::uint16_t node) const;
  std::size_t live_attested(std::uint16_t node) const;
  std::size_t disconnects(std::uint16_t member) const;  ///< asked for by anyone; the cluster leaves the links up
  std::size_t reads(std::uint16_t node) const;          ///< ReadLedger effects
  /// What honest members hold against `member`, each verified from its bytes. An accusation of a member whose frames no
  /// test has touched, or one that does not verify, is a violation of the wire observer.
  std::vector<evidence::Verdict> accusations_of(std::uint16_t member) const;
  std::vector<Bytes> evidence_against(std::uint16_t member) const;

  /// Ticks after which the deadline lay in the past: each would be a turn of a busy loop.
  std::size_t spins() const { return spins_; }

  WireObserver& wire(std::size_t epoch = 0) { return *epochs_[epoch].wire; }
  const Committee& committee(std::size_t epoch = 0) const { return epochs_[epoch].committee; }
  const ClusterOptions& options() const { return options_; }
  const IdentityKey& identity(std::uint16_t node) const;
  std::uint32_t feed_count() const { return options_.feeds; }
  MonoTime now() const { return now_; }
  WallTime wall(std::uint16_t node) const;
  /// Puts a frame on the wire as if `from` had sent it.
  void inject(std::uint16_t from, std::uint16_t to, Bytes frame);

 private:
  struct Node;
  using Deed = std::function<void()>;
  struct Settings {
    Committee committee;
    aggregator::AggregationPolicy policy;
    std::vector<frost::SecretShare> shares;  ///< by node
    std::unique_ptr<WireObserver> wire;
  };

  void deal_epoch(std::uint16_t nodes, std::uint32_t feeds);
  Digest next_epoch_of(std::uint16_t node) const;
  void follow_epochs(std::uint16_t node);

  void at(MonoTime when, Deed deed);
  void start(std::uint16_t node, bool first);
  void step(std::uint16_t node, const threshold::Event& event);
  void perform(std::uint16_t node, const Effect& effect);
  void send(std::uint16_t from, std::uint16_t to, const Bytes& frame);
  void persist(std::uint16_t node, const Persist& persist);
  void attest(std::uint16_t node, const Attested& attested);
  void accuse(std::uint16_t node, const Accuse& accuse);
  Observation observe(std::uint16_t node) const;
  Now now_of(std::uint16_t node) const;
  bool advance(MonoTime limit);

  ClusterOptions options_;
  std::mt19937_64 random_;
  MonoTime now_{1'000'000};
  std::map<std::pair<MonoTime, std::uint64_t>, Deed> queue_;
  std::uint64_t sequence_ = 0;
  std::vector<frost::SecretScalar> secrets_;  ///< of the group, one per degree; more for a larger committee
  std::vector<Settings> epochs_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::set<std::pair<std::uint16_t, std::uint16_t>> cuts_;
  std::size_t spins_ = 0;
  Filter filter_;
  Crash crash_before_;
  Crash crash_after_;
  std::map<std::pair<Errc, std::uint16_t>, std::size_t> notes_;
  std::map<MemberIndex, std::size_t> disconnects_;
  std::set<std::uint16_t> twisted_;  ///< a test changed what they said, or what they remember
  std::vector<std::pair<evidence::Verdict, Bytes>> accused_;
};

}  // namespace assay::threshold
