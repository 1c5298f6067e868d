#include "fetchers/market/board.hpp"

#include <algorithm>
#include <utility>

namespace assay::fetchers::market {
namespace {

constexpr std::int64_t one_e8 = 100'000'000;
constexpr std::int64_t million = 1'000'000;
constexpr std::int64_t depth_usd = 50'000;
constexpr std::int64_t amount_max_e8 = std::int64_t{1} << 61;

std::int64_t moved(std::int64_t price_e8, std::int64_t ppm) {
  return price_e8 + static_cast<std::int64_t>(static_cast<__int128>(price_e8) * ppm / million);
}

std::int64_t washed(std::int64_t size_e8, const Fault& fault) {
  const __int128 product = static_cast<__int128>(size_e8) * fault.factor_e6 / million;
  return static_cast<std::int64_t>(std::min<__int128>(product, amount_max_e8));
}

/// Smallest step of a price, at 1e-8: cents from ten dollars on, finer below.
std::int64_t grid_e8(std::int64_t price_e8) {
  if (price_e8 >= 10 * one_e8) return one_e8 / 100;
  return price_e8 >= one_e8 / 2 ? one_e8 / 100'000 : 10;
}

bool asset_name(const std::string& text) {
  return text.size() >= 2 && text.size() <= 10 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); });
}

}  // namespace

Pair pair_of(const std::string& symbol) {
  const std::size_t slash = symbol.find('/');
  if (slash == std::string::npos) return {};
  Pair pair{symbol.substr(0, slash), symbol.substr(slash + 1)};
  return asset_name(pair.base) && asset_name(pair.quote) ? pair : Pair{};
}

std::vector<WalkAsset> assets_of(const std::vector<Pair>& pairs) {
  std::vector<WalkAsset> assets;
  const auto add = [&](const std::string& name) {
    const bool known =
        std::any_of(assets.begin(), assets.end(), [&](const WalkAsset& asset) { return asset.name == name; });
    if (!known && name != "USD") assets.push_back(known_asset(name));
  };
  for (const Pair& pair : pairs) {
    add(pair.base);
    add(pair.quote);
  }
  return assets;
}

std::uint64_t board_seed(std::uint64_t market_seed, std::size_t venue_index) {
  return market_seed * 1'000'003 + venue_index + 1;
}

Board::Board(std::uint64_t seed, std::vector<Pair> pairs, Terms terms)
    : pairs_(std::move(pairs)),
      terms_(terms),
      dice_(seed),
      tickers_(pairs_.size()),
      before_(pairs_.size()),
      listed_(pairs_.size(), 1),
      traded_(pairs_.size(), 1) {
  for (std::size_t i = 0; i < pairs_.size(); ++i) bias_ppm_.push_back(dice_.around_zero(terms_.bias_max_ppm));
}

bool Board::mark(std::vector<std::uint8_t>& marks, std::string_view symbol, std::uint8_t value) {
  bool found = false;
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    if (symbol != "*" && symbol != pairs_[i].base + "/" + pairs_[i].quote) continue;
    marks[i] = value;
    found = true;
  }
  return found;
}

bool Board::is_open() const {
  return std::any_of(traded_.begin(), traded_.end(), [](std::uint8_t traded) { return traded != 0; });
}

void Board::step(const Walk& walk, const Fault& fault, WallTime time) {
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    Ticker& ticker = tickers_[i];
    before_[i] = ticker;
    ++ticker.sequence;
    ticker.time = time;
    if (fault.kind == FaultKind::stuck && ticker.bid_e8 != 0) continue;
    const std::int64_t honest = walk.price_e8(pairs_[i].base, pairs_[i].quote);
    const std::int64_t ppm = bias_ppm_[i] + dice_.around_zero(terms_.noise_max_ppm);
    const std::int64_t price = std::max<std::int64_t>(faulty_price(moved(honest, ppm), fault, walk.steps()), 1000);
    const std::int64_t grid = grid_e8(price);
    ticker.bid_e8 = std::max(grid, moved(price, -terms_.half_spread_ppm) / grid * grid);
    ticker.ask_e8 = std::max(ticker.bid_e8 + grid, (moved(price, terms_.half_spread_ppm) + grid - 1) / grid * grid);
    const std::int64_t rungs = (ticker.ask_e8 - ticker.bid_e8) / grid;
    ticker.last_e8 =
        ticker.bid_e8 + grid * (1 + static_cast<std::int64_t>(dice_.draw() % static_cast<std::uint64_t>(rungs)));
    const auto size_e8 = static_cast<std::int64_t>(static_cast<__int128>(depth_usd) * one_e8 * one_e8 /
                                                   std::max<std::int64_t>(walk.usd_e8(pairs_[i].base), 1));
    ticker.bid_size_e8 = std::max<std::int64_t>(moved(size_e8, dice_.around_zero(500'000)), 1);
    ticker.ask_size_e8 = std::max<std::int64_t>(moved(size_e8, dice_.around_zero(500'000)), 1);
    const std::int64_t trade_e8 = std::max<std::int64_t>(size_e8 / 100, 1);
    ticker.last_size_e8 = fault.kind == FaultKind::wash ? washed(trade_e8, fault) : trade_e8;
    ticker.volume_e8 = std::min(ticker.volume_e8 + ticker.last_size_e8, amount_max_e8);
    if (ticker.open_e8 == 0) ticker.open_e8 = ticker.high_e8 = ticker.low_e8 = ticker.last_e8;
    ticker.high_e8 = std::max(ticker.high_e8, ticker.last_e8);
    ticker.low_e8 = std::min(ticker.low_e8, ticker.last_e8);
    if (fault.kind == FaultKind::crossed) std::swap(ticker.bid_e8, ticker.ask_e8);
  }
}

}  // namespace assay::fetchers::market
