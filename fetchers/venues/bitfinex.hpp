#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Bitfinex, API v2; v1 REST bodies are read too. A stream names an instrument once, in the answer to a subscription,
/// and then gives the channel's number: parse_stream() remembers, a frame seen alone needs its symbol from the caller.
///   source  https://docs.bitfinex.com/docs/ws-general, https://docs.bitfinex.com/docs/ws-public,
///           https://docs.bitfinex.com/reference/rest-public-tickers and its neighbours
///   reads   channels ticker, trades, book, candles, told apart by the shape of their rows; REST ticker(s), trades,
///   book,
///           candles
///   says    control "delta", "ack", "subscribe", "heartbeat", "checksum", "status", "shutdown", "ping", "pong",
///           "funding" (f...: rates, no prices), "instruments", "empty"
///   refuses raw books (R0), flat frames of WebSocket v1 as retired_api
///   symbol  "tBTCUSD", "tAVAX:USD", "tBTCF0:USTF0"; UST is USDT, UDC is USDC
///   time    of trades and candles their own; of tickers and books the message's, which our conf frame asks for
class BitfinexAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "bitfinex"; }
  std::string_view rest_base() const override { return "https://api-pub.bitfinex.com"; }
  std::string_view ws_base() const override { return "wss://api-pub.bitfinex.com"; }
  Micros silence_max() const override { return millis(35'000); }  // a heartbeat per channel every 15 s
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  std::string remember(JsonValue message, StreamMemory& memory) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
