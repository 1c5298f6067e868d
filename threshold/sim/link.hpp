#pragma once
#include <cstdint>

#include "core/time.hpp"

namespace assay::threshold::sim {

/// How frames travel from one member to another.
struct LinkQuality {
  Micros delay = millis(2);
  Micros jitter = micros(500);
  std::uint32_t loss_ppm = 0;
  std::uint32_t double_ppm = 0;
  std::uint32_t late_ppm = 0;  ///< the heavy tail: up to late_max more
  Micros late_max = millis(800);
  std::uint32_t replay_ppm = 0;    ///< once more, seconds later
  std::uint32_t bytes_per_ms = 0;  ///< 0: no limit
  bool in_order = true;            ///< as TCP; else each frame for itself
};

/// One direction between two members.
struct Link {
  LinkQuality quality;
  bool cut = false;
  std::uint64_t life = 0;  ///< a reset loses what carries an older number
  MonoTime shut_until{0};
  MonoTime clogged_until{0};  ///< nothing arrives before this, nothing is lost
  MonoTime free_at{0};        ///< of a slow link
  MonoTime last_arrival{0};
};

}  // namespace assay::threshold::sim
