#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "aggregator/plan.hpp"
#include "core/decimal.hpp"

namespace assay::aggregator {

/// A positive price with 18 significant digits: mantissa * 10^exponent, mantissa in [10^17, 10^18); zero: none.
/// What venues say has at most 17 digits and is kept exactly; more is rounded half to even.
struct Number {
  std::uint64_t mantissa{};
  std::int32_t exponent{};

  friend bool operator==(const Number&, const Number&) = default;
};

/// mantissa * 10^exponent; none for zero.
Number make_number(UInt128 mantissa, std::int32_t exponent);
Number make_number(const Decimal& value);
/// The middle of two prices; none when either is none or they are more than 10^18 times apart.
Number middle(Number a, Number b);
/// value * (10^6 + ppm) / 10^6; ppm > -10^6.
Number shifted(Number value, std::int64_t ppm);
/// Whether |a - b| is more than ppm of b. Both are prices.
bool further_than(Number a, Number b, std::uint32_t ppm);
/// Plain decimal text without trailing zeros: "65123.455". Empty for none.
std::string digits_of(Number value);

/// What one node's price is worth to the others at this moment.
struct Rate {
  std::int64_t price{};  ///< mantissa at `exponent`; 0: no price
  std::int8_t exponent{};
  std::uint64_t confidence{};
  bool usable{};  ///< its status is ok: whoever converts by it may count
  bool depeg{};   ///< it is off its own peg
};

/// A price led along a route by the rates of its nodes, as a mantissa at `exponent`, rounded half to even once for a
/// route of one step (each further step may round at the 18th digit).
///   returns  1..2^62; none when it does not fit or when a rate is missing
///   cost     one division of 128 bits; of 64 bits without steps.  pure
std::optional<std::int64_t> convert(Number value, const Route& route, std::span<const Rate> rates,
                                    std::int8_t exponent);

/// ceil(value * part / whole); saturates at 2^63 - 1.   whole > 0
std::uint64_t scaled_up(std::uint64_t value, std::uint64_t part, std::uint64_t whole);

}  // namespace assay::aggregator
