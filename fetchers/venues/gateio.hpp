#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Gate.io spot, API v4 (futures where they share a shape); frames of the retired WebSocket v3 are read too.
///   source  https://www.gate.com/docs/developers/apiv4/ws/en/, https://www.gate.com/docs/developers/apiv4/en/
///   reads   channels spot.tickers, spot.book_ticker, spot.trades, spot.order_book, spot.obu (full ones),
///           spot.candlesticks; v3 ticker, trades, depth, kline updates; REST tickers, order_book, trades, candlesticks
///   says    control "delta", "ack", "subscribe", "ping", "pong", "status", "instruments", "time", "empty"
///   symbol  "BTC_USDT"; of REST books and candles: the given one, else currency_pair of the endpoint
///   time    REST tickers have none
class GateioAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "gateio"; }
  std::string_view rest_base() const override { return "https://api.gateio.ws"; }
  std::string_view ws_base() const override { return "wss://api.gateio.ws"; }
  Micros silence_max() const override { return millis(45'000); }  // three of our pings without an answer
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  /// The time in a request is checked on private channels only.
  PingRule ping() const override {
    return {.interval = millis(15'000), .frame = R"({"time":1,"channel":"spot.ping"})"};
  }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
