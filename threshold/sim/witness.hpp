#pragma once
#include <optional>

#include "threshold/protocol.hpp"
#include "threshold/sim/counts.hpp"

namespace assay::threshold::sim {

/// A running machine: seats 0..n-1 are the members, one each; those above are second copies of Byzantine members.
using Seat = std::uint16_t;

/// How a member came up.
struct Start {
  bool first = false;       ///< its log holds nothing: it has never spoken
  std::size_t records = 0;  ///< in its log
  Height ledger;            ///< its ledger's tip
  ProtocolStatus status;
};

/// Sees all that happens, in order. Invariants, counters and transcripts are witnesses; none changes the run.
class Witness {
 public:
  virtual ~Witness() = default;
  virtual void started(Seat, const Start&) {}
  /// crashed, or stopped itself: then `why` is set.
  virtual void ended(Seat, std::optional<Error> /*why*/) {}
  /// It leaves its epoch: another machine follows, unless it is no member of the next one.
  virtual void moves_on(Seat) {}
  virtual void hears(Seat, MemberIndex /*from*/, const Bytes& /*frame*/) {}
  virtual void does(Seat, const Effect&) {}
  /// The record is on the disk; Persisted follows unless the member dies first.
  virtual void durable(Seat, const Bytes& /*record*/) {}
  /// After every event of a seat.
  virtual void settled(Seat, const threshold::Event&, const Protocol&, Now) {}
  /// A Byzantine member put this on the wire.
  virtual void lies(MemberIndex /*from*/, MemberIndex /*to*/, const Bytes& /*frame*/) {}
  virtual void suffers(Fault, Seat) {}
};

}  // namespace assay::threshold::sim
