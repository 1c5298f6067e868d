#include "config/scalars.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace assay::config {
namespace {

constexpr std::uint64_t micros_per_second = 1'000'000;

/// Fixed-width digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

}  // namespace

std::optional<std::int64_t> parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<WallTime> parse_utc(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00T00:00:00Z";
  if (text.size() != shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != '0' && text[i] != shape[i]) return std::nullopt;
    if (shape[i] == '0' && (text[i] < '0' || text[i] > '9')) return std::nullopt;
  }
  const std::chrono::year_month_day date{std::chrono::year{digits(text, 0, 4)},
                                         std::chrono::month{static_cast<unsigned>(digits(text, 5, 2))},
                                         std::chrono::day{static_cast<unsigned>(digits(text, 8, 2))}};
  const int hour = digits(text, 11, 2);
  const int minute = digits(text, 14, 2);
  const int second = digits(text, 17, 2);
  if (!date.ok() || digits(text, 0, 4) < 1970 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count();
  const auto seconds =
      static_cast<std::uint64_t>(days) * 86'400 + static_cast<std::uint64_t>(hour * 3600 + minute * 60 + second);
  return WallTime{seconds * micros_per_second};
}

std::string utc_text(WallTime time) {
  const std::uint64_t seconds = time.value / micros_per_second;
  const auto days = std::chrono::sys_days(std::chrono::days(static_cast<std::int64_t>(seconds / 86'400)));
  const std::chrono::year_month_day date{days};
  const auto of_day = static_cast<unsigned>(seconds % 86'400);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02u:%02u:%02uZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), of_day / 3600, of_day / 60 % 60,
                of_day % 60);
  return text;
}

bool is_address(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || text.size() > 256) return false;
  const std::string_view port = text.substr(colon + 1);
  const auto number = parse_integer(port);
  if (!number || *number < 0 || *number > 65'535 || port.size() > 5) return false;
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  return std::all_of(host.begin(), host.end(), [bracketed](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    return letter || c == '.' || c == '-' || c == '_' || (bracketed && (c == ':' || c == '%'));
  });
}

}  // namespace assay::config
