#pragma once
#include <signal.h>

#include <cstdint>

#include "core/time.hpp"

namespace assay::node {

/// SIGINT, SIGTERM and SIGHUP as something to wait for. Blocks them in the thread that makes it, and so in every thread
/// that is started afterwards: make it first. SIGPIPE and SIGXFSZ are ignored.
class StopSignals {
 public:
  StopSignals();

  /// True when one arrived within `patience`.
  bool wait(Micros patience) const;
  /// Waits for one, or for SIGUSR1, by which the process wakes itself. Several that came before count as one stop.
  enum class Why : std::uint8_t { stop, woken };
  Why wait() const;

 private:
  sigset_t set_{};
};

}  // namespace assay::node
