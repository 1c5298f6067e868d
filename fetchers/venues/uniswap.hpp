#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Uniswap v3 pools on Ethereum, through any JSON-RPC endpoint.
///   source  https://docs.uniswap.org/contracts/v3/reference/core/interfaces/pool/IUniswapV3PoolState (slot0),
///           .../IUniswapV3PoolEvents (Swap), https://ethereum.org/en/developers/docs/apis/json-rpc
///   reads   the answers of eth_call to slot0() and to observe() with two moments, of which the second is now; Swap
///           events of eth_getLogs and eth_subscription, PancakeSwap's too
///   says    control "ack", "status" (other events), "empty"
///   asks    observe() of each pool over half an hour, all in one batch: the mean over time, because a momentary price
///           can be moved within a block. A pool that does not remember so long answers with an error: no price then
///   symbol  "WETH/USDC" ("ETH/USDC" too), of well-known tokens, whose addresses tell which is token0: the one in
///           the answer's id (ours carry it), else the given one, else by the pool's address in endpoint or event
///   period  of observe(): from the id that we gave, else from the call in the endpoint; else refused as unsupported
///   price   pool_price.hpp; a mean is right to a tick, 0.01 %
class UniswapAdapter final : public PolledAdapter {
 public:
  std::string_view venue() const override { return "uniswap"; }
  std::string_view rest_base() const override { return ""; }
  Micros silence_max() const override { return millis(120'000); }

  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;
  std::vector<RestPost> rest_posts(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
