#pragma once
#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "threshold/catch_up.hpp"
#include "threshold/durable.hpp"
#include "threshold/observations.hpp"
#include "threshold/protocol.hpp"
#include "threshold/view_change.hpp"

namespace assay::threshold {

/// Where I am among views, and what I may say there.
struct Standing {
  View view;                  ///< mine, or the one I am on my way to
  View durable;               ///< what my log holds: no envelope but a WISH says more
  std::optional<View> fence;  ///< silent in views up to this one: I may have spoken there before a restart
  bool active = true;         ///< the VIEW record is durable
  bool opened = false;        ///< the NEWVIEW is accepted; view 0 needs none
  bool introduced = false;    ///< my VENTER is out
  Mandate mandate;
  SharedBytes opening;      ///< the PROP that carried the NEWVIEW, for members that missed it
  std::uint32_t liars = 0;  ///< bitmap: signed a NEWVIEW that proves nothing, since I came to this view
  std::uint64_t changes = 0;
  std::uint64_t waits = 0;  ///< leader: times that resend passed while proofs were wanting

  bool lied(MemberIndex member) const { return (liars & bit_of(member)) != 0; }
  bool fenced() const { return fence && view <= *fence; }
};

/// My own observing: one OBS per (view, height), asked of the world at a tick of the wall clock.
struct Observing {
  std::optional<Height> wanted;
  WallTime at;
  std::optional<std::pair<View, Height>> asked;
  std::optional<std::pair<View, Height>> said;
  std::optional<MonoTime> quorum_since;  ///< leader: when 2f+1 observations were there
};

/// A record on its way to the disk.
struct Pending {
  std::uint64_t id{};
  View view;
  std::optional<LockClaim> lock;  ///< none: a VIEW record
};

/// What must be durable, and what already is.
struct Memory {
  LogOwner owner;
  std::uint64_t next_id = 1;
  std::deque<Pending> pending;
  std::optional<LockRecord> lock;                     ///< at certified tip + 1; adopted when its persist is issued
  LockInputs lock_inputs;                             ///< of `lock`
  std::pair<Height, View> newest_lock{};              ///< of any lock that my log ever held
  std::vector<std::shared_ptr<const Batch>> backlog;  ///< rebuilt from locks at start, to be handed out

  bool lock_pending() const {
    return std::any_of(pending.begin(), pending.end(), [](const Pending& one) { return one.lock.has_value(); });
  }
};

/// The start: no word, and no record of a view, before 2f peers said what they hold of mine and I have applied all that
/// was attested by then. A log that was lost or rolled back is noticed on the way, and is found the same at the next
/// start.
struct Greeting {
  bool blank = false;       ///< my log has no record of this epoch: I have never spoken in it
  View log_view;            ///< what the log knew at the start
  std::uint32_t heard = 0;  ///< bitmap
  std::optional<MonoTime> asked;
  std::optional<Height> attested;  ///< the highest that is known of since 2f were heard
  bool done = false;
};

/// Catching up: threshold/catch_up.hpp, when it begins, and how far it may go.
struct Fetching {
  CatchUp ranges;
  std::optional<MonoTime> due;            ///< not before: what I lack may be about to arrive by itself
  Height stored;                          ///< the ledger's tip
  std::size_t largest = 0;                ///< bytes of the largest batch that the ledger has not, or of the last one
  std::optional<Height> bare;             ///< the last batch that was taken without observations
  std::optional<MonoTime> told_late;      ///< that the ledger is
  std::optional<MonoTime> told_stripped;  ///< that observations are missing
};

/// What one peer was given lately: nobody can ask more of me than a protocol that works well asks.
struct Served {
  std::optional<MonoTime> tip;       ///< ATT, since it works below my tip
  std::optional<MonoTime> echo;      ///< ECHO, to its HELLO
  std::optional<MonoTime> opening;   ///< the PROP that opened the view
  std::optional<MonoTime> reading;   ///< a range for it is being read from the ledger
  std::optional<MonoTime> ranges;    ///< since then it asked for
  Height ranges_top;                 ///< up to this one: catching up goes upwards,
  std::vector<Height> ranges_below;  ///< and then for these
  std::optional<MonoTime> bodies;    ///< BODIES, for the place below
  std::pair<View, Height> bodies_place{};
};

/// Ranges that a peer may ask for in one `resend` below one that it asked for before: what another peer failed to give.
inline constexpr std::size_t ranges_below_max = 2 * CatchUp::ranges_max;

/// Whom I have accused of what, and where: enough of each is enough.
struct Accusations {
  static constexpr std::size_t of_a_kind_max = 4;  ///< a member, kind and run of this process
  struct Past {
    std::vector<std::pair<View, Height>> places;  ///< convicted there
    std::pair<View, Height> pondered_at{};        ///< judged there last,
    std::size_t pondered = 0;                     ///< so often, whatever came of it
  };
  std::map<std::pair<evidence::Kind, MemberIndex>, Past> made;
  std::uint32_t asked = 0;  ///< bitmap: whose proposal I asked for at `asked_at`,
  std::uint32_t shown = 0;  ///< and who has answered
  std::pair<View, Height> asked_at{};
};

/// Peers that a mesh may know at once: the members of two committees.
inline constexpr std::size_t peers_max = 64;

/// Whether a proposal is the first of its view.
enum class Opens : std::uint8_t { nothing, view };

enum class Origins : std::uint8_t { live, fetched };

}  // namespace assay::threshold
