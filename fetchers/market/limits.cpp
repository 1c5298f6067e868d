#include "fetchers/market/limits.hpp"

#include <algorithm>
#include <array>
#include <iterator>

namespace assay::fetchers::market {

struct Toll::Row {
  std::string_view venue;
  std::array<Rule, 2> requests{};
  Rule connects{};
  Rule frames{};
  /// What weighs more than one: the first whose words stand in the request.
  struct Weight {
    std::string_view words{};
    std::uint64_t weight = 1;
  };
  std::array<Weight, 4> weights{};
};

namespace {

constexpr std::int64_t second = 1'000'000;

}  // namespace

const Toll::Row* Toll::find(std::string_view venue) {
  constexpr auto in = [](std::uint64_t allowance, std::int64_t seconds) {
    return Rule{.allowance = allowance, .window = Micros{seconds * second}};
  };
  static constexpr Row rows[] = {
      {"binance", {in(6000, 60)}, in(300, 300), in(5, 1), {{{"bookTicker", 4}, {"exchangeInfo", 20}}}},
      {"binance_us", {in(1200, 60)}, in(300, 300), in(5, 1), {{{"bookTicker", 4}, {"exchangeInfo", 20}}}},
      {"bitfinex", {in(30, 60)}, in(20, 60)},
      {"bitget", {in(20, 1)}, {}, in(10, 1)},
      {"bithumb", {in(150, 1)}, in(10, 1)},
      {"bitstamp", {in(400, 1), in(10'000, 600)}},
      {"bybit", {in(600, 5)}, in(500, 300)},
      {"coinbase_advanced", {in(10, 1)}, in(8, 1), in(8, 1)},
      {"coinbase_exchange", {in(10, 1)}, in(8, 1), in(100, 1)},
      {"coingecko", {in(5, 60)}},
      {"crypto_com", {in(100, 1)}, {}, in(100, 1)},
      {"deribit", {in(20, 1)}, {}, in(3, 1)},
      {"dydx", {in(100, 10)}},
      {"gateio", {in(200, 10)}},
      {"gemini", {in(120, 60), in(1, 1)}},
      {"htx", {in(10, 1)}, in(50, 1)},
      {"hyperliquid",
       {in(1200, 60)},
       in(30, 60),
       in(2000, 60),
       {{{"\"l2Book\"", 2}, {"\"meta\"", 20}, {"\"spotMeta\"", 20}}}},
      {"kraken", {in(1, 1)}, in(150, 600)},
      {"kucoin",
       {in(2000, 30)},
       in(30, 60),
       in(100, 10),
       {{{"allTickers", 15}, {"level1", 2}, {"bullet-public", 10}, {"/symbols", 4}}}},
      {"mexc", {in(500, 10)}, {}, {}, {{{"exchangeInfo", 10}}}},
      {"okx", {in(20, 2)}, in(3, 1), in(480, 3600)},
      {"upbit", {in(10, 1)}, in(5, 1), in(5, 1)},
  };
  const auto found = std::find_if(std::begin(rows), std::end(rows), [&](const Row& row) { return row.venue == venue; });
  return found == std::end(rows) ? nullptr : &*found;
}

Toll::Toll(std::string_view venue) : row_(find(venue)) {
  if (row_ == nullptr) return;
  for (const Rule& rule : row_->requests) {
    if (rule.allowance > 0) requests_.push_back({.rule = rule, .spent = {}});
  }
  if (row_->connects.allowance > 0) connects_.push_back({.rule = row_->connects, .spent = {}});
}

std::optional<TooMuch> Toll::ask(WallTime now, std::string_view request) {
  std::uint64_t weight = 1;
  if (row_ != nullptr) {
    for (const Row::Weight& one : row_->weights) {
      if (one.words.empty() || request.find(one.words) == std::string_view::npos) continue;
      weight = one.weight;
      break;
    }
  }
  return charge(now, requests_, weight);
}

std::optional<TooMuch> Toll::connect(WallTime now) {
  return charge(now, connects_, 1);
}

std::optional<TooMuch> Toll::charge(WallTime now, std::vector<Book>& books, std::uint64_t weight) {
  ++asked_;
  const auto seconds_to = [now](WallTime until) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(((until - now).value + second - 1) / second, 1));
  };
  WallTime free_at = now;
  for (Book& book : books) {
    while (!book.spent.empty() && book.spent.front().at + book.rule.window <= now) {
      book.total -= book.spent.front().weight;
      book.spent.pop_front();
    }
    std::uint64_t left = book.total;
    for (const Spent& spent : book.spent) {
      if (left + weight <= book.rule.allowance) break;
      left -= spent.weight;
      free_at = std::max(free_at, spent.at + book.rule.window);
    }
  }
  if (now < banned_until_ || free_at > now) {
    ++refused_;
    if (now < told_until_ && ++defied_ >= patience) banned_until_ = std::max(banned_until_, now + ban);
    told_until_ = std::max({told_until_, free_at, banned_until_});
    const bool banned = now < banned_until_;
    return TooMuch{.status = banned ? 418U : 429U, .retry_after_s = seconds_to(banned ? banned_until_ : free_at)};
  }
  defied_ = 0;
  for (Book& book : books) {
    book.spent.push_back({now, weight});
    book.total += weight;
  }
  return std::nullopt;
}

bool Toll::hear(WallTime now, Frames& frames) {
  if (row_ == nullptr || row_->frames.allowance == 0) return true;
  while (!frames.sent.empty() && frames.sent.front() + row_->frames.window <= now) frames.sent.pop_front();
  if (frames.sent.size() >= row_->frames.allowance) {
    ++refused_;
    return false;
  }
  frames.sent.push_back(now);
  return true;
}

}  // namespace assay::fetchers::market
