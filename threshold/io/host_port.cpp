#include "threshold/io/host_port.hpp"

#include <charconv>

namespace assay::threshold {

Result<HostPort> parse_host_port(std::string_view text) {
  constexpr Error refused{Errc::malformed, "an address is host:port"};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return refused;
  auto host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (host.empty() || (!bracketed && host.find(':') != std::string_view::npos)) return refused;
  HostPort out{std::string(host), 0};
  const auto* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, out.port);
  if (error != std::errc{} || stop != end) return refused;
  return out;
}

}  // namespace assay::threshold
