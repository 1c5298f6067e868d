#pragma once
#include <optional>
#include <vector>

#include "threshold/protocol.hpp"

namespace assay::threshold {

/// When to leave a view: wishes with Bracha's amplification. Every signed message of view u is its sender's wish for u;
/// f+1 wishes make me join, 2f+1 make me enter. Liars move nothing: only order statistics count. Who is in a view stays
/// there or above; who only wishes for one takes that back with the next height, in silence.
class Pacemaker {
 public:
  Pacemaker(Quorum quorum, MemberIndex me, const Timing& timing, View view, Now now);

  /// It is in `view`.
  void hear(MemberIndex member, View view);
  /// It says WISH(view).
  void hear_wish(MemberIndex member, View view);
  /// That it is in `view` or above would be no news.
  bool knows(MemberIndex member, View view) const { return there_[member.value] >= view; }
  /// A new tip: patience starts anew and is short again. Wishes from before are void, mine too: whoever still wants to
  /// leave says so again within `resend`, or else f liars would need but one member that once was deaf to end a view
  /// when they like.
  void progress(Now now);
  /// I entered `view`, as a quorum did. Patience doubles for each view that was entered and brought nothing; never
  /// while I wait for a quorum: those who come back find me as quick as they are.
  void entered(View view, Now now);
  /// A prepare certificate is known: patience once more for the signing sessions.
  void extend_once(Now now);

  enum class Advice : std::uint8_t { stay, wish, enter };
  struct Move {
    Advice advice{};
    View view;
  };
  /// wish: say WISH(view) now (first time or again);  enter: 2f+1 members are at `view` or wish for it.
  Move poll(Now now);

  View wish() const noexcept { return wishes_[me_.value]; }
  MonoTime deadline() const;

 private:
  View nth_highest(std::size_t rank) const;
  Micros patience() const;

  Quorum quorum_;
  MemberIndex me_;
  const Timing& timing_;
  View view_;
  std::vector<View> there_;   ///< highest that each member was in, own included
  std::vector<View> wishes_;  ///< or wished for since the last progress: never lower
  std::uint32_t failed_ = 0;  ///< views that I gave up since the last progress
  MonoTime expires_;
  std::optional<MonoTime> said_;
  bool extended_ = false;
};

}  // namespace assay::threshold
