#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Coinbase Exchange (formerly Pro, formerly GDAX: same messages under older hosts).
///   source  https://docs.cdp.coinbase.com/exchange/docs/websocket-channels,
///           https://docs.cdp.coinbase.com/exchange/reference
///   reads   channels ticker(_batch), matches, level2(_batch), full, heartbeat, status; REST ticker, book levels 1-3,
///           trades, candles, stats; prices and exchange-rates of the v2 API
///   says    control "delta", "ack", "subscribe", "heartbeat", "status", "instruments", "time", "empty"
///   symbol  of REST bodies that name none: the given one, else /products/<symbol>/ or /prices/<symbol>/
class CoinbaseExchangeAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "coinbase_exchange"; }
  std::string_view rest_base() const override { return "https://api.exchange.coinbase.com"; }
  std::string_view ws_base() const override { return "wss://ws-feed.exchange.coinbase.com"; }
  Micros silence_max() const override { return millis(10'000); }  // a heartbeat a second and product

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  std::string remember(JsonValue message, StreamMemory& memory) const override;
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
