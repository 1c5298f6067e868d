#pragma once
#include "fetchers/json_adapter.hpp"

namespace assay::fetchers {

/// exchangerate.host, and the many services that answer in the same shape. REST only.
///   source  https://exchangerate.host/documentation
///   reads   live and historical ({"source","quotes"}), convert; the keyless API of before 2023: latest, a day,
///           convert, timeseries ({"base","rates"})
///   says    control "instruments", "empty"
///   symbol  as the key: "USDEUR" in quotes, "EUR" in rates; of a conversion "USD/EUR"
///   time    timestamp in seconds, else midnight UTC of the date
///   key     access_key in the query
class ExchangerateHostAdapter final : public PolledAdapter {
 public:
  std::string_view venue() const override { return "exchangerate_host"; }
  std::string_view rest_base() const override { return "https://api.exchangerate.host"; }
  Micros silence_max() const override { return millis(86'400'000); }

  KeyRule key_rule() const override { return {.place = KeyRule::Place::query, .name = "access_key", .prefix = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;

 protected:
  void on_body(JsonValue body, std::string_view endpoint, std::string_view symbol, Parsed& out) const override;
};

}  // namespace assay::fetchers
