#pragma once
#include <functional>
#include <map>
#include <string>

#include "threshold/sim/world.hpp"

namespace assay::threshold::sim {

/// Tells a run in words, one line an event: when, who, what. Nothing of keys, hashes only by their first bytes.
class Transcript final : public Witness {
 public:
  using Line = std::function<void(const std::string&)>;
  /// everything: also what is heard and said again;  deeds: what members do for the first time, and what befalls them
  enum class Detail : std::uint8_t { deeds, everything };
  Transcript(const Committee& committee, Limits limits, Detail detail, Line line)
      : committee_(committee), limits_(limits), detail_(detail), line_(std::move(line)) {}

  void clock(const World& world) { world_ = &world; }
  void remark(const std::string& text);

  void started(Seat seat, const Start& start) override;
  void ended(Seat seat, std::optional<Error> why) override;
  void hears(Seat seat, MemberIndex from, const Bytes& frame) override;
  void does(Seat seat, const Effect& effect) override;
  void durable(Seat seat, const Bytes& record) override;
  void lies(MemberIndex from, MemberIndex to, const Bytes& frame) override;
  void suffers(Fault fault, Seat seat) override;

 private:
  void tell(Seat seat, const std::string& what);
  std::string describe(const Bytes& frame) const;
  bool again(Seat seat, const Bytes& frame, std::uint64_t to);

  const Committee& committee_;
  Limits limits_;
  Detail detail_;
  Line line_;
  const World* world_ = nullptr;
  std::map<std::pair<Seat, std::uint64_t>, std::uint64_t> said_;
};

/// "PREP view 3 height 17 for 5f2a": what a frame says.
std::string describe_frame(const Committee& committee, Limits limits, const Bytes& frame);

}  // namespace assay::threshold::sim
