// What crashes, disks and deaf ears do to honest members.
#include "tests/sim/stage.hpp"

namespace assay::threshold::sim {
namespace {

bool all_locked(const Stage& stage, Height height) {
  for (std::uint16_t i = 0; i < 4; ++i) {
    if (!stage.lock_of(MemberIndex{i}, height)) return false;
  }
  return true;
}

/// Lets the batch of `height` be locked by all and attested by nobody.
bool lock_without_shares(Stage& stage, Height height) {
  stage.pass([height](MemberIndex, MemberIndex, const Envelope& envelope) {
    return envelope.type != MessageType::share || envelope.height != height;
  });
  return stage.until([&] { return all_locked(stage, height); }, millis(2'000), "all lock the batch");
}

}  // namespace

void play_power_cut_with_lock(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark("All lock the batch of height 3; its shares are lost.");
  if (!lock_without_shares(stage, Height{3})) return;
  const Digest locked = stage.lock_of(MemberIndex{0}, Height{3})->hash();
  stage.remark("The power fails everywhere, for two seconds: longer than a fresh proposal may be old.");
  for (Seat seat = 0; seat < 4; ++seat) world.crash(seat);
  stage.pass_all();
  world.run_for(millis(2'000));
  stage.remark("All come back, silent in view 0. The lock is proposed again in view 1, byte for byte.");
  for (Seat seat = 0; seat < 4; ++seat) world.restart(seat);
  if (!stage.all_reach(Height{4}, millis(20'000))) return;
  if (header_hash(world.seat(0).disk.ledger[2]->header) != locked) {
    stage.invariants.report("locked_batch_changed", "another batch than the locked one after a power cut");
  }
}

void play_late_lock(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark(
      "The disk of member 3 stands still from now on. Shares of height 3 are lost in view 0, so the view ends.");
  world.stall_disk(3);
  stage.pass([](MemberIndex, MemberIndex, const Envelope& envelope) {
    return envelope.type != MessageType::share || envelope.height != Height{3} || envelope.view != View{0};
  });
  const auto left = [&] { return world.alive(3) && world.seat(3).machine->status().view >= View{1}; };
  if (!stage.until(left, millis(3'000), "member 3 leaves view 0")) return;
  stage.remark(
      "Member 3 is on its way to view 1 when its disk comes back: the lock of view 0 is durable, and no share leaves.");
  world.resume_disk(3);
  stage.all_reach(Height{4}, millis(20'000));
}

void play_fence_after_restart(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark("Member 3 dies and comes back: it may have spoken in view 0, so it only listens there.");
  world.crash(3);
  world.run_for(millis(60));
  world.restart(3);
  stage.all_reach(Height{8}, millis(8'000));
  stage.remark("The planned rotation at height 8 leads to view 1, where member 3 votes again.");
  stage.all_reach(Height{10}, millis(8'000));
}

void play_lost_log(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark("Member 3 loses its disk and starts as if for the first time. Its peers remember what it said.");
  world.crash(3);
  Disk& disk = world.seat(3).disk;
  disk.log.replace_disk();
  disk.ledger.clear();
  stage.invariants.expect_silence(MemberIndex{3});
  world.restart(3);
  stage.until([&] { return world.seat(3).stopped.has_value(); }, millis(2'000), "a lost log is noticed");
  stage.all_reach(Height{4}, millis(8'000));
}

void play_rolled_back_log(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_reach(Height{6}, millis(8'000));
  stage.remark(
      "Member 3 comes back with a copy of its log from the first moments, and without its ledger, which would");
  stage.remark("tell. It has spoken in view 1 since: its peers remember.");
  world.crash(3);
  world.seat(3).disk.log.roll_back(1);
  world.seat(3).disk.ledger.clear();
  stage.invariants.expect_silence(MemberIndex{3});
  world.restart(3);
  stage.all_reach(Height{8}, millis(8'000));
  stage.until([&] { return world.seat(3).stopped.has_value(); }, millis(1'000), "a rolled back log is noticed");
}

void play_deaf_member(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark("Member 3 hears nobody. It wishes for other views, alone; the others go on in view 0.");
  for (std::uint16_t from = 0; from < 3; ++from) world.cut(MemberIndex{from}, MemberIndex{3});
  world.run_for(millis(520));
  if (world.seat(0).machine->status().view != View{0})
    stage.invariants.report("liveness", "one deaf member moves nobody");
  stage.remark("It hears again, fetches what it missed, and follows in view 0.");
  for (std::uint16_t from = 0; from < 3; ++from) world.join(MemberIndex{from}, MemberIndex{3});
  stage.all_reach(next(world.tip(0)), millis(3'000));
}

}  // namespace assay::threshold::sim
