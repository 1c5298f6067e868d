#include "tests/unit/threshold/protocol/cluster.hpp"

#include <algorithm>

#include "threshold/codec.hpp"

namespace assay::threshold {
namespace {

sim::WorldSettings settings_of(const ClusterOptions& options) {
  sim::WorldSettings settings;
  settings.seed = options.seed;
  settings.feeds = options.feeds;
  settings.timing = sim::usual_timing(options.rotation_heights);
  settings.links = {.delay = options.delay, .jitter = options.jitter, .loss_ppm = options.loss_ppm, .in_order = false};
  settings.disks = {
      .latency = options.disk, .jitter = micros(0), .ledger_lag = options.ledger_lag, .read = options.read};
  settings.weather = sim::Weather::calm;
  settings.shut_after_fault = micros(0);
  return settings;
}

}  // namespace

aggregator::AggregationPolicy test_policy(std::uint32_t feeds) {
  return sim::Market(0, feeds, sim::Weather::calm).policy();
}

Cluster::Cluster(const ClusterOptions& options)
    : options_(options),
      keys_(Quorum{options.nodes}),
      world_(keys_, Signatures::ed25519(), settings_of(options)),
      invariants_(world_, counts_) {
  world_.add_witness(invariants_);
  world_.add_witness(*this);
  world_.filter([this](MemberIndex from, MemberIndex to, SharedFrame& frame) { return passes(from, to, frame); });
  world_.begin();
}

// ---- time and epochs

bool Cluster::run_until(const std::function<bool()>& reached, Micros patience) {
  const MonoTime limit = now() + patience;
  while (!reached()) {
    if (!world_.advance(limit)) return false;
  }
  return true;
}

bool Cluster::reach(Height height, Micros patience) {
  return run_until([&] { return lowest_tip() >= height; }, patience);
}

void Cluster::add_epoch(std::uint16_t nodes, std::uint32_t feeds) {
  const bool as_many = world_.quorum(world_.epochs() - 1).n == nodes;
  sim::Seat joiner = world_.seats();
  world_.add_epoch(Quorum{nodes}, feeds, as_many ? sim::Shares::kept : sim::Shares::renewed);
  invariants_.learn_epochs();
  for (; joiner < world_.seats(); ++joiner) world_.restart(joiner);
}

// ---- disks and links

void Cluster::roll_back_log(std::uint16_t node, std::size_t records) {
  invariants_.expect_silence(MemberIndex{node});
  invariants_.frame(MemberIndex{node});
  sim::LogFile& log = world_.seat(node).disk.log;
  const std::size_t written = log.records().size();
  log.roll_back(written - std::min(records, written));
}

void Cluster::lose_log(std::uint16_t node) {
  roll_back_log(node, SIZE_MAX);
  world_.seat(node).disk.log.replace_disk();
}

void Cluster::compact_log(std::uint16_t node, Height ledger) {
  world_.seat(node).disk.log.compact(ledger);
}

void Cluster::cut(std::uint16_t a, std::uint16_t b) {
  world_.cut(MemberIndex{a}, MemberIndex{b});
  world_.cut(MemberIndex{b}, MemberIndex{a});
}

void Cluster::isolate(std::uint16_t node) {
  for (std::uint16_t other = 0; other < world_.members(); ++other) {
    if (other != node) cut(node, other);
  }
}

void Cluster::heal() {
  for (std::uint16_t a = 0; a < world_.members(); ++a) {
    for (std::uint16_t b = 0; b < a; ++b) {
      if (world_.link(MemberIndex{a}, MemberIndex{b}).cut) join(a, b);
    }
  }
}

// ---- words

bool Cluster::passes(MemberIndex from, MemberIndex to, SharedFrame& frame) {
  note_words(from, frame);
  if (!filter_) return true;
  Bytes changed = *frame;
  if (!filter_(from.value, to.value, changed)) return false;
  if (changed == *frame) return true;
  frame = std::make_shared<const Bytes>(std::move(changed));
  forged(from, to, *frame);
  return true;
}

void Cluster::note_words(MemberIndex from, const SharedFrame& frame) {
  if (std::exchange(newest_, frame) == frame) return;
  words_.insert(sim::fingerprint(*frame, from.value));
  const auto envelope = open_envelope(world_.committee_of(from.value), *frame);
  if (!envelope) return invariants_.report("foreign_frame", "does not open");
  ++said_[envelope->type];
  if (envelope->type == MessageType::prep) votes_[from].push_back(envelope->view);
  const auto message = decode_payload(envelope->type, envelope->payload, world_.limits_of(from.value));
  if (!message || !std::ranges::equal(encode_payload(*message), envelope->payload)) {
    invariants_.report("two_spellings", "of a payload of member " + std::to_string(from.value));
  }
}

void Cluster::inject(std::uint16_t from, std::uint16_t to, Bytes frame) {
  if (!words_.contains(sim::fingerprint(frame, from))) forged(MemberIndex{from}, MemberIndex{to}, frame);
  world_.carry(from, to, std::make_shared<const Bytes>(std::move(frame)));
}

void Cluster::forged(MemberIndex from, MemberIndex to, const Bytes& frame) {
  invariants_.frame(from);
  invariants_.lies(from, to, frame);
}

// ---- what its members do

void Cluster::does(sim::Seat seat, const Effect& effect) {
  if (const auto* one = std::get_if<Note>(&effect)) ++notes_[{one->code, one->member}];
  if (const auto* one = std::get_if<Disconnect>(&effect)) ++disconnects_[one->member];
  if (const auto* one = std::get_if<Accuse>(&effect)) accuses(seat, *one);
}

/// A deadline that has passed and stays after a Tick would make a driver spin; nobody's may, however it is lied to.
void Cluster::settled(sim::Seat seat, const threshold::Event& event, const Protocol& machine, Now now) {
  const bool spins = std::holds_alternative<Tick>(event) && machine.next_deadline() <= now.mono;
  if (spins) invariants_.report("busy_loop", "member " + std::to_string(seat));
}

void Cluster::accuses(std::uint16_t node, const Accuse& accuse) {
  const MemberIndex culprit = accuse.verdict.member;
  const std::string who =
      std::to_string(node) + " accuses " + std::to_string(culprit.value) + ": " + accuse.verdict.what;
  if (invariants_.trusted(culprit) && !invariants_.framed(culprit)) invariants_.report("honest_accused", who);
  // As anybody would: from the bytes alone.
  const std::size_t epoch = world_.seat(node).epoch;
  const evidence::PublicNetwork network{world_.committee(epoch), world_.market(epoch).policy()};
  const auto opened = evidence::decode(*accuse.evidence, network.limits());
  const auto verdict = opened && opened->scope == network.committee.cfg
                           ? evidence::judge(network, opened->evidence)
                           : Result<evidence::Verdict>(Error{Errc::malformed});
  if (!verdict || *verdict != accuse.verdict) return invariants_.report("no_proof", who);
  if (evidence::encode(opened->scope, opened->evidence) != *accuse.evidence)
    invariants_.report("two_spellings", "of evidence: " + who);
  accused_.push_back(*verdict);
}

// ---- what there is to see

ProtocolStatus Cluster::status(std::uint16_t node) const {
  return alive(node) ? world_.seat(node).machine->status() : ProtocolStatus{};
}

Height Cluster::lowest_tip() const {
  Height lowest{UINT64_MAX};
  for (std::uint16_t i = 0; i < world_.members(); ++i) {
    if (alive(i)) lowest = std::min(lowest, tip(i));
  }
  return lowest;
}

Height Cluster::highest_tip() const {
  Height highest{0};
  for (std::uint16_t i = 0; i < world_.members(); ++i) highest = std::max(highest, tip(i));
  return highest;
}

std::vector<Batch> Cluster::ledger(std::uint16_t node) const {
  std::vector<Batch> batches;
  for (const auto& batch : world_.seat(node).disk.ledger) batches.push_back(*batch);
  return batches;
}

std::optional<Errc> Cluster::stopped(std::uint16_t node) const {
  const auto& why = world_.seat(node).stopped;
  return why ? std::optional(why->code) : std::nullopt;
}

std::size_t Cluster::count(Errc code) const {
  std::size_t sum = 0;
  for (const auto& [key, times] : notes_) sum += key.first == code ? times : 0;
  return sum;
}

std::size_t Cluster::notes_about(Errc code, std::uint16_t member) const {
  const auto found = notes_.find({code, MemberIndex{member}});
  return found == notes_.end() ? 0 : found->second;
}

std::size_t Cluster::disconnects(std::uint16_t member) const {
  const auto found = disconnects_.find(MemberIndex{member});
  return found == disconnects_.end() ? 0 : found->second;
}

std::vector<evidence::Verdict> Cluster::accusations_of(std::uint16_t member) const {
  std::vector<evidence::Verdict> verdicts;
  std::ranges::copy_if(accused_, std::back_inserter(verdicts),
                       [&](const evidence::Verdict& one) { return one.member == MemberIndex{member}; });
  return verdicts;
}

std::size_t Cluster::said(MessageType type) const {
  const auto found = said_.find(type);
  return found == said_.end() ? 0 : found->second;
}

std::size_t Cluster::votes_above(std::uint16_t member, View view) const {
  const auto found = votes_.find(MemberIndex{member});
  if (found == votes_.end()) return 0;
  return static_cast<std::size_t>(std::ranges::count_if(found->second, [view](View one) { return one > view; }));
}

std::string Cluster::violation() const {
  const auto& broken = invariants_.violation();
  return broken ? broken->invariant + ": " + broken->detail : std::string();
}

}  // namespace assay::threshold
