#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// OANDA: the rates service, and the prices of its trading API. Wants a key; polled.
///   source  https://developer.oanda.com/exchange-rates-api (spot and candle rates),
///           https://developer.oanda.com/rest-live-v20/pricing-ep (pricing)
///   reads   v2/rates/spot (rate), v2/rates/candle (candle: its midpoint at the close); v3 pricing, a list or one line
///           of its stream (book)
///   says    control "heartbeat", "halted" (not tradeable), "instruments", "empty"
///   symbol  of rates "EUR/USD", of prices "EUR_USD"
///   key     Authorization: Bearer
class OandaAdapter final : public PolledAdapter {
 public:
  std::string_view venue() const override { return "oanda"; }
  std::string_view rest_base() const override { return "https://exchange-rates-api.oanda.com"; }
  Micros silence_max() const override { return millis(120'000); }
  KeyRule key_rule() const override {
    return {.place = KeyRule::Place::header, .name = "Authorization", .prefix = "Bearer "};
  }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
