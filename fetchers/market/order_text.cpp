#include "fetchers/market/order_text.hpp"

#include <algorithm>

#include "fetchers/market/faults.hpp"
#include "fetchers/market/heard.hpp"

namespace assay::fetchers::market {
namespace {

/// A whole number at the place, `otherwise` when absent; none for anything else.
std::optional<std::int64_t> number_at(const Heard& heard, std::string_view place, std::int64_t otherwise,
                                      std::int64_t most) {
  const std::string text = heard.at(place);
  if (text.empty()) return otherwise;
  if (text.size() > 9 || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  const std::int64_t value = std::stoll(text);
  return value <= most ? std::optional(value) : std::nullopt;
}

Result<Order> read_move(const Heard& heard) {
  const auto factor = factor_e6(heard.at("/move"));
  const auto over = number_at(heard, "/over_ms", 0, 3'600'000);
  if (!factor) return Error{Errc::malformed, "move: a positive decimal as text, at most six places"};
  if (!over) return Error{Errc::malformed, "over_ms: a whole number of at most an hour"};
  return Order{MoveOrder{heard.at("/asset"), *factor, millis(*over)}};
}

}  // namespace

Result<Order> read_order(std::string_view json) {
  const Heard heard(json);
  if (!heard.at("/asset").empty()) return read_move(heard);
  const auto kind = fault_kind(heard.at("/fault"));
  if (heard.at("/venue").empty()) return Error{Errc::malformed, "venue: a JSON object with venue or asset"};
  if (!kind) {
    static const std::string expected = "fault: one of " + fault_words();
    return Error{Errc::malformed, expected.c_str()};
  }
  Fault fault = fault_of(*kind);
  fault.symbol = heard.at("/symbol");
  if (!heard.json("/factor").empty()) {
    const auto factor = factor_e6(heard.at("/factor"));
    if (!factor || !heard.json("/factor").starts_with('"'))
      return Error{Errc::malformed, "factor: a positive decimal as text, at most six places"};
    fault.factor_e6 = *factor;
  }
  const auto delay = number_at(heard, "/delay_ms", fault.delay.value / 1000, 600'000);
  const auto retry = number_at(heard, "/retry_after_s", fault.retry_after_s, 86'400);
  if (!delay || *delay == 0) return Error{Errc::malformed, "delay_ms: a whole number from 1 to 600000"};
  if (!retry) return Error{Errc::malformed, "retry_after_s: a whole number of at most a day"};
  if (concerns_instruments(fault.kind) && fault.symbol.empty()) {
    return Error{Errc::malformed, "symbol: an instrument such as BTC/USD, or * for all"};
  }
  fault.delay = millis(*delay);
  fault.retry_after_s = static_cast<std::uint32_t>(*retry);
  return Order{FaultOrder{heard.at("/venue"), fault}};
}

}  // namespace assay::fetchers::market
