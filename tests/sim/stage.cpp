#include "tests/sim/stage.hpp"

#include <algorithm>

#include "threshold/codec.hpp"

namespace assay::threshold::sim {
namespace {

constexpr Script all_scripts[] = {
    {"good_case", "Four members, no faults: observe, propose, prepare, share.", {}, play_good_case},
    {"equivocating_leader", "A leader shows two proposals of one height.", {}, play_equivocating_leader},
    {"lying_aggregate", "A leader proposes prices that the observations do not give.", {}, play_lying_aggregate},
    {"withheld_share", "A signer withholds its shares: another session without it.", {}, play_withheld_share},
    {"hidden_lock", "A leader opens its view as if nobody held a lock.", {}, play_hidden_lock},
    {"withheld_body", "A liar proves a lock whose observations only it has kept.", {}, play_withheld_body},
    {"collapsed_names", "A liar proves a lock with names that are those of no input.", {}, play_collapsed_names},
    {"cross_view_mix",
     "A liar asks for a share of a session of an old view, which would fork the chain.",
     {},
     play_cross_view_mix},
    {"power_cut_with_lock",
     "All lose power with a locked batch that nobody has attested.",
     {},
     play_power_cut_with_lock},
    {"late_lock", "A lock becomes durable after its view was left: no share follows.", {}, play_late_lock},
    {"fence_after_restart",
     "A restarted member is silent in the view that it may have spoken in.",
     {.rotation_heights = 8},
     play_fence_after_restart},
    {"lost_log", "A member comes back without its safety log.", {}, play_lost_log},
    {"rolled_back_log",
     "A member comes back with an old copy of its safety log.",
     {.rotation_heights = 4},
     play_rolled_back_log},
    {"deaf_member", "A member can speak, but hears nobody.", {}, play_deaf_member},
    {"replaced_disk", "A member comes back with a new disk when nobody remembers it.", {}, play_replaced_disk},
    {"stripped_chain",
     "A member comes back with a new disk, and a liar shows it the chain without observations.",
     {},
     play_stripped_chain},
    {"old_snapshot",
     "A member comes back with an old copy of log and ledger when nobody remembers it.",
     {.rotation_heights = 4},
     play_old_snapshot},
    {"lost_ledger", "A member comes back without its ledger.", {.rotation_heights = 4}, play_lost_ledger},
    {"scattered_logs",
     "All lose power; of an attested batch one log has the certificate, the others the contents.",
     {},
     play_scattered_logs},
    {"change_of_epochs",
     "A feed is added: all hold the next epoch, and it begins at the announced height.",
     {.feeds_next = 2},
     play_change_of_epochs},
    {"wrong_file",
     "One member holds another file as the next epoch than the rest.",
     {.feeds_next = 2},
     play_wrong_file},
    {"far_announcement",
     "A leader announces the next epoch for a distant height.",
     {.feeds_next = 2},
     play_far_announcement},
};

WorldSettings quiet(std::uint32_t rotation_heights) {
  WorldSettings settings;
  settings.seed = 3;
  settings.feeds = 1;
  settings.timing = usual_timing(rotation_heights);
  settings.links.jitter = micros(200);
  return settings;
}

World& with_epochs(World& world, std::uint32_t feeds_next) {
  if (feeds_next > 0) world.add_epoch(world.quorum(), feeds_next, Shares::kept);
  return world;
}

}  // namespace

Stage::Stage(const Keys& keys, const Transcript::Line& tell, Setting setting)
    : world(keys, signatures_, quiet(setting.rotation_heights)),
      invariants(with_epochs(world, setting.feeds_next), counts_),
      signatures_(1),
      transcript_(world, Transcript::Detail::deeds, tell),
      telling_(tell != nullptr) {
  world.add_witness(invariants);
  if (telling_) world.add_witness(transcript_);
}

bool Stage::until(const std::function<bool()>& reached, Micros patience, const char* promise) {
  const MonoTime limit = world.now() + patience;
  while (!reached() && !invariants.violation()) {
    if (!world.advance(limit)) {
      invariants.report("liveness", promise);
      return false;
    }
  }
  return !invariants.violation();
}

bool Stage::all_reach(Height height, Micros patience) {
  const auto everywhere = [&] {
    for (Seat seat = 0; seat < world.members(); ++seat) {
      const bool counts = world.alive(seat) && invariants.trusted(MemberIndex{seat});
      if (counts && world.tip(seat) < height) return false;
    }
    return true;
  };
  return until(everywhere, patience, "every honest member goes on");
}

bool Stage::all_quietly_reach(Height height, Micros patience) {
  transcript_.hush();
  const bool reached = all_reach(height, patience);
  transcript_.speak();
  return reached;
}

void Stage::pass(Pass pass) {
  world.filter([this, pass](MemberIndex from, MemberIndex to, SharedFrame& frame) {
    const auto envelope = open_envelope(world.committee(), *frame);
    return envelope && pass(from, to, *envelope);
  });
}

std::optional<LockRecord> Stage::lock_of(MemberIndex member, Height height) const {
  std::optional<LockRecord> newest;
  for (const Bytes& bytes : world.seat(member.value).disk.log.records()) {
    auto read = decode_record({world.committee().cfg, member}, world.limits(), bytes);
    if (!read || !*read) continue;
    if (auto* lock = std::get_if<LockRecord>(&**read); lock != nullptr && lock->height() == height)
      newest = std::move(*lock);
  }
  return newest;
}

PropMessage Stage::read_prop(const Envelope& envelope) const {
  return std::get<PropMessage>(*decode_payload(MessageType::prop, envelope.payload, world.limits()));
}

Actor::Actor(Stage& stage, MemberIndex me, Rewrite rewrite) : stage_(stage), me_(me), rewrite_(std::move(rewrite)) {
  stage.invariants.distrust(me);
  stage.world.corrupt(me, *this);
}

void Actor::says(Seat seat, MemberIndex to, const SharedFrame& frame) {
  World& world = stage_.world;
  const auto envelope = open_envelope(world.committee(), *frame);
  auto message = decode_payload(envelope->type, envelope->payload, world.limits());
  if (!message || !rewrite_(*envelope, to, *message)) return world.post(seat, to, frame);
  const Scope scope{envelope->type, envelope->view, envelope->height, me_};
  const Bytes changed = seal(world.committee(), world.identity(me_), scope, encode_payload(*message));
  world.post(seat, to, std::make_shared<const Bytes>(changed));
}

std::span<const Script> scripts() {
  return all_scripts;
}

std::optional<Violation> play(const Script& script, const Keys& keys, const Transcript::Line& tell) {
  Stage stage(keys, tell, script.setting);
  stage.remark(script.about);
  script.play(stage);
  return stage.invariants.violation();
}

}  // namespace assay::threshold::sim
