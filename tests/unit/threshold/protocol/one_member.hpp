#pragma once
#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/unit/threshold/evidence/courtroom.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold {

/// The real signatures, and how many were verified.
class CountedSignatures final : public Signatures {
 public:
  Signature sign(const IdentityKey& identity, ByteSpan message) const override {
    return ed25519().sign(identity, message);
  }
  bool verify(const PublicKey& key, ByteSpan message, const Signature& signature) const override {
    ++verified;
    return ed25519().verify(key, message, signature);
  }
  Done validate(const frost::Commitment& commitment) const override { return ed25519().validate(commitment); }
  Result<std::unique_ptr<SigningSession>> open(const frost::GroupPublic& group, ByteSpan message,
                                               std::vector<frost::SignerCommitment> signers) const override {
    return ed25519().open(group, message, std::move(signers));
  }

  mutable std::size_t verified = 0;
};

/// One real machine, member 2, among members that the test speaks for: in any order, with any words. It begins in view
/// 0 with nothing but genesis; its disk is quick unless it is told to wait.
struct OneMember : evidence::Courtroom {
  static constexpr MemberIndex me{2};
  static constexpr WallTime start{1'790'000'000'000'000};

  OneMember() {
    committee.signatures = &counted;
    Restored restored;
    restored.first_start = true;
    restored.tip = genesis().header;
    restored.history.append(history_leaf(restored.tip));
    protocol = Protocol::make({me, committee, sim::usual_timing(64), policy}, identities[me.value], shares[me.value],
                              std::move(restored), own_entropy, now)
                   .value();
    for (const MemberIndex peer : others) hears(says(peer, EchoMessage{}, View{0}));
  }

  void hears(const Bytes& frame) { step(FromPeer{open_envelope(committee, frame)->sender, frame}); }
  /// What hearing it costs, in signatures.
  std::size_t cost_of(const Bytes& frame) {
    const std::size_t before = counted.verified;
    hears(frame);
    return counted.verified - before;
  }
  void wait(Micros span) {
    now = {now.mono + span, now.wall + span};
    step(Tick{});
  }
  /// The others want this view, so it goes there.
  void enter(View to) {
    for (const MemberIndex peer : others) hears(says(peer, WishMessage{}, to));
  }
  View in_view() const { return protocol->status().view; }

  void step(const threshold::Event& event) {
    for (const Effect& effect : protocol->step(event, now)) {
      if (const auto* note = std::get_if<Note>(&effect)) notes.push_back(*note);
      if (const auto* accuse = std::get_if<Accuse>(&effect)) accused_of.push_back(accuse->verdict);
      if (const auto* persist = std::get_if<Persist>(&effect)) writing.push_back(persist->id);
      if (const auto* out = std::get_if<Broadcast>(&effect)) said.push_back(*out->frame);
      if (const auto* out = std::get_if<Send>(&effect)) said.push_back(*out->frame);
    }
    if (!disk_waits && !writing.empty()) {
      const std::uint64_t id = writing.front();
      writing.erase(writing.begin());
      step(Persisted{id});
    }
  }

  std::size_t times_said(MessageType type) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        said, [type](const Bytes& frame) { return frame[32] == static_cast<std::uint8_t>(type); }));
  }
  std::size_t noted(Errc code, MemberIndex about) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(notes, [&](const Note& note) { return note.code == code && note.member == about; }));
  }

  const std::vector<MemberIndex> others{MemberIndex{0}, MemberIndex{1}, MemberIndex{3}};
  CountedSignatures counted;
  SeededEntropy own_entropy{5};
  Now now{MonoTime{1'000'000}, start};
  std::unique_ptr<Protocol> protocol;
  bool disk_waits = false;
  std::vector<std::uint64_t> writing;
  std::vector<Note> notes;
  std::vector<evidence::Verdict> accused_of;
  std::vector<Bytes> said;
};

}  // namespace assay::threshold
