#include <bit>

#include "core/epoch_rule.hpp"
#include "threshold/machine.hpp"

namespace assay::threshold {
namespace {

/// Heights, modulo announcement_heights, at which a leader may announce: where members are ready by their own word
/// only, an announcement that fails costs one view change in so many heights.
constexpr std::uint64_t announce_at = 32;
/// READY is said again every so many heights, by who keeps up: for others it would be so many frames a moment.
constexpr std::uint64_t ready_heights = 8;

bool announces(const Header& header) {
  return header.switch_height.value != 0;
}

}  // namespace

/// Called whenever the tip has moved.
void Machine::take_part() {
  const Part before = std::exchange(part_, chain_.part());
  if (planted(Mutant::endless_epoch) && part_ == Part::ended) part_ = Part::voting;
  if (part_ == Part::voting) {
    if (before == Part::waiting) {
      settings_.committee.begins = chain_.working();
      pacemaker_.progress(now_);
      replay_ = true;
    }
    if (!chain_.behind() && chain_.height().value % ready_heights == 0) say_ready(std::nullopt);
    return;
  }
  if (part_ == before) return;
  if (part_ == Part::mismatched) {
    note(Error{Errc::wrong_committee, "the epoch that begins is not the one whose settings I hold"}, settings_.me);
  }
  // What I said in this epoch is over; nobody signs here any more.
  nonces_.wipe();
  pool_.clear();
  entrants_.clear();
  speaker_.forget_all();
  observing_.wanted.reset();
}

void Machine::on(const Staged& event) {
  if (std::exchange(staged_, event.next_epoch) == event.next_epoch) return;
  say_ready(std::nullopt);
}

void Machine::say_ready(std::optional<MemberIndex> peer) {
  if (!staged_ || part_ != Part::voting || announces(chain_.tip().header)) return;
  const auto frame = speaker_.seal(MessageType::ready, standing_.durable, chain_.working(), ReadyMessage{*staged_});
  peer ? speaker_.to(*peer, frame) : speaker_.to_all(frame);
}

void Machine::on_ready(const Envelope& envelope, const ReadyMessage& message) {
  ready_[envelope.sender] = message.next_epoch;
}

/// What a fresh header says of the next epoch: what its tip says, or, once, what 2f+1 members are ready for. Never with
/// a NEWVIEW: a view that follows a failed announcement must not fail in the same way.
Machine::Announcement Machine::announcement(Opens opens) const {
  const Header& tip = chain_.tip().header;
  if (announces(tip) && tip.switch_height > chain_.working()) return {tip.next_epoch_digest, tip.switch_height};
  const bool time = chain_.working().value % announcement_heights == announce_at;
  if (announces(tip) || !staged_ || !time || opens == Opens::view) return {};
  std::uint32_t ready = bit_of(settings_.me);
  for (const auto& [member, digest] : ready_) ready |= digest == *staged_ ? bit_of(member) : 0;
  if (std::popcount(ready) < quorum().agree()) return {};
  return {*staged_, Height{chain_.working().value + announcement_heights}};
}

/// A fresh header may announce only an epoch that I hold, and only for the height that honest leaders choose: one far
/// away would keep every other change out until then.
Done Machine::check_announcement(const Header& header) const {
  if (!announces(header)) return Ok{};
  if (staged_ != header.next_epoch_digest && !planted(Mutant::wrong_file_votes)) {
    return Error{Errc::wrong_committee, "announces an epoch that I do not hold"};
  }
  const bool first = !announces(chain_.tip().header) || chain_.tip().header.switch_height <= chain_.working();
  if (planted(Mutant::announced_anywhere)) return Ok{};
  if (first && header.switch_height.value != header.height.value + announcement_heights) {
    return Error{Errc::out_of_range, "an epoch begins 64 heights after its announcement"};
  }
  return Ok{};
}

/// From a peer whose committee is another one: it is in an epoch before or after mine, or waits for one. Nothing it
/// says counts as a member's word; what proves itself is taken, and who is behind is told where the network is.
void Machine::on_foreign(const FromPeer& event) {
  auto envelope = open_foreign_envelope(event.frame);
  if (!envelope) return expel(envelope.error(), event.peer);
  envelope->sender = event.peer;
  if (knows(envelope->height)) help(event.peer);
  const MessageType type = envelope->type;
  if (type != MessageType::att && type != MessageType::get && type != MessageType::range) {
    return note(Error{Errc::wrong_committee, "signed for another committee"}, event.peer);
  }
  const auto message = decode_payload(type, envelope->payload, limits_);
  if (!message) return expel(message.error(), event.peer);
  route(*envelope, *message, nullptr);
}

}  // namespace assay::threshold
