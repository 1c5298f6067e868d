#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Bitget spot, v2; messages of the retired v1 and of the unified v3 differ in field names only and are read too.
///   source  https://www.bitget.com/api-doc/spot/websocket/public/Tickers-Channel and its neighbours,
///           https://www.bitget.com/api-doc/spot/market/Get-Tickers and its neighbours
///   reads   channels ticker, trade, books, books1, books5, books15, candle*; REST tickers, orderbook, merge-depth,
///           fills, candles
///   says    control "delta", "ack", "subscribe", "pong", "instruments", "time", "empty"
///   symbol  of a channel its instId; of REST bodies in the entry, else the given one, else symbol= of the endpoint
class BitgetAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "bitget"; }
  std::string_view rest_base() const override { return "https://api.bitget.com"; }
  std::string_view ws_base() const override { return "wss://ws.bitget.com"; }
  Micros silence_max() const override { return millis(75'000); }  // two pings unanswered
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(30'000), .frame = "ping"}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  std::optional<Parsed> on_other_frame(ByteSpan frame) const override;
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
