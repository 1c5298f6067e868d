#include "fetchers/halts.hpp"

namespace assay::fetchers {

bool Halts::say(const std::string& symbol, Road road, Trading said) {
  switch (said) {
    case Trading::unsaid:
      return false;
    case Trading::halted: {
      std::set<Road>& roads = halted_by_[symbol];
      const bool traded = roads.empty();
      roads.insert(road);
      return traded;
    }
    case Trading::trading: {
      const auto known = halted_by_.find(symbol);
      return known != halted_by_.end() && known->second.erase(road) > 0 && known->second.empty();
    }
  }
  return false;
}

std::vector<std::string> Halts::withdraw(Road road) {
  std::vector<std::string> free;
  for (auto& [symbol, roads] : halted_by_) {
    if (roads.erase(road) > 0 && roads.empty()) free.push_back(symbol);
  }
  return free;
}

Trading Halts::of(std::string_view symbol) const {
  const auto known = halted_by_.find(symbol);
  if (known == halted_by_.end()) return Trading::unsaid;
  return known->second.empty() ? Trading::trading : Trading::halted;
}

}  // namespace assay::fetchers
