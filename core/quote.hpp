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

/// Whether an instrument is traded at its venue, by the venue's own word.
enum class Trading : std::uint8_t {
  unsaid,   ///< nothing is said of it here: it stays what it was, and is taken for traded at first
  trading,  ///< its prices are what somebody trades at
  halted    ///< listed and not traded: auctions, maintenance, cancel-only. Its prices are those of before
};

/// What one venue says of one instrument at one moment, exact, with its clock and ours. Without bid, ask and last it
/// tells of `trading` alone.
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
  /// Zero for what a venue says just now. Else it said so that long before, and its stream, which tells of every
  /// change, went on until now without another word of it: the quote still stands.
  Micros repeated = {};
  Trading trading = Trading::unsaid;
};

/// Whether it tells of any price at all.
inline bool has_price(const Quote& quote) {
  return quote.bid || quote.ask || quote.last;
}

/// When the venue said it: a repeated quote is older than the moment until which it is known to stand.
inline WallTime told_time(const Quote& quote) {
  return quote.recv_time + Micros{-quote.repeated.value};
}
inline MonoTime told_mono(const Quote& quote) {
  return quote.recv_mono + Micros{-quote.repeated.value};
}

}  // namespace assay
