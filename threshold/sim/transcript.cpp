#include "threshold/sim/transcript.hpp"

#include "threshold/certificate.hpp"
#include "threshold/codec.hpp"
#include "threshold/durable.hpp"

namespace assay::threshold::sim {
namespace {

std::string short_name(const Digest& digest) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < 2; ++i) {
    out.push_back(digits[digest.bytes[i] >> 4U]);
    out.push_back(digits[digest.bytes[i] & 15U]);
  }
  return out;
}

std::string text(std::uint64_t number) {
  return std::to_string(number);
}

std::string text(const LockClaim& lock) {
  return short_name(lock.header_hash) + " of view " + text(lock.view.value);
}

std::string set_text(std::uint32_t bitmap) {
  std::string out;
  for (const MemberIndex member : members_of(bitmap)) out += (out.empty() ? "" : ",") + text(member.value);
  return out.empty() ? "nobody" : out;
}

struct Words {
  std::string operator()(const ObsMessage& m) const { return m.commitment ? "OBS" : "OBS without a nonce"; }
  std::string operator()(const PropMessage& m) const {
    std::string out = "PROP of " + short_name(header_hash(m.header)) + ", signers " + set_text(m.signers);
    if (m.header.switch_height.value != 0) {
      out += ", announces epoch " + short_name(m.header.next_epoch_digest) + " from height " +
             text(m.header.switch_height.value);
    }
    if (!m.new_view) return out;
    out += ", opens the view with entries of";
    for (const VenterEntry& entry : m.new_view->entries) out += " " + text(entry.member.value);
    return out + (m.new_view->lock ? ", lock " + short_name(m.new_view->lock->header_hash) + " of view " +
                                         text(m.new_view->lock->view.value)
                                   : ", no lock");
  }
  std::string operator()(const PrepMessage& m) const { return "PREP for " + short_name(m.header_hash); }
  std::string operator()(const ShareMessage& m) const {
    return "SHARE of " + short_name(m.header_hash) + ", session " + text(m.attempt);
  }
  std::string operator()(const AttMessage& m) const {
    return "ATT of " + short_name(header_hash(m.certificate.header));
  }
  std::string operator()(const SignRequest& m) const {
    std::string out = "SIGNREQ " + text(m.attempt) + " for " + short_name(m.certificate.header_hash) + ", signers";
    for (const SignedNonce& nonce : m.signers) out += " " + text(nonce.member.value);
    return out;
  }
  std::string operator()(const NonceRequest& m) const { return "NONCEREQ " + text(m.attempt); }
  std::string operator()(const NonceMessage& m) const { return "NONCE " + text(m.attempt); }
  std::string operator()(const WishMessage&) const { return "WISH"; }
  std::string operator()(const VenterMessage& m) const {
    return "VENTER above " + short_name(m.tip) + (m.lock ? ", holds lock " + text(*m.lock) : ", no lock");
  }
  std::string operator()(const ProofsMessage& m) const { return m.lock ? "PROOFS with the lock" : "PROOFS"; }
  std::string operator()(const GetMessage& m) const { return "GET " + text(m.count); }
  std::string operator()(const RangeMessage& m) const { return "RANGE of " + text(m.batches.size()); }
  std::string operator()(const HelloMessage&) const { return "HELLO"; }
  std::string operator()(const EchoMessage& m) const { return "ECHO of " + text(m.frames.size()) + " frames"; }
  std::string operator()(const PullMessage& m) const { return "PULL of " + text(m.digests.size()) + " bodies"; }
  std::string operator()(const BodiesMessage& m) const { return "BODIES, " + text(m.frames.size()); }
  std::string operator()(const AskView&) const { return "ASK_VIEW"; }
  std::string operator()(const ReadyMessage& m) const { return "READY for epoch " + short_name(m.next_epoch); }
};

}  // namespace

std::string describe_frame(const Committee& committee, Limits limits, const Bytes& frame) {
  const auto envelope = open_envelope(committee, frame);
  if (!envelope) return text(frame.size()) + " bytes that are no frame";
  const auto message = decode_payload(envelope->type, envelope->payload, limits);
  const std::string what = message ? std::visit(Words{}, *message) : "a frame that does not decode";
  return what + " (view " + text(envelope->view.value) + ", height " + text(envelope->height.value) + ")";
}

std::string Transcript::describe(Seat seat, const Bytes& frame) const {
  return describe_frame(world_.committee_of(seat), world_.limits_of(seat), frame);
}

void Transcript::remark(const std::string& what) {
  if (line_) line_("-- " + what);
}

std::string Transcript::clock(MonoTime at) {
  const auto us = static_cast<std::uint64_t>(at.value - 1'000'000);
  std::string fraction = text(us % 1'000'000);
  fraction.insert(0, 6 - fraction.size(), '0');
  return text(us / 1'000'000) + "." + fraction.substr(0, 4);
}

