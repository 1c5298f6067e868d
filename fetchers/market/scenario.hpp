#pragma once
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/time.hpp"
#include "fetchers/market/faults.hpp"
#include "fetchers/market/walk.hpp"

namespace assay::fetchers::market {

/// A venue begins to misbehave, or ends with it.
struct FaultOrder {
  std::string venue;  ///< "*" is every one, at the same step
  Fault fault;
};

/// An asset is drawn away from its walk in every pair and at every venue: a crash, a stablecoin that loses its peg.
struct MoveOrder {
  std::string asset;  ///< "USDC"
  std::int64_t factor_e6 = 1'000'000;
  Micros over;  ///< how long the way takes
};

using Order = std::variant<FaultOrder, MoveOrder>;

struct ScenarioEvent {
  Micros at;     ///< since the market began
  Micros lasts;  ///< then it is undone; zero: it stays
  Order order;
};

/// A market as a file describes it.
struct Scenario {
  std::uint64_t seed = 1;
  Micros push_interval = millis(150);
  std::vector<std::string> symbols;  ///< beside those that are asked for otherwise
  std::vector<WalkAsset> assets;     ///< in place of known_asset()
  std::vector<ScenarioEvent> events;
  Micros period;  ///< the events begin anew this often; zero: once
};

/// What undoes an order.
Order undone(const Order& order);

/// Says when which order is due. Pure: it is told the time.
class ScenarioPlayer {
 public:
  explicit ScenarioPlayer(const Scenario& scenario);
  /// Everything due up to `since_start` that was not given before, in order of time; what ends comes before what begins
  /// at the same moment.   cost  O(due)
  std::vector<Order> due(Micros since_start);

 private:
  struct Moment {
    Micros at;
    Order order;
  };
  std::vector<Moment> moments_;  ///< ascending
  Micros period_;
  Micros round_;  ///< when the present round began
  std::size_t next_ = 0;
};

}  // namespace assay::fetchers::market
