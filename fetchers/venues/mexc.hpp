#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// MEXC spot: REST v3 in Binance's shape, and streams of protocol buffers with JSON answers to our requests.
///   source  https://www.mexc.com/api-docs/spot-v3/websocket-market-streams,
///           https://www.mexc.com/api-docs/spot-v3/market-data-endpoints,
///           https://github.com/mexcdevelop/websocket-proto
///   reads   PushDataV3ApiWrapper with (aggre) deals, (aggre) bookTicker and its batch, limit depths, kline, mini
///           tickers, also in JSON form; the JSON streams of v3 and before; REST ticker, depth, trades,
///           klines, avgPrice of v3 and the open API v2
///   says    control "delta", "ack", "subscribe", "pong", "instruments", "time", "empty"
///   symbol  in the message; of REST depth, trades and candles the given one, else symbol= of the endpoint
class MexcAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "mexc"; }
  std::string_view rest_base() const override { return "https://api.mexc.com"; }
  std::string_view ws_base() const override { return "wss://wbs-api.mexc.com"; }
  Micros silence_max() const override { return millis(60'000); }  // three of our pings without an answer
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(20'000), .frame = R"({"method":"PING"})"}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  std::optional<Parsed> on_other_frame(ByteSpan frame) const override;
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
