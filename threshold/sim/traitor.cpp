#include "threshold/sim/traitor.hpp"

#include <algorithm>

#include "core/merkle.hpp"
#include "threshold/codec.hpp"

namespace assay::threshold::sim {
namespace {

/// What lies higher in the tree of a batch's inputs has the same root, and is the name of nothing.
std::vector<Digest> one_level_up(const std::vector<Digest>& names) {
  std::vector<Digest> above;
  for (std::size_t i = 0; i + 1 < names.size(); i += 2) above.push_back(merkle_node(names[i], names[i + 1]));
  if (names.size() % 2 == 1) above.push_back(names.back());
  return above;
}

}  // namespace

Traitor::Traitor(World& world, const Plan::Liar& liar, std::uint64_t cabal)
    : world_(world),
      me_(liar.member),
      habits_(liar.habits),
      cabal_(cabal),
      chance_(mix(cabal, 7'000U + liar.member.value)) {
  world.corrupt(me_, *this);
  if (has(Fault::twin)) {
    world.add_twin(me_, static_cast<std::uint32_t>(chance_.next()));
    world.suffer(Fault::twin, me_.value);
  }
}

bool Traitor::has(Fault habit) const {
  return std::find(habits_.begin(), habits_.end(), habit) != habits_.end();
}

bool Traitor::now_and_then(Fault habit, std::uint32_t percent) {
  if (!has(habit) || !chance_.percent(percent)) return false;
  world_.suffer(habit, me_.value);
  return true;
}

bool Traitor::on_the_dark_side(MemberIndex to, View view, Height height) const {
  return (mix(mix(cabal_, view.value), height.value) >> (to.value + 8U) & 1U) != 0;
}

void Traitor::send(Seat seat, MemberIndex to, const Scope& scope, const Message& message) {
  Bytes frame = seal(world_.committee_of(seat), world_.identity(me_), scope, encode_payload(message));
  world_.post(seat, to, std::make_shared<const Bytes>(std::move(frame)));
}

/// Some lead as slowly as patience allows: never silent, never replaced.
void Traitor::says(Seat seat, MemberIndex to, const SharedFrame& frame) {
  const auto envelope = open_envelope(world_.committee_of(seat), *frame);
  if (!envelope) return;
  if (envelope->type != MessageType::prop || !has(Fault::slow_leader)) return utter(seat, to, frame);
  world_.suffer(Fault::slow_leader, me_.value);
  const std::int64_t patience = world_.settings().timing.timeout.value;
  const Micros wait{patience / 2 +
                    static_cast<std::int64_t>(mix(cabal_, envelope->height.value) % 64) * patience / 128};
  world_.at(world_.now() + wait, [this, seat, to, frame] { utter(seat, to, frame); });
}

void Traitor::utter(Seat seat, MemberIndex to, const SharedFrame& frame) {
  const auto envelope = open_envelope(world_.committee_of(seat), *frame);
  if (!envelope) return;
  remember_request(*envelope);
  // Silence comes and goes with the height, else it would be a crash.
  if (has(Fault::silent) && mix(cabal_, envelope->height.value / 4) % 3 != 0) {
    return world_.suffer(Fault::silent, me_.value);
  }
  const bool dark = on_the_dark_side(to, envelope->view, envelope->height);
  if (dark && now_and_then(Fault::selective, 60)) return;
  if (envelope->type == MessageType::share && now_and_then(Fault::withheld_share, dark ? 90 : 60)) return;
  if (envelope->type == MessageType::bodies && now_and_then(Fault::withheld_body, 70)) return;
  // A deceived machine's NEWVIEW holds words that were signed for its ears only: no liar could say them.
  const bool forged = envelope->type == MessageType::prop && has(Fault::stripped_new_view);
  if (now_and_then(Fault::mutation, 6) && !forged) return mutate(seat, to, *envelope);
  if (now_and_then(Fault::flood, 10) && !forged) {
    for (int i = 0; i < 10; ++i) world_.post(seat, to, frame);
  }
  auto message = decode_payload(envelope->type, envelope->payload, world_.limits_of(seat));
  if (!message) return;
  if (!alter(seat, *envelope, to, *message)) return world_.post(seat, to, frame);
  send(seat, to, {envelope->type, envelope->view, envelope->height, me_}, *message);
}

bool Traitor::alter(Seat seat, const Envelope& envelope, MemberIndex to, Message& message) {
  const bool dark = on_the_dark_side(to, envelope.view, envelope.height);
  if (auto* obs = std::get_if<ObsMessage>(&message)) return alter_observation(*obs, dark);
  if (auto* prop = std::get_if<PropMessage>(&message)) {
    restore_entries(seat, *prop, envelope.view);
    if (collapse_names(*prop)) return true;
    if (!announce(seat, prop->header)) (void)alter_proposal(*prop, dark);
    return true;
  }
  if (auto* summary = std::get_if<VenterMessage>(&message)) return alter_entry(*summary);
  if (auto* proofs = std::get_if<ProofsMessage>(&message)) return alter_proofs(*proofs);
  if (auto* prep = std::get_if<PrepMessage>(&message)) {
    if (!dark || !now_and_then(Fault::equivocal_vote, 60)) return false;
    (chance_.percent(50) ? prep->header_hash : prep->proposal).bytes[3] ^= 1U;
    return true;
  }
  if (auto* share = std::get_if<ShareMessage>(&message)) {
    if (!now_and_then(Fault::bad_share, 50)) return false;
    (chance_.percent(70) ? share->share.z : share->sid.bytes)[5] ^= 1U;
    return true;
  }
  if (auto* nonce = std::get_if<NonceMessage>(&message)) {
    if (!old_commitment_ || !now_and_then(Fault::nonce_game, 50)) return false;
    nonce->commitment = *old_commitment_;
    return true;
  }
  if (auto* request = std::get_if<SignRequest>(&message)) {
    if (!now_and_then(Fault::nonce_game, 40)) return false;
    if (dark) request->attempt = static_cast<std::uint8_t>(request->attempt + 1);
    if (old_commitment_) request->signers.front().commitment = *old_commitment_;
    return true;
  }
  if (auto* range = std::get_if<RangeMessage>(&message)) {
    if (range->batches.empty() || !now_and_then(Fault::bogus_history, 50)) return false;
    Bytes& batch = range->batches[chance_.below(range->batches.size())];
    batch[chance_.below(batch.size())] ^= 1U;
    return true;
  }
  if (auto* att = std::get_if<AttMessage>(&message)) {
    if (!now_and_then(Fault::bogus_history, 30)) return false;
    att->certificate.header.feeds_root.bytes[0] ^= 1U;
    return true;
  }
  return false;
}

bool Traitor::alter_observation(ObsMessage& obs, bool dark) {
  bool altered = false;
  if (now_and_then(Fault::nonce_game, 20)) {
    if (old_commitment_ && dark) {
      obs.commitment = old_commitment_;
    } else {
      obs.commitment.reset();
    }
    altered = true;
  } else if (obs.commitment) {
    old_commitment_ = obs.commitment;
  }
  if (!now_and_then(Fault::false_observation, 60)) return altered;
  constexpr std::int64_t prices[] = {1, INT64_MAX, INT64_MIN, 0, -5, std::int64_t{1} << 62U, 200'000'000, 50'000'000};
  auto& entry = obs.observation.feeds[chance_.below(obs.observation.feeds.size())];
  if (!entry || chance_.percent(10)) {
    entry.reset();
    return true;
  }
  const std::int64_t price = prices[chance_.below(std::size(prices))];
  switch (chance_.below(5)) {
    case 0:
      entry->price = entry->bid = entry->ask = price;
      break;
    case 1:
      std::swap(entry->bid, entry->ask);
      break;
    case 2:
      entry->confidence = chance_.percent(50) ? 0U : std::uint64_t{1} << 62U;
      break;
    case 3:
      obs.observation.time = obs.observation.time + millis(chance_.between(-2'000, 2'000));
      break;
    case 4:
      entry->price = dark ? entry->ask : entry->bid;
      break;
  }
  return true;
}

bool Traitor::alter_proposal(PropMessage& prop, bool dark) {
  if (now_and_then(Fault::lying_aggregate, 30)) {
    prop.header.feeds_root.bytes[0] ^= 1U;
    return true;
  }
  if (now_and_then(Fault::nonce_game, 15)) {
    prop.signers = dark ? 0U : (prop.signers << 1U | 1U) & ((1U << world_.members()) - 1U);
    return true;
  }
  if (!dark || !now_and_then(Fault::equivocal_proposal, 50)) return false;
  switch (chance_.below(3)) {
    case 0:
      prop.header.time = prop.header.time + micros(1);
      break;
    case 1:
      prop.signers = 0;
      break;
    case 2:
      if (!prop.observers.empty()) prop.observers.pop_back();
      break;
  }
  return true;
}

/// The next epoch at a height of its own choice, to everybody alike.
bool Traitor::announce(Seat seat, Header& header) {
  const std::size_t next = world_.seat(seat).epoch + 1;
  if (next >= world_.epochs() || header.switch_height.value != 0) return false;
  const std::uint64_t whim = mix(cabal_, header.height.value);
  if (whim % 4 != 0 || !now_and_then(Fault::false_announcement, 100)) return false;
  header.next_epoch_digest = world_.committee(next).descent->announced_as;
  if (whim % 5 == 0) header.next_epoch_digest.bytes[0] ^= 1U;
  header.switch_height = Height{header.height.value + (whim % 7 == 0 ? 64 : 65 + whim % 1000)};
  return true;
}

bool Traitor::alter_entry(VenterMessage& summary) {
  bool altered = false;
  if (has(Fault::hidden_lock) && summary.lock) {
    world_.suffer(Fault::hidden_lock, me_.value);
    summary.lock.reset();
    altered = true;
  }
  if (now_and_then(Fault::forged_lock, 40)) {
    summary.lock = LockClaim{View{chance_.below(8)}, Digest{.bytes = {static_cast<std::uint8_t>(chance_.next())}}};
    altered = true;
  }
  if (summary.commitment && now_and_then(Fault::nonce_game, 20)) {
    summary.commitment->hiding = {1};  // the neutral element
    altered = true;
  }
  return altered;
}

bool Traitor::alter_proofs(ProofsMessage& proofs) {
  if (!proofs.lock) return false;
  if (has(Fault::hidden_lock)) {
    proofs.lock.reset();
    return true;
  }
  if (!now_and_then(Fault::collapsed_names, 100)) return false;
  auto& names = proofs.lock->inputs;
  do {
    names = one_level_up(names);
  } while (names.size() > 1 && chance_.percent(50));
  return true;
}

/// As its list in a re-proposal, which nobody recomputes.
bool Traitor::collapse_names(PropMessage& prop) {
  const bool again = prop.new_view && prop.new_view->lock;
  if (!again || !now_and_then(Fault::collapsed_names, 50)) return false;
  std::vector<Digest> names;
  for (const Listed& one : prop.observers) names.push_back(one.digest);
  names = one_level_up(names);
  prop.observers.resize(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) prop.observers[i].digest = names[i];
  return true;
}

/// Small mutations beat random garbage: a field one off, an older place, a flipped byte.
void Traitor::mutate(Seat seat, MemberIndex to, const Envelope& envelope) {
  Scope scope{envelope.type, envelope.view, envelope.height, me_};
  Bytes payload(envelope.payload.begin(), envelope.payload.end());
  switch (chance_.below(4)) {
    case 0:
      scope.view = View{scope.view.value + (chance_.percent(50) || scope.view.value == 0 ? 1U : UINT64_MAX)};
      break;
    case 1:
      scope.height = Height{scope.height.value + (chance_.percent(50) || scope.height.value == 0 ? 1U : UINT64_MAX)};
      break;
    case 2:
      if (!payload.empty())
        payload[chance_.below(payload.size())] ^= static_cast<std::uint8_t>(chance_.between(1, 255));
      break;
    case 3:
      payload.resize(payload.size() / 2);
      break;
  }
  Bytes frame = seal(world_.committee_of(seat), world_.identity(me_), scope, payload);
  world_.post(seat, to, std::make_shared<const Bytes>(std::move(frame)));
}

}  // namespace assay::threshold::sim
