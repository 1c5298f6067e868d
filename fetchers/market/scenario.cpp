#include "fetchers/market/scenario.hpp"

#include <algorithm>

namespace assay::fetchers::market {

Order undone(const Order& order) {
  if (const auto* move = std::get_if<MoveOrder>(&order)) return MoveOrder{move->asset, 1'000'000, move->over};
  const auto& fault = std::get<FaultOrder>(order);
  FaultOrder end{fault.venue, {}};
  if (concerns_instruments(fault.fault.kind)) end.fault.symbol = fault.fault.symbol;  // only this one comes back
  return end;
}

ScenarioPlayer::ScenarioPlayer(const Scenario& scenario) : period_(scenario.period) {
  for (const ScenarioEvent& event : scenario.events) {
    if (event.lasts > Micros{}) moments_.push_back({event.at + event.lasts, undone(event.order)});
  }
  for (const ScenarioEvent& event : scenario.events) moments_.push_back({event.at, event.order});
  std::stable_sort(moments_.begin(), moments_.end(), [](const Moment& a, const Moment& b) { return a.at < b.at; });
}

std::vector<Order> ScenarioPlayer::due(Micros since_start) {
  std::vector<Order> orders;
  while (!moments_.empty()) {
    if (next_ == moments_.size()) {
      if (period_ == Micros{} || round_ + period_ > since_start) break;
      round_ = round_ + period_;
      next_ = 0;
    }
    if (round_ + moments_[next_].at > since_start) break;
    orders.push_back(moments_[next_++].order);
  }
  return orders;
}

}  // namespace assay::fetchers::market
