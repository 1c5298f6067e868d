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
      if (known == halted_by_.end() || known->second.empty()) return false;
      known->second.erase(road);
      known->second.erase(ended);
      if (road != list) known->second.erase(answers);
      return known->second.empty();
    }
  }
  return false;
}

void Halts::end(Road stream) {
  for (auto& [symbol, roads] : halted_by_) {
    if (roads.erase(stream) > 0) roads.insert(ended);
  }
}

Trading Halts::of(std::string_view symbol) const {
  const auto known = halted_by_.find(symbol);
  if (known == halted_by_.end()) return Trading::unsaid;
  return known->second.empty() ? Trading::trading : Trading::halted;
}

}  // namespace assay::fetchers
