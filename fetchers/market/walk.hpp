#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::fetchers::market {

/// A small seeded generator: equal seeds give equal markets on every machine. SplitMix64 (Steele, Lea, Flood 2014).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t draw() noexcept;
  /// Uniform in [-bound, bound].
  std::int64_t around_zero(std::int64_t bound) noexcept;

 private:
  std::uint64_t state_;
};

/// One asset's price in US dollars, at 1e-8.
struct WalkAsset {
  std::string name;               ///< "BTC"
  std::int64_t start_e8 = 0;      ///< 1e2..1e14, i.e. up to a million dollars
  std::int64_t step_max_ppm = 0;  ///< largest move in one step
};

/// The assets that the demo knows: BTC, ETH, SOL, USDC and USDT (about 1.0001). Any other name starts at a price drawn
/// from its letters.
WalkAsset known_asset(std::string_view name);

/// A seeded integer random walk per asset, pulled gently to where it started, so that it stays within a factor of two.
class Walk {
 public:
  Walk(std::uint64_t seed, std::vector<WalkAsset> assets);
  /// Moves every asset once.
  void step();
  /// Draws an asset's price away from its walk, or back to it, evenly over so many steps: 880'000 ends 12 % below.
  ///   false  unknown asset
  bool shift(std::string_view asset, std::int64_t factor_e6, std::uint64_t steps);
  std::uint64_t steps() const noexcept { return steps_; }
  /// USD at 1e-8; 0 for an unknown asset; 1e8 for "USD".
  std::int64_t usd_e8(std::string_view asset) const;
  /// Price of `base` in `quote`, at 1e-8, rounded down; 0 when either is unknown.
  std::int64_t price_e8(std::string_view base, std::string_view quote) const;

 private:
  std::vector<WalkAsset> assets_;
  /// How far an asset is drawn away from its walk.
  struct Shift {
    std::int64_t now_e6 = 1'000'000;
    std::int64_t target_e6 = 1'000'000;
    std::uint64_t steps_left = 0;
  };

  std::vector<std::int64_t> prices_e8_;  ///< parallel to assets_
  std::vector<Shift> shifts_;            ///< parallel to assets_
  Dice dice_;
  std::uint64_t steps_ = 0;
};

}  // namespace assay::fetchers::market
