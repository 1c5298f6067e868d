#pragma once
#include <string>
#include <string_view>

#include "core/result.hpp"

namespace assay::fetchers {

/// The parts of `scheme://host[:port][/target]` that a connection needs.
struct Url {
  std::string scheme;  ///< "https", "wss", "http" or "ws"
  std::string host;    ///< without the brackets of an IPv6 literal
  std::string port;    ///< the scheme's own when the text names none
  std::string target;  ///< path and query, "/" when empty

  bool secure() const { return scheme == "https" || scheme == "wss"; }
  /// The Host header: the port only when it is not the scheme's own.
  std::string authority() const;
};

/// Splits a URL of the four schemes. No user information, no fragment, no spaces or control characters, at most 4,096
/// bytes.   errors  malformed, too_large
Result<Url> parse_url(std::string_view text);

/// An HTTP proxy that opens tunnels (CONNECT, RFC 9110 section 9.3.6).
struct Proxy {
  std::string host;  ///< without the brackets of an IPv6 literal
  std::string port;
  std::string user;  ///< "" asks without credentials
  std::string password;
};

/// "http://host:port" or "http://user:password@host:port", percent-encoded where need be; the port is 3128 when none is
/// given.   errors  malformed, too_large
Result<Proxy> parse_proxy(std::string_view text);

/// What asks a proxy for a tunnel to the host and port of a URL: a whole HTTP/1.1 request, credentials included.
std::string tunnel_request(const Url& url, const Proxy& proxy);

/// What an allowance is counted by: the host and its port, on a loopback address the path too, since there each venue
/// of a synthetic market is a host of its own. "" for what is no URL.
std::string host_key(std::string_view url);

/// base + target with exactly one slash between: ("wss://host/kraken", "/v2") is "wss://host/kraken/v2".
std::string join_url(std::string_view base, std::string_view target);

}  // namespace assay::fetchers
