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
  Transcript(const World& world, Detail detail, Line line) : world_(world), detail_(detail), line_(std::move(line)) {}

  void remark(const std::string& text);
  /// As the lines begin: seconds since the run began.
  static std::string clock(MonoTime at);
  /// Tells nothing for a while: whatever is first said then is not told later either.
  void hush() { hushed_ = true; }
  void speak() { hushed_ = false; }

  void started(Seat seat, const Start& start) override;
  void moves_on(Seat seat) override;
  void ended(Seat seat, std::optional<Error> why) override;
  void hears(Seat seat, MemberIndex from, const Bytes& frame) override;
  void does(Seat seat, const Effect& effect) override;
  void durable(Seat seat, const Bytes& record) override;
  void lies(MemberIndex from, MemberIndex to, const Bytes& frame) override;
  void suffers(Fault fault, Seat seat) override;

 private:
  void tell(Seat seat, const std::string& what);
  std::string describe(Seat seat, const Bytes& frame) const;
  bool again(Seat seat, const Bytes& frame, std::uint64_t to);
  bool again(Seat seat, const Note& note);

  const World& world_;
  bool hushed_ = false;
  Detail detail_;
  Line line_;
  std::map<std::pair<Seat, std::uint64_t>, std::uint64_t> said_;
};

/// "PREP view 3 height 17 for 5f2a": what a frame says.
std::string describe_frame(const Committee& committee, Limits limits, const Bytes& frame);

}  // namespace assay::threshold::sim
