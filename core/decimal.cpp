#include "core/decimal.hpp"

#include <algorithm>

namespace assay {
namespace {

constexpr int digits_max = 36;
constexpr std::int64_t exponent_max = 1000;
constexpr int power_max = 38;  // 10^38 < 2^128 < 10^39

constexpr Error not_a_number{Errc::bad_number, "a plain decimal number"};
constexpr Error too_big{Errc::overflow, "36 digits and an exponent within 1000"};
constexpr Error above_price{Errc::overflow, "a price up to 2^62"};
constexpr Error no_price{Errc::zero_price, "a price above zero"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

UInt128 power_of_ten(int exponent) {
  UInt128 out = 1;
  for (int i = 0; i < exponent; ++i) {
    out *= 10;
  }
  return out;
}

int digit_count(UInt128 v) {
  int count = 0;
  for (; v > 0; v /= 10) {
    ++count;
  }
  return count;
}

// Digits before and after the point. Reads on past what fits, so that garbage is told from excess.
class Significand {
 public:
  void take(char c) {
    digits_ += mantissa_ > 0 || c != '0' ? 1 : 0;
    if (digits_ <= digits_max) {
      mantissa_ = mantissa_ * 10 + static_cast<UInt128>(c - '0');
    }
  }
  bool fits() const { return digits_ <= digits_max; }
  UInt128 mantissa() const { return mantissa_; }

 private:
  UInt128 mantissa_ = 0;
  std::int64_t digits_ = 0;
};

// The whole of `text` as a signed exponent, clamped far outside the allowed range.
Result<std::int64_t> parse_exponent(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) {
    text.remove_prefix(1);
  }
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) {
    return not_a_number;
  }
  std::int64_t value = 0;
  for (const char c : text) {
    value = std::min<std::int64_t>(value * 10 + (c - '0'), std::int64_t{1} << 40);
  }
  return negative ? -value : value;
}

}  // namespace

Result<Decimal> parse_decimal(std::string_view text) {
  if (text.starts_with('-')) {
    return Error{Errc::negative_price, "a number that is not negative"};
  }
  Significand significand;
  std::int64_t seen = 0;
  std::int64_t fraction = 0;
  bool after_point = false;
  std::size_t at = 0;
  for (; at < text.size(); ++at) {
    if (is_digit(text[at])) {
      significand.take(text[at]);
      ++seen;
      fraction += after_point ? 1 : 0;
    } else if (text[at] == '.' && !after_point) {
      after_point = true;
    } else {
      break;
    }
  }
  if (seen == 0) {
    return not_a_number;
  }
  std::int64_t exponent = 0;
  if (at < text.size()) {
    const bool marked = text[at] == 'e' || text[at] == 'E';
    const auto written = marked ? parse_exponent(text.substr(at + 1)) : Result<std::int64_t>(not_a_number);
    if (!written) {
      return written.error();
    }
    exponent = *written;
  }
  exponent -= fraction;
  if (!significand.fits() || exponent > exponent_max || exponent < -exponent_max) {
    return too_big;
  }
  return Decimal{significand.mantissa(), static_cast<std::int32_t>(exponent)};
}

Result<Decimal> parse_price(std::string_view text) {
  const auto value = parse_decimal(text);
  if (value && value->mantissa == 0) {
    return no_price;
  }
  return value;
}

Result<std::int64_t> rescale(const Decimal& value, std::int8_t exponent) {
  constexpr auto limit = static_cast<UInt128>(price_mantissa_max);
  if (value.mantissa == 0) {
    return no_price;
  }
  const std::int64_t shift = std::int64_t{value.exponent} - exponent;
  UInt128 mantissa = value.mantissa;
  if (shift >= 0) {
    for (std::int64_t i = 0; i < shift && mantissa <= limit; ++i) {
      mantissa *= 10;
    }
  } else if (-shift > power_max) {
    return no_price;  // even 2^128 / 10^39 is below one half
  } else {
    const UInt128 divisor = power_of_ten(static_cast<int>(-shift));
    const UInt128 rest = mantissa % divisor;
    const UInt128 above = divisor - rest;  // twice the rest might not fit
    mantissa /= divisor;
    mantissa += rest > above || (rest == above && mantissa % 2 != 0) ? 1U : 0U;
  }
  if (mantissa > limit) {
    return above_price;
  }
  if (mantissa == 0) {
    return no_price;
  }
  return static_cast<std::int64_t>(mantissa);
}

int compare(const Decimal& a, const Decimal& b) {
  if (a.mantissa == 0 || b.mantissa == 0) {
    return (a.mantissa != 0 ? 1 : 0) - (b.mantissa != 0 ? 1 : 0);
  }
  const std::int64_t order_a = std::int64_t{digit_count(a.mantissa)} + a.exponent;
  const std::int64_t order_b = std::int64_t{digit_count(b.mantissa)} + b.exponent;
  if (order_a != order_b) {
    return order_a < order_b ? -1 : 1;
  }
  if (a.exponent < b.exponent) {
    return -compare(b, a);
  }
  // Same order of magnitude, so the exponents differ by less than 39, and a scaled to b's has as many digits as b.
  UInt128 scaled = 0;
  const auto shift = static_cast<int>(std::int64_t{a.exponent} - b.exponent);
  if (__builtin_mul_overflow(a.mantissa, power_of_ten(shift), &scaled)) {
    return 1;
  }
  return (scaled > b.mantissa ? 1 : 0) - (scaled < b.mantissa ? 1 : 0);
}

std::string to_text(std::int64_t mantissa, std::int8_t exponent) {
  const std::uint64_t size =
      mantissa < 0 ? ~static_cast<std::uint64_t>(mantissa) + 1 : static_cast<std::uint64_t>(mantissa);
  std::string digits = std::to_string(size);
  if (exponent > 0 && mantissa != 0) {
    digits.append(static_cast<std::size_t>(exponent), '0');
  }
  if (exponent < 0) {
    const auto places = static_cast<std::size_t>(-int{exponent});
    if (digits.size() <= places) {
      digits.insert(0, places + 1 - digits.size(), '0');
    }
    digits.insert(digits.size() - places, 1, '.');
  }
  return mantissa < 0 ? "-" + digits : digits;
}

}  // namespace assay
