#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// Polygon (now Massive): currency pairs of many banks and dealers. Wants a key; polled.
///   source  https://polygon.io/docs/rest/forex/snapshots/full-market-snapshot, .../quotes/last-quote,
///           .../market-operations/currency-conversion, https://polygon.io/docs/websocket/forex/quotes
///   reads   snapshot of tickers, all or one (ticker: its last quote); last_quote (bbo); conversion (rate);
///           WebSocket events C (bbo), CA and CAS (candle), status
///   says    control "ack" (status), "empty", "instruments"
///   symbol  of snapshots "C:EURUSD", of the others "EUR/USD"
///   key     Authorization: Bearer
///   time    milliseconds, in snapshots also nanoseconds ("updated"): the quote's own is taken
class PolygonAdapter final : public PolledAdapter {
 public:
  std::string_view venue() const override { return "polygon"; }
  std::string_view rest_base() const override { return "https://api.polygon.io"; }
  Micros silence_max() const override { return millis(60'000); }
  KeyRule key_rule() const override {
    return {.place = KeyRule::Place::header, .name = "Authorization", .prefix = "Bearer "};
  }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
