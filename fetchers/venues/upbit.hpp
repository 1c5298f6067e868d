#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Upbit: Korean won, bitcoin and Tether markets.
///   source  https://docs.upbit.com/kr/reference/websocket-guide and its neighbours (WebSocket, quotation API)
///   reads   ticker, trade, orderbook, candle.* in the formats DEFAULT, SIMPLE and the lists of both; REST ticker,
///           orderbook, trades/ticks, candles
///   says    control "pong", "instruments", "subscribe", "empty"
///   symbol  always in the payload, quote asset first: "KRW-BTC"
///   note    tickers carry no bid or ask: the order book is what we subscribe to and poll
class UpbitAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "upbit"; }
  std::string_view rest_base() const override { return "https://api.upbit.com"; }
  std::string_view ws_base() const override { return "wss://api.upbit.com"; }
  Micros silence_max() const override { return millis(75'000); }
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(30'000), .frame = "PING"}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
