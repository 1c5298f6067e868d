#include "tests/unit/threshold/protocol/cluster_node.hpp"

#include <algorithm>

#include "core/check.hpp"
#include "threshold/io/safety_format.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold {

Cluster::Cluster(ClusterOptions options) : options_(options), random_(options.seed) {
  epochs_.reserve(8);  // observers point at committees
  deal_epoch(options.nodes, options.feeds);
  for (std::uint16_t i = 0; i < options.nodes; ++i) start(i, true);
}

Cluster::~Cluster() = default;

void Cluster::at(MonoTime when, Deed deed) {
  queue_.emplace(std::pair{when, sequence_++}, std::move(deed));
}

Now Cluster::now_of(std::uint16_t node) const {
  return {now_, wall(node)};
}

WallTime Cluster::wall(std::uint16_t node) const {
  return WallTime{1'790'000'000'000'000 + static_cast<std::uint64_t>(now_.value)} + nodes_[node]->skew;
}

void Cluster::start(std::uint16_t index, bool first) {
  Node& node = *nodes_[index];
  ++node.life;
  node.stopped.reset();
  Restored restored;
  restored.first_start = first && !node.log_exists;
  node.log_exists = true;
  restored.records = node.log;
  const Settings& settings_now = epochs_[node.epoch];
  restored.tip = genesis_header(settings_now.committee, options_.feeds);
  restored.history.append(history_leaf(restored.tip));
  for (const Batch& batch : node.ledger) {
    restored.tip = batch.header;
    restored.tip_signature = batch.signature;
    restored.tip_leaves = batch.leaves;
    restored.history.append(history_leaf(batch.header));
    for (const Bytes& body : batch.observations) {
      const auto said = open_envelope(settings_now.committee, body);
      if (said && said->sender == MemberIndex{index}) restored.said = body;
    }
  }
  ProtocolSettings settings{.me = MemberIndex{index},
                            .committee = settings_now.committee,
                            .timing = sim::usual_timing(options_.rotation_heights),
                            .policy = settings_now.policy};
  auto made = Protocol::make(std::move(settings), node.identity, settings_now.shares[index], std::move(restored),
                             node.entropy, now_of(index));
  if (!made) {
    node.stopped = made.error().code;
    return;
  }
  node.protocol = std::move(made).value();
  if (first) {
    settings_now.wire->forget_fence(MemberIndex{index});
  } else {
    settings_now.wire->fenced(MemberIndex{index}, node.protocol->status().fence);
  }
  const std::uint64_t life = node.life;
  at(now_, [this, index, life] {
    if (nodes_[index]->life == life) step(index, Tick{});
  });
  if (node.staged)
    at(now_, [this, index, life] {
      if (nodes_[index]->life == life) step(index, Staged{nodes_[index]->staged});
    });
  for (std::uint16_t other = 0; other < nodes_.size(); ++other) {
    if (other == index || cuts_.contains({index, other})) continue;
    at(now_ + millis(1), [this, index, other] {
      step(index, PeerUp{MemberIndex{other}});
      step(other, PeerUp{MemberIndex{index}});
    });
  }
}

void Cluster::step(std::uint16_t index, const threshold::Event& event) {
  Node& node = *nodes_[index];
  if (!node.protocol) return;
  const std::uint64_t life = node.life;
  const auto effects = node.protocol->step(event, now_of(index));
  for (const Effect& effect : effects) {
    if (node.life != life || !node.protocol) return;  // killed between two effects
    perform(index, effect);
  }
  if (!node.protocol) return;
  follow_epochs(index);
  if (node.life != life) return;
  // A deadline that has passed and stays after a Tick would make the driver spin.
  if (std::holds_alternative<Tick>(event) && node.protocol->next_deadline() <= now_) ++spins_;
  const MonoTime wake = std::max(node.protocol->next_deadline(), now_ + micros(1));
  node.wake = wake;
  at(wake, [this, index, life, wake] {
    if (nodes_[index]->life == life && nodes_[index]->wake == wake) step(index, Tick{});
  });
}

void Cluster::perform(std::uint16_t index, const Effect& effect) {
  Node& node = *nodes_[index];
  const std::uint64_t life = node.life;
  if (const auto* one = std::get_if<Persist>(&effect)) return persist(index, *one);
  if (const auto* one = std::get_if<Send>(&effect)) return send(index, one->to.value, *one->frame);
  if (const auto* one = std::get_if<Broadcast>(&effect)) {
    for (std::uint16_t to = 0; to < nodes_.size(); ++to) {
      if (to != index) send(index, to, *one->frame);
    }
    return;
  }
  if (const auto* one = std::get_if<Observe>(&effect)) {
    const Observed answer{one->height, observe(index)};
    at(now_, [this, index, life, answer] {
      if (nodes_[index]->life == life) step(index, answer);
    });
    return;
  }
  if (const auto* one = std::get_if<Attested>(&effect)) return attest(index, *one);
  if (const auto* one = std::get_if<ReadLedger>(&effect)) {
    ++node.reads;
    LedgerRange range{one->peer, {}};
    for (const Batch& batch : node.ledger) {
      if (batch.header.height >= one->from && range.batches.size() < one->count_max) range.batches.push_back(batch);
    }
    at(now_ + options_.read, [this, index, life, range] {
      if (nodes_[index]->life == life) step(index, range);
    });
    return;
  }
  if (const auto* one = std::get_if<Note>(&effect)) {
    ++notes_[{one->code, one->member.value}];
    return;
  }
  if (const auto* one = std::get_if<Accuse>(&effect)) return accuse(index, *one);
  if (const auto* one = std::get_if<Disconnect>(&effect)) {
    ++disconnects_[one->member];
    return;
  }
  if (const auto* one = std::get_if<Stop>(&effect)) {
    node.stopped = one->error.code;
    node.protocol.reset();
    ++node.life;
  }
}

void Cluster::send(std::uint16_t from, std::uint16_t to, const Bytes& frame) {
  epochs_[nodes_[from]->epoch].wire->sent(MemberIndex{from}, frame, nodes_[from]->log);
  Bytes copy = frame;
  if (filter_ && !filter_(from, to, copy)) return;
  if (copy != frame) twisted_.insert(from);
  inject(from, to, std::move(copy));
}

void Cluster::inject(std::uint16_t from, std::uint16_t to, Bytes frame) {
  if (cuts_.contains({from, to})) return;
  if (random_() % 1'000'000 < options_.loss_ppm) return;
  const auto extra = static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(options_.jitter.value + 1));
  at(now_ + options_.delay + Micros{extra}, [this, from, to, frame = std::move(frame)] {
    if (!cuts_.contains({from, to})) step(to, FromPeer{MemberIndex{from}, frame});
  });
}

