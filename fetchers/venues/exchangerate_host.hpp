#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// exchangerate.host, and the many services that answer in the same shape. REST only.
///   source  https://exchangerate.host/documentation
///   reads   live and historical ({"source","quotes"}), convert; the keyless API of before 2023: latest, a day,
///   convert,
///           timeseries ({"base","rates"})
///   says    control "instruments", "empty"
///   symbol  as the key: "USDEUR" in quotes, "EUR" in rates; of a conversion "USD/EUR"
///   time    timestamp in seconds, else midnight UTC of the date
///   note    the current API wants access_key in the query, which no symbol can carry: rest_url may point to a proxy
///           that adds it
class ExchangerateHostAdapter final : public JsonAdapter {
 public:
  std::string_view venue() const override { return "exchangerate_host"; }
  std::string_view rest_base() const override { return "https://api.exchangerate.host"; }
  std::string_view ws_base() const override { return ""; }
  Micros silence_max() const override { return millis(86'400'000); }

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
