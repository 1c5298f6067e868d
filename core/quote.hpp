#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/decimal.hpp"
#include "core/time.hpp"

namespace assay {

/// One price of an order book and how much of the base stands there.
struct PriceLevel {
  Decimal price;
  Decimal size;

  friend bool operator==(const PriceLevel& a, const PriceLevel& b) {
    return compare(a.price, b.price) == 0 && compare(a.size, b.size) == 0;
  }
};
/// Levels of one side that a quote carries; the rest of a longer book is left out.
inline constexpr std::size_t book_levels_max = 50;

/// What one venue says of one instrument at one moment, exact, with its clock and ours.
struct Quote {
  std::string venue;   ///< stem used in the network file: "kraken"
  std::string symbol;  ///< as the venue writes it: "XBT/USD"
  std::optional<Decimal> bid;
  std::optional<Decimal> ask;
  std::optional<Decimal> last;
  std::vector<PriceLevel> bids = {};  ///< best first, at most book_levels_max; empty: depth unknown
  std::vector<PriceLevel> asks = {};  ///< likewise
  std::optional<WallTime> venue_time;
  WallTime recv_time;  ///< our UTC clock when the frame was complete
  MonoTime recv_mono;  ///< our monotonic clock at that moment: ages count from here
};

}  // namespace assay
