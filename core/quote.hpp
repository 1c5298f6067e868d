#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/decimal.hpp"
#include "core/time.hpp"

namespace assay {

/// What one venue says of one instrument at one moment, exact, with its clock and ours.
struct Quote {
  std::string venue;   ///< stem used in the network file: "kraken"
  std::string symbol;  ///< as the venue writes it: "XBT/USD"
  std::optional<Decimal> bid;
  std::optional<Decimal> ask;
  std::optional<Decimal> last;
  std::optional<WallTime> venue_time;
  WallTime recv_time;  ///< our UTC clock when the frame was complete
  MonoTime recv_mono;  ///< our monotonic clock at that moment: ages count from here
};

}  // namespace assay
