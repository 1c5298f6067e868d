#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "fetchers/io/url.hpp"

namespace assay::fetchers {

/// One step of the way to a host.
struct ReachStep {
  std::string_view what;  ///< "dns", "tcp", "proxy" or "tls"
  bool reached = false;
  Micros took;
  std::string text;  ///< the addresses, the address that answered, the version; else what was wrong
};

/// Where a way is tried, and what each of its steps may take.
struct ReachTarget {
  Url url;
  std::optional<Proxy> proxy;
  std::string ca_file;  ///< PEM roots; "" is the system's store
  Micros patience = millis(4000);
};

/// Goes the way to a host step by step, as far as it leads, and hangs up: for people who ask why a venue cannot be
/// read. The steps are those of HttpExchange and WsConnection: every address of the name (the proxy's, if there is
/// one), a tunnel through the proxy, TLS 1.2+ with certificate and host name verified. Asks nothing of the host.
///   returns  the steps that were tried; the last one tells where the way ends
///   Blocks: patience for each address, the tunnel and the handshake, and the look-up as long as the resolver likes.
///   SIGPIPE is to be blocked or ignored.
std::vector<ReachStep> reach(const ReachTarget& target, const std::function<MonoTime()>& mono);

}  // namespace assay::fetchers
