#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace assay {

using UInt128 = unsigned __int128;
using Int128 = __int128;

/// An exact non-negative decimal: mantissa * 10^exponent. What a venue wrote, without loss.
/// Not normalised: "1.50" is {150, -2}. Compare with compare(), not field by field.
struct Decimal {
  UInt128 mantissa = 0;       ///< at most 36 decimal digits
  std::int32_t exponent = 0;  ///< -1000..1000
};

/// Reads `123`, `123.450`, `.5`, `5.`, `1.2e-7`, `3E+4`. Nothing else: no sign, no space, no NaN, no separators.
///   errors  bad_number; negative_price for a leading '-'; overflow past 36 significant digits or |exponent| > 1000
///   zero is a value here (volumes); prices go through parse_price.  pure, any thread, no allocation
Result<Decimal> parse_decimal(std::string_view text);

/// parse_decimal, and zero_price when the value is 0.
Result<Decimal> parse_price(std::string_view text);

/// Mantissa of `value` at `exponent`, rounded half to even.
///   returns  1..2^62;  errors  zero_price when it rounds to 0, overflow above 2^62
Result<std::int64_t> rescale(const Decimal& value, std::int8_t exponent);

/// -1, 0, 1 as a is below, equal to, above b. Exact for any two Decimals.
int compare(const Decimal& a, const Decimal& b);

/// mantissa * 10^exponent as plain decimal text: (6512345, -2) is "65123.45"; no exponent, no trimming.
std::string to_text(std::int64_t mantissa, std::int8_t exponent);

/// Largest mantissa that any price, bid or ask may have.
inline constexpr std::int64_t price_mantissa_max = std::int64_t{1} << 62;

}  // namespace assay
