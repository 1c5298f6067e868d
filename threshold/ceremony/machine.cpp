#include "threshold/ceremony/machine.hpp"

#include <algorithm>

namespace assay::threshold::ceremony {

Machine::Machine(Settings settings, const IdentityKey& identity, const frost::SecretShare* old_share, Entropy& entropy)
    : settings_(std::move(settings)), identity_(identity), old_share_(old_share), entropy_(entropy) {}

Result<std::unique_ptr<Machine>> Machine::make(Settings settings, const IdentityKey& identity,
                                               const frost::SecretShare* old_share, const std::vector<Bytes>& records,
                                               Entropy& entropy, MonoTime now) {
  const Terms& terms = settings.terms;
  const auto me = terms.party_of(identity.public_key());
  if (!me) return Error{Errc::unknown_member, "an identity that takes part"};
  if (terms.old && terms.parties[*me].dealer) {
    const MemberIndex index = terms.proposal.dealers[*terms.parties[*me].dealer];
    if (old_share == nullptr || old_share->verifying_share() != terms.old->verifying_shares[index.value]) {
      return Error{Errc::bad_share, "a dealer's share is the one that the old record names"};
    }
  }
  std::unique_ptr<Machine> machine(new Machine(std::move(settings), identity, old_share, entropy));
  machine->me_ = *me;
  machine->now_ = machine->since_ = now;
  machine->said_ = now + micros(-machine->settings_.resend.value);
  if (const auto done = machine->restore(records); !done) return done.error();
  return machine;
}

std::vector<Effect> Machine::step(const Event& event, MonoTime now) {
  now_ = now;
  if (std::holds_alternative<Tick>(event)) on_tick();
  if (const auto* heard = std::get_if<FromPeer>(&event)) on_frame(heard->frame);
  if (const auto* persisted = std::get_if<Persisted>(&event)) on_persisted(persisted->id);
  advance();
  return std::exchange(effects_, {});
}

MonoTime Machine::next_deadline() const {
  if (stage_ == Stage::activated || stage_ == Stage::cancelled) return MonoTime{INT64_MAX};
  const MonoTime again = said_ + settings_.resend;
  return failed_ ? again : std::min(again, since_ + settings_.stage_timeout);
}

void Machine::advance() {
  if (stage_ == Stage::activated && !announced_) {
    announced_ = true;
    effects_.push_back(Activate{*record_, *outcome_});
    say(MessageType::outcome, encode(*outcome_));
  }
  if (stage_ == Stage::cancelled && !announced_ && !busy_) {
    announced_ = true;
    effects_.push_back(Failed{blames_, true});
  }
  Stage before{};
  do {
    before = stage_;
    if (!busy_) advance_once();
  } while (stage_ != before);
}

void Machine::advance_once() {
  switch (stage_) {
    case Stage::dealing:
      compare_supports();
      if (stage_ == Stage::dealing) deal();
      if (stage_ == Stage::dealing && !busy_) support();
      return;
    case Stage::supporting:
      compare_supports();
      if (stage_ == Stage::supporting) store();
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
  stage_ = stage;
  since_ = now_;
}

void Machine::persist(Next next, const Record& record) {
  busy_ = true;
  pending_.emplace(++last_id_, next);
  effects_.push_back(Persist{last_id_, encode_record(settings_.terms, record)});
}

void Machine::on_persisted(std::uint64_t id) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  const Next next = found->second;
  pending_.erase(found);
  // What was under way when the ceremony was cancelled goes no further.
  if (stage_ == Stage::cancelled && next != Next::fail) return;
  busy_ = false;
  switch (next) {
    case Next::deal:
      broadcast(unsaid_);
      on_frame(unsaid_);
      return;
    case Next::support:
      broadcast(unsaid_);
      on_frame(unsaid_);
      return enter(Stage::supporting);
    case Next::stored:
      bound_ = true;
      return persist(Next::confirm, Confirmed{});
    case Next::confirm:
      say(MessageType::confirm, encode(confirm_));
      return enter(Stage::confirming);
    case Next::certified:
      return enter(Stage::testing);
    case Next::attempt:
      return commit_test();
    case Next::activate:
      return enter(Stage::activated);
    case Next::fail:
      return;
  }
}

void Machine::on_tick() {
  if (stage_ == Stage::activated || stage_ == Stage::cancelled) return;
  if (!failed_ && (now_ - since_) >= settings_.stage_timeout) fail(absent());
  if (stage_ != Stage::cancelled && (now_ - said_) >= settings_.resend) say_again();
}

Bytes Machine::sealed(MessageType type, ByteSpan payload) const {
  const bool test = type == MessageType::test_commit || type == MessageType::test_share;
  return seal(settings_.terms, identity_, {type, me_, test ? attempt_ : 0}, payload);
}

void Machine::say(MessageType type, ByteSpan payload) {
  const Bytes frame = sealed(type, payload);
  broadcast(frame);
  on_frame(frame);
}

void Machine::say_again() {
  said_ = now_;
  for (const auto& [key, heard] : heard_) {
    if (key.second == me_) broadcast(heard.bytes);
  }
  const Query query{bitmap_of(MessageType::deal), bitmap_of(MessageType::support), bitmap_of(MessageType::confirm)};
  broadcast(sealed(MessageType::query, encode(query)));
}

}  // namespace assay::threshold::ceremony