void Cluster::persist(std::uint16_t index, const Persist& persist) {
  Node& node = *nodes_[index];
  if (crash_before_ && crash_before_(index, persist.record)) return kill(index);
  if (node.stalled) return node.waiting.push_back(persist);
  const std::uint64_t life = node.life;
  node.disk_free = std::max(node.disk_free, now_) + options_.disk;
  at(node.disk_free, [this, index, life, persist] {
    Node& owner = *nodes_[index];
    if (owner.life != life) return;
    owner.log.push_back(persist.record);
    if (crash_after_ && crash_after_(index, persist.record)) return kill(index);
    step(index, Persisted{persist.id});
  });
}

void Cluster::attest(std::uint16_t index, const Attested& attested) {
  epochs_.front().wire->attested(MemberIndex{index}, *attested.batch);
  if (attested.live) ++nodes_[index]->live;
  const std::uint64_t life = nodes_[index]->life;
  const auto write = [this, index, life, batch = attested.batch] {
    Node& node = *nodes_[index];
    if (node.life != life) return;
    const std::uint64_t expected = node.ledger.empty() ? 1 : node.ledger.back().header.height.value + 1;
    if (batch->header.height.value != expected) return;
    node.ledger.push_back(*batch);
    const Stored stored{batch->header.height};
    at(now_, [this, index, life, stored] {
      if (nodes_[index]->life == life) step(index, stored);
    });
  };
  if (options_.ledger_lag.value == 0) return write();
  at(now_ + options_.ledger_lag, write);
}

