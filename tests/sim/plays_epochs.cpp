// How an epoch follows another, and who cannot follow.
#include "tests/sim/stage.hpp"
#include "threshold/codec.hpp"

namespace assay::threshold::sim {
namespace {

constexpr Height announced{32};
constexpr Height switched{96};
constexpr Micros patience = millis(20'000);

Height before(Height height) {
  return Height{height.value - 1};
}

/// A leader that announces for a height of its own choice.
class Rash final : public Mouth {
 public:
  explicit Rash(World& world) : world_(world) {}

  void says(Seat seat, MemberIndex to, const SharedFrame& frame) override {
    const Committee& committee = world_.committee();
    const auto envelope = open_envelope(committee, *frame);
    if (!envelope || envelope->type != MessageType::prop || envelope->height != Height{3}) {
      return world_.post(seat, to, frame);
    }
    auto message = std::get<PropMessage>(*decode_payload(MessageType::prop, envelope->payload, world_.limits()));
    message.header.next_epoch_digest = world_.committee(1).descent->announced_as;
    message.header.switch_height = Height{1'000'000};
    const Scope scope{MessageType::prop, envelope->view, envelope->height, envelope->sender};
    Bytes lie = seal(committee, world_.identity(envelope->sender), scope, encode_payload(message));
    world_.post(seat, to, std::make_shared<const Bytes>(std::move(lie)));
  }

 private:
  World& world_;
};

}  // namespace

void play_change_of_epochs(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_quietly_reach(Height{2}, patience);
  stage.remark("Every operator hands the next epoch to its node.");
  for (Seat seat = 0; seat < 4; ++seat) world.stage(seat, File::right);
  stage.all_quietly_reach(before(announced), patience);
  stage.remark("At height 32 the leader may announce, and knows of enough who are ready.");
  stage.all_reach(announced, patience);
  stage.all_quietly_reach(Height{switched.value - 2}, patience);
  stage.remark("Height 95 is the last one: nobody observes height 96 in the old epoch.");
  stage.all_reach(next(switched), patience);
}

void play_wrong_file(Stage& stage) {
  World& world = stage.world;
  stage.begin();
  stage.all_quietly_reach(Height{2}, patience);
  stage.remark("Members 0 to 2 hold the next epoch; member 3 was given another file.");
  for (Seat seat = 0; seat < 4; ++seat) world.stage(seat, seat < 3 ? File::right : File::wrong);
  stage.all_quietly_reach(before(announced), patience);
  stage.remark("Three are ready for the same epoch: the leader announces it, and member 3 does not vote for that.");
  stage.all_reach(announced, patience);
  stage.all_quietly_reach(Height{90}, patience);
  stage.remark("It hears nobody for a while, and wishes for another view. The others go on into the next epoch.");
  stage.hush();
  for (std::uint16_t from = 0; from < 3; ++from) world.cut(MemberIndex{from}, MemberIndex{3});
  world.run_for(millis(520));
  for (std::uint16_t from = 0; from < 3; ++from) world.join(MemberIndex{from}, MemberIndex{3});
  stage.until([&] { return world.tip(3) >= before(switched); }, patience, "it is brought to the end of its epoch");
  stage.remark("Its chain ends with its epoch, and so do its wishes.");
  world.run_for(millis(500));
  stage.speak();
  if (world.tip(3) != before(switched)) stage.invariants.report("epoch_switch", "member 3 follows without the epoch");
  stage.remark("Its operator hands it the right file: it goes on from where it stopped.");
  world.stage(3, File::right);
  const Height goal{world.tip(0).value + 2};
  stage.until([&] { return world.tip(3) >= goal; }, patience, "member 3 goes on");
}

void play_far_announcement(Stage& stage) {
  World& world = stage.world;
  Rash leader(world);
  stage.invariants.distrust(MemberIndex{0});
  world.corrupt(MemberIndex{0}, leader);
  stage.begin();
  stage.all_quietly_reach(Height{2}, patience);
  stage.remark("All hold the next epoch. The leader announces it for height 1000000: nobody votes, and its view ends.");
  for (Seat seat = 0; seat < 4; ++seat) world.stage(seat, File::right);
  stage.all_reach(Height{4}, patience);
}

}  // namespace assay::threshold::sim
