#include "aggregator/number.hpp"

#include <algorithm>
#include <array>

#include "aggregator/ppm.hpp"

namespace assay::aggregator {
namespace {

constexpr std::uint64_t mantissa_least = 100'000'000'000'000'000;
constexpr std::uint64_t mantissa_over = 1'000'000'000'000'000'000;
constexpr int power_max = 38;

constexpr std::array<UInt128, power_max + 1> powers = [] {
  std::array<UInt128, power_max + 1> out{};
  UInt128 power = 1;
  for (auto& each : out) {
    each = power;
    power *= 10;  // wraps after the last one, which nobody reads
  }
  return out;
}();

constexpr UInt128 power_of_ten(int exponent) {
  return powers[static_cast<std::size_t>(exponent)];
}

template <class T>
T half_even(T numerator, T denominator) {
  const T floor = numerator / denominator;
  const T rest = numerator % denominator;
  const T above = denominator - rest;
  return rest > above || (rest == above && floor % 2 != 0) ? floor + 1 : floor;
}

/// A factor and its power of ten, small enough to be multiplied once more.
struct Factor {
  UInt128 value = 1;
  std::int32_t exponent = 0;
};

void shorten(Factor& factor) {
  const Number number = make_number(factor.value, factor.exponent);
  factor = {number.mantissa, number.exponent};
}

void multiply(Factor& factor, std::uint64_t by, std::int32_t exponent) {
  UInt128 product = 0;
  if (__builtin_mul_overflow(factor.value, static_cast<UInt128>(by), &product)) {
    shorten(factor);
    product = factor.value * by;  // below 10^18 * 2^64
  }
  factor = {product, factor.exponent + exponent};
}

/// top / bottom as a mantissa at `exponent`, half to even; none outside 1..2^62.
std::optional<std::int64_t> quotient(Factor top, Factor bottom, std::int8_t exponent) {
  if (bottom.value >= mantissa_over) shorten(bottom);
  int shift = top.exponent - bottom.exponent - exponent;
  if (shift < -power_max || shift > power_max) return std::nullopt;
  UInt128 scaled = 0;
  if (shift >= 0) {
    // What overflows here divided by less than 10^18 is above 2^62 all the same.
    if (__builtin_mul_overflow(top.value, power_of_ten(shift), &scaled)) return std::nullopt;
    top.value = scaled;
  } else {
    if (__builtin_mul_overflow(bottom.value, power_of_ten(-shift), &scaled)) return std::nullopt;
    bottom.value = scaled;
  }
  const UInt128 rounded = half_even(top.value, bottom.value);
  if (rounded == 0 || rounded > static_cast<UInt128>(price_mantissa_max)) return std::nullopt;
  return static_cast<std::int64_t>(rounded);
}

/// The short way of a source in the feed's own pair: 64 bits suffice.
std::optional<std::int64_t> rescaled(Number value, std::int8_t exponent) {
  const int shift = value.exponent - exponent;
  if (shift > 0 || shift < -18) return quotient({value.mantissa, value.exponent}, {}, exponent);
  const std::uint64_t rounded = half_even(value.mantissa, static_cast<std::uint64_t>(power_of_ten(-shift)));
  if (rounded == 0) return std::nullopt;
  return static_cast<std::int64_t>(rounded);
}

/// The way of one multiplication, which most conversions are: 10^18 * 2^62 fits, and the rest is one division.
std::optional<std::int64_t> multiplied(Number value, const Rate& rate, std::int8_t exponent) {
  const UInt128 product = static_cast<UInt128>(value.mantissa) * static_cast<std::uint64_t>(rate.price);
  const int shift = value.exponent + rate.exponent - exponent;
  if (shift > 0 || shift < -power_max) return quotient({product, value.exponent + rate.exponent}, {}, exponent);
  const UInt128 rounded = half_even(product, power_of_ten(-shift));
  if (rounded == 0 || rounded > static_cast<UInt128>(price_mantissa_max)) return std::nullopt;
  return static_cast<std::int64_t>(rounded);
}

}  // namespace

Number make_number(UInt128 mantissa, std::int32_t exponent) {
  if (mantissa == 0) return {};
  if (mantissa >= mantissa_over) {
    int cut = 1;
    while (mantissa / power_of_ten(cut) >= mantissa_over) ++cut;
    mantissa = half_even(mantissa, power_of_ten(cut));
    exponent += cut;
    if (mantissa == mantissa_over) {
      mantissa = mantissa_least;
      ++exponent;
    }
  }
  auto small = static_cast<std::uint64_t>(mantissa);
  int grow = 0;
  for (std::uint64_t least = mantissa_least; small < least; least /= 10) ++grow;
  small *= static_cast<std::uint64_t>(power_of_ten(grow));
  return {small, exponent - grow};
}

Number make_number(const Decimal& value) {
  return make_number(value.mantissa, value.exponent);
}

Number middle(Number a, Number b) {
  if (a.mantissa == 0 || b.mantissa == 0) return {};
  if (a.exponent < b.exponent) std::swap(a, b);
  const int apart = a.exponent - b.exponent;
  if (apart > 18) return {};
  const UInt128 sum = static_cast<UInt128>(a.mantissa) * power_of_ten(apart) + b.mantissa;
  return make_number(sum * 5, b.exponent - 1);
}

Number shifted(Number value, std::int64_t ppm) {
  return make_number(static_cast<UInt128>(value.mantissa) * static_cast<std::uint64_t>(ppm_one + ppm),
                     value.exponent - 6);
}

bool further_than(Number a, Number b, std::uint32_t ppm) {
  const int apart = a.exponent - b.exponent;
  if (apart < -1 || apart > 1) return true;
  const UInt128 x = static_cast<UInt128>(a.mantissa) * (apart == 1 ? 10U : 1U);
  const UInt128 y = static_cast<UInt128>(b.mantissa) * (apart == -1 ? 10U : 1U);
  return (x > y ? x - y : y - x) * ppm_one > y * ppm;
}

std::string digits_of(Number value) {
  if (value.mantissa == 0) return {};
  while (value.mantissa % 10 == 0) {
    value.mantissa /= 10;
    ++value.exponent;
  }
  std::string digits = std::to_string(value.mantissa);
  if (value.exponent >= 0) return digits.append(static_cast<std::size_t>(value.exponent), '0');
  const auto decimals = static_cast<std::size_t>(-value.exponent);
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  return digits.insert(digits.size() - decimals, ".");
}

std::optional<std::int64_t> convert(Number value, const Route& route, std::span<const Rate> rates,
                                    std::int8_t exponent) {
  if (value.mantissa == 0) return std::nullopt;
  if (route.steps.empty() && !route.inverted) return rescaled(value, exponent);
  if (route.steps.size() == 1 && !route.inverted && !route.steps.front().divides) {
    const Rate& rate = rates[route.steps.front().node];
    return rate.price > 0 ? multiplied(value, rate, exponent) : std::nullopt;
  }
  Factor top;
  Factor bottom;
  (route.inverted ? bottom : top) = {value.mantissa, value.exponent};
  for (const Step& step : route.steps) {
    const Rate& rate = rates[step.node];
    if (rate.price <= 0) return std::nullopt;
    multiply(step.divides ? bottom : top, static_cast<std::uint64_t>(rate.price), rate.exponent);
  }
  return quotient(top, bottom, exponent);
}

std::uint64_t scaled_up(std::uint64_t value, std::uint64_t part, std::uint64_t whole) {
  const UInt128 scaled = (static_cast<UInt128>(value) * part + whole - 1) / whole;
  return static_cast<std::uint64_t>(std::min(scaled, static_cast<UInt128>(INT64_MAX)));
}

}  // namespace assay::aggregator
