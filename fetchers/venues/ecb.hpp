#pragma once
#include "fetchers/venue.hpp"

namespace assay::fetchers {

/// The European Central Bank's euro reference rates: one a currency and working day, for orientation. REST only.
///   source  https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates,
///           https://data.ecb.europa.eu/help/api/data (format=csvdata)
///   reads   eurofxref-daily.xml and the longer files of its shape; CSV of the EXR data set with a header line
///   says    control "empty"
///   symbol  the currency, "USD"; base EUR
///   time    midnight UTC of the day the rates are for: no hour is stated
///   errors  html_page for a page;  malformed for neither file;  bad_number and its like per rate
class EcbAdapter final : public Adapter {
 public:
  std::string_view venue() const override { return "ecb"; }
  std::string_view rest_base() const override { return "https://www.ecb.europa.eu"; }
  std::string_view ws_base() const override { return ""; }
  Micros silence_max() const override { return millis(86'400'000); }

  Parsed parse_ws(ByteSpan frame, std::string_view path) const override;
  Parsed parse_rest(std::string_view endpoint, ByteSpan body, std::string_view symbol) const override;

  Subscription subscribe(std::span<const std::string> symbols) const override;
  PingRule ping() const override { return {.interval = micros(0), .frame = {}}; }
  std::vector<std::string> rest_targets(std::span<const std::string> symbols) const override;
};

}  // namespace assay::fetchers
