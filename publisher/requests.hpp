#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/result.hpp"

namespace assay::publisher {

/// What a subscriber may say on /v1/stream; JSON in docs/wire.md ("Subscriber frames").
struct Subscribe {
  std::int64_t id{};               ///< the client's name for this subscription; a second one replaces the first
  std::vector<std::string> feeds;  ///< symbols; exactly ["*"] means all
};
struct Unsubscribe {
  std::int64_t id{};
};
struct Ping {
  std::int64_t time{};  ///< echoed
};
using Request = std::variant<Subscribe, Unsubscribe, Ping>;

inline constexpr std::size_t request_bytes_max = std::size_t{64} << 10U;
inline constexpr std::size_t requested_feeds_max = 4096;
inline constexpr std::size_t symbol_bytes_max = 64;

/// Reads one client message. Unknown members are ignored; `id` and `t` default to 0.
///   errors  too_large, malformed, missing_field, unsupported (another op), out_of_range (a negative id)
///   Total on any text.   pure, any thread
Result<Request> parse_request(std::string_view text);

}  // namespace assay::publisher