Observation Cluster::observe(std::uint16_t node) const {
  Observation observation;
  observation.time = wall(node);
  for (std::size_t feed = 0; feed < epochs_[nodes_[node]->epoch].policy.feeds.size(); ++feed) {
    const std::int64_t price = 100'000'000 + static_cast<std::int64_t>(feed) * 1000 + node * 10;
    observation.feeds.push_back(ObservationEntry{.price = price,
                                                 .bid = price - 5,
                                                 .ask = price + 5,
                                                 .confidence = 2000,
                                                 .depth_usd = 1'000'000,
                                                 .src_time = WallTime{observation.time.value - 1000},
                                                 .reasons = 0,
                                                 .sources = 3});
  }
  return observation;
}

bool Cluster::advance(MonoTime limit) {
  if (queue_.empty() || queue_.begin()->first.first > limit) return false;
  auto first = queue_.extract(queue_.begin());
  now_ = std::max(now_, first.key().first);
  first.mapped()();
  return true;
}

void Cluster::run_for(Micros span) {
  const MonoTime limit = now_ + span;
  while (advance(limit)) {
  }
  now_ = limit;
}

bool Cluster::run_until(const std::function<bool()>& reached, Micros patience) {
  const MonoTime limit = now_ + patience;
  while (!reached()) {
    if (!advance(limit)) return false;
  }
  return true;
}

bool Cluster::reach(Height height, Micros patience) {
  return run_until([&] { return lowest_tip() >= height; }, patience);
}

void Cluster::kill(std::uint16_t node) {
  nodes_[node]->protocol.reset();
  ++nodes_[node]->life;
  nodes_[node]->disk_free = MonoTime{0};
  nodes_[node]->waiting.clear();
  for (std::uint16_t other = 0; other < nodes_.size(); ++other) {
    if (other != node && !cuts_.contains({node, other})) {
      at(now_ + millis(1), [this, node, other] { step(other, PeerDown{MemberIndex{node}}); });
    }
  }
}

void Cluster::restart(std::uint16_t node) {
  kill(node);
  start(node, !nodes_[node]->log_exists);
}

void Cluster::stall_disk(std::uint16_t node) {
  nodes_[node]->stalled = true;
}

void Cluster::resume_disk(std::uint16_t node) {
  nodes_[node]->stalled = false;
  for (const Persist& one : std::exchange(nodes_[node]->waiting, {})) persist(node, one);
}

std::size_t Cluster::records_waiting(std::uint16_t node) const {
  return nodes_[node]->waiting.size();
}

void Cluster::accuse(std::uint16_t index, const Accuse& accuse) {
  const std::uint16_t culprit = accuse.verdict.member.value;
  const auto& [committee, policy, shares, wire] = epochs_[nodes_[index]->epoch];
  const std::string who = std::to_string(index) + " accuses " + std::to_string(culprit) + ": " + accuse.verdict.what;
  if (!twisted_.contains(culprit) && !wire->ignores(MemberIndex{culprit})) wire->violated("an honest one: " + who);
  // As anybody would: from the bytes alone.
  const evidence::PublicNetwork network{committee, policy};
  const auto opened = evidence::decode(*accuse.evidence, network.limits());
  const auto verdict = opened && opened->scope == committee.cfg ? evidence::judge(network, opened->evidence)
                                                                : Result<evidence::Verdict>(Error{Errc::malformed});
  if (!verdict || *verdict != accuse.verdict) return wire->violated("without a proof: " + who);
  if (evidence::encode(opened->scope, opened->evidence) != *accuse.evidence) wire->violated("two spellings: " + who);
  accused_.emplace_back(*verdict, *accuse.evidence);
}

