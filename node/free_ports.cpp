#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "node/process.hpp"
#include "node/system.hpp"

namespace assay::node {

namespace {

constexpr std::uint16_t port_first = 20'000;
constexpr std::uint16_t port_count = 12'000;  // below the usual start of the ephemeral range, 32768
constexpr int tries_max = 1'000;

bool is_free(std::uint16_t port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool bound = probe >= 0 && bind(probe, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return bound;
}

}  // namespace

Result<std::vector<std::uint16_t>> free_ports(std::size_t count) {
  std::vector<std::uint16_t> ports;
  for (int tries = 0; ports.size() < count; ++tries) {
    if (tries == tries_max) {
      return Error{Errc::io_failed, "no free loopback port between 20000 and 32000"};
    }
    std::array<std::uint8_t, 2> random{};
    SystemEntropy().fill(random);
    const auto port = static_cast<std::uint16_t>(port_first + (random[0] * 256U + random[1]) % port_count);
    if (std::find(ports.begin(), ports.end(), port) == ports.end() && is_free(port)) {
      ports.push_back(port);
    }
  }
  return ports;
}

}  // namespace assay::node
