#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "core/entropy.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "fetchers/io/http_exchange.hpp"
#include "fetchers/io/shared_gate.hpp"

namespace assay::fetchers {

/// What to ask now, and what it weighs.
struct PollRequest {
  HttpRequest request;
  std::uint32_t weight = 1;
};

/// One question to repeat.
struct PollTarget {
  HttpHost host;
  /// What to ask this time; none: nothing is wanted now. On the threads in run(), no two calls at a time for one
  /// target.
  std::function<std::optional<PollRequest>()> next;
  std::shared_ptr<SharedGate> gate;     ///< of the host; null: it is asked without regard to it
  Micros interval = millis(1000);       ///< from the start of one request to the start of the next
  Micros retry_min{};                   ///< least wait after an answer that was no good; zero: the interval
  Micros backoff_max = millis(60'000);  ///< longest wait after such answers, unless the gate says more
};

/// Repeats requests. Knows no venue. Blocking by nature: it lives on lent threads, and a target that hangs holds one of
/// them for at most its time-outs. Of several that are due the one that has waited longest comes first, so that none
/// starves where a host's allowance is short.
class HttpPoller {
 public:
  struct Clocks {
    std::function<MonoTime()> mono;
    std::function<WallTime()> wall;  ///< only Retry-After dates are read against it
  };
  struct Asked {
    std::size_t index;           ///< of the target
    const HttpRequest& request;  ///< borrowed for the call
  };
  /// What became of a request.   returns  what it was worth, its body read: `outcome.condition` unless the reader knows
  ///   better. On the threads in run(), for one target never twice at a time.
  using Answered = std::function<Condition(const Asked& asked, HttpOutcome outcome)>;

  /// `jitter` is drawn from in the constructor only.
  HttpPoller(std::vector<PollTarget> targets, Clocks clocks, Entropy& jitter, Answered answered);
  ~HttpPoller();
  HttpPoller(const HttpPoller&) = delete;
  HttpPoller& operator=(const HttpPoller&) = delete;

  /// Lends the calling thread until stop(). Several threads may: each serves the target that is due first, so that one
  /// hanging venue does not hold up the others. Blocks SIGPIPE on the thread while it is here.
  void run();
  /// Makes every run() return soon, also when called before it: the socket of a connect, handshake or answer under way
  /// is shut down. What cannot be cut is a look-up of a name, which ends with the resolver's patience. Never blocks.
  /// Any thread.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::fetchers