std::vector<evidence::Verdict> Cluster::accusations_of(std::uint16_t member) const {
  std::vector<evidence::Verdict> verdicts;
  for (const auto& [verdict, bytes] : accused_) {
    if (verdict.member.value == member) verdicts.push_back(verdict);
  }
  return verdicts;
}

std::vector<Bytes> Cluster::evidence_against(std::uint16_t member) const {
  std::vector<Bytes> all;
  for (const auto& [verdict, bytes] : accused_) {
    if (verdict.member.value == member) all.push_back(bytes);
  }
  return all;
}

void Cluster::roll_back_log(std::uint16_t node, std::size_t records) {
  twisted_.insert(node);
  auto& log = nodes_[node]->log;
  log.resize(log.size() - std::min(records, log.size()));
}

void Cluster::lose_log(std::uint16_t node) {
  twisted_.insert(node);
  nodes_[node]->log.clear();
  nodes_[node]->log_exists = false;
}

void Cluster::compact_log(std::uint16_t node, Height ledger) {
  std::vector<NeededRecord> records;
  for (const Bytes& record : nodes_[node]->log) records.push_back({record, record_height(record)});
  drop_unneeded(records, ledger);
  nodes_[node]->log.clear();
  for (NeededRecord& one : records) nodes_[node]->log.push_back(std::move(one.record));
}

bool Cluster::alive(std::uint16_t node) const {
  return nodes_[node]->protocol != nullptr;
}

void Cluster::cut(std::uint16_t a, std::uint16_t b) {
  cuts_.insert({a, b});
  cuts_.insert({b, a});
}

void Cluster::join(std::uint16_t a, std::uint16_t b) {
  cuts_.erase({a, b});
  cuts_.erase({b, a});
  step(a, PeerUp{MemberIndex{b}});
  step(b, PeerUp{MemberIndex{a}});
}

void Cluster::isolate(std::uint16_t node) {
  for (std::uint16_t other = 0; other < nodes_.size(); ++other) {
    if (other != node) cut(node, other);
  }
}

void Cluster::heal() {
  const auto cuts = cuts_;
  for (const auto& [a, b] : cuts) {
    if (a < b) join(a, b);
  }
}

void Cluster::skew(std::uint16_t node, Micros by) {
  nodes_[node]->skew = by;
}

ProtocolStatus Cluster::status(std::uint16_t node) const {
  return nodes_[node]->protocol ? nodes_[node]->protocol->status() : ProtocolStatus{};
}

Height Cluster::tip(std::uint16_t node) const {
  return status(node).tip;
}

Height Cluster::lowest_tip() const {
  Height lowest{UINT64_MAX};
  for (std::uint16_t i = 0; i < nodes_.size(); ++i) {
    if (alive(i)) lowest = std::min(lowest, tip(i));
  }
  return lowest;
}

Height Cluster::highest_tip() const {
  Height highest{0};
  for (std::uint16_t i = 0; i < nodes_.size(); ++i) highest = std::max(highest, tip(i));
  return highest;
}

const std::vector<Batch>& Cluster::ledger(std::uint16_t node) const {
  return nodes_[node]->ledger;
}

std::size_t Cluster::count(Errc code) const {
  std::size_t sum = 0;
  for (const auto& [key, times] : notes_) sum += key.first == code ? times : 0;
  return sum;
}

std::size_t Cluster::notes_about(Errc code, std::uint16_t member) const {
  const auto found = notes_.find({code, member});
  return found == notes_.end() ? 0 : found->second;
}

std::optional<Errc> Cluster::stopped(std::uint16_t node) const {
  return nodes_[node]->stopped;
}

std::size_t Cluster::live_attested(std::uint16_t node) const {
  return nodes_[node]->live;
}

std::size_t Cluster::disconnects(std::uint16_t member) const {
  const auto found = disconnects_.find(MemberIndex{member});
  return found == disconnects_.end() ? 0 : found->second;
}

std::size_t Cluster::reads(std::uint16_t node) const {
  return nodes_[node]->reads;
}

const IdentityKey& Cluster::identity(std::uint16_t node) const {
  return nodes_[node]->identity;
}

}  // namespace assay::threshold
