#pragma once
#include <memory>
#include <string>
#include <variant>

#include "config/settings.hpp"
#include "node/failure.hpp"
#include "node/signals.hpp"
#include "threshold/committee.hpp"

namespace assay::node {

/// One oracle node: builds its parts, starts its threads, stops them in order.
///
///   committee   peer mesh, timers, protocol driver     pollers   REST of the venues (blocking)
///   streams     WebSockets of the venues               publisher subscribers, REST, metrics
///   storage     ledger (SQLite)                        durable   safety log (fsync)
///   audit       PostgreSQL, when configured
class Node {
 public:
  /// Opens files and sockets; nothing runs yet.
  static std::variant<std::unique_ptr<Node>, Failure> open(const config::NetworkSettings& network,
                                                           const config::NodeSettings& settings,
                                                           const threshold::EpochRecord& record);
  ~Node();
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;

  /// Starts the threads, waits for SIGINT or SIGTERM or for a fatal failure,
  /// stops the threads and returns why it ended: Exit::yes after a signal.
  Failure run(const StopSignals& signals);

 private:
  struct Parts;
  explicit Node(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace assay::node
