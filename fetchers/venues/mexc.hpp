#pragma once
#include "fetchers/venue.hpp"

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
class MexcAdapter final : public Adapter {
 public:
  std::string_view venue() const override { return "mexc"; }
  std::string_view rest_base() const override { return "https://api.mexc.com"; }
  std::string_view ws_base() const override { return "wss://wbs-api.mexc.com"; }
  Micros silence_max() const override { return millis(60'000); }  // three of our pings without an answer

  Parsed parse_ws(ByteSpan frame, std::string_view path) const override;
  Parsed parse_ws_with_symbol(ByteSpan frame, std::string_view path, std::string_view symbol) const override;
  Parsed parse_rest(std::string_view endpoint, ByteSpan body, std::string_view symbol) const override;

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(20'000), .frame = R"({"method":"PING"})"}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;
};

}  // namespace assay::fetchers
