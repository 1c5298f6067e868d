#include "fetchers/venues/pool_price.hpp"

#include <array>

namespace assay::fetchers {

namespace {

constexpr std::size_t digits_max = 18;
constexpr std::size_t tick_digits_max = 12;
constexpr std::int32_t tick_max = 887'272;  ///< Uniswap's own bound
constexpr unsigned decimals_max = 36;

/// An unsigned number of 640 bits, least significant word first: room for the square of 160 bits, 2^192 and the powers
/// of ten that bring one up to the other (at most 2^324).
using Wide = std::array<std::uint32_t, 20>;

int compare(const Wide& a, const Wide& b) {
  for (std::size_t i = a.size(); i-- > 0;) {
    if (a[i] != b[i]) {
      return a[i] < b[i] ? -1 : 1;
    }
  }
  return 0;
}

Wide times_ten(const Wide& number) {
  Wide out{};
  std::uint64_t carry = 0;
  for (std::size_t i = 0; i < number.size(); ++i) {
    carry += std::uint64_t{number[i]} * 10;
    out[i] = static_cast<std::uint32_t>(carry);
    carry >>= 32U;
  }
  return out;
}

/// a - b for a >= b.
Wide difference(const Wide& a, const Wide& b) {
  Wide out{};
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const std::uint64_t taken = std::uint64_t{b[i]} + borrow;
    borrow = a[i] < taken ? 1 : 0;
    out[i] = static_cast<std::uint32_t>((std::uint64_t{a[i]} + (borrow << 32U)) - taken);
  }
  return out;
}

Wide square(const std::array<std::uint32_t, 5>& root) {
  Wide out{};
  for (std::size_t i = 0; i < root.size(); ++i) {
    std::uint64_t carry = 0;
    for (std::size_t j = 0; j < root.size(); ++j) {
      carry += out[i + j] + std::uint64_t{root[i]} * root[j];
      out[i + j] = static_cast<std::uint32_t>(carry);
      carry >>= 32U;
    }
    out[i + root.size()] = static_cast<std::uint32_t>(carry);
  }
  return out;
}

std::optional<std::uint32_t> hex_value(char c) {
  if (c >= '0' && c <= '9') {
    return static_cast<std::uint32_t>(c - '0');
  }
  const char lower = static_cast<char>(c | 0x20);
  if (lower >= 'a' && lower <= 'f') {
    return static_cast<std::uint32_t>(lower - 'a' + 10);
  }
  return std::nullopt;
}

/// The low 160 bits of 64 hex digits whose other bits are zero; none too for zero.
std::optional<std::array<std::uint32_t, 5>> root_of(std::string_view hex) {
  if (hex.size() != 64) {
    return std::nullopt;
  }
  std::array<std::uint32_t, 5> root{};
  bool any = false;
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const auto value = hex_value(hex[i]);
    if (!value || (i < 24 && *value != 0)) {
      return std::nullopt;
    }
    any = any || *value != 0;
    if (i >= 24) {
      std::uint32_t& word = root[(63 - i) / 8];
      word = (word << 4U) | *value;
    }
  }
  return any ? std::optional(root) : std::nullopt;
}

/// `digits` with a point behind the first, times 10^exponent.
std::string decimal_text(std::string digits, int exponent) {
  while (digits.size() > 1 && digits.back() == '0') {
    digits.pop_back();
  }
  if (exponent < -12 || exponent > 24) {
    const std::string fraction = digits.size() > 1 ? "." + digits.substr(1) : "";
    return digits.substr(0, 1) + fraction + "e" + std::to_string(exponent);
  }
  if (exponent < 0) {
    return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  const std::size_t whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) {
    return digits + std::string(whole - digits.size(), '0');
  }
  return digits.substr(0, whole) + "." + digits.substr(whole);
}

/// The digits but the last, by which they are rounded half up; true when that carries into a new first digit.
bool round_last(std::string& digits) {
  const bool up = digits.back() >= '5';
  digits.pop_back();
  for (std::size_t i = digits.size(); up && i-- > 0;) {
    if (digits[i] != '9') {
      ++digits[i];
      return false;
    }
    digits[i] = '0';
  }
  if (up) {
    digits.insert(digits.begin(), '1');
  }
  return up;
}

