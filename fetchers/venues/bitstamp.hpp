#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Bitstamp, WebSocket v2 and REST v2.
///   source  https://www.bitstamp.net/websocket/v2/, https://www.bitstamp.net/api/
///   reads   channels order_book, detail_order_book (book), live_trades; REST ticker(s), order_book, transactions, ohlc
///   says    control "delta" (diff_order_book, live_orders), "ack", "subscribe", "heartbeat", "status", "shutdown" (the
///           server asks for a reconnect), "instruments", "empty"
///   symbol  of stream messages: behind the last '_' of the channel; of REST bodies: in the payload ("BTC/USD"), else
///   the
///           given one, else the path segment behind ticker, order_book, transactions or ohlc
class BitstampAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "bitstamp"; }
  std::string_view rest_base() const override { return "https://www.bitstamp.net"; }
  std::string_view ws_base() const override { return "wss://ws.bitstamp.net"; }
  Micros silence_max() const override { return millis(60'000); }  // two of our heartbeats without an answer
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(25'000), .frame = R"({"event":"bts:heartbeat"})"}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
