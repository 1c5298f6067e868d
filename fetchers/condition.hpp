#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace assay::fetchers {

/// How a host treats us, by its newest answer.
enum class Condition : std::uint8_t {
  unknown,         ///< not asked yet
  good,            ///< it answers with what was asked for
  rate_limited,    ///< 429, or its own words for it
  banned,          ///< 418: it went on after 429
  forbidden,       ///< 401, 403: a key, an address or a pace that it does not like
  region_refused,  ///< 451: it does not serve where we are
  server_error,    ///< 5xx
  html_page,       ///< a page for people: maintenance, or a proxy in between
  bad_answer,      ///< another status, or a body that is not what was asked for: this request is wrong, not the host
  unreachable,     ///< no address, no connection, no TLS that we trust, or the connection broke
  timed_out,       ///< it did not answer in time
};

/// "rate_limited" and the like: what people, `/v1/status` and metrics read.
std::string_view name(Condition condition) noexcept;

/// True when the next request, whatever it is, will hardly fare better: the whole host is to be left alone.
bool is_trouble(Condition condition) noexcept;

/// What an HTTP answer means, whatever was asked.   body  its beginning is enough
Condition condition_of(int status, std::string_view body);

/// Whether a body is a page for people: <html> or its doctype among the first 512 bytes, behind nothing but white
/// space, comments and an XML declaration.
bool is_html_page(std::string_view body);

/// How long a server asks us to wait: whole seconds of a Retry-After value or an HTTP date, at most a day; none when it
/// is neither, zero for a date that is over.   source  RFC 9110 section 10.2.3
std::optional<Micros> retry_after(std::string_view value, WallTime now);
inline constexpr Micros retry_after_max = millis(86'400'000);

/// A count that a host tells in a header of its own: digits, nothing else; none beyond 32 bits.
std::optional<std::uint32_t> used_weight(std::string_view value);

/// "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT" or "Sun Nov  6 08:49:37 1994"; none for other
/// text and for times before 1970.   now  says which century two digits mean: at most 50 years ahead
///   source  RFC 9110 section 5.6.7
std::optional<WallTime> time_from_http_date(std::string_view text, WallTime now);

}  // namespace assay::fetchers
