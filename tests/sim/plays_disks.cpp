// Disks that are replaced, restored from copies, or late where the power fails.
#include <set>

#include "tests/sim/stage.hpp"
#include "threshold/codec.hpp"

namespace assay::threshold::sim {
namespace {

void power_cut(World& world, Seat count) {
  for (Seat seat = 0; seat < count; ++seat) world.crash(seat);
  world.run_for(millis(300));
  for (Seat seat = 0; seat < count; ++seat) world.restart(seat);
}

bool is_refused(Stage& stage, Seat seat) {
  return stage.until([&] { return stage.world.seat(seat).stopped.has_value(); }, millis(4'000), "it is noticed");
}

/// It must not vote again in this epoch.
void replace_disk(Stage& stage, Seat seat) {
  Disk& disk = stage.world.seat(seat).disk;
  disk.log.replace_disk();
  disk.ledger.clear();
  stage.invariants.expect_silence(MemberIndex{seat});
}

bool strips_observations(const Envelope&, MemberIndex, Message& message) {
  auto* range = std::get_if<RangeMessage>(&message);
  if (range == nullptr) return false;
  for (Bytes& bytes : range->batches) {
    auto batch = decode_batch(bytes);
    batch->observations.clear();
    bytes = encode(*batch);
  }
  return true;
}

}  // namespace

void play_replaced_disk(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_quietly_reach(Height{2}, millis(2'000));
  stage.remark("Member 3 dies. The others go on without it, then the power fails everywhere: nobody remembers it.");
  world.crash(3);
  stage.all_quietly_reach(Height{6}, millis(8'000));
  for (Seat seat = 0; seat < 3; ++seat) world.crash(seat);
  stage.remark("Member 3 comes back with a new disk. What it observed stands in the chain that it fetches.");
  replace_disk(stage, 3);
  for (Seat seat = 0; seat < 4; ++seat) world.restart(seat);
  if (!is_refused(stage, 3)) return;
  stage.remark("At its next start its log is still empty: it is refused again.");
  world.restart(3);
  if (!is_refused(stage, 3)) return;
  stage.all_quietly_reach(Height{8}, millis(20'000));
}

void play_stripped_chain(Stage& stage) {
  World& world = stage.world;
  const MemberIndex reborn{3};
  Actor liar(stage, MemberIndex{1}, strips_observations);
  stage.begin();
  stage.all_quietly_reach(Height{2}, millis(2'000));
  stage.remark("Member 3 dies, later the power fails everywhere, and it comes back with a new disk.");
  world.crash(3);
  stage.all_quietly_reach(Height{6}, millis(8'000));
  for (Seat seat = 0; seat < 3; ++seat) world.crash(seat);
  replace_disk(stage, 3);
  stage.remark("Each link ends with the first question that it carries: nobody has heard one of those.");
  std::set<MemberIndex> lost;
  stage.pass([&](MemberIndex from, MemberIndex to, const Envelope& envelope) {
    if (from != reborn || envelope.type != MessageType::get || !lost.insert(to).second) return true;
    world.at(world.now(), [&world, reborn, to] { world.reset(reborn, to); });
    return false;
  });
  for (Seat seat = 0; seat < 4; ++seat) world.restart(seat);
  if (is_refused(stage, 3)) stage.all_quietly_reach(Height{8}, millis(20'000));
}

void play_old_snapshot(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_quietly_reach(Height{2}, millis(2'000));
  const Disk& disk = world.seat(3).disk;
  const auto log = disk.log;
  const auto ledger = disk.ledger;
  stage.all_quietly_reach(Height{6}, millis(8'000));
  stage.remark("Member 3 has spoken in view 1 and dies. The others go on, and restart: nobody remembers it.");
  world.crash(3);
  stage.hush();
  stage.all_reach(Height{8}, millis(8'000));
  power_cut(world, 3);
  stage.all_reach(Height{10}, millis(20'000));
  stage.speak();
  stage.remark("Member 3 is restored from a copy of height 2. What it lacks is late: until then it says nothing.");
  world.seat(3).disk.log = log;
  world.seat(3).disk.ledger = ledger;
  stage.invariants.expect_silence(MemberIndex{3});
  stage.pass([](MemberIndex, MemberIndex to, const Envelope& envelope) {
    return to != MemberIndex{3} || envelope.type != MessageType::range;
  });
  world.restart(3);
  world.run_for(millis(300));
  stage.remark("It is killed while it waits, and comes back with the same log: on its way it records nothing.");
  world.restart(3);
  world.run_for(millis(300));
  stage.remark("It sees what it observed in view 1, of which its log knows nothing.");
  stage.pass_all();
  if (is_refused(stage, 3)) stage.all_quietly_reach(next(world.tip(0)), millis(8'000));
}

void play_lost_ledger(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_quietly_reach(Height{6}, millis(8'000));
  stage.remark(
      "Member 3 loses its ledger and keeps its log: it fetches the chain, its own words in it, and votes again.");
  world.crash(3);
  world.seat(3).disk.ledger.clear();
  world.restart(3);
  stage.all_quietly_reach(Height{9}, millis(8'000));
  const std::uint64_t before = world.seat(3).live;
  const auto attests = [&] { return world.seat(3).live > before && !world.seat(3).machine->status().fenced; };
  stage.until(attests, millis(8'000), "a member with its log takes part again");
  stage.all_reach(next(world.tip(3)), millis(8'000));
}

void play_scattered_logs(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_quietly_reach(Height{2}, millis(2'000));
  stage.remark("All ledgers are late from now on. Height 3 is attested, but member 1 hears too few votes to lock it.");
  for (Seat seat = 0; seat < 4; ++seat) world.seat(seat).disk.quality.ledger_lag = millis(100'000);
  const MemberIndex odd{1};
  stage.pass([odd](MemberIndex from, MemberIndex to, const Envelope& envelope) {
    const bool certifies = envelope.type == MessageType::prep || envelope.type == MessageType::sign_request;
    if (envelope.height == Height{3} && certifies) return to != odd;
    if (envelope.height == Height{3} && envelope.type == MessageType::nonce) return from != odd;
    return envelope.height != Height{4} || envelope.type != MessageType::prep || to == odd;
  });
  stage.hush();
  stage.all_reach(Height{3}, millis(4'000));
  stage.until([&] { return stage.lock_of(odd, Height{4}).has_value(); }, millis(4'000), "it locks height 4");
  stage.speak();
  if (stage.lock_of(odd, Height{3})) stage.invariants.report("script", "member 1 has locked height 3");
  stage.remark(
      "Member 1 alone locks height 4: its log has the certificate of height 3, those of the others the batch.");
  for (Seat seat = 0; seat < 4; ++seat) world.crash(seat);
  stage.pass_all();
  world.run_for(millis(300));
  stage.remark("The power fails, and member 3 does not come back. Certificate and batch find each other.");
  for (Seat seat = 0; seat < 3; ++seat) world.restart(seat);
  stage.all_reach(Height{5}, millis(20'000));
}

}  // namespace assay::threshold::sim
