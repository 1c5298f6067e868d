#pragma once
#include <deque>
#include <functional>
#include <memory>

#include "threshold/protocol.hpp"

namespace assay::node {

/// What the protocol's effects become. Each function is called on the committee thread, in the order of the effects.
struct DriverPorts {
  std::function<threshold::Now()> now;
  std::function<void(std::uint64_t id, Bytes record)> persist;
  std::function<void(MemberIndex to, threshold::SharedFrame frame)> send;
  std::function<void(threshold::SharedFrame frame)> broadcast;
  std::function<Observation(threshold::Now now)> observe;
  std::function<void(const threshold::Attested& attested)> attested;
  std::function<void(const threshold::ReadLedger& request)> read_ledger;
  std::function<void(const threshold::Note& note)> note;
  std::function<void(const threshold::Accuse& accuse)> accuse;
  std::function<void(Error error)> stop;
  std::function<void(MemberIndex member)> disconnect;
  std::function<void(MonoTime deadline)> wake_at;
  std::function<void(const threshold::ProtocolStatus& status)> status;
};

/// Performs the protocol's effects in order and feeds their completions back. Owned by the committee thread.
class Driver {
 public:
  Driver(std::unique_ptr<threshold::Protocol> protocol, DriverPorts ports);

  /// Steps the machine with `event` and with whatever its effects answer at once, then asks to be woken.
  void handle(threshold::Event event);

 private:
  void perform(threshold::Effect& effect);

  std::unique_ptr<threshold::Protocol> protocol_;
  DriverPorts ports_;
  std::deque<threshold::Event> pending_;
  bool stopped_ = false;
};

}  // namespace assay::node
