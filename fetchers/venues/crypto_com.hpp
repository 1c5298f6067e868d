#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Crypto.com Exchange, v1 of the exchange API; messages of the older v2 host have the same shape.
///   source  https://exchange-docs.crypto.com/exchange/v1/rest-ws/index.html
///   reads   channels ticker, book (snapshots), trade, candlestick, mark, index; public/get-tickers, get-ticker,
///           get-book, get-trades, get-candlestick, get-valuations
///   says    control "heartbeat" with its reply, "ack", "subscribe", "delta", "funding", "instruments", "empty"
///   symbol  in the entry, else instrument_name of the result; of valuations from instrument_name= of the endpoint
class CryptoComAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "crypto_com"; }
  std::string_view rest_base() const override { return "https://api.crypto.com"; }
  std::string_view ws_base() const override { return "wss://stream.crypto.com"; }
  Micros silence_max() const override { return millis(65'000); }  // the server's heartbeat comes every 30 s

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
