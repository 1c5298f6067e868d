#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Kraken spot. We speak WebSocket v2; frames of v1, frozen but still served, are read too (kraken_v1.hpp).
///   source  https://docs.kraken.com/api/docs/websocket-v2/ticker and its neighbours,
///           https://docs.kraken.com/api/docs/rest-api/get-ticker-information and its neighbours
///   reads   v2 ticker, trade, book, level3, ohlc; REST Ticker, Depth, Trades, OHLC, Spread
///   keeps   of each connection the books as they change, under their checksums (kraken_book.hpp)
///   says    control "delta", "ack", "subscribe", "heartbeat", "status", "pong", "instruments", "time", "empty"
///   symbol  always in the payload: "BTC/USD" in v2, "XBT/USD" in v1, "XXBTZUSD" or "XBTUSDT" in REST
class KrakenAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "kraken"; }
  std::string_view rest_base() const override { return "https://api.kraken.com"; }
  std::string_view ws_base() const override { return "wss://ws.kraken.com"; }
  Micros silence_max() const override { return millis(10'000); }  // a heartbeat a second when nothing else is said
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(30'000), .frame = R"({"method":"ping"})"}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_stream_message(JsonValue message, std::string_view path, StreamMemory& memory, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
