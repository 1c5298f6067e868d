#include "core/check.hpp"
#include "threshold/sim/world.hpp"

namespace assay::threshold::sim {

void World::add_epoch(Quorum quorum, std::uint32_t feeds, Shares shares) {
  check(seats_.size() == members_, "twins come after the last epoch");
  const Term& before = terms_.back();
  const frost::Dealt& dealt = shares == Shares::kept ? *before.dealt : keys_.renewed.at(quorum.n);
  terms_.push_back({next_committee(keys_, before.committee, terms_.front().feeds, dealt), &dealt, feeds,
                    Market(settings_.seed, feeds, settings_.weather)});
  for (; members_ < quorum.n; ++members_) {
    auto seat = std::make_unique<SeatState>(MemberIndex{members_}, mix(settings_.seed, members_));
    seat->disk.quality = settings_.disks;
    seat->epoch = terms_.size() - 1;
    seats_.push_back(std::move(seat));
  }
}

void World::stage(Seat index, File file) {
  SeatState& seat = *seats_[index];
  seat.staged.reset();
  if (seat.epoch + 1 < terms_.size() && file == File::right) {
    seat.staged = committee(seat.epoch + 1).descent->announced_as;
  }
  if (file == File::wrong) seat.staged = sha256(as_bytes("another network file"));
  step(index, Staged{seat.staged});
}

bool World::holds_next(Seat index) const {
  const SeatState& seat = *seats_[index];
  return seat.epoch + 1 < terms_.size() && seat.staged == committee(seat.epoch + 1).descent->announced_as;
}

void World::move_on(Seat index) {
  SeatState& seat = *seats_[index];
  if (seat.epoch + 1 >= terms_.size()) return;
  if (alive(index)) halt(index);
  for (Witness* witness : witnesses_) witness->moves_on(index);
  ++seat.epoch;
  seat.staged.reset();
  seat.disk.old_log = std::exchange(seat.disk.log, {});
  seat.left = seat.member.value >= quorum(seat.epoch).n;
  restart(index);
}

/// As a node does: the next machine starts from what its ledger holds, with a safety log of its own.
void World::follow_epochs(Seat index) {
  const SeatState& seat = *seats_[index];
  if (!seat.machine || !holds_next(index)) return;
  const ProtocolStatus status = seat.machine->status();
  const bool announced = status.part == Part::ended && status.next_epoch == seat.staged;
  if (announced && seat.disk.ledger.size() == status.tip.value) move_on(index);
}

}  // namespace assay::threshold::sim
