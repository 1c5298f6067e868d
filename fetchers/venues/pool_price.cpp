#include "fetchers/venues/pool_price.hpp"

#include <array>

namespace assay::fetchers {

namespace {

constexpr std::size_t digits_max = 18;
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

}  // namespace

std::optional<std::string> pool_price(std::string_view sqrt_price, unsigned decimals0, unsigned decimals1,
                                      PoolSide side) {
  const auto root = root_of(sqrt_price);
  if (!root || decimals0 > decimals_max || decimals1 > decimals_max) {
    return std::nullopt;
  }
  Wide above = square(*root);
  Wide below{};
  below[6] = 1;  // 2^192
  int exponent = static_cast<int>(decimals0) - static_cast<int>(decimals1);
  if (side == PoolSide::token1) {
    std::swap(above, below);
    exponent = -exponent;
  }
  while (compare(above, times_ten(below)) >= 0) {
    below = times_ten(below);
    ++exponent;
  }
  while (compare(above, below) < 0) {
    above = times_ten(above);
    --exponent;
  }
  std::string digits;
  while (digits.size() < digits_max) {
    char digit = '0';
    while (compare(above, below) >= 0) {
      above = difference(above, below);
      ++digit;
    }
    digits += digit;
    above = times_ten(above);
  }
  return decimal_text(std::move(digits), exponent);
}

}  // namespace assay::fetchers
