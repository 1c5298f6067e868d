#include "publisher/listen_address.hpp"

#include <charconv>

namespace assay::publisher {

Result<ListenAddress> parse_listen_address(std::string_view text) {
  constexpr Error refused{Errc::out_of_range, "listen: address:port"};
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return refused;
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[') {
    if (host.size() < 3 || host.back() != ']') return refused;
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return refused;
  }
  ListenAddress out{std::string(host), 0};
  const auto digits = text.substr(colon + 1);
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (failed != std::errc{} || end != digits.data() + digits.size()) return refused;
  return out;
}

}  // namespace assay::publisher
