#pragma once
#include <map>
#include <optional>
#include <vector>

#include "threshold/envelope.hpp"
#include "threshold/observations.hpp"
#include "threshold/protocol.hpp"

namespace assay::threshold {

/// What goes out: collects effects in order, seals messages, and remembers what a peer may have to be told again.
class Speaker {
 public:
  Speaker(const Committee& committee, const IdentityKey& identity, MemberIndex me)
      : committee_(committee), identity_(identity), me_(me) {}

  SharedBytes seal(MessageType type, View view, Height height, const Message& message) const;

  void to_all(SharedBytes frame) { effects_.emplace_back(Broadcast{std::move(frame)}); }
  void to(MemberIndex peer, SharedBytes frame) { effects_.emplace_back(Send{peer, std::move(frame)}); }
  void emit(Effect effect) { effects_.push_back(std::move(effect)); }
  void note(Error error, MemberIndex member, View view, Height height) {
    effects_.emplace_back(Note{error.code, member, view, height, error.detail});
  }

  /// Broadcasts, and again to every peer that comes up or when nothing moves, until forgotten.
  void keep_saying(MessageType type, Height height, SharedBytes frame);
  /// The same for one receiver.
  void keep_telling(MemberIndex peer, MessageType type, Height height, SharedBytes frame);
  void stop_saying(MessageType type);
  void forget_below(Height height);
  void forget_all() { said_.clear(); }
  void repeat_to(MemberIndex peer);
  /// What was told to `peer` under one type.
  void repeat_to(MemberIndex peer, MessageType type);
  /// Everything but PROOFS: they are large, and their receiver asks for those it misses.
  void repeat();

  static constexpr std::size_t said_max = 64;  ///< that it keeps saying; one (view, height) is far less

  std::vector<Effect> take() { return std::exchange(effects_, {}); }

 private:
  struct Said {
    MessageType type{};
    Height height;
    std::optional<MemberIndex> to;
    SharedBytes frame;
  };
  void remember(Said said);

  const Committee& committee_;
  const IdentityKey& identity_;
  MemberIndex me_;
  std::vector<Effect> effects_;
  std::vector<Said> said_;
};

}  // namespace assay::threshold
