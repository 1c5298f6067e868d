#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace assay::threshold {

struct HostPort {
  std::string host;
  std::uint16_t port{};
};

/// "host:port", "1.2.3.4:port" or "[::1]:port"; port is plain decimal, 0..65535. Pure.   errors  malformed
Result<HostPort> parse_host_port(std::string_view text);

}  // namespace assay::threshold