enum class Ending : std::uint8_t { cut, rounded };

/// above / below * 10^exponent, both positive, to so many significant digits.
std::string quotient(Wide above, Wide below, int exponent, std::size_t digits_wanted, Ending ending) {
  while (compare(above, times_ten(below)) >= 0) {
    below = times_ten(below);
    ++exponent;
  }
  while (compare(above, below) < 0) {
    above = times_ten(above);
    --exponent;
  }
  std::string digits;
  while (digits.size() < digits_wanted + (ending == Ending::rounded ? 1 : 0)) {
    char digit = '0';
    while (compare(above, below) >= 0) {
      above = difference(above, below);
      ++digit;
    }
    digits += digit;
    above = times_ten(above);
  }
  if (ending == Ending::rounded && round_last(digits)) {
    ++exponent;
  }
  return decimal_text(std::move(digits), exponent);
}

/// significand / 2^63 * 2^exponent with the significand's highest bit set.
struct Binary {
  std::uint64_t significand;
  int exponent;
};

/// The product, cut to 64 bits.
Binary product(Binary a, Binary b) {
  const unsigned __int128 wide = static_cast<unsigned __int128>(a.significand) * b.significand;
  const bool carried = (wide >> 127U) != 0;
  return {static_cast<std::uint64_t>(wide >> (carried ? 64U : 63U)), a.exponent + b.exponent + (carried ? 1 : 0)};
}

/// 1.0001^tick for 0 <= tick <= tick_max; each of at most 40 products cuts 2^-63, doubled by every later squaring: the
/// result is right to 2^-42.
Binary power_of_tick(std::uint32_t tick) {
  Binary result{std::uint64_t{1} << 63U, 0};
  Binary factor{9'224'294'374'058'461'285U, 0};  // 1.0001 * 2^63
  for (; tick != 0; tick >>= 1U) {
    if ((tick & 1U) != 0) {
      result = product(result, factor);
    }
    factor = product(factor, factor);
  }
  return result;
}

/// number * 2^shift, shift below 200.
Wide shifted(std::uint64_t number, unsigned shift) {
  Wide out{};
  for (unsigned bit = 0; bit < 64; ++bit) {
    out[(bit + shift) / 32] |= static_cast<std::uint32_t>((number >> bit) & 1U) << ((bit + shift) % 32);
  }
  return out;
}

}  // namespace

std::optional<std::string> pool_price(std::string_view sqrt_price, unsigned decimals0, unsigned decimals1,
                                      PoolSide side) {
  const auto root = root_of(sqrt_price);
  if (!root || decimals0 > decimals_max || decimals1 > decimals_max) {
    return std::nullopt;
  }
  const Wide above = square(*root);
  Wide below{};
  below[6] = 1;  // 2^192
  const int exponent = static_cast<int>(decimals0) - static_cast<int>(decimals1);
  return side == PoolSide::token0 ? quotient(above, below, exponent, digits_max, Ending::cut)
                                  : quotient(below, above, -exponent, digits_max, Ending::cut);
}

std::optional<std::string> tick_price(std::int32_t tick, unsigned decimals0, unsigned decimals1, PoolSide side) {
  if (tick < -tick_max || tick > tick_max || decimals0 > decimals_max || decimals1 > decimals_max) {
    return std::nullopt;
  }
  const Binary power = power_of_tick(static_cast<std::uint32_t>(tick < 0 ? -tick : tick));
  const Wide high = shifted(power.significand, static_cast<unsigned>(power.exponent));
  const Wide low = shifted(1, 63);
  const int exponent = static_cast<int>(decimals0) - static_cast<int>(decimals1);
  const bool token0 = side == PoolSide::token0;
  return token0 == (tick >= 0) ? quotient(high, low, token0 ? exponent : -exponent, tick_digits_max, Ending::rounded)
                               : quotient(low, high, token0 ? exponent : -exponent, tick_digits_max, Ending::rounded);
}

}  // namespace assay::fetchers
