#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "threshold/protocol.hpp"
#include "threshold/sim/chance.hpp"
#include "threshold/sim/log_file.hpp"
#include "threshold/sim/witness.hpp"

namespace assay::threshold::sim {

class Mouth;

struct DiskQuality {
  Micros latency = micros(300);  ///< from Persist to durable
  Micros jitter = micros(200);
  std::uint32_t slow_ppm = 0;  ///< one write in so many takes up to slow_max
  Micros slow_max = millis(900);
  Micros ledger_lag = micros(0);  ///< a batch reaches the ledger this much after Attested
  Micros read = micros(200);      ///< from ReadLedger to LedgerRange
  SafetyLogLimits log = {};
};

/// What survives a crash, and what is on its way there.
struct Disk {
  DiskQuality quality;
  LogFile log;      ///< of the seat's epoch
  LogFile old_log;  ///< of the epoch before
  struct Write {
    std::uint64_t id{};
    Bytes record;
  };
  std::deque<Write> waiting;  ///< issued, not durable
  std::vector<std::shared_ptr<const Batch>> ledger;
  MonoTime free_at{0};
  bool stalled = false;
  bool full = false;
};

/// Both clocks of a member against the world's time.
struct Clock {
  std::int64_t drift_ppm = 0;
  Micros skew{0};

  MonoTime mono(MonoTime now) const { return MonoTime{now.value + now.value * drift_ppm / 1'000'000}; }
  /// The first moment of the world at which mono() has reached `local`.
  MonoTime when(MonoTime local) const;
  WallTime wall(MonoTime now) const;
};

/// What is wrong with how its operator set a node up.
enum class Setup : std::uint8_t { right, other_settings, no_share };

struct SeatState {
  SeatState(MemberIndex who, std::uint64_t seed) : member(who), entropy(seed) {}

  MemberIndex member;
  Mouth* mouth = nullptr;              ///< set: Byzantine
  std::size_t epoch = 0;               ///< that it is in, or waits for
  std::optional<Digest> staged;        ///< the next one that it believes to hold
  Setup setup = Setup::right;          ///< in the first epoch
  bool left = false;                   ///< no member of the epoch that has begun
  std::uint32_t peers = 0xFFFF'FFFFU;  ///< bitmap: who talks with this copy
  RepeatableEntropy entropy;
  Disk disk;
  Clock clock;
  std::unique_ptr<Protocol> machine;
  std::uint64_t life = 0;
  MonoTime wake{INT64_MAX};
  MonoTime paused_until{0};
  std::deque<threshold::Event> held;  ///< what came while it was paused, in order
  std::optional<Error> stopped;
  std::uint64_t reads = 0;
  std::uint64_t live = 0;  ///< batches attested live
};

}  // namespace assay::threshold::sim
