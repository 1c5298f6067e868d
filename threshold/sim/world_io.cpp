#include <algorithm>

#include "threshold/sim/world.hpp"

namespace assay::threshold::sim {
namespace {

constexpr Micros link_up = millis(1);

}  // namespace

// ---- wire

void World::set_links(const LinkQuality& quality) {
  for (Link& link : links_) link.quality = quality;
}

bool World::linked(const SeatState& a, const SeatState& b) const {
  if (a.member == b.member) return false;
  return ((a.peers >> b.member.value) & (b.peers >> a.member.value) & 1U) != 0;
}

void World::greet(Seat a, Seat b) {
  const auto meet = [this](Seat me, Seat other) {
    if (link(seats_[other]->member, seats_[me]->member).cut) return;
    at(now_ + link_up, [this, me, other] { step(me, PeerUp{seats_[other]->member}); });
  };
  meet(a, b);
  meet(b, a);
}

void World::part(Seat me, MemberIndex from) {
  at(now_ + link_up, [this, me, from] { step(me, PeerDown{from}); });
}

void World::join(MemberIndex a, MemberIndex b) {
  link(a, b).cut = false;
  link(b, a).cut = false;
  for (Seat one = 0; one < seats(); ++one) {
    for (Seat two = 0; two < seats(); ++two) {
      if (seats_[one]->member == a && seats_[two]->member == b && linked(*seats_[one], *seats_[two])) greet(one, two);
    }
  }
}

void World::reset(MemberIndex a, MemberIndex b) {
  ++link(a, b).life;
  ++link(b, a).life;
  if (!link(a, b).cut && !link(b, a).cut) join(a, b);
}

void World::say(Seat from, MemberIndex to, const SharedFrame& frame) {
  SeatState& seat = *seats_[from];
  if (seat.mouth != nullptr) return seat.mouth->says(from, to, frame);
  post(from, to, frame);
}

void World::post(Seat from, MemberIndex to, SharedFrame frame) {
  const SeatState& sender = *seats_[from];
  if (sender.mouth != nullptr) {
    for (Witness* witness : witnesses_) witness->lies(sender.member, to, *frame);
  }
  if (filter_ && !filter_(sender.member, to, frame)) return;
  for (Seat seat = 0; seat < seats(); ++seat) {
    if (seats_[seat]->member == to && linked(sender, *seats_[seat])) carry(from, seat, frame);
  }
}

void World::carry(Seat from, Seat to, const SharedFrame& frame) {
  const MemberIndex sender = seats_[from]->member;
  Link& way = link(sender, seats_[to]->member);
  if (way.cut || now_ < way.shut_until) return;
  const LinkQuality& quality = way.quality;
  if (wire_chance_.ppm(quality.loss_ppm)) return suffer(Fault::frame_lost, to);
  MonoTime arrival = now_ + quality.delay + micros(wire_chance_.between(0, quality.jitter.value));
  if (quality.bytes_per_ms != 0) {
    const auto takes = static_cast<std::int64_t>(frame->size() * 1000 / quality.bytes_per_ms);
    way.free_at = std::max(way.free_at, now_) + micros(takes);
    arrival = arrival + (way.free_at - now_);
  }
  if (wire_chance_.ppm(quality.late_ppm)) {
    arrival = arrival + micros(wire_chance_.between(0, quality.late_max.value));
    suffer(Fault::frame_late, to);
  }
  arrival = std::max(arrival, way.clogged_until);
  if (quality.in_order) arrival = way.last_arrival = std::max(arrival, way.last_arrival);
  push(Item{arrival, 0, to, sender, 0, way.life, frame, {}});
  if (wire_chance_.ppm(quality.double_ppm)) {
    push(Item{arrival + micros(wire_chance_.between(1, 30'000)), 0, to, sender, 0, way.life, frame, {}});
    suffer(Fault::frame_doubled, to);
  }
  if (wire_chance_.ppm(quality.replay_ppm)) {
    push(Item{arrival + micros(wire_chance_.between(200'000, 8'000'000)), 0, to, sender, 0, way.life, frame, {}});
    suffer(Fault::frame_replayed, to);
  }
}

void World::deliver(Item item) {
  SeatState& seat = *seats_[item.seat];
  const Link& way = link(item.from, seat.member);
  if (!seat.machine || way.cut || way.life != item.link_life) return;
  if (seat.mouth != nullptr) item.frame = seat.mouth->hears(item.seat, item.from, item.frame);
  for (Witness* witness : witnesses_) witness->hears(item.seat, item.from, *item.frame);
  step(item.seat, FromPeer{item.from, *item.frame});
}

/// The link goes down, and comes up after a while.
void World::disconnect(Seat seat, MemberIndex member) {
  if (settings_.shut_after_fault.value == 0) return;
  const MemberIndex me = seats_[seat]->member;
  const MonoTime until = now_ + settings_.shut_after_fault;
  for (Link* way : {&link(me, member), &link(member, me)}) {
    ++way->life;
    way->shut_until = until;
  }
  for (Seat one = 0; one < seats(); ++one) {
    if (seats_[one]->member == me) part(one, member);
    if (seats_[one]->member == member) part(one, me);
  }
  at(until, [this, me, member] {
    if (!link(me, member).cut && !link(member, me).cut) join(me, member);
  });
}

// ---- disks

void World::persist(Seat index, const Persist& persist) {
  SeatState& seat = *seats_[index];
  Disk& disk = seat.disk;
  disk.waiting.push_back({persist.id, persist.record});
  if (disk.full) {
    suffer(Fault::disk_full, index);
    return end(index, std::nullopt);  // a failed write stops the node
  }
  if (before_durable_ && before_durable_(index, persist.record)) {
    disk.waiting.pop_back();
    return end(index, std::nullopt);
  }
  if (!disk.stalled) write(index);
}

void World::write(Seat index) {
  SeatState& seat = *seats_[index];
  Disk& disk = seat.disk;
  Micros takes = disk.quality.latency + micros(disk_chance_.between(0, disk.quality.jitter.value));
  if (disk_chance_.ppm(disk.quality.slow_ppm)) {
    takes = takes + micros(disk_chance_.between(0, disk.quality.slow_max.value));
    suffer(Fault::disk_slow, index);
  }
  disk.free_at = std::max(disk.free_at, now_) + takes;
  at(disk.free_at, [this, index, life = seat.life] { complete(index, life); });
}

void World::complete(Seat index, std::uint64_t life) {
  SeatState& seat = *seats_[index];
  if (seat.life != life || seat.disk.waiting.empty()) return;
  const Disk::Write done = std::move(seat.disk.waiting.front());
  seat.disk.waiting.pop_front();
  append(seat.disk, done.record);
  for (Witness* witness : witnesses_) witness->durable(index, done.record);
  if (after_durable_ && after_durable_(index, done.record)) return end(index, std::nullopt);
  step(index, Persisted{done.id});
}

void World::append(Disk& disk, Bytes record) {
  disk.log.append(std::move(record), Height{disk.ledger.size()}, disk.quality.log);
}

void World::stall_disk(Seat seat) {
  seats_[seat]->disk.stalled = true;
}

void World::resume_disk(Seat index) {
  Disk& disk = seats_[index]->disk;
  if (!disk.stalled) return;
  disk.stalled = false;
  for (std::size_t i = 0; i < disk.waiting.size(); ++i) write(index);
}

// ---- ledgers

void World::keep(Seat index, const Attested& attested) {
  SeatState& seat = *seats_[index];
  if (attested.live) ++seat.live;
  const auto store = [this, index, life = seat.life, batch = attested.batch] {
    SeatState& owner = *seats_[index];
    const std::uint64_t expected = owner.disk.ledger.size() + 1;
    if (owner.life != life || batch->header.height.value != expected) return;
    owner.disk.ledger.push_back(batch);
    at(now_, [this, index, life, tip = batch->header.height] {
      if (seats_[index]->life == life) step(index, Stored{tip});
    });
  };
  if (seat.disk.quality.ledger_lag.value == 0) return store();
  at(now_ + seat.disk.quality.ledger_lag, [this, index, store] {
    store();
    follow_epochs(index);
  });
}

void World::read(Seat index, const ReadLedger& wanted) {
  SeatState& seat = *seats_[index];
  ++seat.reads;
  LedgerRange range{wanted.peer, {}};
  const auto& ledger = seat.disk.ledger;
  for (std::size_t i = wanted.from.value - 1; i < ledger.size() && range.batches.size() < wanted.count_max; ++i) {
    range.batches.push_back(*ledger[i]);
  }
  at(now_ + seat.disk.quality.read, [this, index, life = seat.life, range] {
    if (seats_[index]->life == life) step(index, range);
  });
}

}  // namespace assay::threshold::sim
