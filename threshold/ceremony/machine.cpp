#include "threshold/ceremony/machine.hpp"

#include <algorithm>
#include <utility>

namespace assay::threshold::ceremony {

Machine::Machine(Settings settings, const IdentityKey& identity, const frost::SecretShare* old_share, Entropy& entropy,
                 std::uint16_t me)
    : settings_(std::move(settings)),
      identity_(identity),
      old_share_(old_share),
      entropy_(entropy),
      me_(me),
      board_(settings_.terms),
      test_(settings_.terms, me) {}

Result<std::unique_ptr<Machine>> Machine::make(Settings settings, const IdentityKey& identity,
                                               const frost::SecretShare* old_share, const std::vector<Bytes>& records,
                                               Entropy& entropy, MonoTime now) {
  const Terms& terms = settings.terms;
  const auto me = terms.party_of(identity.public_key());
  if (!me || terms.proposal.kind == Kind::repair) return Error{Errc::unknown_member, "an identity that takes part"};
  if (terms.old && terms.parties[*me].dealer) {
    const MemberIndex index = terms.proposal.dealers[*terms.parties[*me].dealer];
    if (old_share == nullptr || old_share->verifying_share() != terms.old->verifying_shares[index.value]) {
      return Error{Errc::bad_share, "a dealer's share is the one that the old record names"};
    }
  }
  std::unique_ptr<Machine> machine(new Machine(std::move(settings), identity, old_share, entropy, *me));
  machine->pace_.now = machine->pace_.since = now;
  machine->pace_.said = now + micros(-machine->settings_.resend.value);
  if (const auto done = machine->restore(records); !done) return done.error();
  return machine;
}

std::vector<Effect> Machine::step(const Event& event, MonoTime now) {
  pace_.now = now;
  if (std::holds_alternative<Tick>(event)) on_tick();
  if (const auto* from = std::get_if<FromPeer>(&event)) {
    // What everybody repeats until it has arrived changes nothing, and is most of what arrives.
    if (board_.holds(from->frame)) return {};
    on_frame(from->frame);
  }
  if (const auto* met = std::get_if<Met>(&event)) on_met(met->party);
  if (const auto* persisted = std::get_if<Persisted>(&event)) on_persisted(persisted->id);
  advance();
  return outbox_.take();
}

MonoTime Machine::next_deadline() const {
  if (is_over()) return MonoTime{INT64_MAX};
  const MonoTime again = pace_.said + settings_.resend;
  return failed_ ? again : std::min(again, pace_.since + settings_.stage_timeout);
}

void Machine::advance() {
  if (pace_.stage == Stage::activated && !announced_) {
    announced_ = true;
    outbox_.tell(Activate{ours_->record, *kept_.outcome});
    say(MessageType::outcome, encode(*kept_.outcome));
  }
  if (pace_.stage == Stage::cancelled && !announced_ && !outbox_.is_waiting()) {
    announced_ = true;
    outbox_.tell(Failed{kept_.blames, true});
  }
  Stage before{};
  do {
    before = pace_.stage;
    if (!outbox_.is_waiting()) advance_once();
  } while (pace_.stage != before);
}

void Machine::advance_once() {
  switch (pace_.stage) {
    case Stage::dealing:
      compare_supports();
      if (pace_.stage == Stage::dealing) deal();
      if (pace_.stage == Stage::dealing && !outbox_.is_waiting()) support();
      return;
    case Stage::supporting:
      compare_supports();
      if (pace_.stage == Stage::supporting) store();
      return;
    case Stage::confirming:
      compare_confirms();
      certify();
      return;
    case Stage::testing:
      if (is_member()) test();
      return;
    case Stage::storing:
    case Stage::activated:
    case Stage::cancelled:
      return;
  }
}

void Machine::enter(Stage stage) {
  pace_.stage = stage;
  pace_.since = pace_.now;
}

void Machine::persist(Next next, const Record& record) {
  outbox_.persist(next, encode_record(settings_.terms, record));
}

void Machine::on_persisted(std::uint64_t id) {
  const auto next = outbox_.persisted(id);
  // What was under way when the ceremony was cancelled goes no further.
  if (!next || pace_.stage == Stage::cancelled) return;
  switch (*next) {
    case Next::deal:
      outbox_.broadcast(unsaid_);
      on_frame(unsaid_);
      return;
    case Next::support:
      outbox_.broadcast(unsaid_);
      on_frame(unsaid_);
      return enter(Stage::supporting);
    case Next::stored:
      kept_.bound = true;
      return persist(Next::confirm, Confirmed{});
    case Next::confirm:
      say(MessageType::confirm, encode(ours_->confirm));
      return enter(Stage::confirming);
    case Next::certified:
      return enter(Stage::testing);
    case Next::attempt:
      return say(MessageType::test_commit, test_.commit(*ours_, entropy_));
    case Next::activate:
      return enter(Stage::activated);
    case Next::fail:
      return;
  }
}

void Machine::on_tick() {
  if (is_over()) return;
  if (!failed_ && (pace_.now - pace_.since) >= settings_.stage_timeout) fail(absent());
  if (pace_.stage != Stage::cancelled && (pace_.now - pace_.said) >= settings_.resend) say_again();
}

}  // namespace assay::threshold::ceremony
