#include <algorithm>
#include <bit>

#include "threshold/machine.hpp"

namespace assay::threshold {
namespace {

/// Of its encoded form.
std::size_t size_of(const Batch& batch) {
  std::size_t size = header_size + batch.signature.bytes.size() + 8 + leaf_size * batch.leaves.size();
  for (const Bytes& body : batch.observations) size += 4 + body.size();
  return size;
}

}  // namespace

// ---- restore

void Machine::restore(Remembered remembered) {
  memory_.owner = LogOwner{committee().cfg, settings_.me};
  greeting_.blank = !remembered.view;
  standing_.view = remembered.view.value_or(View{});
  standing_.durable = standing_.view;
  greeting_.log_view = standing_.view;
  standing_.opened = standing_.view.value == 0;
  standing_.active = !greeting_.blank;
  if (!planted(Mutant::no_fence)) standing_.fence = remembered.view;
  witness_.forget(standing_.view, chain_.height());
  // What others said must not be forgotten where all restart: the log has the inputs of the batch that it locked last.
  for (Bytes& body : remembered.inputs) {
    const auto frame = std::make_shared<const Bytes>(std::move(body));
    if (const auto said = open_envelope(committee(), *frame)) echoes_.hear(*said, frame);
  }
  // Lock records carry the certificate of the batch before them: with the lock of that batch it can be rebuilt.
  for (const LockRecord& lock : remembered.locks) {
    memory_.newest_lock = std::max(memory_.newest_lock, std::pair{lock.height(), lock.view()});
    chain_.certify(lock.tip);
  }
  for (const LockRecord& next_lock : remembered.locks) {
    if (next_lock.tip.header.height != chain_.working()) continue;
    const auto held = std::find_if(remembered.locks.begin(), remembered.locks.end(),
                                   [&](const LockRecord& lock) { return lock.header == next_lock.tip.header; });
    if (held == remembered.locks.end()) continue;
    Batch batch{next_lock.tip.header, next_lock.tip.signature, held->leaves, held->bodies};
    if (!chain_.check_next(batch.header) || !chain_.check_alone(batch)) continue;
    chain_.advance(batch);
    last_batch_ = std::make_shared<const Batch>(std::move(batch));
    memory_.backlog.push_back(last_batch_);
  }
  const Height open_height = next(chain_.certified().header.height);
  for (LockRecord& lock : remembered.locks) {
    if (planted(Mutant::amnesia)) continue;
    if (lock.height() == open_height && (!memory_.lock || memory_.lock->view() <= lock.view())) {
      memory_.lock = std::move(lock);
    }
  }
  if (memory_.lock) memory_.lock_inputs = LockInputs(memory_.lock->bodies);
  if (committee().descent && chain_.height().value > 0 && chain_.tip().header.epoch == committee().epoch) {
    settings_.committee.begins = chain_.height();
  }
  part_ = chain_.part();
  if (part_ == Part::voting && committee().descent && committee().begins.value == 0) {
    settings_.committee.begins = chain_.working();
  }
}

// ---- tips

const std::vector<Leaf>* Machine::leaves_of(const Digest& hash) const {
  if (round_.proposal && round_.proposal->leaves && round_.proposal->header_hash == hash) {
    return &*round_.proposal->leaves;
  }
  if (memory_.lock && memory_.lock->hash() == hash) return &memory_.lock->leaves;
  return nullptr;
}

/// Somebody showed a certificate. The chain grows when I hold the leaves; else I know that I am behind.
void Machine::learn(const TipCertificate& certificate, MemberIndex from) {
  const Height height = certificate.header.height;
  fetching_.ranges.shows(from, height);
  if (height < chain_.working()) {
    const bool other = height == chain_.height() && height.value > 0 && certificate.header != chain_.tip().header;
    if (other && verify_tip(committee(), limits_.feed_count, certificate)) {
      stop(Error{Errc::equivocation, "two attested batches at one height"});
    }
    return;
  }
  const bool news = height > chain_.certified().header.height;
  const bool applicable = height == chain_.working() && leaves_of(header_hash(certificate.header)) != nullptr;
  if (!news && !applicable) return;
  if (const auto valid = verify_tip(committee(), limits_.feed_count, certificate); !valid) {
    return note(valid.error(), from);
  }
  if (applicable) return apply_known(certificate);
  chain_.certify(certificate);
  // A batch one ahead is often just about to arrive by itself.
  if (!fetching_.due) {
    fetching_.due = height == chain_.working() ? now_.mono + settings_.timing.delay_max : now_.mono;
  }
}

void Machine::apply_known(const TipCertificate& certificate) {
  const Digest hash = header_hash(certificate.header);
  const auto* leaves = leaves_of(hash);
  if (leaves == nullptr || chain_.check_links(certificate.header).operator bool() == false) return;
  if (chain_.height() >= unsaved_end()) {
    if (once(fetching_.told_late))
      note(Error{Errc::mailbox_full, "the ledger is late: I follow, and do not vote"}, settings_.me);
    return chain_.certify(certificate);
  }
  Batch batch{certificate.header, certificate.signature, *leaves, {}};
  if (round_.proposal && round_.proposal->header_hash == hash && round_.proposal->complete()) {
    for (const BodyRef& body : round_.proposal->bodies) batch.observations.push_back(*body->frame);
  } else if (memory_.lock && memory_.lock->hash() == hash) {
    batch.observations = memory_.lock->bodies;
  }
  apply(std::move(batch), Origins::live);
}

void Machine::apply(Batch batch, Origins origin) {
  for (std::uint16_t i = 0; i < quorum().n; ++i) {
    // Whoever owed nothing in a finished session is trusted again.
    if (signing_.is_open(0) && signing_.signs(0, MemberIndex{i}) && !signing_.owes(MemberIndex{i}) &&
        !signing_.caught(MemberIndex{i})) {
      demerited_ &= ~bit_of(MemberIndex{i});
    }
  }
  const std::size_t size = size_of(batch);
  fetching_.largest = fetching_.stored < chain_.height() ? std::max(fetching_.largest, size) : size;
  last_batch_ = std::make_shared<const Batch>(std::move(batch));
  chain_.advance(*last_batch_);
  speaker_.emit(Attested{last_batch_, origin == Origins::live});
  if (memory_.lock && memory_.lock->height() <= chain_.height()) {
    memory_.lock.reset();
    memory_.lock_inputs = LockInputs{};
  }
  round_ = Round{};
  left_behind_ = LockInputs{};
  signing_.clear();
  retries_.clear();
  observing_.quorum_since.reset();
  pool_.forget_below(chain_.working());
  witness_.forget(standing_.view, chain_.height());
  nonces_.forget_below(standing_.view, chain_.working());
  speaker_.forget_below(chain_.working());
  pacemaker_.progress(now_);
  repeat_due_ = now_.mono + settings_.timing.resend;
  if (!chain_.behind()) fetching_.due.reset();
  replay_ = true;
  take_part();
  const bool rotation = chain_.height().value % settings_.timing.rotation_heights == 0;
  const bool taking_part = part_ == Part::voting && standing_.active && greeting_.done;
  if (origin == Origins::live && rotation && taking_part) enter(next(standing_.view));
}

/// A peer works below what I know to be attested: it gets the newest certificate, at most once per resend. After a
/// power cut one may have the certificate, in its log, and others the batch.
void Machine::help(MemberIndex peer) {
  const TipCertificate& newest = chain_.certified();
  if (newest.header.height.value == 0 || !once(served_[peer.value].tip)) return;
  speaker_.to(peer, speaker_.seal(MessageType::att, standing_.durable, newest.header.height, AttMessage{newest}));
}

// ---- catch-up

/// As far ahead of the ledger as I go, whether batches are attested live or caught up: what waits for it, and what the
/// safety log keeps until then, is bounded by this.
Height Machine::unsaved_end() const {
  return Height{fetching_.stored.value + Limits::unsaved(std::max(limits_.batch(), fetching_.largest))};
}

void Machine::on(const Stored& event) {
  fetching_.stored = std::max(fetching_.stored, event.tip);
  if (chain_.behind()) replay_ = true;  // the next one may be here already
}

void Machine::poll_fetching() {
  apply_held();
  // An epoch that I wait for is not mine to hear of: I ask. One that is over ends the chain here.
  if (part_ == Part::ended || part_ == Part::mismatched || (part_ == Part::voting && !chain_.behind())) {
    fetching_.due.reset();
    return fetching_.ranges.clear();
  }
  if (fetching_.due && now_.mono < *fetching_.due) return;
  const Height known = chain_.certified().header.height;
  const Height perhaps{chain_.height().value + limits_.range_count()};
  const auto wanted = chain_.behind() ? CatchUp::Wanted::attested : CatchUp::Wanted::perhaps;
  const CatchUp::Window window{chain_.working(), std::min(chain_.behind() ? known : perhaps, unsaved_end())};
  for (const CatchUp::Ask& ask : fetching_.ranges.poll(window, wanted, now_.mono)) {
    speaker_.to(ask.peer, speaker_.seal(MessageType::get, standing_.durable, ask.from, GetMessage{ask.count}));
  }
  if (const auto stripped = fetching_.ranges.stripped(); stripped && once(fetching_.told_stripped)) {
    note(Error{Errc::missing_field, "a batch came without its observations; others are asked for them"}, *stripped);
  }
  apply_held();  // what nobody can give in time any more is taken as it is
}

void Machine::on_get(const Envelope& envelope, const GetMessage& message) {
  if (message.count == 0 || envelope.height.value == 0 || envelope.height > chain_.height()) return;
  // One range at a time, also over a new link. A read that never came back is given up in the end.
  Served& served = served_[envelope.sender.value];
  if (served.reading && now_.mono < *served.reading + settings_.timing.timeout_max) return;
  if (!may_ask(served, envelope.height)) return;
  if (last_batch_ && envelope.height == chain_.height())
    return send_range(envelope.sender, envelope.height, {*last_batch_});
  served.reading = now_.mono;
  speaker_.emit(ReadLedger{envelope.sender, envelope.height, message.count});
}

/// Who catches up asks for higher batches each time, and sometimes for lower ones that another peer failed to give, or
/// gave without what I may have.
bool Machine::may_ask(Served& served, Height from) const {
  if (once(served.ranges)) {
    served.ranges_below.clear();
    served.ranges_top = Height{0};
  }
  if (from > served.ranges_top) {
    served.ranges_top = from;
    return true;
  }
  const bool again =
      from == served.ranges_top || std::ranges::find(served.ranges_below, from) != served.ranges_below.end();
  if (again || served.ranges_below.size() == ranges_below_max) return false;
  served.ranges_below.push_back(from);
  return true;
}

void Machine::on(const LedgerRange& event) {
  if (event.peer.value >= peers_max || event.peer == settings_.me) return;
  served_[event.peer.value].reading.reset();
  if (event.batches.empty()) return;
  send_range(event.peer, event.batches.front().header.height, event.batches);
}

void Machine::send_range(MemberIndex peer, Height from, const std::vector<Batch>& batches) {
  RangeMessage message;
  std::size_t size = 0;
  for (const Batch& batch : batches) {
    Bytes bytes = encode(batch);
    size += bytes.size() + 4;
    // One always goes: it was within the bounds of its epoch.
    const bool full = message.batches.size() == Limits::range_batches || size > Limits::range_bytes;
    if (full && !message.batches.empty()) break;
    message.batches.push_back(std::move(bytes));
  }
  speaker_.to(peer, speaker_.seal(MessageType::range, standing_.durable, from, message));
}

void Machine::on_range(const Envelope& envelope, const RangeMessage& message) {
  // Only what I asked for: unasked ranges would be free work for whoever sends them.
  const std::uint32_t wanted = fetching_.ranges.wants(envelope.sender, envelope.height);
  if (wanted == 0 || part_ == Part::ended || part_ == Part::mismatched) return;
  std::vector<Batch> batches;
  Height height = envelope.height;
  std::size_t size = 0;
  std::size_t largest = 0;
  for (const Bytes& bytes : message.batches) {
    if (batches.size() == wanted) break;
    size += bytes.size() + 4;
    largest = std::max(largest, bytes.size() + 4);
    auto batch = decode_batch(bytes);
    Done good = batch ? Done(Ok{}) : Done(batch.error());
    if (good && batch->header.height != height) good = Error{Errc::wrong_height, "batches of a range are consecutive"};
    if (good) good = chain_.check_alone(*batch);
    if (!good) {  // no honest peer hands on what the group key has not signed, or something else than was asked for
      fetching_.ranges.fail(envelope.sender, now_.mono);
      return expel(good.error(), envelope.sender);
    }
    batches.push_back(std::move(batch).value());
    height = next(height);
  }
  const auto room = size + largest > Limits::range_bytes ? CatchUp::Room::none : CatchUp::Room::left;
  fetching_.ranges.hold(envelope.sender, envelope.height, std::move(batches), room, now_.mono);
}

/// What has come and is next, in order.
void Machine::apply_held() {
  while (part_ == Part::voting || part_ == Part::waiting) {
    auto held = fetching_.ranges.take(chain_.working());
    if (!held) return;
    if (const auto fits = chain_.check_next(held->batch.header); !fits) {
      fetching_.ranges.put_back(*held, now_.mono);
      fetching_.ranges.fail(held->from, now_.mono);
      return note(fits.error(), held->from);
    }
    const bool bare = held->batch.observations.empty();
    if (bare && std::exchange(fetching_.bare, chain_.working()) != chain_.height()) {
      note(Error{Errc::missing_field, "no peer has the observations of batches from here on"}, settings_.me);
    }
    if (const auto ahead = ahead_of_log(held->batch)) return stop(*ahead);
    apply(std::move(held->batch), Origins::fetched);
  }
}

// ---- start

void Machine::poll_greeting() {
  if (greeting_.done || part_ != Part::voting) return;
  if (std::popcount(greeting_.heard) >= 2 * quorum().f()) {
    if (!greeting_.attested) greeting_.attested = chain_.certified().header.height;
    if (chain_.height() < *greeting_.attested && !planted(Mutant::early_voice)) return;
    greeting_.done = true;
    replay_ = true;
    // From now on I may speak, and my log shows it: one without a record is one that never spoke.
    if (greeting_.blank) persist(ViewRecord{standing_.view}, Pending{0, standing_.view, std::nullopt});
    return;
  }
  if (greeting_.asked && now_.mono < *greeting_.asked + settings_.timing.resend) return;
  greeting_.asked = now_.mono;
  const auto frame = speaker_.seal(MessageType::hello, standing_.durable, chain_.working(), HelloMessage{});
  for (std::uint16_t i = 0; i < quorum().n; ++i) {
    const MemberIndex peer{i};
    if (peer != settings_.me && (greeting_.heard & bit_of(peer)) == 0) speaker_.to(peer, frame);
  }
}

void Machine::on_hello(const Envelope& envelope) {
  if (!once(served_[envelope.sender.value].echo)) return;
  // First what is attested: who started shall know how far it has to come before it takes my answer for enough.
  served_[envelope.sender.value].tip.reset();
  help(envelope.sender);
  const EchoMessage answer{echoes_.of(envelope.sender)};
  speaker_.to(envelope.sender, speaker_.seal(MessageType::echo, standing_.durable, chain_.working(), answer));
  // Where an epoch follows another all start within a moment, and no link comes up anew: whoever started after I asked
  // is asked again.
  if (committee().descent && part_ == Part::voting && !greeting_.done &&
      (greeting_.heard & bit_of(envelope.sender)) == 0) {
    speaker_.to(envelope.sender,
                speaker_.seal(MessageType::hello, standing_.durable, chain_.working(), HelloMessage{}));
  }
}

void Machine::on_echo(const Envelope& envelope, const EchoMessage& message) {
  for (const Bytes& frame : message.frames) {
    if (const auto ahead = ahead_of_log(frame)) return stop(*ahead);
  }
  // It works above a height of which it has shown no certificate: that was lost, and both are asked for again.
  if (envelope.height > next(chain_.certified().header.height)) return;
  greeting_.heard |= bit_of(envelope.sender);
}

/// Said in another life of mine than this one. An observation names the life that it is of; of other messages I know it
/// only until the greeting is done, for until then I say nothing.
bool Machine::said_before(const Envelope& said) const {
  if (!greeting_.done) return true;
  if (said.type != MessageType::obs) return false;
  const auto message = decode_payload(said.type, said.payload, limits_);
  return message && std::get<ObsMessage>(*message).boot != nonces_.boot();
}

std::optional<Error> Machine::beyond_log(const Envelope& said) const {
  const bool before = said_before(said);
  if (before && greeting_.blank) {
    return Error{Errc::log_behind, "others hold messages of mine, but my log has never allowed one"};
  }
  if (said.view > (before ? greeting_.log_view : standing_.durable)) {
    return Error{Errc::log_behind, "others hold a message of mine of a view that my log does not know"};
  }
  if (said.type == MessageType::share && said.height > chain_.height() &&
      std::pair{said.height, said.view} > memory_.newest_lock) {
    return Error{Errc::log_behind, "others hold a share of mine without a lock in my log"};
  }
  return std::nullopt;
}

/// A message of mine that my log cannot have allowed: the log was lost or rolled back.
std::optional<Error> Machine::ahead_of_log(const Bytes& frame) const {
  const auto said = open_envelope(committee(), frame);
  if (!said || said->sender != settings_.me || !binds(said->type)) return std::nullopt;
  const auto ahead = beyond_log(*said);
  if (!ahead || planted(Mutant::rolled_back_log) || !verify(committee(), *said)) return std::nullopt;
  return ahead;
}

/// The same of a batch that somebody had: what I observed for it.
std::optional<Error> Machine::ahead_of_log(const Batch& batch) const {
  if (batch.header.epoch != committee().epoch || planted(Mutant::unread_chain)) return std::nullopt;
  for (const Bytes& body : batch.observations) {
    if (const auto ahead = ahead_of_log(body)) return ahead;
  }
  return std::nullopt;
}

}  // namespace assay::threshold
