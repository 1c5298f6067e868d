#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Twelve Data: currencies, shares and coins of many sources. Wants a key; polled.
///   source  https://twelvedata.com/docs#price, #quote, #eod, #exchange-rate, #time-series, #websocket
///   reads   price, quote, exchange_rate (rate); eod, time_series (candle: its close); each also for several symbols in
///           one answer; the WebSocket's price events (rate, with bid and ask where they are sent)
///   says    control "heartbeat", "ack", "instruments", "empty"
///   symbol  in the payload, else the given one, else the endpoint's query; "EUR/USD", "VXX"
///   key     apikey in the query
///   time    seconds, else the datetime, taken for UTC; price has none
class TwelvedataAdapter final : public PolledAdapter {
 public:
  std::string_view venue() const override { return "twelvedata"; }
  std::string_view rest_base() const override { return "https://api.twelvedata.com"; }
  Micros silence_max() const override { return millis(120'000); }
  KeyRule key_rule() const override { return {.place = KeyRule::Place::query, .name = "apikey", .prefix = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
