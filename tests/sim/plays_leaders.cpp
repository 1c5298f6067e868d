// What lying leaders and signers can do, and what becomes of it.
#include "tests/sim/stage.hpp"
#include "threshold/codec.hpp"

namespace assay::threshold::sim {
namespace {

bool hides_locks(const Envelope&, MemberIndex, Message& message) {
  if (auto* summary = std::get_if<VenterMessage>(&message); summary != nullptr && summary->lock) {
    summary->lock.reset();
    return true;
  }
  if (auto* proofs = std::get_if<ProofsMessage>(&message); proofs != nullptr && proofs->lock) {
    proofs->lock.reset();
    return true;
  }
  return false;
}

}  // namespace

void play_good_case(Stage& stage) {
  stage.begin();
  stage.all_reach(Height{3}, millis(2'000));
}

void play_equivocating_leader(Stage& stage) {
  Actor leader(stage, MemberIndex{0}, [](const Envelope& envelope, MemberIndex to, Message& message) {
    auto* prop = std::get_if<PropMessage>(&message);
    if (prop == nullptr || envelope.height != Height{3} || to != MemberIndex{1}) return false;
    prop->signers = 0;  // another proposal of the same batch
    return true;
  });
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark("At height 3 leader 0 shows member 1 another proposal than members 2 and 3.");
  stage.all_reach(Height{4}, millis(8'000));
}

void play_lying_aggregate(Stage& stage) {
  Actor leader(stage, MemberIndex{0}, [](const Envelope& envelope, MemberIndex, Message& message) {
    auto* prop = std::get_if<PropMessage>(&message);
    if (prop == nullptr || envelope.height != Height{3}) return false;
    prop->header.feeds_root.bytes[0] ^= 1U;
    return true;
  });
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark("At height 3 leader 0 proposes leaves that the observations do not give. Nobody votes; view 1 goes on.");
  stage.all_reach(Height{4}, millis(8'000));
}

void play_withheld_share(Stage& stage) {
  Actor signer(stage, MemberIndex{2}, [](const Envelope&, MemberIndex, Message&) { return false; });
  stage.pass([](MemberIndex from, MemberIndex, const Envelope& envelope) {
    return from != MemberIndex{2} || envelope.type != MessageType::share;
  });
  stage.begin();
  stage.remark("Member 2 commits to nonces and votes, but gives no share. The leader asks the others for new nonces.");
  stage.all_reach(Height{5}, millis(8'000));
}

/// All hold a lock of height 3, none has its signature; the leader of view 1 opens it without any lock.
void play_hidden_lock(Stage& stage) {
  Traitor leader(stage.world, {MemberIndex{1}, {Fault::stripped_new_view, Fault::hidden_lock}}, 1);
  stage.invariants.distrust(MemberIndex{1});
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark("The shares of height 3 are lost, and member 1, who leads view 1, misses the votes and holds no lock.");
  stage.pass([](MemberIndex, MemberIndex to, const Envelope& envelope) {
    if (envelope.view != View{0} || envelope.height != Height{3}) return true;
    return envelope.type != MessageType::share && envelope.type != MessageType::sign_request &&
           !(envelope.type == MessageType::prep && to == MemberIndex{1});
  });
  const auto locked = [&] {
    return stage.lock_of(MemberIndex{0}, Height{3}) && stage.lock_of(MemberIndex{2}, Height{3}) &&
           stage.lock_of(MemberIndex{3}, Height{3});
  };
  if (!stage.until(locked, millis(2'000), "three members lock height 3")) return;
  stage.remark(
      "Member 1 will show the summaries of those who claim the lock, but not its proof, and propose another batch.");
  stage.all_reach(Height{4}, millis(20'000));
}

/// Were such a lock an obligation, a liar who proves it in every view would stop the committee for good.
void play_withheld_body(Stage& stage) {
  World& world = stage.world;
  const MemberIndex liar{0};
  Actor byzantine(stage, liar, [](const Envelope&, MemberIndex, Message& message) {
    auto* bodies = std::get_if<BodiesMessage>(&message);
    if (bodies != nullptr) bodies->frames.clear();
    return bodies != nullptr;
  });
  for (std::uint16_t to = 0; to < 3; ++to) world.link(MemberIndex{3}, MemberIndex{to}).quality.delay = millis(6);
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark("Only leader 0 hears the votes of height 3, and locks the batch. It tells nobody of them.");
  stage.pass([&](MemberIndex, MemberIndex to, const Envelope& envelope) {
    if (envelope.height != Height{3} || envelope.view != View{0}) return true;
    return envelope.type != MessageType::sign_request && (envelope.type != MessageType::prep || to == liar);
  });
  if (!stage.until([&] { return stage.lock_of(liar, Height{3}).has_value(); }, millis(2'000), "the liar locks")) return;
  stage.remark("The others lose power, and with it the observations of height 3. The liar proves its lock in view 1.");
  for (Seat seat = 1; seat < 4; ++seat) world.crash(seat);
  world.run_for(millis(100));
  for (Seat seat = 1; seat < 4; ++seat) world.restart(seat);
  stage.remark("Leader 1 asks it for the observations in vain, and opens the view with the others.");
  stage.all_reach(Height{4}, millis(2'500));
}

/// Were a lock's inputs what its first holder calls them, a liar who is fast would spoil the proofs of the honest.
void play_collapsed_names(Stage& stage) {
  World& world = stage.world;
  const MemberIndex honest{0};
  const MemberIndex liar{3};
  Traitor byzantine(world, {liar, {Fault::collapsed_names}}, 1);
  stage.invariants.distrust(liar);
  for (std::uint16_t to = 1; to < 4; ++to) world.link(honest, MemberIndex{to}).quality.delay = millis(6);
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark("Only leader 0 and the liar hear the votes of height 3, and lock the batch. Its shares are lost.");
  stage.pass([&](MemberIndex, MemberIndex to, const Envelope& envelope) {
    if (envelope.height != Height{3} || envelope.view != View{0}) return true;
    if (envelope.type == MessageType::prep) return to == honest || to == liar;
    return envelope.type != MessageType::share && envelope.type != MessageType::sign_request;
  });
  const auto locked = [&] { return stage.lock_of(honest, Height{3}) && stage.lock_of(liar, Height{3}); };
  if (!stage.until(locked, millis(2'000), "two members lock height 3")) return;
  stage.remark("The liar proves the lock first, and names what lies higher in the tree of its inputs. Leader 1 asks");
  stage.remark("for those in vain, and for the inputs as member 0 names them: it opens the view with these.");
  stage.all_reach(Height{4}, millis(2'000));
}

/// Were sessions not bound to their view, four views would be enough for two signatures of one height
/// (docs/agreement.md).
void play_cross_view_mix(Stage& stage) {
  World& world = stage.world;
  const MemberIndex liar{0};
  const MemberIndex k{1};
  const MemberIndex j{2};
  const MemberIndex i{3};
  const Height h{3};
  Actor byzantine(stage, liar, hides_locks);
  std::optional<SignRequest> old_request;
  stage.begin();
  stage.all_reach(Height{2}, millis(2'000));
  stage.remark("View 0: only member 3 hears the votes and locks D. The liar collects a session with members 2 and 3.");
  stage.pass([&](MemberIndex from, MemberIndex to, const Envelope& envelope) {
    const MessageType type = envelope.type;
    if (type == MessageType::att && envelope.height >= h) return false;
    if (envelope.height != h || from == to) return true;
    const bool entry = type == MessageType::venter || type == MessageType::proofs;
    if (type == MessageType::share) return false;
    if (envelope.view == View{0}) {
      if (type == MessageType::prep) return to == i || to == liar;
      if (type == MessageType::nonce) return from != k;
      if (type == MessageType::sign_request) {
        old_request = std::get<SignRequest>(*decode_payload(type, envelope.payload, world.limits()));
        return to == i;
      }
      return true;
    }
    if (type == MessageType::nonce_request || type == MessageType::sign_request) return from == liar;
    if (envelope.view == View{1}) return !(entry && from == i) && !(type == MessageType::prep && to != k);
    if (envelope.view == View{2}) return !(entry && from == k) && !(type == MessageType::prep && to != j);
    if (envelope.view == View{3}) return !(entry && from == j);
    return true;
  });
  if (!stage.until([&] { return old_request && stage.lock_of(i, h); }, millis(2'000), "member 3 locks D")) return;
  stage.remark(
      "View 1: its leader 1 does not hear of that lock; another batch D' is prepared, and only member 1 locks it.");
  const auto held_in = [&](MemberIndex member, View view) {
    const auto lock = stage.lock_of(member, h);
    return lock && lock->view() == view;
  };
  if (!stage.until([&] { return held_in(k, View{1}); }, millis(8'000), "member 1 locks D' in view 1")) return;
  stage.remark("View 2: its leader 2 hears of D only, proposes it again, and locks it.");
  if (!stage.until([&] { return held_in(j, View{2}); }, millis(8'000), "member 2 locks D in view 2")) return;
  stage.remark("The liar asks member 2 to give its share to the session of view 0, in which member 3 gave its share.");
  const Scope scope{MessageType::sign_request, View{2}, h, liar};
  world.post(liar.value, j,
             std::make_shared<const Bytes>(
                 seal(world.committee(), world.identity(liar), scope, encode_payload(*old_request))));
  world.run_for(millis(20));
  if (stage.invariants.violation()) return;
  stage.remark("Member 2 refuses. View 3: its leader 3 hears of D (view 0) and D' (view 1), and proposes D'.");
  if (!stage.until([&] { return held_in(i, View{3}); }, millis(20'000), "member 3 locks D' in view 3")) return;
  stage.remark("The network is whole again.");
  stage.pass_all();
  stage.all_reach(Height{4}, millis(20'000));
}

}  // namespace assay::threshold::sim
