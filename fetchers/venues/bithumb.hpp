#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Bithumb: v1, which speaks Upbit's language (upbit_messages.hpp), and what came before it.
///   source  https://apidocs.bithumb.com (WebSocket, v1 public API, v1.2.0 public API)
///   reads   v1 ticker, trade, orderbook, candles; old streams ticker, transaction, orderbooksnapshot; old REST ticker,
///           orderbook, transaction_history, candlestick; the closed global site's TRADE, ORDERBOOK, TICKER
///   says    control "delta", "ack", "subscribe", "pong", "instruments", "empty"
///   symbol  "KRW-BTC" in v1, "BTC_KRW" before; in old REST tickers the coin alone, whose quote asset the endpoint
///           names (/public/ticker/ALL_KRW), or the given symbol, or /<symbol> of the endpoint
///   time    old texts are Korean time, nine hours ahead of UTC
class BithumbAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "bithumb"; }
  std::string_view rest_base() const override { return "https://api.bithumb.com"; }
  std::string_view ws_base() const override { return "wss://ws-api.bithumb.com"; }
  Micros silence_max() const override { return millis(75'000); }
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(30'000), .frame = "PING"}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
