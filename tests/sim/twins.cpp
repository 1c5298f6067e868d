#include "tests/sim/twins.hpp"

#include "threshold/codec.hpp"
#include "threshold/sim/burdens.hpp"
#include "threshold/sim/stand_in.hpp"

namespace assay::threshold::sim {
namespace {

constexpr int rounds = 4;
constexpr std::uint64_t heights_after = 3;

struct Round {
  std::uint32_t second_side{};  ///< bitmap of the honest members there
  bool copies_together{};       ///< both on the first side
  Micros span;
};

struct Scenario {
  MemberIndex twin;
  Micros offset;
  std::array<Round, rounds> cuts;
};

Scenario scenario_of(std::uint64_t number) {
  const auto take = [&number](std::uint32_t bits) {
    const std::uint64_t low = number & ((std::uint64_t{1} << bits) - 1);
    number >>= bits;
    return static_cast<std::uint32_t>(low);
  };
  Scenario out{MemberIndex{static_cast<std::uint16_t>(take(2))}, millis(4 * static_cast<std::int64_t>(take(3))), {}};
  for (Round& round : out.cuts) {
    const std::uint32_t sides = take(3);
    for (std::uint16_t member = 0, honest = 0; member < 4; ++member) {
      if (MemberIndex{member} == out.twin) continue;
      if ((sides >> honest++ & 1U) != 0) round.second_side |= bit_of(MemberIndex{member});
    }
    round.copies_together = take(1) != 0;
    round.span = take(1) != 0 ? millis(500) : millis(6);
  }
  return out;
}

/// Each copy speaks for itself, and is not told what the other one said.
class Copies final : public Mouth {
 public:
  explicit Copies(World& world) : world_(world) {}
  void says(Seat seat, MemberIndex to, const SharedFrame& frame) override { world_.post(seat, to, frame); }
  SharedFrame hears(Seat seat, MemberIndex from, const SharedFrame& frame) override {
    const auto envelope = open_envelope(world_.committee_of(seat), *frame);
    if (!envelope || envelope->type != MessageType::echo) return frame;
    const Scope scope{envelope->type, envelope->view, envelope->height, from};
    return std::make_shared<const Bytes>(
        seal(world_.committee_of(seat), world_.identity(from), scope, encode_payload(EchoMessage{})));
  }

 private:
  World& world_;
};

WorldSettings settings() {
  WorldSettings out;
  out.seed = 5;
  out.feeds = 1;
  out.timing = usual_timing(64);
  out.links.delay = millis(4);
  out.links.jitter = micros(200);
  return out;
}

void cut(World& world, MemberIndex twin, const Round& round) {
  world.divide_twins(twin, round.copies_together ? 0U : round.second_side);
  world.filter([twin, round](MemberIndex from, MemberIndex to, SharedFrame&) {
    const auto second = [&](MemberIndex member) { return (round.second_side & bit_of(member)) != 0; };
    if (from == twin || to == twin) return !round.copies_together || !second(from == twin ? to : from);
    return second(from) == second(to);
  });
}

/// Until every honest member is `more` beyond the highest, or something broke.
void go_on(World& world, Invariants& invariants, MemberIndex twin, std::uint64_t more, Micros patience) {
  const Height target{invariants.chronicle().highest().value + more};
  const auto behind = [&](Seat seat) { return MemberIndex{seat} != twin && world.tip(seat) < target; };
  const MonoTime limit = world.now() + patience;
  while (!invariants.violation() && (behind(0) || behind(1) || behind(2) || behind(3))) {
    if (!world.advance(limit)) invariants.report("liveness", "the cuts have ended, and no height follows");
  }
}

}  // namespace

std::optional<Violation> play_twins(const Keys& keys, std::uint64_t number) {
  const Scenario scenario = scenario_of(number);
  const StandIn signatures(number);
  World world(keys, signatures, settings());
  Counts counts;
  Invariants invariants(world, counts);
  Burdens burdens(world, invariants);
  world.add_witness(invariants);
  world.add_witness(burdens);
  Copies copies(world);
  invariants.distrust(scenario.twin);
  world.corrupt(scenario.twin, copies);
  world.add_twin(scenario.twin, 0);
  world.begin();
  const Micros bound = progress_bound(world.quorum(), world.settings().timing);
  go_on(world, invariants, scenario.twin, 2, bound);
  world.run_for(scenario.offset);
  for (const Round& round : scenario.cuts) {
    cut(world, scenario.twin, round);
    world.run_for(round.span);
  }
  world.filter(nullptr);
  go_on(world, invariants, scenario.twin, heights_after, heights_after * bound);
  return invariants.violation();
}

std::string twins_text(std::uint64_t number) {
  const Scenario scenario = scenario_of(number);
  std::string out = "member " + std::to_string(scenario.twin.value) + " twice, after " +
                    std::to_string(scenario.offset.value / 1000) + " ms:";
  for (const Round& round : scenario.cuts) {
    out += " [";
    for (std::uint16_t member = 0; member < 4; ++member) {
      if (MemberIndex{member} == scenario.twin) continue;
      out += std::to_string(member) + ((round.second_side & bit_of(MemberIndex{member})) != 0 ? "b " : "a ");
    }
    out += round.copies_together ? "copies a, " : "copies a and b, ";
    out += std::to_string(round.span.value / 1000) + " ms]";
  }
  return out;
}

}  // namespace assay::threshold::sim
