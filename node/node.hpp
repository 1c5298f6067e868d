#pragma once
#include <memory>
#include <optional>
#include <variant>

#include "node/epoch_files.hpp"
#include "node/failure.hpp"
#include "node/signals.hpp"
#include "node/venue_run.hpp"

namespace assay::node {

/// One oracle node in one epoch: builds its parts, starts its threads, stops them in order.
///
///   committee   peer mesh, timers, protocol driver     pollers   REST of the venues (blocking)
///   streams     WebSockets of the venues               publisher subscribers, REST, metrics
///   storage     ledger (SQLite)                        durable   safety log (fsync)
///   audit       PostgreSQL, when configured
class Node {
 public:
  /// Opens files and sockets; nothing runs yet.
  ///   venues  read already, when the epoch before saw it coming; else null
  static std::variant<std::unique_ptr<Node>, Failure> open(EpochFiles files, std::unique_ptr<VenueRun> venues);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  struct Ended {
    Failure failure;                        ///< Exit::yes after a signal
    std::optional<EpochFiles> next;         ///< the epoch is over: go on with this one
    std::unique_ptr<VenueRun> venues;       ///< of this epoch: to be destroyed, which may take seconds
    std::unique_ptr<VenueRun> next_venues;  ///< of the next one
  };
  /// Starts the threads, waits for SIGINT or SIGTERM, for a fatal failure or for the end of the epoch,
  /// stops the threads and returns why it ended. Once.
  Ended run(const StopSignals& signals);

 private:
  struct Parts;
  explicit Node(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace assay::node
