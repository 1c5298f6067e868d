#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Hyperliquid: perpetuals and spot of its order book chain.
///   source  https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/websocket/subscriptions,
///           https://hyperliquid.gitbook.io/hyperliquid-docs/for-developers/api/info-endpoint
///   reads   channels bbo, l2Book, trades, allMids, activeAssetCtx, activeSpotAssetCtx, candle; answers of POST /info
///           to l2Book, recentTrades, allMids, metaAndAssetCtxs, spotMetaAndAssetCtxs, candleSnapshot
///   says    control "ack", "subscribe", "pong", "instruments", "empty"
///   symbol  a coin: "BTC" is the perpetual in dollars, "PURR/USDC" and "@107" are spot (the number does not tell
///           its assets), "dex:COIN" is a builder's perpetual. allDexsAssetCtxs names none
///   note    mids and marks are of kind index: nobody traded at them. REST is POST only: l2Book, one request a coin
class HyperliquidAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "hyperliquid"; }
  std::string_view rest_base() const override { return "https://api.hyperliquid.xyz"; }
  std::string_view ws_base() const override { return "wss://api.hyperliquid.xyz"; }
  Micros silence_max() const override { return millis(60'000); }  // two pings unanswered
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(25'000), .frame = R"({"method":"ping"})"}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;
  std::vector<RestPost> rest_posts(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
