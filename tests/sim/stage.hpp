#pragma once
#include <functional>
#include <span>
#include <string>

#include "threshold/sim/run.hpp"
#include "threshold/sim/stand_in.hpp"
#include "threshold/sim/traitor.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold::sim {

/// What a play begins with. `feeds_next`: of a second epoch of the same members; 0: there is none.
struct Setting {
  std::uint32_t rotation_heights = 64;
  std::uint32_t feeds_next = 0;
};

/// Four members in a quiet network, watched by the invariants, and one play that a script directs.
class Stage {
 public:
  Stage(const Keys& keys, const Transcript::Line& tell, Setting setting);

  World world;
  Invariants invariants;

  void begin() { world.begin(); }
  void remark(const std::string& what) {
    if (telling_) transcript_.remark(what);
  }
  /// Runs until `reached`; a script that waits in vain has found a broken promise, or is wrong itself.
  bool until(const std::function<bool()>& reached, Micros patience, const char* promise);
  /// Every live honest member attested `height`.
  bool all_reach(Height height, Micros patience);
  /// The same, and what happens until then is not told.
  bool all_quietly_reach(Height height, Micros patience);
  void hush() { transcript_.hush(); }
  void speak() { transcript_.speak(); }

  using Pass = std::function<bool(MemberIndex from, MemberIndex to, const Envelope& envelope)>;
  /// Which frames travel.
  void pass(Pass pass);
  void pass_all() { world.filter(nullptr); }
  /// The durable lock of `member` at `height`, if any; the newest.
  std::optional<LockRecord> lock_of(MemberIndex member, Height height) const;
  PropMessage read_prop(const Envelope& envelope) const;

 private:
  StandIn signatures_;
  Transcript transcript_;
  bool telling_;
  Counts counts_;
};

/// A liar: a machine whose frames a play may change as they leave; `rewrite` says whether it did.
class Actor final : public Mouth {
 public:
  using Rewrite = std::function<bool(const Envelope& envelope, MemberIndex to, Message& message)>;
  Actor(Stage& stage, MemberIndex me, Rewrite rewrite);
  void says(Seat seat, MemberIndex to, const SharedFrame& frame) override;

 private:
  Stage& stage_;
  MemberIndex me_;
  Rewrite rewrite_;
};

struct Script {
  const char* name;
  const char* about;
  Setting setting;
  void (*play)(Stage& stage);
};

std::span<const Script> scripts();
/// Plays one from the first line to the last.   returns  what broke, if anything
std::optional<Violation> play(const Script& script, const Keys& keys, const Transcript::Line& tell = nullptr);

// ---- the plays
void play_good_case(Stage& stage);
void play_equivocating_leader(Stage& stage);
void play_lying_aggregate(Stage& stage);
void play_withheld_share(Stage& stage);
void play_hidden_lock(Stage& stage);
void play_withheld_body(Stage& stage);
void play_collapsed_names(Stage& stage);
void play_cross_view_mix(Stage& stage);
void play_power_cut_with_lock(Stage& stage);
void play_late_lock(Stage& stage);
void play_fence_after_restart(Stage& stage);
void play_lost_log(Stage& stage);
void play_rolled_back_log(Stage& stage);
void play_deaf_member(Stage& stage);
void play_replaced_disk(Stage& stage);
void play_stripped_chain(Stage& stage);
void play_old_snapshot(Stage& stage);
void play_lost_ledger(Stage& stage);
void play_scattered_logs(Stage& stage);
void play_change_of_epochs(Stage& stage);
void play_wrong_file(Stage& stage);
void play_far_announcement(Stage& stage);

}  // namespace assay::threshold::sim
