#pragma once
#include "fetchers/venue.hpp"

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
class GeminiAdapter final : public Adapter {
 public:
  std::string_view venue() const override { return "gemini"; }
  std::string_view rest_base() const override { return "https://api.gemini.com"; }
  std::string_view ws_base() const override { return "wss://ws.gemini.com"; }
  Micros silence_max() const override { return millis(60'000); }  // two of our pings without an answer

  Parsed parse_ws(ByteSpan frame, std::string_view path) const override;
  Parsed parse_ws_with_symbol(ByteSpan frame, std::string_view path, std::string_view symbol) const override;
  Parsed parse_rest(std::string_view endpoint, ByteSpan body, std::string_view symbol) const override;

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(25'000), .frame = R"({"id":"ping","method":"ping"})"}; }
  /// One request a symbol: the list of all prices has neither bid nor ask.
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;
};

}  // namespace assay::fetchers
