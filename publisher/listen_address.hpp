#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace assay::publisher {

struct ListenAddress {
  std::string host;  ///< without brackets
  std::uint16_t port{};
};

/// "127.0.0.1:8080" or "[::1]:8080"; port 0 asks for any free one.   errors  out_of_range.   pure, any thread
Result<ListenAddress> parse_listen_address(std::string_view text);

}  // namespace assay::publisher
