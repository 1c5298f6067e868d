#pragma once
#include <array>
#include <string>
#include <vector>

#include "threshold/sim/invariants.hpp"

namespace assay::threshold::sim {

/// Read off the effects alone: whatever others say, what an honest member does is bounded by parameters of the
/// protocol.
///   too_many_effects    of one event: all that it keeps saying, and the batches of a range of each peer
///   too_much_to_a_peer  in a span of `resend`: frames, by what a height and a repetition need; bytes, by peer_rate(),
///                       and once more what may wait for one peer
///   disk_queue          one VIEW and one LOCK record wait for the disk
class Burdens final : public Witness {
 public:
  Burdens(const World& world, Invariants& invariants);

  void does(Seat seat, const Effect& effect) override;
  void settled(Seat seat, const threshold::Event& event, const Protocol& machine, Now now) override;
  void ended(Seat seat, std::optional<Error> why) override;

 private:
  struct Sent {
    MonoTime since{0};
    std::uint64_t frames{};
    std::uint64_t bytes{};
  };
  struct Load {
    std::uint64_t effects{};
    std::array<Sent, 32> to{};  ///< by member
  };
  struct Bounds {
    std::uint64_t effects{};
    std::uint64_t frames{};
    std::uint64_t bytes{};
    std::size_t records = 2;
  };

  void sends(Seat seat, MemberIndex to, std::size_t bytes);
  void report(const char* invariant, Seat seat, std::uint64_t found);

  const World& world_;
  Invariants& invariants_;
  Bounds bounds_;  ///< the widest of any epoch
  std::vector<Load> loads_;
};

}  // namespace assay::threshold::sim
