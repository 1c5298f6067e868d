#include <algorithm>

#include "threshold/codec.hpp"
#include "threshold/sim/traitor.hpp"

namespace assay::threshold::sim {
namespace {

constexpr std::size_t heard_max = 32;

RangeMessage without_inputs(const RangeMessage& range) {
  RangeMessage bare;
  for (const Bytes& bytes : range.batches) {
    auto batch = decode_batch(bytes);
    if (!batch) return range;
    batch->observations.clear();
    bare.batches.push_back(encode(*batch));
  }
  return bare;
}

}  // namespace

/// What my own machine is told. It never learns that a twin of it spoke, and as a leader with the habit it hears of no
/// locks: then it proposes something new, and its NEWVIEW is given back the entries that were really signed.
SharedFrame Traitor::hears(Seat seat, MemberIndex from, const SharedFrame& frame) {
  const Committee& committee = world_.committee_of(seat);
  const auto envelope = open_envelope(committee, *frame);
  if (!envelope) return frame;
  if (heard_.size() < heard_max) {
    heard_.push_back(frame);
  } else {
    heard_[chance_.below(heard_max)] = frame;
  }
  remember_request(*envelope);
  const Scope scope{envelope->type, envelope->view, envelope->height, from};
  const auto deceived = [&](const Message& message) {
    return std::make_shared<const Bytes>(seal(committee, world_.identity(from), scope, encode_payload(message)));
  };
  if (envelope->type == MessageType::echo) return deceived(EchoMessage{});
  if (envelope->type == MessageType::range && has(Fault::twin)) {
    const auto range = decode_payload(envelope->type, envelope->payload, world_.limits_of(seat));
    return range ? deceived(without_inputs(std::get<RangeMessage>(*range))) : frame;
  }
  if (!has(Fault::stripped_new_view)) return frame;
  if (envelope->type != MessageType::venter && envelope->type != MessageType::proofs) return frame;
  auto message = decode_payload(envelope->type, envelope->payload, world_.limits_of(seat));
  if (!message) return frame;
  if (auto* summary = std::get_if<VenterMessage>(&*message)) {
    true_entries_.insert_or_assign({world_.seat(seat).epoch, from, envelope->view},
                                   VenterEntry{from, envelope->height, *summary, envelope->signature});
    if (!summary->lock) return frame;
    world_.suffer(Fault::stripped_new_view, me_.value);
    summary->lock.reset();
    return deceived(*message);
  }
  auto& proofs = std::get<ProofsMessage>(*message);
  if (!proofs.lock) return frame;
  proofs.lock.reset();
  return deceived(*message);
}

void Traitor::restore_entries(Seat seat, PropMessage& prop, View view) const {
  if (!prop.new_view) return;
  for (VenterEntry& entry : prop.new_view->entries) {
    const auto found = true_entries_.find({world_.seat(seat).epoch, entry.member, view});
    if (found != true_entries_.end()) entry = found->second;
  }
}

void Traitor::scheme() {
  wake_the_stopped();
  const Seat seat = me_.value;
  const Committee& committee = world_.committee_of(seat);
  const auto to = MemberIndex{static_cast<std::uint16_t>(chance_.below(world_.members()))};
  if (to == me_ || !world_.alive(seat)) return;
  const ProtocolStatus status = world_.seat(seat).machine->status();
  const Height working = next(status.tip);
  if (has(Fault::twin)) world_.divide_twins(me_, static_cast<std::uint32_t>(chance_.next()));
  if (now_and_then(Fault::far_wish, 60)) {
    const View far{status.view.value + (std::uint64_t{1} << chance_.below(62))};
    send(seat, to, {MessageType::wish, far, working, me_}, WishMessage{});
  }
  const std::size_t next_epoch = world_.seat(seat).epoch + 1;
  if (next_epoch < world_.epochs() && now_and_then(Fault::false_ready, 60)) {
    const ReadyMessage lie{world_.committee(next_epoch).descent->announced_as};
    for (std::uint16_t i = 0; i < world_.members(); ++i) {
      if (MemberIndex{i} != me_) send(seat, MemberIndex{i}, {MessageType::ready, status.view, working, me_}, lie);
    }
  }
  if (now_and_then(Fault::garbage, 50)) {
    Bytes junk(chance_.below(300));
    for (auto& byte : junk) byte = static_cast<std::uint8_t>(chance_.next());
    if (chance_.percent(50))
      std::copy_n(committee.cfg.bytes.begin(), std::min<std::size_t>(32, junk.size()), junk.begin());
    world_.post(seat, to, std::make_shared<const Bytes>(std::move(junk)));
  }
  if (now_and_then(Fault::mutation, 50) && !heard_.empty()) {
    world_.post(seat, to, heard_[chance_.below(heard_.size())]);  // somebody else's words
  }
  if (now_and_then(Fault::flood, 50)) {
    for (int i = 0; i < 40; ++i) {
      send(seat, to, {MessageType::get, status.view, Height{chance_.below(working.value) + 1}, me_}, GetMessage{64});
      send(seat, to, {MessageType::ask_view, status.view, working, me_}, AskView{});
      send(seat, to, {MessageType::hello, status.view, working, me_}, HelloMessage{});
    }
  }
  if (now_and_then(Fault::old_request, 60)) repeat_request(seat, to, status.view, working);
  if (now_and_then(Fault::foreign_cfg, 50)) speak_of_elsewhere(seat, to);
  if (now_and_then(Fault::nonce_game, 50)) {
    const auto attempt = static_cast<std::uint8_t>(chance_.between(0, 4));
    send(seat, to, {MessageType::nonce_request, status.view, working, me_}, NonceRequest{attempt, Digest{}});
  }
}

void Traitor::remember_request(const Envelope& envelope) {
  if (envelope.type != MessageType::sign_request || !has(Fault::old_request)) return;
  Asked asked{envelope.view, envelope.height, {envelope.payload.begin(), envelope.payload.end()}};
  if (requests_.size() < heard_max) {
    requests_.push_back(std::move(asked));
  } else {
    requests_[chance_.below(heard_max)] = std::move(asked);
  }
}

/// As it was asked in its view, or as if it belonged into this one.
void Traitor::repeat_request(Seat seat, MemberIndex to, View now, Height working) {
  if (requests_.empty()) return;
  const Asked& asked = requests_[chance_.below(requests_.size())];
  const bool moved = chance_.percent(50);
  const Scope scope{MessageType::sign_request, moved ? now : asked.view, moved ? working : asked.height, me_};
  world_.post(
      seat, to,
      std::make_shared<const Bytes>(seal(world_.committee_of(seat), world_.identity(me_), scope, asked.payload)));
}

/// Words that somebody signed in another network with the same identity: its own, or an honest member's.
void Traitor::speak_of_elsewhere(Seat seat, MemberIndex to) {
  if (heard_.empty()) return;
  const auto envelope = open_envelope(world_.committee_of(seat), *heard_[chance_.below(heard_.size())]);
  if (!envelope) return;
  Committee elsewhere = world_.committee_of(seat);
  elsewhere.cfg = sha256(as_bytes("another network"));
  const MemberIndex author = chance_.percent(50) ? me_ : envelope->sender;
  Bytes payload(envelope->payload.begin(), envelope->payload.end());
  if (!payload.empty()) payload[chance_.below(payload.size())] ^= 1U;
  const Scope scope{envelope->type, envelope->view, envelope->height, author};
  world_.post(seat, to, std::make_shared<const Bytes>(seal(elsewhere, world_.identity(author), scope, payload)));
}

/// A liar does not stay down: what its machine refused to go on with, it forgets.
void Traitor::wake_the_stopped() {
  for (Seat seat = 0; seat < world_.seats(); ++seat) {
    SeatState& mine = world_.seat(seat);
    if (mine.member != me_ || !mine.stopped) continue;
    if (mine.disk.ledger.empty() && mine.disk.log.empty()) mine.disk.log.replace_disk();
    world_.restart(seat);
  }
}

}  // namespace assay::threshold::sim
