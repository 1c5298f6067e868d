#pragma once
#include <string>
#include <vector>

#include "threshold/sim/counts.hpp"
#include "threshold/sim/link.hpp"
#include "threshold/sim/seat.hpp"

namespace assay::threshold::sim {

/// What one seed draws before anything moves: a swarm of faults, some on and most off, because a storm of everything
/// hides what needs a quiet network. The same seed and size give the same plan.
struct Plan {
  std::uint64_t seed{};
  std::uint16_t nodes{};
  enum class Scheme : std::uint8_t { stand_in, frost };
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
  std::uint16_t robbed_max{};  ///< members that may lose their log: with the liars at most f
  std::uint32_t classes{};     ///< of network, disk, clock, operations, Byzantine: how many are on

  bool has(Fault gust) const;
  std::string text() const;  ///< one line
};

/// Even seeds draw f Byzantine members and three or more other classes of faults; one seed in eighteen runs real FROST.
Plan draw_plan(std::uint64_t seed, std::uint16_t nodes);

}  // namespace assay::threshold::sim
