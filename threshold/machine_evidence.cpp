#include <algorithm>

#include "threshold/evidence/judge.hpp"
#include "threshold/machine.hpp"

namespace assay::threshold {

/// Every verified frame, at its first arrival and again when it comes out of the inbox. Kept are those of my view at
/// the present height and its neighbours, and held against what is said later, also of views that I have left.
void Machine::testify(const Envelope& envelope, const Message& message, const SharedBytes& frame) {
  const MemberIndex sender = envelope.sender;
  if (envelope.type == MessageType::share) suspect_amnesia(sender, frame, witness_.venter(standing_.view, sender));
  if (envelope.view > standing_.view) return;
  const bool present = envelope.view == standing_.view;
  const bool venter = envelope.type == MessageType::venter;
  if (present && !venter && (envelope.height < chain_.height() || envelope.height > next(chain_.working()))) return;
  if (const auto found = witness_.hear(envelope, message, frame)) suspect(sender, *found);
  if (present && venter) suspect_amnesia(sender, echoes_.share_of(sender), frame);
}

/// Judges, and accuses when anybody would convict. What convicts nobody costs its author nothing.
void Machine::suspect(MemberIndex member, const evidence::Evidence& found) {
  if (member == settings_.me) return;
  auto& past = accusations_.made[{evidence::kind_of(found), member}];
  const auto place = std::pair{standing_.view, chain_.working()};
  if (std::exchange(past.pondered_at, place) != place) past.pondered = 0;
  const bool convicted_here = !past.places.empty() && past.places.back() == place;
  if (convicted_here || past.places.size() >= Accusations::of_a_kind_max) return;
  if (++past.pondered > Accusations::of_a_kind_max) return;
  const auto verdict = evidence::judge({committee(), settings_.policy}, found);
  if (!verdict || verdict->member != member) return;
  past.places.push_back(place);
  demerited_ |= bit_of(member);
  speaker_.emit(Accuse{std::make_shared<const Bytes>(evidence::encode(committee().cfg, found)), *verdict});
}

void Machine::suspect_each(const std::vector<evidence::Evidence>& found) {
  for (const evidence::Evidence& one : found) {
    if (const auto* twice = std::get_if<evidence::Equivocation>(&one)) suspect(twice->member, one);
    if (const auto* reuse = std::get_if<evidence::NonceReuse>(&one)) {
      if (const auto share = open_envelope(committee(), reuse->uses[0].share)) suspect(share->sender, one);
    }
  }
}

/// The cheap half of the question first: nearly every summary tells of a later height than the share.
void Machine::suspect_amnesia(MemberIndex member, SharedBytes share, SharedBytes venter) {
  if (share == nullptr || venter == nullptr) return;
  const auto gave = open_envelope(committee(), *share);
  const auto later = open_envelope(committee(), *venter);
  if (!gave || !later || later->view <= gave->view || later->height > gave->height) return;
  suspect(member, evidence::Amnesia{*share, *venter});
}

/// A valid NEWVIEW holds words of 2f+1 members, perhaps others than those that they sent to me.
void Machine::suspect_new_view(const NewView& new_view) {
  suspect_each(witness_.hear(new_view, standing_.view));
  if (new_view.lock) suspect_each(witness_.hear(*new_view.lock));
  for (const VenterEntry& entry : new_view.entries) {
    suspect_amnesia(entry.member, echoes_.share_of(entry.member), witness_.venter(standing_.view, entry.member));
  }
}

/// Its inputs are those that I took, and where one of them is none those that came `beside` it.
void Machine::suspect_aggregate(const Proposal& proposal, const LockInputs& beside) {
  evidence::WrongAggregate wrong{*proposal.frame, chain_.leaves(), {}};
  for (std::size_t i = 0; i < proposal.bodies.size(); ++i) {
    const BodyRef& body = proposal.bodies[i];
    const SharedBytes frame = body ? body->frame : beside.find(proposal.message.observers[i].digest);
    if (frame == nullptr) return;
    wrong.bodies.push_back(*frame);
  }
  suspect(quorum().leader(standing_.view), wrong);
}

/// All shares of a session came. Those that spoiled it are judged by the list that they signed, and pairs are compared
/// with those of earlier sessions.
void Machine::suspect_session(std::uint8_t attempt, const std::vector<MemberIndex>& culprits) {
  const auto& signers = signing_.session(attempt).signers();
  const auto share = [&](MemberIndex member) {
    return witness_.share(standing_.view, chain_.working(), member, attempt);
  };
  for (const MemberIndex culprit : culprits) {
    const SharedBytes frame = share(culprit);
    if (frame == nullptr) continue;
    suspect(culprit, evidence::BadShare{{*frame, signers}, round_.proposal->message.header});
  }
  suspect_each(witness_.spend(standing_.view, chain_.working(), attempt, {signing_.sid(attempt), signers, {}}));
}

/// Somebody votes for another proposal than I was shown: whoever is wrong, its leader signed it or the voter made it
/// up. Asked of each voter once.
void Machine::ask_other_proposal(const Envelope& envelope, const PrepMessage& vote) {
  if (!round_.seen_other_than(vote.proposal)) return;
  const auto place = std::pair{standing_.view, chain_.working()};
  if (std::exchange(accusations_.asked_at, place) != place) accusations_.asked = accusations_.shown = 0;
  if ((accusations_.asked & bit_of(envelope.sender)) != 0) return;
  accusations_.asked |= bit_of(envelope.sender);
  const PullMessage message{{vote.proposal}};
  speaker_.to(envelope.sender, speaker_.seal(MessageType::pull, standing_.durable, chain_.working(), message));
}

void Machine::hear_other_proposals(const Envelope& envelope, const BodiesMessage& message) {
  if ((accusations_.asked & ~accusations_.shown & bit_of(envelope.sender)) == 0) return;
  for (const Bytes& bytes : message.frames) {
    const auto said = open_envelope(committee(), bytes);
    const bool wanted = said && said->type == MessageType::prop && is_leader(said->sender) &&
                        said->view == standing_.view && said->sender != settings_.me;
    if (!wanted) continue;
    accusations_.shown |= bit_of(envelope.sender);
    auto prop = decode_payload(said->type, said->payload, limits_);
    if (!prop || !verify(committee(), *said)) return;
    const auto frame = std::make_shared<const Bytes>(bytes);
    return testify(*open_envelope(committee(), *frame), *prop, frame);
  }
}

}  // namespace assay::threshold