void Transcript::tell(Seat seat, const std::string& what) {
  if (hushed_) return;
  const std::string out = clock(world_.now()) + "  ";
  const bool twin = seat >= world_.members();
  const std::uint64_t member = world_.seat(seat).member.value;
  line_(out + "member " + text(member) + (twin ? " (its twin) " : " ") + what);
}

/// Of the deeds: what was said before, greetings, and attestations on their way, which each member tells of itself.
bool Transcript::again(Seat seat, const Bytes& frame, std::uint64_t to) {
  if (detail_ == Detail::everything) return false;
  const auto envelope = open_envelope(world_.committee_of(seat), frame);
  if (envelope && (envelope->type == MessageType::hello || envelope->type == MessageType::att)) return true;
  if (envelope && envelope->type == MessageType::echo && envelope->payload.size() < 8) return true;
  return ++said_[{seat, fingerprint(frame, to)}] > 1;
}

bool Transcript::again(Seat seat, const Note& note) {
  if (detail_ == Detail::everything) return false;
  return ++said_[{seat, fingerprint(as_bytes(note.what), mix(note.member.value, note.height.value))}] > 1;
}

void Transcript::started(Seat seat, const Start& start) {
  std::string what = start.first ? "starts for the first time" : "starts with " + text(start.records) + " records";
  if (world_.seat(seat).epoch > 0) what += " in epoch " + text(world_.seat(seat).epoch);
  if (start.ledger.value > 0) what += ", ledger at height " + text(start.ledger.value);
  if (start.status.fenced) what += ", silent up to view " + text(start.status.fence.value);
  tell(seat, what);
}

void Transcript::ended(Seat seat, std::optional<Error> why) {
  tell(seat, why ? std::string("refuses to run: ") + why->detail : std::string("dies"));
}

void Transcript::moves_on(Seat seat) {
  const std::size_t next = world_.seat(seat).epoch + 1;
  const bool member = world_.seat(seat).member.value < world_.quorum(next).n;
  tell(seat, member ? "leaves its epoch for the next one" : "leaves: it is no member of the next epoch");
}

void Transcript::hears(Seat seat, MemberIndex from, const Bytes& frame) {
  if (detail_ == Detail::everything) tell(seat, "hears from " + text(from.value) + ": " + describe(seat, frame));
}

void Transcript::does(Seat seat, const Effect& effect) {
  if (world_.seat(seat).mouth != nullptr) return;  // its words are told as they leave
  if (const auto* one = std::get_if<Broadcast>(&effect); one != nullptr && !again(seat, *one->frame, UINT64_MAX)) {
    tell(seat, "says to all: " + describe(seat, *one->frame));
  }
  if (const auto* one = std::get_if<Send>(&effect); one != nullptr && !again(seat, *one->frame, one->to.value)) {
    tell(seat, "says to " + text(one->to.value) + ": " + describe(seat, *one->frame));
  }
  if (const auto* one = std::get_if<Attested>(&effect)) {
    const Header& header = one->batch->header;
    tell(seat, std::string(one->live ? "has" : "learns") + " height " + text(header.height.value) + ": " +
                   short_name(header_hash(header)) + " is attested");
  }
  if (const auto* one = std::get_if<Note>(&effect); one != nullptr && !again(seat, *one)) {
    tell(seat, "notes about member " + text(one->member.value) + ": " + one->what);
  }
  if (const auto* one = std::get_if<Disconnect>(&effect)) tell(seat, "closes its link to " + text(one->member.value));
  if (const auto* one = std::get_if<Persist>(&effect); one != nullptr && detail_ == Detail::everything) {
    const auto height = record_height(one->record);
    tell(seat, height ? "writes a LOCK of height " + text(height->value) : std::string("writes a VIEW record"));
  }
}

void Transcript::durable(Seat seat, const Bytes& record) {
  const LogOwner owner{world_.committee_of(seat).cfg, world_.seat(seat).member};
  const auto read = decode_record(owner, world_.limits_of(seat), record);
  if (!read || !*read) return;
  if (const auto* view = std::get_if<ViewRecord>(&**read)) tell(seat, "is durably in view " + text(view->view.value));
  if (const auto* lock = std::get_if<LockRecord>(&**read)) {
    tell(seat, "durably holds lock " + short_name(lock->hash()) + " of view " + text(lock->view().value) + ", height " +
                   text(lock->height().value));
  }
}

void Transcript::lies(MemberIndex from, MemberIndex to, const Bytes& frame) {
  if (!again(from.value, frame, to.value))
    tell(from.value, "(Byzantine) says to " + text(to.value) + ": " + describe(from.value, frame));
}

void Transcript::suffers(Fault fault, Seat seat) {
  if (detail_ == Detail::everything) tell(seat, "suffers: " + std::string(name(fault)));
}

}  // namespace assay::threshold::sim
