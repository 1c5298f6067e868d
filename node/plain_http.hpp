#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "core/result.hpp"
#include "core/time.hpp"

namespace assay::node {

/// The body of GET url, for commands that ask a node: "http://127.0.0.1:8080", followed by `target`. No TLS: a node
/// speaks plain HTTP, and whoever reaches it over a network puts a proxy before it.
///   errors  malformed: not such a URL, or no answer of HTTP;  connect_failed;  timed_out;  closed: the answer is not
///           whole;  http_status: any other than 200;  too_large
///   Blocks for up to `patience`, and a look-up of a name as long as the resolver likes.
Result<std::string> http_get(std::string_view url, std::string_view target, Micros patience = millis(5000));
inline constexpr std::size_t http_answer_size_max = std::size_t{64} << 20U;

/// What stands behind the head of an answer as it came, until the other side closed.   errors  as above
Result<std::string> http_body(std::string_view answer);

}  // namespace assay::node
