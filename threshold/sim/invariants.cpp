#include "threshold/sim/invariants.hpp"

#include <algorithm>

namespace assay::threshold::sim {

Invariants::Invariants(const World& world, Counts& counts) : world_(world), counts_(counts), chronicle_(world) {
  learn_epochs();
}

void Invariants::learn_epochs() {
  while (rules_.size() < world_.epochs()) rules_.emplace_back(world_, rules_.size(), chronicle_, counts_);
}

void Invariants::distrust(MemberIndex member) {
  for (EpochRules& rules : rules_) rules.distrust(member);
}

void Invariants::frame(MemberIndex member) {
  for (EpochRules& rules : rules_) rules.frame(member);
}

bool Invariants::framed(MemberIndex member) const {
  return std::ranges::any_of(rules_, [&](const EpochRules& rules) { return rules.framed(member); });
}

bool Invariants::trusted(MemberIndex member) const {
  return std::ranges::all_of(rules_, [&](const EpochRules& rules) { return rules.trusted(member); });
}

void Invariants::started(Seat seat, const Start& start) {
  rules_of(seat).started(seat, start);
}

void Invariants::ended(Seat seat, std::optional<Error> why) {
  rules_of(seat).ended(seat, why);
}

void Invariants::does(Seat seat, const Effect& effect) {
  EpochRules& rules = rules_of(seat);
  const MemberIndex member{seat};
  const auto* attested = std::get_if<Attested>(&effect);
  if (attested == nullptr || seat >= world_.members() || !rules.trusted(member)) return rules.does(seat, effect);
  if (!attested->live) counts_.add(Branch::range_fetched);
  const std::size_t epoch = attested->batch->header.epoch.value;
  if (epoch >= rules_.size()) return report("epoch_switch", "a batch of an epoch that nobody prepared");
  rules_[epoch].attests(*attested->batch);
  if (epoch > newest_) switched(newest_ = epoch);
  // Who lost its log in the epoch before has its word again.
  const bool back = epoch > 0 && !rules_[epoch - 1].trusted(member) && rules.votes(member);
  if (back && readmitted_.insert(member).second) counts_.add(Branch::readmitted);
}

/// The first batch of an epoch is attested.
void Invariants::switched(std::size_t epoch) {
  counts_.add(Branch::epoch_switched);
  for (Seat seat = 0; seat < world_.members(); ++seat) {
    const bool behind = world_.alive(seat) && world_.seat(seat).epoch < epoch && trusted(MemberIndex{seat});
    if (behind && !world_.holds_next(seat)) counts_.add(Branch::held_out);
  }
}

void Invariants::durable(Seat seat, const Bytes& record) {
  rules_of(seat).durable(seat, record);
}

void Invariants::settled(Seat seat, const threshold::Event& event, const Protocol& machine, Now now) {
  rules_of(seat).settled(seat, event, machine, now);
}

void Invariants::lies(MemberIndex from, MemberIndex, const Bytes& frame) {
  // Twins may be in two epochs.
  for (EpochRules& rules : rules_) rules.lies(from, frame);
}

}  // namespace assay::threshold::sim
