// Decimal text against long-hand arithmetic on strings. The first byte picks the target exponent, 0 to -12.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/check.hpp"
#include "core/decimal.hpp"
#include "tests/support/naive_decimal.hpp"

namespace {

using namespace assay;

// An exponent that the slow twin can walk digit by digit.
bool is_walkable(const Decimal& value) {
  return value.exponent >= -100 && value.exponent <= 100;
}

void check_rescale(const std::string& text, const Decimal& value, std::int8_t exponent) {
  const auto got = rescale(value, exponent);
  check(!got || (*got > 0 && *got <= price_mantissa_max), "a price is 1..2^62");
  if (!is_walkable(value)) {
    return;
  }
  const auto expected = naive::rescale(text, exponent);
  check(static_cast<bool>(got) == expected.has_value(), "both twins accept or both refuse");
  check(!got || std::to_string(*got) == *expected, "both twins round alike");
}

void check_compare(const Decimal& value) {
  check(compare(value, value) == 0, "a value equals itself");
  if (value.mantissa == 0 || value.exponent == -1000) {
    return;
  }
  const Decimal shifted{value.mantissa * 10, value.exponent - 1};
  const Decimal above{shifted.mantissa + 1, shifted.exponent};
  check(compare(value, shifted) == 0 && compare(shifted, value) == 0, "trailing zeros change nothing");
  check(compare(value, above) == -1 && compare(above, value) == 1, "one unit in the last place decides");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 4096) {
    return 0;
  }
  const auto exponent = static_cast<std::int8_t>(-(data[0] % 13));
  const std::string text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto value = parse_decimal(text);
  if (!value) {
    return 0;
  }
  check_rescale(text, *value, exponent);
  check_compare(*value);
  return 0;
}
