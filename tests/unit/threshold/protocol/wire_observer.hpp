#pragma once
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/batch.hpp"
#include "threshold/codec.hpp"
#include "threshold/durable.hpp"
#include "threshold/envelope.hpp"

namespace assay::threshold {

/// Sees every frame that an honest node sends and every batch that it attests, and checks, at each, what must always
/// hold: one vote, one observation and one proposal per (view, height); no view and no share before its record is
/// durable; no nonce for two sessions; one batch per height.
class WireObserver {
 public:
  WireObserver(const Committee& committee, std::uint32_t feed_count)
      : committee_(committee), limits_{committee.quorum, feed_count} {}

  /// `disk`: the durable safety log of the sender at this instant.
  void sent(MemberIndex sender, const Bytes& frame, const std::vector<Bytes>& disk);
  void attested(MemberIndex node, const Batch& batch);
  void fenced(MemberIndex node, View up_to) { fences_[node] = up_to; }
  void forget_fence(MemberIndex node) { fences_.erase(node); }
  /// A Byzantine member may say what it likes.
  void ignore(MemberIndex member) { ignored_.insert(member); }

  bool ignores(MemberIndex member) const { return ignored_.contains(member); }

  void violated(std::string what) { violations_.push_back(std::move(what)); }
  const std::vector<std::string>& violations() const { return violations_; }
  std::size_t count(MessageType type) const;
  /// How often `member` sent PREP in a view above `view`.
  std::size_t votes_above(MemberIndex member, View view) const;
  std::size_t sessions() const { return sids_.size(); }
  const Digest& hash_at(Height height) const { return batches_.at(height); }

 private:
  using Key = std::tuple<MemberIndex, View, Height>;
  void learn_proposal(const Envelope& envelope, const Message& message);
  void once(MessageType type, const Envelope& envelope, const Bytes& frame);
  void check_durable(const Envelope& envelope, const std::vector<Bytes>& disk);
  void check_share(const Envelope& envelope, const ShareMessage& share, const std::vector<Bytes>& disk);

  const Committee& committee_;
  Limits limits_;
  std::map<std::pair<MessageType, Key>, Digest> said_;
  std::map<std::tuple<Key, std::uint8_t, std::uint8_t>, frost::Commitment> commitments_;  ///< (key, purpose, attempt)
  std::map<std::pair<MemberIndex, Bytes32>, std::set<Digest>> spent_;                     ///< hiding commitment -> sids
  std::map<std::pair<View, Height>, bool> reproposed_;
  std::set<Digest> sids_;
  std::map<Height, Digest> batches_;
  std::map<MemberIndex, View> fences_;
  std::map<MessageType, std::size_t> counts_;
  std::map<MemberIndex, std::vector<View>> votes_;
  std::set<MemberIndex> ignored_;
  std::vector<std::string> violations_;
};

}  // namespace assay::threshold
