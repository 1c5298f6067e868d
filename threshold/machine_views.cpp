#include <algorithm>

#include "threshold/machine.hpp"

namespace assay::threshold {

void Machine::poll_view() {
  // Before 2f peers have answered there is no quorum to wish with: patience begins with the committee.
  if (!greeting_.done || part_ != Part::voting) return pacemaker_.progress(now_);
  const Pacemaker::Move move = pacemaker_.poll(now_);
  switch (move.advice) {
    case Pacemaker::Advice::stay:
      return;
    case Pacemaker::Advice::enter:
      return enter(move.view);
    case Pacemaker::Advice::wish:
      return speaker_.to_all(speaker_.seal(MessageType::wish, move.view, chain_.working(), WishMessage{}));
  }
}

/// Leaves the old view at once and speaks in the new one when its VIEW record is durable.
void Machine::enter(View view) {
  if (view <= standing_.view) return;
  standing_.view = view;
  standing_.active = false;
  standing_.opened = false;
  standing_.introduced = false;
  standing_.mandate = Mandate{};
  standing_.opening.reset();
  standing_.waits = 0;
  standing_.liars = 0;
  ++standing_.changes;
  const bool late = planted(Mutant::late_share) && memory_.lock_pending();
  if (!planted(Mutant::cross_view_session) && !late) {
    nonces_.wipe();
    nonces_.forget_below(view, Height{0});
  }
  pool_.clear();
  witness_.forget(view, chain_.height());
  // What is proposed again has most likely been proposed before: its bodies need not travel a second time.
  if (round_.proposal && round_.proposal->complete()) left_behind_ = LockInputs(round_.proposal->bodies);
  observing_ = Observing{.wanted = {}, .at = {}, .asked = {}, .said = observing_.said, .quorum_since = {}};
  if (!late) round_ = Round{};
  if (!late) signing_.clear();
  retries_.clear();
  entrants_.clear();
  speaker_.forget_all();
  pacemaker_.entered(view, now_);
  record_view();
}

/// One VIEW record at a time is on its way to the disk: those of views that pass meanwhile are not written.
void Machine::record_view() {
  const bool on_its_way = std::ranges::any_of(memory_.pending, [](const Pending& one) { return !one.lock; });
  if (!on_its_way) persist(ViewRecord{standing_.view}, Pending{0, standing_.view, std::nullopt});
}

void Machine::persist(const Record& record, Pending pending) {
  pending.id = memory_.next_id++;
  speaker_.emit(Persist{pending.id, encode_record(memory_.owner, record)});
  memory_.pending.push_back(pending);
}

void Machine::on(const Persisted& event) {
  if (memory_.pending.empty() || memory_.pending.front().id != event.id) return;
  const Pending done = memory_.pending.front();
  memory_.pending.pop_front();
  if (!done.lock) {
    standing_.durable = std::max(standing_.durable, done.view);
    if (done.view < standing_.view) return record_view();
    standing_.active = true;
    replay_ = true;
    return;
  }
  // The share leaves only in the view that the lock was made in; else no share exists and its nonce is wiped already.
  const bool present = standing_.active && done.view == standing_.view && round_.lock_issued && round_.proposal &&
                       round_.proposal->header_hash == done.lock->header_hash;
  if (planted(Mutant::late_share) && !present && round_.proposal) {
    const View mine = std::exchange(standing_.view, done.view);
    round_.locked = true;
    for (const std::uint8_t attempt : signing_.unanswered()) give_share(attempt);
    standing_.view = mine;
    return;
  }
  if (!present) return try_lock();
  round_.locked = true;
  give_shares();
}

/// VENTER to all, its proofs to the leader: once per view, after its record is durable.
void Machine::introduce() {
  if (silent() || standing_.introduced || standing_.opened) return;
  standing_.introduced = true;
  const TipCertificate& tip = chain_.certified();
  const Height height = next(tip.header.height);
  VenterMessage summary;
  summary.tip = header_hash(tip.header);
  summary.boot = nonces_.boot();
  ProofsMessage proofs{tip, std::nullopt};
  if (memory_.lock && memory_.lock->height() == height) {
    summary.lock = LockClaim{memory_.lock->view(), memory_.lock->hash()};
    proofs.lock = LockProof{memory_.lock->header, memory_.lock->certificate, memory_.lock_inputs.names()};
  }
  summary.commitment = nonces_.make({standing_.view, height, NoncePurpose::view_entry, 0}, now_);
  const auto frame = speaker_.seal(MessageType::venter, standing_.view, height, summary);
  speaker_.keep_saying(MessageType::venter, height, frame);
  const MemberIndex leader = quorum().leader(standing_.view);
  if (leader == settings_.me) {
    on_venter(*open_envelope(committee(), *frame), summary);
    (void)entrants_.prove(settings_.me, standing_.view, std::move(proofs));
    return gather_inputs(Entrants::Asking::first);
  }
  speaker_.keep_telling(leader, MessageType::proofs, height,
                        speaker_.seal(MessageType::proofs, standing_.view, height, proofs));
}

void Machine::on_venter(const Envelope& envelope, const VenterMessage& message) {
  if (!is_leader(settings_.me) || envelope.height.value == 0) return;
  if (message.commitment && !committee().signatures->validate(*message.commitment)) {
    suspect(envelope.sender, evidence::BadCommitment{frame_of(committee(), envelope)});
    return refuse(Error{Errc::bad_element, "a commitment that is no pair of points"}, envelope);
  }
  entrants_.add(VenterEntry{envelope.sender, envelope.height, message, envelope.signature});
}

void Machine::on_proofs(const Envelope& envelope, ProofsMessage message) {
  if (!is_leader(settings_.me) || entrants_.judged(envelope.sender)) return;
  const TipCertificate tip = message.tip;
  const auto proved = entrants_.prove(envelope.sender, standing_.view, std::move(message));
  if (!proved) return refuse(proved.error(), envelope);
  gather_inputs(Entrants::Asking::first);
  learn(tip, envelope.sender);
}

/// The inputs of the locks that were proved to me: most likely I hold them, else who proved one does.
void Machine::gather_inputs(Entrants::Asking asking) {
  if (standing_.opened) return;
  for (const Digest& name : entrants_.missing()) {
    if (const SharedBytes frame = held_input(name)) entrants_.supply(name, frame);
  }
  for (const Entrants::Ask& ask : entrants_.ask(asking)) {
    speaker_.to(ask.member,
                speaker_.seal(MessageType::pull, standing_.durable, chain_.working(), PullMessage{ask.names}));
  }
}

void Machine::gather_inputs(const std::vector<Bytes>& frames) {
  const auto missing = entrants_.missing();
  if (missing.empty()) return;
  for (const Bytes& bytes : frames) {
    const Digest name = merkle_leaf(bytes);
    if (std::ranges::find(missing, name) != missing.end()) entrants_.supply(name, std::make_shared<const Bytes>(bytes));
  }
}

/// The proposal that opened my view, when it is my own: a link carries its owner's frames only. Or, when the leader of
/// an unopened view asks, my proofs for it.
void Machine::on_ask_view(const Envelope& envelope) {
  const bool opening = standing_.opening && is_leader(settings_.me);
  const bool proofs = !standing_.opening && envelope.view == standing_.view && is_leader(envelope.sender) && !silent();
  if ((!proofs && !opening) || !once(served_[envelope.sender.value].opening)) return;
  if (proofs) return speaker_.repeat_to(envelope.sender, MessageType::proofs);
  speaker_.to(envelope.sender, standing_.opening);
}

/// A NEWVIEW costs up to 4f+3 signatures. Whoever signed one that proves nothing has lied: until I am in another view
/// no other one of that member is looked at.
Result<Mandate> Machine::judge_new_view(const Envelope& envelope, const NewView& new_view) {
  auto mandate = check_new_view(committee(), limits_.feed_count, envelope.view, new_view);
  if (!mandate) standing_.liars |= bit_of(envelope.sender);
  return mandate;
}

/// Each time after twice as long: on a slow link they may be on their way.
void Machine::ask_proofs() {
  if (silent() || standing_.opened || !is_leader(settings_.me) || entrants_.ready()) return;
  ++standing_.waits;
  if ((standing_.waits & (standing_.waits - 1)) != 0) return;
  const auto frame = speaker_.seal(MessageType::ask_view, standing_.durable, chain_.working(), AskView{});
  for (const MemberIndex member : entrants_.wanting()) speaker_.to(member, frame);
  gather_inputs(Entrants::Asking::again);
}

}  // namespace assay::threshold
