#include <algorithm>

#include "threshold/machine.hpp"

namespace assay::threshold {

// ---- observe

void Machine::poll_observation() {
  if (silent() || chain_.behind()) {
    observing_.wanted.reset();
    return;
  }
  // OBS(h+1) rides with SHARE(h), except over a planned rotation, where it belongs to the next view, and at the last
  // height of an epoch.
  const bool last = chain_.tip().header.switch_height == next(chain_.working());
  const bool early = round_.locked && signing_.is_open(0) && signing_.unanswered().empty() && !last &&
                     chain_.working().value % settings_.timing.rotation_heights != 0;
  const Height height = early ? next(chain_.working()) : chain_.working();
  const auto key = std::pair{standing_.view, height};
  if ((observing_.said && *observing_.said >= key) || (observing_.asked && *observing_.asked >= key)) return;
  const auto tick = static_cast<std::uint64_t>(settings_.timing.tick.value);
  const bool stale = observing_.at.value > now_.wall.value + tick;  // the clock was set back
  if (!observing_.wanted || stale) observing_.at = WallTime{(now_.wall.value / tick + 1) * tick};
  observing_.wanted = height;
  if (now_.wall < observing_.at) return;
  observing_.wanted.reset();
  observing_.asked = key;
  speaker_.emit(Observe{height});
}

void Machine::on(const Observed& event) {
  const auto key = std::pair{standing_.view, event.height};
  const bool expected = observing_.asked == key && !(observing_.said && *observing_.said >= key);
  if (silent() || !expected || event.height < chain_.working()) return;
  if (event.observation.feeds.size() != limits_.feed_count) {
    return note(Error{Errc::out_of_range, "an observation of every feed, present or absent"}, settings_.me);
  }
  say_observation(event.observation, event.height);
}

void Machine::say_observation(const Observation& observation, Height height) {
  observing_.said = std::pair{standing_.view, height};
  const auto commitment = nonces_.make({standing_.view, height, NoncePurpose::observation, 0}, now_);
  const auto frame =
      speaker_.seal(MessageType::obs, standing_.view, height, ObsMessage{nonces_.boot(), commitment, observation});
  speaker_.keep_saying(MessageType::obs, height, frame);
  if (auto body = read_body(committee(), limits_, frame, Author::verified_before)) (void)pool_.add(*body);
}

void Machine::on_obs(const Envelope& envelope, const SharedBytes& frame) {
  // A second copy costs a hash, not a decode.
  if (const BodyRef known = pool_.find(envelope.height, envelope.sender)) {
    if (known->digest != merkle_leaf(*frame)) refuse(Error{Errc::equivocation, "two observations"}, envelope);
    return;
  }
  auto body = read_body(committee(), limits_, frame, Author::verified_before);
  if (!body) {
    suspect(envelope.sender, evidence::BadCommitment{*frame});
    return refuse(body.error(), envelope);
  }
  (void)pool_.add(*body);
}

// ---- propose

void Machine::poll_proposal() {
  if (silent() || !is_leader(settings_.me) || chain_.behind() || round_.seen()) return;
  if (standing_.opened) return propose_fresh(std::nullopt);
  if (!entrants_.ready()) return;
  NewView new_view = entrants_.assemble();
  if (new_view.tip.header.height > chain_.height()) return learn(new_view.tip, settings_.me);
  if (new_view.tip.header.height == chain_.height()) {
    if (const LockProof* lock = entrants_.obligation(new_view)) return propose_locked(*lock, std::move(new_view));
  }
  propose_fresh(std::move(new_view));
}

void Machine::propose_fresh(std::optional<NewView> new_view) {
  const Timing& timing = settings_.timing;
  auto bodies = pool_.at(chain_.working());
  if (bodies.size() < quorum().agree()) return;
  if (!observing_.quorum_since) observing_.quorum_since = now_.mono;
  const Micros waited = now_.mono - *observing_.quorum_since;
  const bool enough =
      covers_feeds(bodies, settings_.policy, quorum()) && (bodies.size() == quorum().n || waited >= timing.grace);
  if (!enough && waited < timing.grace_max) return;
  const auto time = drop_untimely(bodies, chain_.tip().header, quorum(), timing.timely);
  if (!time) return;
  // My clock is off, or theirs: nothing is aggregated until that changes, whatever arrives.
  const Micros off = *time - now_.wall;
  if (off > timing.timely || off < Micros{-timing.timely.value}) return;
  const auto mine = recompute(settings_.policy, chain_.tip().header, chain_.leaves(), quorum(), bodies);
  if (!mine) return note(mine.error(), settings_.me);
  const auto next = announcement(new_view ? Opens::view : Opens::nothing);
  PropMessage message{
      .header = {}, .tip = chain_.tip(), .observers = {}, .signers = 0, .new_view = std::move(new_view)};
  message.header = Header{.network = committee().network,
                          .epoch = committee().epoch,
                          .config_digest = committee().config_digest,
                          .height = chain_.working(),
                          .time = mine->time,
                          .prev_header_hash = chain_.tip_hash(),
                          .feeds_root = mine->feeds_root,
                          .feed_count = limits_.feed_count,
                          .inputs_root = mine->inputs_root,
                          .history_root = chain_.history_root(),
                          .next_epoch_digest = next.next_epoch,
                          .switch_height = next.switch_height};
  for (const BodyRef& body : bodies) message.observers.push_back({body->member, body->digest});
  message.signers = pick_signers(bodies);
  propose(std::move(message));
}

/// The t fastest who committed and were not caught or silent at the last heights.
std::uint32_t Machine::pick_signers(const std::vector<BodyRef>& bodies) const {
  std::vector<MemberIndex> members;
  for (const MemberIndex member : pool_.arrivals(chain_.working())) {
    const auto listed = std::find_if(bodies.begin(), bodies.end(), [&](const auto& b) { return b->member == member; });
    if (listed != bodies.end() && (*listed)->message.commitment) members.push_back(member);
  }
  std::stable_partition(members.begin(), members.end(),
                        [this](MemberIndex member) { return (demerited_ & bit_of(member)) == 0; });
  if (members.size() < quorum().signers()) return 0;
  std::uint32_t signers = 0;
  for (std::size_t i = 0; i < quorum().signers(); ++i) signers |= bit_of(members[i]);
  return signers;
}

void Machine::propose_locked(const LockProof& lock, NewView new_view) {
  PropMessage message{.header = lock.header, .tip = chain_.tip(), .observers = {}, .signers = 0, .new_view = {}};
  for (const Digest& name : lock.inputs) {
    const BodyRef body = held_body(name);
    if (body == nullptr) return note(Error{Errc::bad_proof, "an input that is no observation"}, settings_.me);
    message.observers.push_back({body->member, name});
  }
  // Attempt 0 with everybody in the NEWVIEW, or not at all: it holds exactly 2f+1.
  for (const VenterEntry& entry : new_view.entries) {
    if (entry.summary.commitment && entry.height == lock.header.height) message.signers |= bit_of(entry.member);
  }
  if (members_of(message.signers).size() != quorum().agree()) message.signers = 0;
  message.new_view = std::move(new_view);
  propose(std::move(message));
}

void Machine::propose(PropMessage message) {
  const Height height = message.header.height;
  const auto frame = speaker_.seal(MessageType::prop, standing_.view, height, message);
  speaker_.keep_saying(MessageType::prop, height, frame);
  on_prop(*open_envelope(committee(), *frame), message, frame);
}

// ---- judge

void Machine::on_prop(const Envelope& envelope, const PropMessage& message, const SharedBytes& frame) {
  if (!is_leader(envelope.sender)) return refuse(Error{Errc::not_leader, "only the leader proposes"}, envelope);
  if (message.header.height != envelope.height || next(message.tip.header.height) != envelope.height) {
    suspect(envelope.sender, evidence::BadProposal{*frame});
    return refuse(Error{Errc::wrong_height, "header, tip certificate and envelope agree on the height"}, envelope);
  }
  if (envelope.height > chain_.working()) learn(message.tip, envelope.sender);
  if (envelope.view != standing_.view || !standing_.active) return inbox_.keep(envelope, frame);
  if (!standing_.opened && !accept_new_view(envelope, message, frame)) return;
  if (envelope.height < chain_.working()) return;
  if (envelope.height > chain_.working()) return inbox_.keep(envelope, frame);
  accept_proposal(envelope, message, frame);
}

bool Machine::accept_new_view(const Envelope& envelope, const PropMessage& message, const SharedBytes& frame) {
  if (!message.new_view) {
    inbox_.keep(envelope, frame);
    const auto ask = speaker_.seal(MessageType::ask_view, standing_.durable, chain_.working(), AskView{});
    speaker_.to(envelope.sender, ask);
    return false;
  }
  if (standing_.lied(envelope.sender)) return false;
  const auto mandate = judge_new_view(envelope, *message.new_view);
  if (!mandate) {
    suspect(envelope.sender, evidence::BadProposal{*frame});
    refuse(mandate.error(), envelope);
    return false;
  }
  suspect_new_view(*message.new_view);
  standing_.opened = true;
  standing_.mandate = *mandate;
  standing_.opening = frame;
  speaker_.stop_saying(MessageType::venter);
  speaker_.stop_saying(MessageType::proofs);
  replay_ = true;
  return true;
}

void Machine::accept_proposal(const Envelope& envelope, const PropMessage& message, const SharedBytes& frame) {
  const Digest digest = sha256(envelope.payload);
  const Added added = round_.see_proposal(digest);
  if (added == Added::different) return refuse(Error{Errc::equivocation, "two proposals at one height"}, envelope);
  if (added == Added::same) return;
  const auto refuse_it = [&](Error error) {
    suspect(envelope.sender, evidence::BadProposal{*frame});
    refuse(error, envelope);
  };
  if (const auto allowed = check_mandate(standing_.mandate, message.header); !allowed) {
    return refuse_it(allowed.error());
  }
  if (const auto links = chain_.check_links(message.header); !links) return refuse_it(links.error());
  Proposal proposal{message, digest, header_hash(message.header), frame, Origin::fresh, {}, std::nullopt};
  const bool locked =
      standing_.mandate.locked == proposal.header_hash && standing_.mandate.height == message.header.height;
  if (locked) proposal.origin = Origin::locked;
  if (const auto list = check_list(message, quorum()); !list) return refuse_it(list.error());
  if (const auto names = check_names(message); !names) return refuse_it(names.error());
  for (const Listed& listed : message.observers) {
    BodyRef body = pool_.find(message.header.height, listed.member);
    if (body && body->digest != listed.digest) body = nullptr;
    proposal.bodies.push_back(body ? body : held_body(listed.digest));
  }
  round_.proposal = std::move(proposal);
  progress();
  if (round_.proposal && !round_.proposal->complete()) pull_bodies(Asked::leader);
}

/// Nodes higher in the tree of the inputs lead to the same root and are the names of nothing: whoever holds the inputs
/// sees it.
Done Machine::check_names(const PropMessage& message) const {
  const auto same = [](const Listed& listed, const Digest& name) { return listed.digest == name; };
  for (const LockInputs* held : {&memory_.lock_inputs, &left_behind_}) {
    const auto names = held->names();
    if (names.empty() || merkle_root(names) != message.header.inputs_root) continue;
    if (!std::ranges::equal(message.observers, names, same)) {
      return Error{Errc::wrong_aggregate, "names of what is no input"};
    }
  }
  return Ok{};
}

/// An observation of an earlier view, as a lock or a proposal there listed it.
SharedBytes Machine::held_input(const Digest& name) const {
  if (SharedBytes frame = memory_.lock_inputs.find(name)) return frame;
  if (SharedBytes frame = left_behind_.find(name)) return frame;
  return entrants_.find(name);
}

BodyRef Machine::held_body(const Digest& digest) const {
  const SharedBytes frame = held_input(digest);
  if (frame == nullptr) return nullptr;
  const auto body = read_body(committee(), limits_, frame, Author::verify_now);
  return body ? *body : nullptr;
}

void Machine::pull_bodies(Asked asked) {
  if (!round_.proposal || round_.proposal->complete() || round_.refused) return;
  const auto frame =
      speaker_.seal(MessageType::pull, standing_.durable, chain_.working(), PullMessage{round_.proposal->missing()});
  // The leader must have them; when it does not answer, everybody is asked.
  if (asked == Asked::everybody) return speaker_.to_all(frame);
  speaker_.to(quorum().leader(standing_.view), frame);
}

/// Only inputs of the present proposal or lock, and for one (view, height) once per resend.
void Machine::on_pull(const Envelope& envelope, const PullMessage& message) {
  Served& served = served_[envelope.sender.value];
  const auto place = std::pair{standing_.view, chain_.working()};
  if (std::exchange(served.bodies_place, place) != place) served.bodies.reset();
  if (served.bodies && now_.mono < *served.bodies + settings_.timing.resend) return;
  BodiesMessage answer;
  for (const Digest& digest : message.digests) {
    if (const SharedBytes frame = held_frame(digest)) answer.frames.push_back(*frame);
  }
  if (answer.frames.empty()) return;
  served.bodies = now_.mono;
  speaker_.to(envelope.sender, speaker_.seal(MessageType::bodies, standing_.durable, chain_.working(), answer));
}

SharedBytes Machine::held_frame(const Digest& digest) const {
  if (SharedBytes proposal = witness_.proposal(digest)) return proposal;
  if (round_.proposal) {
    for (const BodyRef& body : round_.proposal->bodies) {
      if (body && body->digest == digest) return body->frame;
    }
  }
  return held_input(digest);
}

void Machine::on_bodies(const Envelope& envelope, const BodiesMessage& message) {
  hear_other_proposals(envelope, message);
  gather_inputs(message.frames);
  if (!round_.proposal || round_.proposal->complete() || round_.refused) return;
  const auto bad = std::ranges::find_if_not(message.frames, [this](const Bytes& frame) { return take_body(frame); });
  if (bad == message.frames.end()) return progress();
  suspect_aggregate(*round_.proposal, LockInputs(message.frames));
}

/// False: the proposal names what is no observation. Its leader is to blame, whoever showed it, and nothing else that
/// it names is looked at.
bool Machine::take_body(const Bytes& frame) {
  Proposal& proposal = *round_.proposal;
  const Digest name = merkle_leaf(frame);
  BodyRef body;
  for (std::size_t i = 0; i < proposal.bodies.size(); ++i) {
    if (proposal.bodies[i] || proposal.message.observers[i].digest != name) continue;
    if (!body) {
      const auto read = read_body(committee(), limits_, std::make_shared<const Bytes>(frame), Author::verify_now);
      if (!read) {
        round_.refused = true;
        note(read.error(), quorum().leader(standing_.view));
        return false;
      }
      body = *read;
      if (const auto found = witness_.hear(*body)) suspect(body->member, *found);
    }
    proposal.bodies[i] = body;
  }
  return true;
}

/// Whatever the proposal allows by now: vote, open its session, take the attested batch, lock.
void Machine::progress() {
  if (!round_.proposal) return;
  Proposal& proposal = *round_.proposal;
  const Micros age = now_.wall - proposal.message.header.time;
  const bool old = planted(Mutant::timely_reproposal) && age > settings_.timing.timely;
  if (proposal.origin == Origin::locked && !old) vote(proposal);
  open_first_session();
  if (!round_.proposal) return;  // its session was complete already: the batch is attested
  if (!proposal.complete() || round_.refused) return;
  if (!proposal.leaves && !examine(proposal)) return;
  if (proposal.origin == Origin::fresh && !round_.voted && !silent()) {
    Done fit = check_times(proposal, chain_.tip().header, now_.wall, settings_.timing);
    if (fit) fit = check_announcement(proposal.message.header);
    if (fit && !signer_set(proposal, quorum())) fit = Error{Errc::bad_signer_set, "S is not of the listed observers"};
    if (fit) {
      vote(proposal);
    } else {
      round_.voted = true;
      note(fit.error(), quorum().leader(standing_.view));
    }
  }
  const TipCertificate certified = chain_.certified();
  if (certified.header.height == chain_.working() && header_hash(certified.header) == proposal.header_hash) {
    return apply_known(certified);
  }
  try_lock();
}

/// Checks 6 and 7 (docs/agreement.md), once. False: refused for good.
bool Machine::examine(Proposal& proposal) {
  const auto refused = [&](Error error) {
    round_.refused = true;
    suspect_aggregate(proposal, LockInputs{});
    note(error, quorum().leader(standing_.view));
    return false;
  };
  if (proposal.origin == Origin::fresh) {
    if (const auto inputs = check_inputs(proposal, standing_.view); !inputs) return refused(inputs.error());
  }
  auto mine = recompute(settings_.policy, chain_.tip().header, chain_.leaves(), quorum(), proposal.bodies);
  if (!mine) return refused(mine.error());
  const auto same = check_recomputed(proposal.message.header, *mine);
  if (!same) return refused(same.error());
  proposal.leaves = std::move(mine->leaves);
  return true;
}

void Machine::vote(const Proposal& proposal) {
  if (silent() || chain_.behind() || round_.voted) return;
  round_.voted = true;
  const PrepMessage message{proposal.header_hash, proposal.digest};
  const auto frame = speaker_.seal(MessageType::prep, standing_.view, chain_.working(), message);
  speaker_.keep_saying(MessageType::prep, chain_.working(), frame);
  (void)round_.add_vote(settings_.me, message, open_envelope(committee(), *frame)->signature);
}

void Machine::on_prep(const Envelope& envelope, const PrepMessage& message) {
  ask_other_proposal(envelope, message);
  const Added added = round_.add_vote(envelope.sender, message, envelope.signature);
  if (added == Added::different) return refuse(Error{Errc::equivocation, "two votes at one height"}, envelope);
  if (added == Added::first) try_lock();
}

}  // namespace assay::threshold
