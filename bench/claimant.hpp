#pragma once
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "core/merkle.hpp"
#include "threshold/codec.hpp"
#include "threshold/envelope.hpp"
#include "threshold/limits.hpp"
#include "threshold/protocol.hpp"

namespace assay::threshold {

/// A member that claims to lead a view, or to hold a lock at its entry. Of what honest members said it makes words that
/// are true up to their last signature: each costs its receivers as much as it can, and is worth nothing.
class Claimant {
 public:
  Claimant(const Committee& committee, std::uint32_t feeds, MemberIndex me, const IdentityKey& key)
      : committee_(committee),
        limits_{committee.quorum, feeds},
        me_(me),
        key_(key),
        tip_{genesis_header(committee, feeds), {}},
        mine_{me.value == 0 ? committee.quorum.n : me.value} {}

  /// Summaries for the next view that is mine, and certificates: they are all that can be had of others.
  void hear(const Envelope& envelope) {
    const bool summary = envelope.type == MessageType::venter;
    if (!summary && envelope.type != MessageType::att && envelope.type != MessageType::prop) return;
    const auto message = decode_payload(envelope.type, envelope.payload, limits_);
    if (!message) return;
    if (const auto* att = std::get_if<AttMessage>(&*message)) take(att->certificate);
    if (const auto* prop = std::get_if<PropMessage>(&*message)) take(prop->tip);
    const auto* venter = std::get_if<VenterMessage>(&*message);
    if (venter == nullptr || committee_.quorum.leader(envelope.view) != me_ || envelope.view < mine_) return;
    if (std::exchange(mine_, envelope.view) != envelope.view) entries_.clear();
    entries_[envelope.sender] = {envelope.sender, envelope.height, *venter, envelope.signature};
  }

  /// The first proposal of a view of mine: its summaries are real, its highest lock is not.
  Bytes new_view(std::uint64_t salt) {
    const Header header = locked(salt);
    const VenterEntry mine = entry(mine_, LockClaim{View{mine_.value - 1}, header_hash(header)});
    NewView proof{{mine}, tip_, certificate(header, View{mine_.value - 1})};
    for (std::uint16_t i = 0; i < committee_.quorum.n && proof.entries.size() < committee_.quorum.agree(); ++i) {
      if (MemberIndex{i} == me_) continue;
      const auto said = entries_.find(MemberIndex{i});
      proof.entries.push_back(said == entries_.end() ? mine : said->second);
      proof.entries.back().member = MemberIndex{i};
    }
    std::ranges::sort(proof.entries, {}, &VenterEntry::member);
    return seal(committee_, key_, {MessageType::prop, mine_, header.height, me_},
                encode_payload(PropMessage{header, tip_, {}, 0, std::move(proof)}));
  }

  /// For a view that another member leads: a summary that claims a lock, then what does not prove it.
  Bytes summary(View view) {
    const Header header = locked(0);
    const VenterEntry said = entry(view, LockClaim{View{view.value - 1}, header_hash(header)});
    return join(committee_, {MessageType::venter, view, said.height, me_}, said.signature,
                encode_payload(said.summary));
  }
  Bytes proofs(View view) {
    const Header header = locked(0);
    const ProofsMessage message{tip_, LockProof{header, certificate(header, View{view.value - 1}), {}}};
    return seal(committee_, key_, {MessageType::proofs, view, header.height, me_}, encode_payload(message));
  }

 private:
  void take(const TipCertificate& certificate) {
    if (certificate.header.height > tip_.header.height) tip_ = certificate;
  }
  Header locked(std::uint64_t salt) const {
    Header header = tip_.header;
    header.height = next(header.height);
    header.time.value += salt;
    header.inputs_root = merkle_root({});
    return header;
  }
  VenterEntry entry(View view, const LockClaim& lock) const {
    VenterEntry out{me_, next(tip_.header.height), {header_hash(tip_.header), lock, {}, std::nullopt}, {}};
    const Bytes frame =
        seal(committee_, key_, {MessageType::venter, view, out.height, me_}, encode_payload(out.summary));
    out.signature = open_envelope(committee_, frame)->signature;
    return out;
  }
  PrepareCertificate certificate(const Header& header, View view) const {
    PrepareCertificate out{view, header.height, header_hash(header), {}, (1U << committee_.quorum.agree()) - 1, {}};
    out.signatures.resize(committee_.quorum.agree());
    return out;
  }

  const Committee& committee_;
  Limits limits_;
  MemberIndex me_;
  const IdentityKey& key_;
  TipCertificate tip_;
  View mine_;
  std::map<MemberIndex, VenterEntry> entries_;  ///< for view `mine_`
};

}  // namespace assay::threshold
