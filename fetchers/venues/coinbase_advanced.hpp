#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Coinbase Advanced Trade, its public market data.
///   source  https://docs.cdp.coinbase.com/coinbase-app/advanced-trade-apis/websocket/websocket-channels,
///           https://docs.cdp.coinbase.com/api-reference/advanced-trade-api/rest-api/public/get-public-product-book
///   reads   channels ticker, ticker_batch, l2_data (snapshots), market_trades, candles; REST products, ticker,
///   product_book,
///           best_bid_ask, candles; rates and prices of the v2 API
///   says    control "delta", "ack", "subscribe", "heartbeat", "status", "time", "empty"
///   symbol  of REST bodies that name none: the given one, else the path segment behind products
///   time    of a REST ticker: its newest trade's; one channel is subscribed per frame
class CoinbaseAdvancedAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "coinbase_advanced"; }
  std::string_view rest_base() const override { return "https://api.coinbase.com"; }
  std::string_view ws_base() const override { return "wss://advanced-trade-ws.coinbase.com"; }
  Micros silence_max() const override { return millis(10'000); }  // a heartbeat a second

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  /// One request a product: the list of all products has neither bid nor ask.
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  std::string remember(JsonValue message, StreamMemory& memory) const override;
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
