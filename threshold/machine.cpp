#include "threshold/machine.hpp"

#include <algorithm>

namespace assay::threshold {

Machine::Machine(Parts parts, Restored restored, Remembered remembered, Now now)
    : settings_(std::move(parts.settings)),
      limits_{settings_.committee.quorum, static_cast<std::uint32_t>(settings_.policy.feeds.size())},
      share_(parts.share),
      chain_(settings_.committee, limits_.feed_count, TipCertificate{restored.tip, restored.tip_signature},
             std::move(restored.tip_leaves), std::move(restored.history)),
      nonces_(parts.share, parts.entropy, settings_.timing),
      signing_(settings_.committee),
      entrants_(settings_.committee, limits_.feed_count),
      pacemaker_(settings_.committee.quorum, settings_.me, settings_.timing, remembered.view.value_or(View{}), now),
      fetching_{CatchUp({.quorum = settings_.committee.quorum,
                         .me = settings_.me,
                         .range_batches = limits_.range_count(),
                         .patience_min = settings_.timing.resend,
                         .patience_max = settings_.timing.timeout_max}),
                {},
                restored.tip.height,
                0,
                {},
                {},
                {}},
      witness_(settings_.committee),
      served_(peers_max),
      speaker_(settings_.committee, parts.identity, settings_.me),
      now_(now),
      repeat_due_(now.mono + settings_.timing.resend) {
  restore(std::move(remembered));
}

std::vector<Effect> Machine::step(const Event& event, Now now) {
  if (stopped_) return {};
  now_ = now;
  for (auto& batch : std::exchange(memory_.backlog, {})) speaker_.emit(Attested{std::move(batch), false});
  nonces_.expire(now_);
  std::visit([this](const auto& one) { on(one); }, event);
  settle();
  return speaker_.take();
}

void Machine::on(const FromPeer& event) {
  if (event.peer.value >= peers_max) return;
  const auto envelope = open_envelope(committee(), event.frame);
  if (!envelope) {
    // Of another epoch, perhaps an honest one's; anything else is nobody's.
    if (envelope.error().code == Errc::wrong_committee) return on_foreign(event);
    return expel(envelope.error(), event.peer);
  }
  // A RANGE holds what whatever epoch made.
  const bool range = envelope->type == MessageType::range;
  if (event.frame.size() > (range ? frame_bytes_max(quorum(), limits_.feed_count) : limits_.frame())) {
    return expel(Error{Errc::too_large, "longer than any honest frame"}, event.peer);
  }
  if (envelope->sender != event.peer || event.peer == settings_.me) {
    return expel(Error{Errc::unknown_member, "a frame from another sender than its link"}, event.peer);
  }
  if (!verify(committee(), *envelope)) {
    return expel(Error{Errc::bad_signature, "not signed by its sender"}, event.peer);
  }
  const auto frame = std::make_shared<const Bytes>(event.frame);
  hear(*open_envelope(committee(), *frame), frame);
}

/// What the link's owner sent is a proof of its fault: no more of it for a while.
void Machine::expel(Error error, MemberIndex member) {
  note(error, member);
  speaker_.emit(Disconnect{member});
}

void Machine::on(const PeerUp& event) {
  if (event.peer.value >= peers_max || event.peer == settings_.me) return;
  served_[event.peer.value].tip.reset();
  help(event.peer);
  fetching_.ranges.welcome(event.peer);
  if (event.peer.value >= quorum().n) return;
  say_ready(event.peer);
  if (part_ == Part::voting && !greeting_.done) {
    speaker_.to(event.peer, speaker_.seal(MessageType::hello, standing_.durable, chain_.working(), HelloMessage{}));
  }
  if (standing_.active) speaker_.repeat_to(event.peer);
  if (part_ == Part::voting && pacemaker_.wish() > standing_.view) {
    speaker_.to(event.peer, speaker_.seal(MessageType::wish, pacemaker_.wish(), chain_.working(), WishMessage{}));
  }
}

/// A frame whose signature is good, at its first arrival: it counts as a wish and as an echo, then as what it says.
void Machine::hear(const Envelope& envelope, const SharedBytes& frame) {
  auto message = decode_payload(envelope.type, envelope.payload, limits_);
  if (!message) return expel(message.error(), envelope.sender);
  if (envelope.type == MessageType::wish) {
    pacemaker_.hear_wish(envelope.sender, envelope.view);
  } else {
    pacemaker_.hear(envelope.sender, envelope.view);
  }
  echoes_.hear(envelope, frame);
  fetching_.ranges.shows(envelope.sender,
                         Height{envelope.height.value - std::min<std::uint64_t>(envelope.height.value, 1)});
  route(envelope, *message, frame);
}

Machine::Place Machine::place(const Envelope& envelope) const {
  if (envelope.view > standing_.view || (envelope.view == standing_.view && !standing_.active)) return Place::future;
  if (envelope.view < standing_.view || envelope.height < chain_.working()) return Place::past;
  return envelope.height == chain_.working() ? Place::present : Place::future;
}

void Machine::route(const Envelope& envelope, const Message& message, const SharedBytes& frame) {
  const MessageType type = envelope.type;
  testify(envelope, message, frame);
  switch (type) {
    case MessageType::att: {
      const auto& certificate = std::get<AttMessage>(message).certificate;
      if (certificate.header.height != envelope.height) {
        return refuse(Error{Errc::wrong_height, "ATT for another height"}, envelope);
      }
      return learn(certificate, envelope.sender);
    }
    case MessageType::wish:
      if (knows(envelope.height)) help(envelope.sender);
      return;
    case MessageType::get:
      return on_get(envelope, std::get<GetMessage>(message));
    case MessageType::range:
      return on_range(envelope, std::get<RangeMessage>(message));
    case MessageType::hello:
      return on_hello(envelope);
    case MessageType::echo:
      return on_echo(envelope, std::get<EchoMessage>(message));
    case MessageType::pull:
      return on_pull(envelope, std::get<PullMessage>(message));
    case MessageType::bodies:
      return on_bodies(envelope, std::get<BodiesMessage>(message));
    case MessageType::ask_view:
      return on_ask_view(envelope);
    case MessageType::ready:
      return on_ready(envelope, std::get<ReadyMessage>(message));
    case MessageType::obs:
    case MessageType::prop:
    case MessageType::prep:
    case MessageType::share:
    case MessageType::sign_request:
    case MessageType::nonce_request:
    case MessageType::nonce:
    case MessageType::venter:
    case MessageType::proofs:
      break;
  }
  if (knows(envelope.height) && envelope.view <= standing_.view) help(envelope.sender);
  const Place where = place(envelope);
  if (envelope.view == standing_.view && standing_.active) {
    // Entries into a view and the proposal that opens it matter at any height; observations come one height early.
    if (type == MessageType::venter) return on_venter(envelope, std::get<VenterMessage>(message));
    if (type == MessageType::proofs) return on_proofs(envelope, std::get<ProofsMessage>(message));
    if (type == MessageType::prop) return on_prop(envelope, std::get<PropMessage>(message), frame);
    if (type == MessageType::obs && envelope.height <= next(chain_.working()) && where != Place::past) {
      return on_obs(envelope, frame);
    }
  }
  if (where == Place::past) {
    if (envelope.view < standing_.view) refuse(Error{Errc::wrong_view, "of a view that I have left"}, envelope);
    return;
  }
  if (where == Place::future) return hear_later(envelope, message, frame);
  route_present(envelope, message);
}

/// Of a later view or height: kept, and a proposal's NEWVIEW proves by itself that 2f+1 members are there. It is looked
/// at only where it would be news of somebody.
void Machine::hear_later(const Envelope& envelope, const Message& message, const SharedBytes& frame) {
  const auto* prop = std::get_if<PropMessage>(&message);
  const bool leads = quorum().leader(envelope.view) == envelope.sender;
  if (prop != nullptr && prop->new_view && leads && !standing_.lied(envelope.sender)) {
    const auto& entries = prop->new_view->entries;
    const auto known = [&](const VenterEntry& entry) { return pacemaker_.knows(entry.member, envelope.view); };
    if (!std::ranges::all_of(entries, known) && judge_new_view(envelope, *prop->new_view)) {
      for (const VenterEntry& entry : entries) pacemaker_.hear(entry.member, envelope.view);
    }
  }
  inbox_.keep(envelope, frame);
}

void Machine::route_present(const Envelope& envelope, const Message& message) {
  if (const auto* prep = std::get_if<PrepMessage>(&message)) return on_prep(envelope, *prep);
  if (const auto* share = std::get_if<ShareMessage>(&message)) return on_share(envelope, *share);
  if (const auto* request = std::get_if<SignRequest>(&message)) return on_sign_request(envelope, *request);
  if (const auto* request = std::get_if<NonceRequest>(&message)) return on_nonce_request(envelope, *request);
  if (const auto* nonce = std::get_if<NonceMessage>(&message)) return on_nonce(envelope, *nonce);
}

void Machine::replay() {
  replay_ = false;
  for (const SharedBytes& frame : inbox_.take()) {
    const auto envelope = open_envelope(committee(), *frame);
    if (!envelope) continue;
    if (const auto message = decode_payload(envelope->type, envelope->payload, limits_)) {
      route(*envelope, *message, frame);
    }
  }
  progress();
}

void Machine::settle() {
  // Each round can move me by one view or height at most; what is left over waits for the next event.
  constexpr int rounds_max = 8;
  for (int i = 0; i < rounds_max && !stopped_; ++i) {
    if (replay_) replay();
    poll_greeting();
    poll_view();
    introduce();
    poll_observation();
    poll_proposal();
    poll_retries();
    poll_fetching();
    if (!replay_) break;
  }
  poll_resend();
}

void Machine::poll_resend() {
  if (now_.mono < repeat_due_) return;
  repeat_due_ = now_.mono + settings_.timing.resend;
  if (!standing_.active) return;
  speaker_.repeat();
  ask_proofs();
  pull_bodies(Asked::everybody);
}

bool Machine::once(std::optional<MonoTime>& last) const {
  if (last && now_.mono < *last + settings_.timing.resend) return false;
  last = now_.mono;
  return true;
}

void Machine::note(Error error, MemberIndex member) {
  speaker_.note(error, member, standing_.view, chain_.working());
}

void Machine::refuse(Error error, const Envelope& envelope) {
  speaker_.note(error, envelope.sender, envelope.view, envelope.height);
}

void Machine::stop(Error error) {
  stopped_ = true;
  nonces_.wipe();
  speaker_.emit(Stop{error});
}

MonoTime Machine::next_deadline() const {
  // Only who votes is in a hurry: a wish that was open when the epoch ended stays open.
  MonoTime first = part_ == Part::voting ? std::min(pacemaker_.deadline(), repeat_due_) : repeat_due_;
  const auto consider = [&first](std::optional<MonoTime> due) {
    if (due && *due < first) first = *due;
  };
  consider(nonces_.deadline());
  if (round_.locked && !silent()) consider(retries_.due);
  consider(fetching_.due && *fetching_.due > now_.mono ? fetching_.due : fetching_.ranges.deadline());
  if (part_ == Part::voting && !greeting_.attested && greeting_.asked) {
    consider(*greeting_.asked + settings_.timing.resend);
  }
  if (observing_.wanted) consider(now_.mono + (observing_.at - now_.wall));
  if (observing_.quorum_since) {
    for (const Micros wait : {settings_.timing.grace, settings_.timing.grace_max}) {
      const MonoTime due = *observing_.quorum_since + wait;
      if (due > now_.mono) consider(due);
    }
  }
  return first;
}

ProtocolStatus Machine::status() const {
  return ProtocolStatus{.view = standing_.view,
                        .fence = standing_.fence.value_or(View{}),
                        .fenced = standing_.fenced(),
                        .tip = chain_.height(),
                        .target = chain_.certified().header.height,
                        .leader = quorum().leader(standing_.view),
                        .view_changes = standing_.changes,
                        .epoch = committee().epoch,
                        .part = part_,
                        .next_epoch = chain_.tip().header.next_epoch_digest,
                        .switch_height = chain_.tip().header.switch_height,
                        .staged = staged_};
}

}  // namespace assay::threshold
