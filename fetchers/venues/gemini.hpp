#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Gemini. The current stream API is subscribed; marketdata v2 and v1 are read too.
///   source  https://docs.gemini.com/websocket/fast-api/introduction, https://docs.gemini.com/websocket/market-data/v2,
///           https://docs.gemini.com/rest/market-data
///   reads   bookTicker, trade, depth snapshots; v2 l2_updates (a first one, which lists auction events or trades, is a
///   book
///           followed by its trades), trade, candles; v1 trade and the initial book; REST pubticker, v2/ticker, book,
///           trades, candles, pricefeed
///   says    control "delta", "ack", "subscribe", "heartbeat", "status", "instruments", "empty"
///   symbol  in the payload, else the given one, else the path
///   time    nanoseconds, milliseconds or seconds by generation; a book of REST has none
class GeminiAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "gemini"; }
  std::string_view rest_base() const override { return "https://api.gemini.com"; }
  std::string_view ws_base() const override { return "wss://ws.gemini.com"; }
  Micros silence_max() const override { return millis(60'000); }  // two of our pings without an answer
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(25'000), .frame = R"({"id":"ping","method":"ping"})"}; }
  /// One request a symbol: the list of all prices has neither bid nor ask.
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
