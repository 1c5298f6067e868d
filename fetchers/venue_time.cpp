#include "fetchers/venue_time.hpp"

#include <cstdint>

#include "fetchers/parsing.hpp"

namespace assay::fetchers {

namespace {

constexpr std::int64_t micros_per_second = 1'000'000;

/// Digits behind a decimal point of seconds, as microseconds: "5" is 500000.
std::optional<std::uint64_t> fraction_micros(std::string_view digits) {
  if (!whole_number(digits, 18)) {
    return std::nullopt;
  }
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    value = value * 10 + (i < digits.size() ? static_cast<std::uint64_t>(digits[i] - '0') : 0);
  }
  return value;
}

/// Takes two (or four) digits and a following separator off the front.
std::optional<std::int64_t> take_field(std::string_view& text, std::size_t digits, std::string_view separators) {
  const auto value = text.size() < digits ? std::nullopt : whole_number(text.substr(0, digits), digits);
  if (!value) {
    return std::nullopt;
  }
  text.remove_prefix(digits);
  if (!separators.empty()) {
    if (text.empty() || separators.find(text.front()) == std::string_view::npos) {
      return std::nullopt;
    }
    text.remove_prefix(1);
  }
  return static_cast<std::int64_t>(*value);
}

/// Days from 1970-01-01 in the proleptic Gregorian calendar; years are counted from March so that leap days come last.
std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t shifted = month <= 2 ? year - 1 : year;
  const std::int64_t era = shifted / 400;
  const std::int64_t year_of_era = shifted - era * 400;
  const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

/// "Z", "", "+hh", "+hh:mm", "-hhmm" as seconds east of UTC.
std::optional<std::int64_t> zone_seconds(std::string_view zone) {
  if (zone.empty() || zone == "Z" || zone == "z") {
    return 0;
  }
  const bool east = zone.front() == '+';
  if (!east && zone.front() != '-') {
    return std::nullopt;
  }
  zone.remove_prefix(1);
  const auto hours = take_field(zone, 2, {});
  if (zone.starts_with(':')) {
    zone.remove_prefix(1);
  }
  const auto minutes = zone.empty() ? std::optional<std::int64_t>(0) : take_field(zone, 2, {});
  if (!hours || !minutes || !zone.empty() || *hours > 23 || *minutes > 59) {
    return std::nullopt;
  }
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return east ? seconds : -seconds;
}

/// `fraction` in millionths of the unit.
std::uint64_t sized_micros(std::uint64_t whole, std::uint64_t fraction) {
  if (whole < 100'000'000'000U) {
    return whole * 1'000'000 + fraction;
  }
  if (whole < 100'000'000'000'000U) {
    return whole * 1000 + fraction / 1000;
  }
  return whole < 100'000'000'000'000'000U ? whole : whole / 1000;
}

}  // namespace

std::optional<WallTime> time_from_epoch(std::string_view text, TimeUnit unit) {
  const std::size_t dot = text.find('.');
  const auto whole = whole_number(text.substr(0, dot), 19);
  if (!whole) {
    return std::nullopt;
  }
  switch (unit) {
    case TimeUnit::seconds: {
      const auto fraction =
          dot == std::string_view::npos ? std::optional<std::uint64_t>(0) : fraction_micros(text.substr(dot + 1));
      if (!fraction || *whole > 1'000'000'000'000U) {
        return std::nullopt;
      }
      return WallTime{*whole * micros_per_second + *fraction};
    }
    case TimeUnit::millis_or_micros:
      if (dot != std::string_view::npos) {
        return std::nullopt;
      }
      return WallTime{*whole < 100'000'000'000'000U ? *whole * 1000 : *whole};
    case TimeUnit::by_size: {
      const auto fraction =
          dot == std::string_view::npos ? std::optional<std::uint64_t>(0) : fraction_micros(text.substr(dot + 1));
      return fraction ? std::optional(WallTime{sized_micros(*whole, *fraction)}) : std::nullopt;
    }
    case TimeUnit::nanos:
      return dot == std::string_view::npos ? std::optional(WallTime{*whole / 1000}) : std::nullopt;
  }
  return std::nullopt;
}

std::optional<WallTime> time_from_iso(std::string_view text) {
  const auto year = take_field(text, 4, "-");
  const auto month = year ? take_field(text, 2, "-") : std::nullopt;
  const auto day = month ? take_field(text, 2, "T t") : std::nullopt;
  const auto hour = day ? take_field(text, 2, ":") : std::nullopt;
  const auto minute = hour ? take_field(text, 2, ":") : std::nullopt;
  const auto second = minute ? take_field(text, 2, {}) : std::nullopt;
  if (!second || *year < 1970 || *month < 1 || *month > 12 || *day < 1 || *day > 31 || *hour > 23 || *minute > 59 ||
      *second > 60) {
    return std::nullopt;
  }
  std::uint64_t micros_part = 0;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    const std::string_view digits = text.substr(0, text.find_first_not_of("0123456789"));
    const auto fraction = fraction_micros(digits);
    if (!fraction) {
      return std::nullopt;
    }
    micros_part = *fraction;
    text.remove_prefix(digits.size());
  }
  const auto zone = zone_seconds(text);
  if (!zone) {
    return std::nullopt;
  }
  const std::int64_t seconds =
      days_from_civil(*year, *month, *day) * 86'400 + *hour * 3600 + *minute * 60 + *second - *zone;
  if (seconds < 0) {
    return std::nullopt;
  }
  return WallTime{static_cast<std::uint64_t>(seconds * micros_per_second) + micros_part};
}

}  // namespace assay::fetchers
