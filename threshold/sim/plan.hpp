#pragma once
#include <optional>
#include <string>
#include <vector>

#include "threshold/sim/counts.hpp"
#include "threshold/sim/link.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold::sim {

/// What one seed draws before anything moves: a swarm of faults, some on and most off, because a storm of everything
/// hides what needs a quiet network. The same seed and size give the same plan.
struct Plan {
  std::uint64_t seed{};
  std::uint16_t nodes{};
  /// frost: real ones under the group key;  all: of the members' identities too
  enum class Scheme : std::uint8_t { stand_in, frost, all };
  Scheme scheme{};
  std::uint32_t feeds{};
  std::uint32_t rotation_heights{};
  LinkQuality links;
  DiskQuality disks;
  std::uint32_t strike_ppm{};  ///< of all writes, a crash at one
  std::vector<Fault> gusts;    ///< what may happen at any moment of the storm
  Micros gust_max;             ///< longest calm between two
  Micros storm;                ///< how long
  std::vector<Micros> skews;   ///< by member
  std::vector<std::int64_t> drifts;
  struct Liar {
    MemberIndex member;
    std::vector<Fault> habits;
  };
  std::vector<Liar> liars;
  std::uint16_t robbed_max{};  ///< members that may lose their log: with liars and the unfit at most f
  struct Unfit {
    MemberIndex member;
    Setup setup{};
  };
  std::optional<Unfit> unfit;
  /// A new epoch, as its operators prepare it, and what befalls them near the switch.
  struct Change {
    std::uint16_t nodes{};
    std::uint32_t feeds{};
    Shares shares{};
    std::vector<Micros> staged_at;        ///< by member, from the start of the run; of who joins: when it starts
    std::optional<MemberIndex> mistaken;  ///< holds a wrong file
    std::optional<MemberIndex> robbed;    ///< loses its log before the switch and is started in the next epoch
    Height robbed_at;
    std::optional<MemberIndex> away;  ///< dies well before the switch and comes back well after
    std::optional<Fault> blow;        ///< crashed or power_cut
    std::uint64_t blow_before{};      ///< so many heights before the switch
    Height storm_from;                ///< until then the weather is fair
  };
  std::optional<Change> change;
  std::uint32_t classes{};  ///< of network, disk, clock, operations, Byzantine: how many are on

  bool has(Fault gust) const;
  std::string text() const;  ///< one line
};

/// Even seeds draw f Byzantine members and three or more other classes of faults; one seed in eighteen runs real FROST,
/// and a third of these real identities too.
/// One in seven changes epochs.
Plan draw_plan(std::uint64_t seed, std::uint16_t nodes);

/// Adds a change of epochs to what is drawn already.
void draw_change(Plan& plan, Chance chance);

}  // namespace assay::threshold::sim
