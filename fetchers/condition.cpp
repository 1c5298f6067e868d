#include "fetchers/condition.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "fetchers/parsing.hpp"
#include "fetchers/symbols.hpp"
#include "fetchers/venue_time.hpp"

namespace assay::fetchers {
namespace {

constexpr std::uint64_t year_us = 31'556'952'000'000;  ///< the mean of 400

/// At most nine digits.
std::optional<int> number(std::string_view text, std::size_t digits_max) {
  const auto value = whole_number(text, digits_max);
  return value ? std::optional(static_cast<int>(*value)) : std::nullopt;
}

std::string two_digits(int value) {
  return (value < 10 ? "0" : "") + std::to_string(value);
}

std::optional<int> month_number(std::string_view word) {
  constexpr std::array<std::string_view, 12> names = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::find(names.begin(), names.end(), word);
  if (found == names.end()) return std::nullopt;
  return static_cast<int>(found - names.begin()) + 1;
}

struct DateWords {
  std::string_view day;
  std::string_view month;
  std::string_view year;
  std::string_view clock;
};

/// The words of a date between blanks and dashes, by the order of its three forms.
std::optional<DateWords> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty() && words.size() < 8) {
    const std::size_t end = text.find_first_of(" -");
    if (end != 0) words.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  if (!text.empty() || words.empty()) return std::nullopt;
  if (words[0].ends_with(',')) {
    if (words.size() != 6 || words[5] != "GMT") return std::nullopt;
    return DateWords{.day = words[1], .month = words[2], .year = words[3], .clock = words[4]};
  }
  if (words.size() != 5) return std::nullopt;
  return DateWords{.day = words[2], .month = words[1], .year = words[4], .clock = words[3]};
}

}  // namespace

std::string_view name(Condition condition) noexcept {
  switch (condition) {
    case Condition::unknown:
      return "unknown";
    case Condition::good:
      return "good";
    case Condition::rate_limited:
      return "rate_limited";
    case Condition::banned:
      return "banned";
    case Condition::forbidden:
      return "forbidden";
    case Condition::region_refused:
      return "region_refused";
    case Condition::server_error:
      return "server_error";
    case Condition::html_page:
      return "html_page";
    case Condition::bad_answer:
      return "bad_answer";
    case Condition::unreachable:
      return "unreachable";
    case Condition::timed_out:
      return "timed_out";
  }
  return "unknown";
}

bool is_trouble(Condition condition) noexcept {
  switch (condition) {
    case Condition::unknown:
    case Condition::good:
    case Condition::bad_answer:
      return false;
    case Condition::rate_limited:
    case Condition::banned:
    case Condition::forbidden:
    case Condition::region_refused:
    case Condition::server_error:
    case Condition::html_page:
    case Condition::unreachable:
    case Condition::timed_out:
      return true;
  }
  return true;
}

Condition condition_of(int status, std::string_view body) {
  if (status == 200) return is_html_page(body) ? Condition::html_page : Condition::good;
  if (status == 429) return Condition::rate_limited;
  if (status == 418) return Condition::banned;
  if (status == 401 || status == 403) return Condition::forbidden;
  if (status == 451) return Condition::region_refused;
  if (status >= 500) return is_html_page(body) && status == 503 ? Condition::html_page : Condition::server_error;
  return Condition::bad_answer;
}

bool is_html_page(std::string_view body) {
  const std::string start = lower_case(body.substr(0, 512));
  const std::size_t first = start.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  if (first == std::string::npos || start[first] != '<') return false;
  return start.find("<html") != std::string::npos || start.find("<!doctype html") != std::string::npos;
}

std::optional<WallTime> time_from_http_date(std::string_view text, WallTime now) {
  const auto words = words_of(text);
  if (!words) return std::nullopt;
  const auto day = number(words->day, 2);
  const auto month = month_number(words->month);
  auto year = number(words->year, 4);
  if (!day || !month || !year) return std::nullopt;
  if (words->year.size() == 2) {
    const int this_year = 1970 + static_cast<int>(now.value / year_us);
    *year += this_year / 100 * 100;
    if (*year > this_year + 50) *year -= 100;
  }
  return time_from_iso(std::to_string(*year) + "-" + two_digits(*month) + "-" + two_digits(*day) + "T" +
                       std::string(words->clock) + "Z");
}

std::optional<std::uint32_t> used_weight(std::string_view value) {
  const auto used = whole_number(value);
  return used && *used <= UINT32_MAX ? std::optional(static_cast<std::uint32_t>(*used)) : std::nullopt;
}

std::optional<Micros> retry_after(std::string_view value, WallTime now) {
  if (value.empty() || value.size() > 64) return std::nullopt;
  if (value.find_first_not_of("0123456789") == std::string_view::npos) {
    const auto seconds = number(value, 6);  // seven digits are more than a day
    return seconds ? std::min(retry_after_max, millis(std::int64_t{*seconds} * 1000)) : retry_after_max;
  }
  const auto until = time_from_http_date(value, now);
  if (!until) return std::nullopt;
  return std::clamp(*until - now, Micros{}, retry_after_max);
}

}  // namespace assay::fetchers
