#include "world.hpp"

#include "core/check.hpp"

namespace assay::threshold::ceremony {
namespace {

constexpr Micros stage_timeout = millis(10'000);
constexpr Micros resend = millis(1'000);

}  // namespace

World::World(Terms terms, const std::vector<const IdentityKey*>& keys,
             const std::vector<frost::SecretShare>& old_shares)
    : terms_(std::move(terms)) {
  parties_.resize(terms_.parties.size());
  for (std::uint16_t place = 0; place < parties_.size(); ++place) {
    Party& party = parties_[place];
    for (const IdentityKey* key : keys) {
      if (key->public_key() == terms_.parties[place].identity) party.identity = key;
    }
    check(party.identity != nullptr, "a key for each party");
    if (const auto dealer = terms_.parties[place].dealer; dealer && !old_shares.empty()) {
      party.old_share = &old_shares[terms_.proposal.dealers[*dealer].value];
    }
    party.entropy = std::make_unique<SeededEntropy>(1000 + place);
  }
}

void World::start(std::uint16_t place) {
  Party& party = parties_[place];
  auto machine =
      Machine::make({terms_, stage_timeout, resend}, *party.identity, party.old_share, party.log, *party.entropy, now_);
  check(static_cast<bool>(machine), "what a machine wrote restores it");
  party.machine = std::move(machine).value();
  take(place, party.machine->step(Tick{}, now_));
}

void World::run() {
  for (std::uint16_t place = 0; place < parties_.size(); ++place) start(place);
  deliver_all();
  for (int period = 0; period < 14; ++period) {
    now_ = now_ + resend;
    for (std::uint16_t place = 0; place < parties_.size(); ++place) {
      take(place, parties_[place].machine->step(Tick{}, now_));
    }
    deliver_all();
  }
}

void World::deliver_all() {
  while (!queue_.empty()) {
    Delivery next = std::move(queue_.front());
    queue_.pop_front();
    Party& party = parties_[next.to];
    if (next.life != party.crashes) continue;
    take(next.to, party.machine->step(next.event, now_));
  }
}

void World::take(std::uint16_t place, const std::vector<Effect>& effects) {
  for (const Effect& effect : effects) {
    if (!perform(place, effect)) return;
  }
}

bool World::dies(std::uint16_t place, bool written) {
  Party& party = parties_[place];
  if (party.persists != party.crash_at || party.crash_before_writing == written) return false;
  party.crash_at = SIZE_MAX;
  ++party.crashes;
  start(place);
  return true;
}

bool World::perform(std::uint16_t place, const Effect& effect) {
  Party& party = parties_[place];
  if (const auto* persist = std::get_if<Persist>(&effect)) {
    ++party.persists;
    if (dies(place, false)) return false;
    party.log.push_back(persist->record);
    if (dies(place, true)) return false;
    queue_.push_back({place, Persisted{persist->id}, party.crashes});
  }
  if (const auto* persist = std::get_if<PersistShare>(&effect)) {
    ++party.persists;
    if (dies(place, false)) return false;
    check(party.share == nullptr || party.share->verifying_share() == persist->share->verifying_share(),
          "a share file is never written over by another share");
    party.share = persist->share;
    if (dies(place, true)) return false;
    queue_.push_back({place, Persisted{persist->id}, party.crashes});
  }
  if (const auto* send = std::get_if<Send>(&effect)) post(place, send->to, *send->frame);
  if (const auto* broadcast = std::get_if<Broadcast>(&effect)) {
    for (std::uint16_t to = 0; to < parties_.size(); ++to) {
      if (to != place) post(place, to, *broadcast->frame);
    }
  }
  if (const auto* activate = std::get_if<Activate>(&effect)) party.activated = *activate;
  if (const auto* failed = std::get_if<Failed>(&effect)) party.failed = *failed;
  return true;
}

void World::post(std::uint16_t from, std::uint16_t to, const Bytes& frame) {
  const auto frames = bend ? bend(from, to, frame) : std::vector<Bytes>{frame};
  for (const Bytes& bytes : frames) queue_.push_back({to, FromPeer{bytes}, parties_[to].crashes});
}

Bytes World::sealed(std::uint16_t party, MessageType type, ByteSpan payload, std::uint32_t attempt) const {
  return seal(terms_, *parties_[party].identity, {type, party, attempt}, payload);
}

std::size_t World::activated() const {
  std::size_t count = 0;
  for (const Party& party : parties_) count += party.activated ? 1 : 0;
  return count;
}

bool World::everybody_activated() const {
  return activated() == parties_.size();
}

frost::GroupPublic group_of(const EpochRecord& record) {
  return {record.group_key, record.threshold, record.verifying_shares};
}

bool signs(const frost::GroupPublic& group, const std::vector<const frost::SecretShare*>& shares) {
  SeededEntropy entropy(77);
  std::vector<frost::NoncePair> nonces;
  std::vector<frost::SignerCommitment> signers;
  for (const auto* share : shares) {
    nonces.push_back(frost::commit(*share, entropy));
    signers.push_back({share->member(), nonces.back().commitment()});
  }
  const auto session = frost::Session::make(group, as_bytes("any message"), signers);
  if (!session) return false;
  std::vector<frost::SignatureShare> parts;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const auto part = session->sign(*shares[i], std::move(nonces[i]));
    if (!part) return false;
    parts.push_back(*part);
  }
  return static_cast<bool>(session->aggregate(parts));
}

}  // namespace assay::threshold::ceremony
