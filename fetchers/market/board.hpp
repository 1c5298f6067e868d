#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "fetchers/market/faults.hpp"
#include "fetchers/market/walk.hpp"

namespace assay::fetchers::market {

struct Pair {
  std::string base;   ///< "BTC"
  std::string quote;  ///< "USD"
  friend bool operator==(const Pair&, const Pair&) = default;
};

/// Splits "BTC/USD". Both sides hold 2..10 capital letters or digits; empty strings otherwise.
Pair pair_of(const std::string& symbol);

/// The assets of these pairs, each once, as known_asset() has them; the dollar needs no walk.
std::vector<WalkAsset> assets_of(const std::vector<Pair>& pairs);

/// What a venue says of one pair now. Prices, sizes and volumes at 1e-8.
struct Ticker {
  std::int64_t bid_e8 = 0;
  std::int64_t ask_e8 = 0;
  std::int64_t last_e8 = 0;
  std::int64_t bid_size_e8 = 0;
  std::int64_t ask_size_e8 = 0;
  std::int64_t last_size_e8 = 0;
  std::int64_t open_e8 = 0;
  std::int64_t high_e8 = 0;
  std::int64_t low_e8 = 0;
  std::int64_t volume_e8 = 0;  ///< of the base asset
  std::uint64_t sequence = 0;  ///< grows with every step
  WallTime time;
};

/// The seed of one venue's board in a market with this seed.   venue_index  place in market_venues()
std::uint64_t board_seed(std::uint64_t market_seed, std::size_t venue_index);

/// One venue's view of the walk: a bias of its own, noise, a spread, and the fault it suffers from.
/// bid < last <= ask, all on the venue's price grid, unless the venue's fault is a crossed book.
class Board {
 public:
  struct Terms {
    std::int64_t bias_max_ppm = 60;
    std::int64_t noise_max_ppm = 30;
    std::int64_t half_spread_ppm = 40;
  };
  Board(std::uint64_t seed, std::vector<Pair> pairs, Terms terms);

  /// Draws every pair anew from the walk, or keeps it where the venue is stuck.
  void step(const Walk& walk, const Fault& fault, WallTime time);

  const std::vector<Pair>& pairs() const noexcept { return pairs_; }
  /// Takes a pair off the venue's list, or ends its trading, or puts it back.
  ///   symbol  "BTC/USD"; "*" is every pair;  false: no such pair
  bool delist(std::string_view symbol) { return mark(listed_, symbol, 0); }
  bool halt(std::string_view symbol) { return mark(traded_, symbol, 0); }
  void relist(std::string_view symbol) { mark(listed_, symbol, 1); }
  void resume(std::string_view symbol) { mark(traded_, symbol, 1); }
  /// pair < pairs().size().
  bool is_listed(std::size_t pair) const { return listed_.at(pair) != 0; }
  bool is_traded(std::size_t pair) const { return traded_.at(pair) != 0; }
  /// Whether anything on the list is traded, so that the venue as a whole is open.
  bool is_open() const;
  /// pair < pairs().size(). Zeros before the first step.
  const Ticker& ticker(std::size_t pair) const { return tickers_.at(pair); }
  /// What it was before the newest step.
  const Ticker& ticker_before(std::size_t pair) const { return before_.at(pair); }

 private:
  bool mark(std::vector<std::uint8_t>& marks, std::string_view symbol, std::uint8_t value);

  std::vector<Pair> pairs_;
  Terms terms_;
  Dice dice_;
  std::vector<std::int64_t> bias_ppm_;  ///< parallel to pairs_
  std::vector<Ticker> tickers_;         ///< parallel to pairs_
  std::vector<Ticker> before_;          ///< likewise
  std::vector<std::uint8_t> listed_;    ///< parallel to pairs_: 1 on the list, 0 not
  std::vector<std::uint8_t> traded_;    ///< parallel to pairs_: 1 traded, 0 halted
};

}  // namespace assay::fetchers::market
