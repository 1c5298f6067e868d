#pragma once
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <random>
#include <string>

namespace assay::naive {

/// Rescaling as one does it on paper, on strings of digits: the slow twin of parse_decimal and rescale.
/// `text` must be a number that parse_decimal accepts, with an exponent of at most four digits.
/// Returns the digits of the mantissa at `exponent`, or nothing where it is 0 or above 2^62.
inline std::optional<std::string> rescale(const std::string& text, int exponent) {
  const std::size_t mark = text.find_first_of("eE");
  const int written = mark == std::string::npos ? 0 : std::atoi(text.substr(mark + 1).c_str());
  std::string whole = text.substr(0, mark);
  std::string fraction;
  if (const std::size_t point = whole.find('.'); point != std::string::npos) {
    fraction = whole.substr(point + 1);
    whole = whole.substr(0, point);
  }
  // Move the point to the right place, digit by digit.
  for (int i = 0; i < written - exponent; ++i) {
    whole += fraction.empty() ? '0' : fraction.front();
    fraction.erase(0, 1);
  }
  for (int i = 0; i < exponent - written; ++i) {
    fraction.insert(0, 1, whole.empty() ? '0' : whole.back());
    if (!whole.empty()) {
      whole.pop_back();
    }
  }
  const bool odd = !whole.empty() && (whole.back() - '0') % 2 == 1;
  const bool rest = fraction.find_first_not_of('0', 1) != std::string::npos;
  const char first = fraction.empty() ? '0' : fraction.front();
  if (first > '5' || (first == '5' && (rest || odd))) {
    std::size_t at = whole.size();
    while (at > 0 && whole[at - 1] == '9') {
      whole[--at] = '0';
    }
    if (at == 0) {
      whole.insert(0, 1, '1');
    } else {
      ++whole[at - 1];
    }
  }
  whole.erase(0, whole.find_first_not_of('0'));
  const std::string limit = "4611686018427387904";
  if (whole.empty() || whole.size() > limit.size() || (whole.size() == limit.size() && whole > limit)) {
    return std::nullopt;
  }
  return whole;
}

/// A number of up to 36 digits with and without point and exponent; ties and long runs of 0 and 9 are frequent.
inline std::string random_number(std::mt19937_64& random) {
  constexpr char digits[] = "0123456789550099";
  std::string text;
  const std::size_t length = 1 + random() % 36;
  const std::size_t point = random() % 60;
  char run = '5';
  for (std::size_t i = 0; i < length; ++i) {
    if (i == point) {
      text += '.';
    }
    if (random() % 4 != 0 || i == 0) {
      run = digits[random() % 16];
    }
    text += run;
  }
  if (random() % 3 == 0) {
    text += random() % 2 == 0 ? "e" : "E";
    text += std::to_string(static_cast<int>(random() % 60) - 30);
  }
  return text;
}

}  // namespace assay::naive
