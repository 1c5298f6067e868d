#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Uniswap v3 pools on Ethereum, through any JSON-RPC endpoint.
///   source  https://docs.uniswap.org/contracts/v3/reference/core/interfaces/pool/IUniswapV3PoolState (slot0),
///           .../IUniswapV3PoolEvents (Swap), https://ethereum.org/en/developers/docs/apis/json-rpc
///   reads   the answer of eth_call to slot0(); Swap events of eth_getLogs and eth_subscription, PancakeSwap's too
///   says    control "ack", "status" (other events), "empty"
///   symbol  the given one, "WETH/USDC" ("ETH/USDC" too), of well-known tokens, whose addresses tell which is token0;
///           else the pool's address in the endpoint or the event, if it is a well-known pool. A batch has no symbols
///   price   exact but for a cut to 18 significant digits (pool_price.hpp)
///   note    a pool's momentary price can be moved within a block. The mean over time, observe(), is refused as
///           unsupported: its answer does not tell the period that was asked for. Nothing is polled: calls are POST
class UniswapAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "uniswap"; }
  std::string_view rest_base() const override { return ""; }
  std::string_view ws_base() const override { return ""; }
  Micros silence_max() const override { return millis(120'000); }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
