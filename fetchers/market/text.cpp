#include "fetchers/market/text.hpp"

#include <algorithm>

namespace assay::fetchers::market {
namespace {

std::string padded(std::uint64_t value, std::size_t width) {
  std::string text = std::to_string(value);
  return text.size() >= width ? text : std::string(width - text.size(), '0') + text;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

}  // namespace

std::string decimal(std::int64_t value_e8, Places places) {
  const std::uint64_t size =
      value_e8 < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value_e8) : static_cast<std::uint64_t>(value_e8);
  std::string fraction = padded(size % 100'000'000, 8).substr(0, static_cast<std::size_t>(places.max));
  while (fraction.size() > static_cast<std::size_t>(places.min) && fraction.back() == '0') fraction.pop_back();
  std::string text = std::to_string(size / 100'000'000);
  if (!fraction.empty()) text += "." + fraction;
  return value_e8 < 0 ? "-" + text : text;
}

std::string iso_time(WallTime time) {
  // Days to civil date after Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
  const std::uint64_t seconds = time.value / 1'000'000;
  const std::uint64_t days = seconds / 86'400 + 719'468;
  const std::uint64_t era = days / 146'097;
  const std::uint64_t day_of_era = days % 146'097;
  const std::uint64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::uint64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint64_t month_index = (5 * day_of_year + 2) / 153;
  const std::uint64_t day = day_of_year - (153 * month_index + 2) / 5 + 1;
  const std::uint64_t month = month_index < 10 ? month_index + 3 : month_index - 9;
  const std::uint64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const std::uint64_t of_day = seconds % 86'400;
  return padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2) + "T" + padded(of_day / 3600, 2) + ":" +
         padded(of_day / 60 % 60, 2) + ":" + padded(of_day % 60, 2) + "." + padded(time.value % 1'000'000, 6) + "Z";
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

std::optional<std::string> query_value(std::string_view target, std::string_view key) {
  const std::size_t question = target.find('?');
  std::string_view query = question == std::string_view::npos ? std::string_view{} : target.substr(question + 1);
  while (!query.empty()) {
    const std::string_view item = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), item.size() + 1));
    if (item.substr(0, item.find('=')) != key || item.find('=') == std::string_view::npos) continue;
    const std::string_view raw = item.substr(item.find('=') + 1);
    std::string value;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      if (raw[i] != '%') {
        value += raw[i] == '+' ? ' ' : raw[i];
        continue;
      }
      const int high = i + 2 < raw.size() ? hex_digit(raw[i + 1]) : -1;
      const int low = i + 2 < raw.size() ? hex_digit(raw[i + 2]) : -1;
      if (high < 0 || low < 0) return std::nullopt;
      value += static_cast<char>(high * 16 + low);
      i += 2;
    }
    return value;
  }
  return std::nullopt;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

}  // namespace assay::fetchers::market
