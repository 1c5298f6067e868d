#include "threshold/sim/world.hpp"

#include <algorithm>

#include "threshold/codec.hpp"

namespace assay::threshold::sim {
namespace {

struct Later {
  template <class Item>
  bool operator()(const Item& a, const Item& b) const {
    return std::pair{a.at, a.turn} > std::pair{b.at, b.turn};
  }
};

}  // namespace

Timing usual_timing(std::uint32_t rotation_heights) {
  return Timing{.tick = millis(50),
                .grace = millis(10),
                .grace_max = millis(40),
                .timeout = millis(400),
                .timeout_max = millis(3200),
                .resend = millis(100),
                .retry = millis(60),
                .delay_max = millis(20),
                .clock_error = millis(20),
                .timely = millis(600),
                .nonce_age_max = millis(10'000),
                .rotation_heights = rotation_heights};
}

MonoTime Clock::when(MonoTime local) const {
  MonoTime at{local.value - local.value * drift_ppm / (1'000'000 + drift_ppm)};
  while (mono(at) < local) at = at + micros(1);
  return at;
}

WallTime Clock::wall(MonoTime now) const {
  return WallTime{1'790'000'000'000'000} + Micros{mono(now).value} + skew;
}

World::World(const Keys& keys, const Signatures& signatures, WorldSettings settings)
    : keys_(keys),
      settings_(settings),
      mistaken_(first_committee(keys, signatures)),
      members_(keys.quorum.n),
      wire_chance_(Chance(settings.seed).branch("wire")),
      disk_chance_(Chance(settings.seed).branch("disk")),
      links_(links_each * links_each) {
  terms_.push_back({first_committee(keys, signatures), &keys.first, settings.feeds,
                    Market(settings.seed, settings.feeds, settings.weather)});
  mistaken_.config_digest = sha256(as_bytes("other settings"));
  set_links(settings.links);
  for (std::uint16_t i = 0; i < members(); ++i) {
    seats_.push_back(std::make_unique<SeatState>(MemberIndex{i}, mix(settings.seed, i)));
    seats_.back()->disk.quality = settings.disks;
  }
}

void World::begin() {
  for (Seat seat = 0; seat < seats(); ++seat) {
    if (!alive(seat) && seats_[seat]->epoch == 0) restart(seat);
  }
}

// ---- time

void World::push(Item item) {
  item.turn = turn_++;
  queue_.push_back(std::move(item));
  std::push_heap(queue_.begin(), queue_.end(), Later{});
}

void World::at(MonoTime when, Deed deed) {
  push(Item{std::max(when, now_), 0, 0, {}, 0, 0, nullptr, std::move(deed)});
}

bool World::advance(MonoTime limit) {
  if (queue_.empty() || queue_.front().at > limit) return false;
  std::pop_heap(queue_.begin(), queue_.end(), Later{});
  Item item = std::move(queue_.back());
  queue_.pop_back();
  now_ = std::max(now_, item.at);
  if (item.frame) {
    deliver(std::move(item));
  } else {
    item.deed();
  }
  return true;
}

void World::run_for(Micros span) {
  const MonoTime limit = now_ + span;
  while (advance(limit)) {
  }
  now_ = limit;
}

// ---- machines

Now World::now_of(Seat seat) const {
  const Clock& clock = seats_[seat]->clock;
  return {clock.mono(now_), clock.wall(now_)};
}

Height World::tip(Seat seat) const {
  return alive(seat) ? seats_[seat]->machine->status().tip : Height{0};
}

Restored World::restored(const SeatState& seat, LogFile::Opened log) const {
  Restored out;
  const bool wrong = planted(Mutant::wrong_log) && seat.epoch > 0;
  out.first_start = log.first_start && !wrong;
  out.records = wrong ? seat.disk.old_log.records() : std::move(log.records);
  const bool mistaken = seat.epoch == 0 && seat.setup == Setup::other_settings;
  out.tip = genesis_header(mistaken ? mistaken_ : committee(seat.epoch), terms_[seat.epoch].feeds);
  out.history.append(history_leaf(out.tip));
  for (const auto& batch : seat.disk.ledger) out.history.append(history_leaf(batch->header));
  if (!seat.disk.ledger.empty()) {
    const Batch& newest = *seat.disk.ledger.back();
    out.tip = newest.header;
    out.tip_signature = newest.signature;
    out.tip_leaves = newest.leaves;
  }
  if (seat.mouth != nullptr) return out;  // a twin's ledger shows what the other one said
  for (auto batch = seat.disk.ledger.rbegin(); batch != seat.disk.ledger.rend() && out.said.empty(); ++batch) {
    for (const Bytes& body : (*batch)->observations) {
      const auto envelope = open_envelope(committee(seat.epoch), body);
      if (envelope && envelope->sender == seat.member) out.said = body;
    }
  }
  return out;
}

void World::restart(Seat index) {
  if (alive(index)) crash(index);
  SeatState& seat = *seats_[index];
  if (seat.left) return;
  ++seat.life;
  seat.stopped.reset();
  seat.paused_until = MonoTime{0};
  seat.held.clear();
  seat.disk.free_at = now_;
  const auto refuse = [&](const Error& why) {
    seat.stopped = why;
    for (Witness* witness : witnesses_) witness->ended(index, why);
  };
  const Term& term = terms_[seat.epoch];
  if (seat.epoch == 0 && seat.setup == Setup::no_share) return refuse({Errc::missing_field, "there is no key share"});
  auto log = seat.disk.log.open({term.committee.network, seat.member, term.committee.epoch});
  if (!log) return refuse(log.error());
  Restored from = restored(seat, std::move(log).value());
  Start start{from.records.empty(), from.records.size(), from.tip.height, {}};
  ProtocolSettings settings{
      .me = seat.member, .committee = committee_of(index), .timing = settings_.timing, .policy = term.market.policy()};
  auto made = Protocol::make(std::move(settings), keys_.identities[seat.member.value],
                             term.dealt->shares[seat.member.value], std::move(from), seat.entropy, now_of(index));
  if (!made) return refuse(made.error());
  seat.machine = std::move(made).value();
  start.status = seat.machine->status();
  for (Witness* witness : witnesses_) witness->started(index, start);
  at(now_, [this, index, life = seat.life] {
    if (seats_[index]->life != life) return;
    step(index, Tick{});
    if (seats_[index]->life == life && seats_[index]->staged) step(index, Staged{seats_[index]->staged});
  });
  for (Seat other = 0; other < seats(); ++other) {
    if (other != index && linked(seat, *seats_[other])) greet(index, other);
  }
}

void World::end(Seat index, std::optional<Error> why) {
  SeatState& seat = *seats_[index];
  if (!seat.machine) return;
  halt(index);
  seat.stopped = why;
  for (Witness* witness : witnesses_) witness->ended(index, why);
}

void World::halt(Seat index) {
  SeatState& seat = *seats_[index];
  seat.machine.reset();
  ++seat.life;
  seat.wake = MonoTime{INT64_MAX};
  lose_power(index);
  for (Seat other = 0; other < seats(); ++other) {
    if (other != index && linked(seat, *seats_[other])) part(other, seat.member);
  }
}

/// What was issued may have reached the disk, up to some point, whether or not anybody was told.
void World::lose_power(Seat index) {
  Disk& disk = seats_[index]->disk;
  Chance cut(mix(mix(settings_.seed, index), static_cast<std::uint64_t>(now_.value)));
  disk.log.interrupt(cut);
  const std::size_t reached = disk.stalled || disk.full ? 0 : disk_chance_.below(disk.waiting.size() + 1);
  for (std::size_t i = 0; i < reached; ++i) {
    suffer(Fault::write_unacknowledged, index);
    for (Witness* witness : witnesses_) witness->durable(index, disk.waiting[i].record);
    append(disk, std::move(disk.waiting[i].record));
  }
  if (reached < disk.waiting.size()) {
    suffer(Fault::write_torn, index);
    if (!disk.stalled) disk.log.tear(disk.waiting[reached].record, cut);
  }
  disk.waiting.clear();
}

void World::crash(Seat seat) {
  end(seat, std::nullopt);
}

void World::pause(Seat index, Micros span) {
  SeatState& seat = *seats_[index];
  seat.paused_until = now_ + span;
  at(seat.paused_until, [this, index, life = seat.life] {
    if (seats_[index]->life == life) release(index);
  });
}

/// What came meanwhile is handled in its order.
void World::release(Seat index) {
  SeatState& seat = *seats_[index];
  while (!seat.held.empty() && now_ >= seat.paused_until) {
    const threshold::Event event = std::move(seat.held.front());
    seat.held.pop_front();
    step_now(index, event);
  }
}

void World::jump_clock(Seat seat, Micros by) {
  seats_[seat]->clock.skew = seats_[seat]->clock.skew + by;
}

void World::corrupt(MemberIndex member, Mouth& mouth) {
  for (auto& seat : seats_) {
    if (seat->member == member) seat->mouth = &mouth;
  }
}

Seat World::add_twin(MemberIndex member, std::uint32_t sees_second) {
  const SeatState& first = *seats_[member.value];
  auto second = std::make_unique<SeatState>(member, mix(settings_.seed, 1000U + member.value));
  second->mouth = first.mouth;
  second->disk.quality = first.disk.quality;
  seats_.push_back(std::move(second));
  divide_twins(member, sees_second);
  return static_cast<Seat>(seats() - 1);
}

void World::divide_twins(MemberIndex member, std::uint32_t sees_second) {
  for (Seat seat = 0; seat < seats(); ++seat) {
    if (seats_[seat]->member == member) seats_[seat]->peers = seat < members() ? ~sees_second : sees_second;
  }
}

void World::step(Seat index, const threshold::Event& event) {
  SeatState& seat = *seats_[index];
  if (!seat.machine) return;
  if (now_ < seat.paused_until || !seat.held.empty()) return seat.held.push_back(event);
  step_now(index, event);
}

void World::step_now(Seat index, const threshold::Event& event) {
  SeatState& seat = *seats_[index];
  if (!seat.machine) return;
  const std::uint64_t life = seat.life;
  const Now now = now_of(index);
  const auto effects = seat.machine->step(event, now);
  for (const Effect& effect : effects) {
    if (seat.life != life) return;  // killed between two effects
    perform(index, effect);
  }
  if (seat.life != life) return;
  for (Witness* witness : witnesses_) witness->settled(index, event, *seat.machine, now);
  follow_epochs(index);
  if (seat.life == life) plan_tick(index);
}

void World::plan_tick(Seat index) {
  SeatState& seat = *seats_[index];
  const MonoTime wake = std::max(seat.clock.when(seat.machine->next_deadline()), now_ + micros(1));
  if (wake == seat.wake) return;
  seat.wake = wake;
  at(wake, [this, index, life = seat.life, wake] {
    SeatState& owner = *seats_[index];
    if (owner.life != life || owner.wake != wake) return;
    owner.wake = MonoTime{INT64_MAX};
    step(index, Tick{});
  });
}

void World::perform(Seat index, const Effect& effect) {
  for (Witness* witness : witnesses_) witness->does(index, effect);
  if (const auto* one = std::get_if<Send>(&effect)) return say(index, one->to, one->frame);
  if (const auto* one = std::get_if<Broadcast>(&effect)) {
    for (std::uint16_t to = 0; to < members(); ++to) {
      if (MemberIndex{to} != seats_[index]->member) say(index, MemberIndex{to}, one->frame);
    }
    return;
  }
  if (const auto* one = std::get_if<Persist>(&effect)) return persist(index, *one);
  if (const auto* one = std::get_if<Attested>(&effect)) return keep(index, *one);
  if (const auto* one = std::get_if<ReadLedger>(&effect)) return read(index, *one);
  if (const auto* one = std::get_if<Disconnect>(&effect)) return disconnect(index, one->member);
  if (const auto* one = std::get_if<Stop>(&effect)) return end(index, one->error);
  if (const auto* one = std::get_if<Observe>(&effect)) {
    const SeatState& seat = *seats_[index];
    const Observed answer{one->height, market(seat.epoch).observe(seat.member.value, now_, seat.clock.wall(now_))};
    at(now_, [this, index, life = seat.life, answer] {
      if (seats_[index]->life == life) step(index, answer);
    });
  }
}

void World::suffer(Fault fault, Seat seat) {
  for (Witness* witness : witnesses_) witness->suffers(fault, seat);
}

}  // namespace assay::threshold::sim
