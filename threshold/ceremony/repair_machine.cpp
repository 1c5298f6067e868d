#include "threshold/ceremony/repair_machine.hpp"

#include <algorithm>
#include <utility>

#include "threshold/crypto/repair.hpp"

namespace assay::threshold::ceremony {
namespace {

constexpr std::uint16_t the_member = 0;
/// A helper that restarts, or says two things, costs a round. What goes wrong so often is not going to go right.
constexpr std::uint32_t rounds_max = 32;

}  // namespace

RepairMachine::RepairMachine(Settings settings, const IdentityKey& identity, const frost::SecretShare* share,
                             Entropy& entropy, std::uint16_t me)
    : settings_(std::move(settings)), identity_(identity), share_(share), entropy_(entropy), me_(me) {}

Result<std::unique_ptr<RepairMachine>> RepairMachine::make(Settings settings, const IdentityKey& identity,
                                                           const frost::SecretShare* share, Entropy& entropy,
                                                           MonoTime now) {
  const Terms& terms = settings.terms;
  const auto me = terms.party_of(identity.public_key());
  if (!me || terms.proposal.kind != Kind::repair) return Error{Errc::unknown_member, "a party of a repair"};
  const MemberIndex index = *me == the_member ? lost_member(terms) : terms.proposal.dealers[*me - 1U];
  const bool fits = share != nullptr && share->member() == index &&
                    share->verifying_share() == terms.old->verifying_shares[index.value];
  if (!fits && (*me != the_member || share != nullptr)) {
    return Error{Errc::bad_share, "the share that the record names for this member"};
  }
  std::unique_ptr<RepairMachine> machine(new RepairMachine(std::move(settings), identity, share, entropy, *me));
  machine->now_ = machine->since_ = now;
  machine->said_ = now + micros(-machine->settings_.resend.value);
  if (*me == the_member && fits) {
    machine->begin_round({});
    machine->stage_ = Stage::repaired;
  }
  return machine;
}

std::vector<Effect> RepairMachine::step(const Event& event, MonoTime now) {
  now_ = now;
  if (stage_ == Stage::failed) return {};
  if (const auto* from = std::get_if<FromPeer>(&event)) on_frame(from->frame);
  if (std::holds_alternative<Persisted>(event)) on_persisted();
  if (std::holds_alternative<Tick>(event) && stage_ == Stage::collecting) on_timeout();
  if (stage_ == Stage::repaired && !announced_) announce();
  if (std::holds_alternative<Met>(event) || (now_ - said_) >= settings_.resend) answer_again();
  return std::exchange(effects_, {});
}

MonoTime RepairMachine::next_deadline() const {
  if (stage_ == Stage::repaired || stage_ == Stage::failed) return MonoTime{INT64_MAX};
  return std::min(said_ + settings_.resend, since_ + settings_.timeout);
}

void RepairMachine::say(MessageType type, ByteSpan payload) {
  Bytes frame = seal(settings_.terms, identity_, {type, me_, 0}, payload);
  effects_.push_back(Broadcast{std::make_shared<const Bytes>(std::move(frame))});
}

/// The member asks again; helpers say their part again, which is the same within a round.
void RepairMachine::answer_again() {
  said_ = now_;
  if (!is_helper()) {
    if (stage_ == Stage::repaired) return say(MessageType::repair_done, encode(*round_));
    if (!round_) return ask_anew();
    return say(MessageType::repair_ask, encode(*round_));
  }
  if (const auto mine = split_.find(me_); mine != split_.end()) {
    say(MessageType::repair_pieces, encode(mine->second.message));
  }
  if (const auto mine = added_.find(me_); mine != added_.end()) {
    say(MessageType::repair_sum, encode(mine->second.message));
  }
}

void RepairMachine::begin_round(const RepairRound& round) {
  ++rounds_;
  round_ = round;
  split_.clear();
  added_.clear();
}

void RepairMachine::ask_anew() {
  if (rounds_ >= rounds_max) return fail({});
  RepairRound round{};
  entropy_.fill(round);
  begin_round(round);
  say(MessageType::repair_ask, encode(round));
}

void RepairMachine::on_frame(const Bytes& bytes) {
  const auto frame = open_frame(settings_.terms, bytes);
  if (!frame || frame->scope.sender == me_ || stage_ != Stage::collecting) return;
  switch (frame->scope.type) {
    case MessageType::repair_ask:
      return on_ask(*frame);
    case MessageType::repair_pieces:
      return on_pieces(*frame);
    case MessageType::repair_sum:
      return on_sum(*frame);
    case MessageType::repair_done:
      return on_done(*frame);
    case MessageType::deal:
    case MessageType::support:
    case MessageType::complaint:
    case MessageType::confirm:
    case MessageType::test_commit:
    case MessageType::test_share:
    case MessageType::query:
    case MessageType::evidence:
    case MessageType::outcome:
      return;  // open_frame() lets none of them through in a repair
  }
}

void RepairMachine::on_ask(const Frame& frame) {
  const auto round = decode_repair_round(frame.payload);
  if (!round || round_ == *round || rounds_ >= rounds_max) return;
  begin_round(*round);
  split();
}

void RepairMachine::split() {
  auto pieces = make_repair_pieces(settings_.terms, place(), *round_, *share_, entropy_);
  if (!pieces) return;
  const Bytes payload = encode(*pieces);
  split_[me_] = {std::move(pieces).value(), sha256(payload)};
  say(MessageType::repair_pieces, payload);
}

void RepairMachine::on_pieces(const Frame& frame) {
  const auto pieces = decode_repair_pieces(settings_.terms, frame.payload);
  const std::uint16_t sender = frame.scope.sender;
  if (!pieces || !round_ || pieces->round != *round_) return;
  if (const auto before = split_.find(sender); before != split_.end()) {
    // It has restarted, or lies: its pieces of two minds add up to nothing.
    if (before->second.digest != frame.digest && !is_helper()) ask_anew();
    return;
  }
  const auto helper = static_cast<std::uint16_t>(sender - 1);
  if (!check_repair_pieces(settings_.terms, helper, *pieces)) return fail({{sender, Offence::bad_deal, {}}});
  split_[sender] = {*pieces, frame.digest};
  if (!all_split()) return;
  if (is_helper()) {
    add_up();
  } else {
    put_together();
  }
}

void RepairMachine::add_up() {
  const auto key = frost::EncryptionKey::of(identity_);
  std::vector<frost::SecretScalar> mine;
  for (const auto& [party, heard] : split_) {
    const auto helper = static_cast<std::uint16_t>(party - 1);
    auto piece = open_repair_piece(settings_.terms, helper, heard.message, place(), key);
    if (!piece) return fail({{party, Offence::bad_deal, {}}});
    mine.push_back(std::move(piece).value());
  }
  RepairSum sum =
      make_repair_sum(settings_.terms, place(), *round_, all_digests(), frost::repair_sigma(mine), entropy_);
  const Bytes payload = encode(sum);
  added_[me_] = {std::move(sum), sha256(payload)};
  say(MessageType::repair_sum, payload);
}

void RepairMachine::on_sum(const Frame& frame) {
  if (is_helper()) return;
  auto sum = decode_repair_sum(settings_.terms, frame.payload);
  if (!sum || !round_ || sum->round != *round_ || added_.contains(frame.scope.sender)) return;
  added_[frame.scope.sender] = {std::move(sum).value(), frame.digest};
  put_together();
}

void RepairMachine::put_together() {
  const Terms& terms = settings_.terms;
  if (!all_split() || added_.size() != terms.dealers()) return;
  const auto key = frost::EncryptionKey::of(identity_);
  const auto pieces = all_pieces();
  const auto digests = all_digests();
  std::vector<frost::SecretScalar> sums;
  for (const auto& [party, heard] : added_) {
    // It added up other pieces than those that reached me: their author has restarted, or lies.
    if (heard.message.pieces != digests) return ask_anew();
    auto sum = open_repair_sum(terms, static_cast<std::uint16_t>(party - 1), heard.message, pieces, key);
    if (!sum) return fail({{party, Offence::bad_deal, {}}});
    sums.push_back(std::move(sum).value());
  }
  const frost::GroupPublic group{terms.old->group_key, terms.old->threshold, terms.old->verifying_shares};
  auto share = frost::repair_share(group, sums, lost_member(terms));
  if (!share) return fail({});
  stage_ = Stage::storing;
  effects_.push_back(PersistShare{1, std::make_shared<const frost::SecretShare>(std::move(share).value()),
                                  terms.old->share_generation, terms.old->group_key});
}

void RepairMachine::on_persisted() {
  if (stage_ == Stage::storing) stage_ = Stage::repaired;
}

void RepairMachine::announce() {
  announced_ = true;
  if (!is_helper()) say(MessageType::repair_done, encode(*round_));
  effects_.push_back(Repaired{});
}

void RepairMachine::on_done(const Frame& frame) {
  const auto round = decode_repair_round(frame.payload);
  if (round && is_helper()) stage_ = Stage::repaired;
}

void RepairMachine::on_timeout() {
  if ((now_ - since_) < settings_.timeout) return;
  // Nobody can add up before all have split: only the first thing that is missing is anybody's fault.
  const auto lacking = [&](const auto& has) {
    std::vector<Blame> blames;
    for (std::uint16_t party = 1; party < settings_.terms.parties.size(); ++party) {
      if (party != me_ && !has(party)) blames.push_back({party, Offence::absent, {}});
    }
    return blames;
  };
  std::vector<Blame> absent;
  if (!round_) absent.push_back({the_member, Offence::absent, {}});
  if (absent.empty()) absent = lacking([&](std::uint16_t party) { return has_split(party); });
  if (absent.empty() && !is_helper()) absent = lacking([&](std::uint16_t party) { return has_added(party); });
  fail(std::move(absent));
}

void RepairMachine::fail(std::vector<Blame> blames) {
  stage_ = Stage::failed;
  effects_.push_back(Failed{std::move(blames), true});
}

std::vector<RepairPieces> RepairMachine::all_pieces() const {
  std::vector<RepairPieces> out;
  for (const auto& [party, heard] : split_) out.push_back(heard.message);
  return out;
}

std::vector<Digest> RepairMachine::all_digests() const {
  std::vector<Digest> out;
  for (const auto& [party, heard] : split_) out.push_back(heard.digest);
  return out;
}

}  // namespace assay::threshold::ceremony
