#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::fetchers {

/// Which token of a pool is priced; the other one is what the price counts.
enum class PoolSide : std::uint8_t { token0, token1 };

/// The price that a Uniswap v3 pool's sqrtPriceX96 stands for.
///   sqrt_price   64 hex digits of either case: an unsigned 160-bit number, the square root of token1 per token0 in
///                their smallest units, times 2^96
///   decimals     of both tokens, at most 36
///   returns      token1 per token0 in whole tokens for PoolSide::token0, its inverse for token1, as decimal text of at
///                most 18 significant digits, cut towards zero, with an exponent where zeros would be many; none for a
///                square root of zero (an uninitialised pool) or text that is no such number
///   cost         integers of 640 bits, exact until the cut;  pure, any thread
std::optional<std::string> pool_price(std::string_view sqrt_price, unsigned decimals0, unsigned decimals1,
                                      PoolSide side);

/// The price that a tick stands for: 1.0001^tick of token1 per token0 in their smallest units.
///   tick      -887,272..887,272, else none
///   returns   as pool_price(), but rounded to 12 significant digits;  cost  about 40 multiplications, then as above
std::optional<std::string> tick_price(std::int32_t tick, unsigned decimals0, unsigned decimals1, PoolSide side);

}  // namespace assay::fetchers
