#include <array>

#include "fetchers/market/dialects/dialects.hpp"
#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

/// A pool of the main network. The token with the lower address is token 0; `base_is_first`: the base is that.
struct Pool {
  std::string_view symbol;
  std::string_view address;
  bool base_is_first;
  int base_decimals;
  int quote_decimals;
};

constexpr std::array<Pool, 6> pools{{{"WETH/USDC", "88e6a0c2ddd26feeb64f039a2c41296fcb3f5640", false, 18, 6},
                                     {"WETH/USDT", "11b815efb8f581194ae79006d24e0d814b7697f6", true, 18, 6},
                                     {"WBTC/WETH", "4585fe77225b41b697c938b018e2ac67ac5a20c0", true, 8, 18},
                                     {"WBTC/USDC", "99ac8ca7087fa4a2a1fb6357269965a2014abc35", true, 8, 6},
                                     {"USDC/USDT", "3416cf6c708da44db2624d63ea0aaef7113527c6", true, 6, 6},
                                     {"DAI/USDC", "5777d92f208679db4b9778590fa3cab3ac9e2168", true, 18, 6}}};

const Pool* pool_of(const Pair& pair) {
  for (const Pool& pool : pools) {
    if (pool.symbol == slashed(pair)) return &pool;
  }
  return nullptr;
}

std::string pool_symbol(const Pair& pair) {
  return pool_of(pair) != nullptr ? slashed(pair) : "";
}

constexpr std::int64_t one_q40 = std::int64_t{1} << 40U;
constexpr std::int64_t log2_ten_q40 = 3'652'498'566'964;    ///< log2(10)
constexpr std::int64_t log2_tick_q56 = 10'395'193'606'672;  ///< log2(1.0001)
constexpr std::int64_t period_s = 1800;

/// log2 of a positive number in 40 binary places: the whole part from its length, each place from a squaring.
std::int64_t log2_q40(std::uint64_t value) {
  int length = 63;
  while ((value >> static_cast<unsigned>(length)) == 0) --length;
  std::int64_t out = length * one_q40;
  unsigned __int128 mantissa = static_cast<unsigned __int128>(value)
                               << static_cast<unsigned>(63 - length);  // [2^63, 2^64)
  for (std::int64_t bit = one_q40 / 2; bit > 0; bit /= 2) {
    mantissa = mantissa * mantissa >> 63U;
    if (mantissa >> 64U != 0) {
      mantissa >>= 1U;
      out += bit;
    }
  }
  return out;
}

/// The tick of a price: log to base 1.0001 of token 1 per token 0 in their smallest units, rounded down.
std::int64_t tick_of(std::int64_t price_e8, const Pool& pool) {
  std::int64_t log =
      log2_q40(static_cast<std::uint64_t>(price_e8)) + log2_ten_q40 * (pool.quote_decimals - pool.base_decimals - 8);
  if (!pool.base_is_first) log = -log;
  const __int128 scaled = static_cast<__int128>(log) << 16U;
  const auto tick = static_cast<std::int64_t>(scaled / log2_tick_q56);
  return scaled % log2_tick_q56 < 0 ? tick - 1 : tick;
}

std::string word(std::int64_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(64, value < 0 ? 'f' : '0');
  auto rest = static_cast<std::uint64_t>(value);
  for (std::size_t i = 64; i > 48; --i, rest >>= 4U) out[i - 1] = digits[rest & 15U];
  return out;
}

/// What observe([period, 0]) returns: both lists, each behind its offset with its length before it.
std::string observed(std::int64_t tick) {
  constexpr std::int64_t before = 1'000'000'000;
  return "0x" + word(64) + word(160) + word(2) + word(before) + word(before + tick * period_s) + word(2) + word(1) +
         word(2);
}

/// A batch of JSON-RPC calls to pools.
std::optional<RestAnswer> call(const Asked& asked) {
  if (asked.method != Method::post) return std::nullopt;
  const Heard heard(asked.body);
  std::string answers;
  for (std::size_t i = 0; i < heard_names_max; ++i) {
    const std::string at = "/" + std::to_string(i);
    const std::string id = heard.at(at + "/id");
    if (id.empty()) break;
    const std::string to = lower(heard.at(at + "/params/0/to"));
    std::string answer = R"("error":{"code":-32000,"message":"execution reverted"})";
    for (std::size_t pair = 0; pair < asked.board.pairs().size(); ++pair) {
      const Pool* pool = pool_of(asked.board.pairs()[pair]);
      if (pool == nullptr || to != "0x" + std::string(pool->address) || !asked.board.is_listed(pair)) continue;
      const Ticker& ticker = asked.board.ticker(pair);
      answer = R"("result":")" + observed(tick_of(ticker.bid_e8 / 2 + ticker.ask_e8 / 2, *pool)) + "\"";
    }
    answers += (answers.empty() ? "" : ",") + (R"({"jsonrpc":"2.0","id":")" + id + "\"," + answer + "}");
  }
  return RestAnswer{200, "[" + answers + "]", {}};
}

}  // namespace

const Dialect& uniswap_dialect() {
  static const Dialect dialect{
      .venue = "uniswap",
      .spell = pool_symbol,
      .unknown = {405, R"({"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"POST only"}})"},
      .rest_otherwise = call};
  return dialect;
}

}  // namespace assay::fetchers::market
