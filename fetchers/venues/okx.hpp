#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// OKX (formerly OKEx), API v5; messages of the retired v3 are read too (okx_v3.hpp).
///   source  https://www.okx.com/docs-v5/en/#order-book-trading-market-data and its neighbours
///   reads   channels tickers, bbo-tbt, books of every depth, trades, candles, index and mark price; REST ticker(s),
///   books,
///           trades, candles, index-tickers, mark-price
///   says    control "delta", "ack", "subscribe", "ping", "pong", "status", "instruments", "time", "empty"
///   symbol  of REST books and candles: the given one, else instId of the endpoint
///   volume  in the base currency: vol24h of spot, volCcy24h of contracts
class OkxAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "okx"; }
  std::string_view rest_base() const override { return "https://www.okx.com"; }
  std::string_view ws_base() const override { return "wss://ws.okx.com:8443"; }
  Micros silence_max() const override { return millis(45'000); }  // two of our pings without an answer
  bool tells_every_change() const override { return true; }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = millis(20'000), .frame = "ping"}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  std::optional<Parsed> on_other_frame(ByteSpan frame) const override;
  void on_message(JsonValue message, std::string_view path, std::string_view symbol, Parsed& out) const override;
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
