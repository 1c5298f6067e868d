#include "threshold/sim/epoch_rules.hpp"

#include <algorithm>
#include <bit>

#include "core/merkle.hpp"
#include "threshold/inbox.hpp"
#include "threshold/sim/chance.hpp"

namespace assay::threshold::sim {
namespace {

std::string place_text(const Envelope& envelope) {
  return "member " + std::to_string(envelope.sender.value) + ", view " + std::to_string(envelope.view.value) +
         ", height " + std::to_string(envelope.height.value);
}

/// docs/wire.md, "Payloads"; apart from signing.cpp.
Digest own_session_id(const Digest& cfg, const Envelope& opener, std::uint8_t attempt, const Digest& header_hash,
                      const std::vector<frost::SignerCommitment>& signers) {
  ByteWriter out;
  out.digest(cfg).u64(opener.view.value).u64(opener.height.value).u8(attempt).u16(opener.sender.value);
  out.digest(header_hash).u8(static_cast<std::uint8_t>(signers.size()));
  for (const auto& one : signers) out.u16(one.member.value).raw(one.commitment.hiding).raw(one.commitment.binding);
  return tagged_sha256("assay/sid/v1", {out.bytes()});
}

}  // namespace

EpochRules::EpochRules(const World& world, std::size_t epoch, Chronicle& chronicle, Counts& counts)
    : world_(world),
      epoch_(epoch),
      committee_(world.committee(epoch)),
      limits_(world.limits(epoch)),
      chronicle_(chronicle),
      counts_(counts),
      prices_(committee_, limits_, world.market(epoch).policy(), counts),
      members_(committee_.quorum.n) {}

std::uint32_t EpochRules::trusted_bits() const {
  std::uint32_t bits = 0;
  for (std::uint16_t i = 0; i < members_.size(); ++i) bits |= trusted(MemberIndex{i}) ? bit_of(MemberIndex{i}) : 0U;
  return bits;
}

// ---- lives

void EpochRules::started(Seat seat, const Start& start) {
  if (!honest(seat)) return;
  Mine& mine = members_[seat];
  if (!start.first) {
    mine.fence = mine.durable;
    mine.fenced = true;
    if (!mine.locks.empty() && mine.locks.rbegin()->first > start.ledger) counts_.add(Branch::lock_survived_crash);
  }
  mine.issued = mine.durable;
}

void EpochRules::ended(Seat seat, std::optional<Error> why) {
  if (!why || seat >= members_.size()) return;
  const bool log_lost = why->code == Errc::log_behind || why->code == Errc::log_corrupt;
  if (honest(seat) && !silent_.contains(MemberIndex{seat})) {
    report("refused_to_run", "member " + std::to_string(seat) + ": " + why->detail);
  } else if (log_lost) {
    counts_.add(Branch::disk_loss_rejoin);
  }
}

void EpochRules::settled(Seat seat, const threshold::Event& event, const Protocol& machine, Now now) {
  if (honest(seat) && std::holds_alternative<Tick>(event) && machine.next_deadline() <= now.mono) {
    report("busy_loop", "member " + std::to_string(seat) + " has a deadline that has passed and stays");
  }
}

void EpochRules::does(Seat seat, const Effect& effect) {
  const MemberIndex member{seat};
  if (!honest(seat)) {
    // Robbed of its log: it may err, but others go by what it says.
    if (const auto* one = std::get_if<Broadcast>(&effect)) lies(member, *one->frame);
    if (const auto* one = std::get_if<Send>(&effect)) lies(member, *one->frame);
    return;
  }
  if (const auto* one = std::get_if<Send>(&effect)) return says(member, *one->frame);
  if (const auto* one = std::get_if<Broadcast>(&effect)) return says(member, *one->frame);
  if (const auto* one = std::get_if<Persist>(&effect)) return issues(member, one->record);
  punishes(effect);
}

/// An honest member is never taken for a liar.
void EpochRules::punishes(const Effect& effect) {
  if (const auto* one = std::get_if<Disconnect>(&effect); one != nullptr && blameless(one->member)) {
    report("honest_expelled", "member " + std::to_string(one->member.value));
  }
  if (const auto* one = std::get_if<Accuse>(&effect)) {
    if (!blameless(one->verdict.member)) return counts_.add(Branch::liar_convicted);
    report("honest_accused", "member " + std::to_string(one->verdict.member.value) + ", with evidence");
  }
  const auto* note = std::get_if<Note>(&effect);
  if (note == nullptr || !blameless(note->member)) return;
  const bool accuses = note->code == Errc::equivocation || note->code == Errc::bad_share ||
                       note->code == Errc::wrong_aggregate || note->code == Errc::bad_signature;
  if (accuses) report("honest_accused", "member " + std::to_string(note->member.value) + ": " + note->what);
}

// ---- words

void EpochRules::says(MemberIndex member, const Bytes& frame) {
  const auto envelope = open_envelope(committee_, frame);
  if (!envelope || envelope->sender != member) {
    return report("foreign_frame", "member " + std::to_string(member.value) + " sends what is not its own");
  }
  check_place(member, *envelope);
  const bool attempts = envelope->type == MessageType::share || envelope->type == MessageType::nonce;
  const std::size_t at = envelope->type == MessageType::share ? 32 : 0;
  const std::uint8_t attempt = attempts && envelope->payload.size() > at ? envelope->payload[at] : std::uint8_t{0};
  if (!first_time(member, *envelope, attempt)) return;
  const auto message = decode_payload(envelope->type, envelope->payload, limits_);
  if (!message) return report("foreign_frame", "does not decode: " + place_text(*envelope));
  overhear(*envelope, *message, frame);
  if (const auto* prep = std::get_if<PrepMessage>(&*message)) check_vote(member, *envelope, *prep);
  if (const auto* summary = std::get_if<VenterMessage>(&*message)) check_entry(member, *envelope, *summary);
  if (const auto* share = std::get_if<ShareMessage>(&*message)) check_share(member, *envelope, *share);
  if (std::holds_alternative<PullMessage>(*message)) counts_.add(Branch::bodies_pulled);
  const auto* prop = std::get_if<PropMessage>(&*message);
  if (prop == nullptr) return;
  if (prop->signers == 0) counts_.add(Branch::empty_signer_set);
  const bool again =
      prop->new_view && prop->new_view->lock && prop->new_view->lock->header_hash == header_hash(prop->header);
  if (again) counts_.add(Branch::lock_reproposal);
}

void EpochRules::check_vote(MemberIndex member, const Envelope& envelope, const PrepMessage& vote) {
  Mine& mine = members_[member.value];
  const Place place{envelope.view, envelope.height};
  mine.votes[place] = vote.header_hash;
  if (std::exchange(mine.fenced, false)) counts_.add(Branch::fence);
  const bool announces = announcing_.contains({place, vote.header_hash});
  if (announces && !world_.holds_next(member.value)) report("vote_without_epoch", place_text(envelope));
}

void EpochRules::check_place(MemberIndex member, const Envelope& envelope) {
  const Mine& mine = members_[member.value];
  const bool told = mine.durable ? envelope.view <= *mine.durable : envelope.view == View{} && !binds(envelope.type);
  if (envelope.type != MessageType::wish && !told) report("view_not_durable", place_text(envelope));
  if (!binds(envelope.type)) return;
  const auto [begin, end] = chronicle_.span_of(epoch_);
  // A VENTER names the height after a certified tip, of whatever epoch: who is behind may know of a later one.
  const bool beyond = envelope.height >= end && envelope.type != MessageType::venter;
  if (envelope.height < begin || beyond) report("outside_its_epoch", place_text(envelope));
  if (mine.fence && envelope.view <= *mine.fence) report("fence", place_text(envelope));
  if (silent_.contains(member)) report("rolled_back_log_speaks", place_text(envelope));
  if (envelope.type == MessageType::share && envelope.view != mine.issued) {
    report("share_of_left_view", place_text(envelope));
  }
}

/// False for a repetition. Of what binds, another wording at the same place is a contradiction.
bool EpochRules::first_time(MemberIndex member, const Envelope& envelope, std::uint8_t attempt) {
  if (!binds(envelope.type)) return true;
  if (envelope.type == MessageType::sign_request || envelope.type == MessageType::nonce_request) attempt = 255;
  const Place place{envelope.view, envelope.height};
  const std::uint64_t mark = fingerprint(envelope.payload);
  const auto [found, fresh] = members_[member.value].said.try_emplace({envelope.type, place, attempt}, mark);
  if (fresh) return true;
  const bool same = std::exchange(found->second, mark) == mark;
  // The leader asks again with a higher attempt: no contradiction.
  if (!same && attempt == 255) return true;
  if (!same) report("said_twice", place_text(envelope) + ", type " + std::to_string(static_cast<int>(envelope.type)));
  return false;
}

/// What anybody says of commitments and sessions.
void EpochRules::overhear(const Envelope& envelope, const Message& message, const Bytes& frame) {
  if (const auto* obs = std::get_if<ObsMessage>(&message); obs != nullptr && obs->commitment) {
    observed_.emplace(merkle_leaf(frame), *obs->commitment);
  }
  if (const auto* bodies = std::get_if<BodiesMessage>(&message)) {
    // A liar's machine hands out the observation that its mouth had altered.
    for (const Bytes& body : bodies->frames) {
      const auto inner = open_envelope(committee_, body);
      if (!inner || inner->type != MessageType::obs) continue;
      if (const auto said = decode_payload(inner->type, inner->payload, limits_)) overhear(*inner, *said, body);
    }
  }
  if (const auto* request = std::get_if<SignRequest>(&message)) {
    std::vector<frost::SignerCommitment> signers;
    for (const SignedNonce& nonce : request->signers) signers.push_back({nonce.member, nonce.commitment});
    open_session(envelope, request->attempt, request->certificate.header_hash, std::move(signers));
  }
  const auto* prop = std::get_if<PropMessage>(&message);
  if (prop == nullptr) return;
  const Digest hash = header_hash(prop->header);
  const bool again = prop->new_view && prop->new_view->lock && prop->new_view->lock->header_hash == hash;
  if (prop->header.switch_height.value != 0 && !again) announcing_.insert({{envelope.view, envelope.height}, hash});
  if (prop->signers == 0) return;
  proposed_[{envelope.view, envelope.height}].emplace_back(envelope.sender, *prop);
  open_first_sessions(envelope, *prop);
}

/// Whose commitments they are is known as far as the observations were overheard.
void EpochRules::open_first_sessions(const Envelope& envelope, const PropMessage& proposal) {
  const Digest hash = header_hash(proposal.header);
  std::vector<frost::SignerCommitment> fresh;
  for (const Listed& listed : proposal.observers) {
    const auto found = observed_.find(listed.digest);
    if ((proposal.signers & bit_of(listed.member)) == 0 || found == observed_.end()) continue;
    fresh.push_back({listed.member, found->second});
  }
  open_session(envelope, 0, hash, std::move(fresh));
  if (!proposal.new_view) return;
  std::vector<frost::SignerCommitment> entrants;
  for (const VenterEntry& entry : proposal.new_view->entries) {
    if ((proposal.signers & bit_of(entry.member)) == 0 || !entry.summary.commitment) continue;
    entrants.push_back({entry.member, *entry.summary.commitment});
  }
  open_session(envelope, 0, hash, std::move(entrants));
}

void EpochRules::open_session(const Envelope& envelope, std::uint8_t attempt, const Digest& hash,
                              std::vector<frost::SignerCommitment> signers) {
  const Digest sid = own_session_id(committee_.cfg, envelope, attempt, hash, signers);
  sessions_.try_emplace(sid, Session{{envelope.view, envelope.height}, attempt, hash, std::move(signers), 0});
}

/// A VENTER tells of the newest lock that its author's disk holds at its height.
void EpochRules::check_entry(MemberIndex member, const Envelope& envelope, const VenterMessage& summary) {
  const auto held = members_[member.value].locks.find(envelope.height);
  if (held == members_[member.value].locks.end()) return;
  const View newest = held->second.rbegin()->first;
  if (!summary.lock || summary.lock->view < newest) report("lock_hidden", place_text(envelope));
}

void EpochRules::check_share(MemberIndex member, const Envelope& envelope, const ShareMessage& share) {
  const auto height = members_[member.value].locks.find(envelope.height);
  const bool locked = height != members_[member.value].locks.end() && height->second.contains(envelope.view) &&
                      height->second.at(envelope.view) == share.header_hash;
  if (!locked) report("share_before_lock", place_text(envelope));
  auto session = sessions_.find(share.sid);
  if (session == sessions_.end()) {
    for (const auto& [leader, prop] : proposed_[{envelope.view, envelope.height}]) {
      open_first_sessions({MessageType::prop, envelope.view, envelope.height, leader, {}, {}}, prop);
    }
    session = sessions_.find(share.sid);
  }
  if (session == sessions_.end()) return report("unknown_session", place_text(envelope));
  session->second.shares |= bit_of(member);
  if (session->second.header_hash != share.header_hash) report("unknown_session", place_text(envelope));
  if (session->second.place != Place{envelope.view, envelope.height})
    report("share_of_left_view", place_text(envelope));
  for (const auto& signer : session->second.signers) {
    if (signer.member != member) continue;
    const auto [found, fresh] = spent_.try_emplace({member, signer.commitment.hiding}, share.sid);
    if (!fresh && found->second != share.sid) report("nonce_reuse", place_text(envelope));
  }
}

void EpochRules::lies(MemberIndex from, const Bytes& frame) {
  const auto envelope = open_envelope(committee_, frame);
  if (!envelope || envelope->sender != from) return;
  const MessageType type = envelope->type;
  if (silent_.contains(from) && binds(type)) report("rolled_back_log_speaks", place_text(*envelope));
  const bool tells = type == MessageType::obs || type == MessageType::prop || type == MessageType::sign_request ||
                     type == MessageType::bodies;
  if (!tells) return;
  if (const auto message = decode_payload(type, envelope->payload, limits_)) overhear(*envelope, *message, frame);
}

}  // namespace assay::threshold::sim
