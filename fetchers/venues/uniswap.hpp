#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// A pool of the operator's choice.
struct PoolDescription {
  std::string symbol;   ///< what the network file calls it: token0/token1, or the other way round for the inverse
  std::string address;  ///< "0x" and 40 hex digits, lower case
  std::string token0;   ///< "USDC": what the contract's token0() is
  std::string token1;
  unsigned decimals0 = 0;  ///< up to 36
  unsigned decimals1 = 0;
  std::uint32_t mean_s = 1800;  ///< the price is the mean over so long; 0: that of the moment, slot0()
};
inline constexpr std::size_t pools_max = 64;
inline constexpr std::uint32_t pool_mean_max_s = 86'400;

/// Which way round a pool's symbol is; false when it is neither.
bool is_symbol_of(const PoolDescription& pool);

/// Uniswap v3 pools on Ethereum, and pools that speak like them, through any JSON-RPC endpoint: some that are known,
/// and those that are described, which come first.
///   source  https://docs.uniswap.org/contracts/v3/reference/core/interfaces/pool/IUniswapV3PoolState (slot0),
///           .../IUniswapV3PoolEvents (Swap), https://ethereum.org/en/developers/docs/apis/json-rpc
///   reads   the answers of eth_call to slot0() and to observe() with two moments, of which the second is now; Swap
///           events of eth_getLogs and eth_subscription, PancakeSwap's too
///   says    control "ack", "status" (other events), "empty"
///   asks    observe() of each pool over half an hour, all in one batch: the mean over time, because a momentary price
///           can be moved within a block. A pool that does not remember so long answers with an error: no price then
///   symbol  "WETH/USDC" ("ETH/USDC" too), of well-known tokens, whose addresses tell which is token0, or as described:
///           the one in the answer's id (ours carry it), else the given one, else by the pool's address in endpoint or
///           event
///   period  of observe(): from the id that we gave, else from the call in the endpoint; else refused as unsupported
///   price   pool_price.hpp; a mean is right to a tick, 0.01 %
class UniswapAdapter final : public PolledAdapter {
 public:
  UniswapAdapter() = default;
  UniswapAdapter(std::string venue, std::vector<PoolDescription> pools)
      : venue_(std::move(venue)), pools_(std::move(pools)) {}

  std::string_view venue() const override { return venue_; }
  std::string_view rest_base() const override { return ""; }
  Micros silence_max() const override { return millis(120'000); }

  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;
  std::vector<RestPost> rest_posts(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;

 private:
  std::string venue_ = "uniswap";
  std::vector<PoolDescription> pools_;
};

}  // namespace assay::fetchers
