#include "fetchers/io/url.hpp"

#include <algorithm>

#include "core/bytes.hpp"
#include "fetchers/endpoint.hpp"

namespace assay::fetchers {
namespace {

constexpr std::size_t url_size_max = 4096;

std::string_view default_port(std::string_view scheme) {
  return scheme == "https" || scheme == "wss" ? "443" : "80";
}

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f' && c != '#'; });
}

bool port_number(std::string_view text) {
  if (text.empty() || text.size() > 5) return false;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  return value >= 1 && value <= 65535;
}

std::string bracketed(const std::string& host) {
  return host.find(':') == std::string::npos ? host : "[" + host + "]";
}

}  // namespace

std::string Url::authority() const {
  const std::string name = bracketed(host);
  return port == default_port(scheme) ? name : name + ":" + port;
}

Result<Url> parse_url(std::string_view text) {
  if (text.size() > url_size_max) return Error{Errc::too_large, "a URL has at most 4096 bytes"};
  if (!printable(text)) return Error{Errc::malformed, "a URL holds printable ASCII without spaces and fragment"};
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return Error{Errc::malformed, "a URL starts with scheme://"};
  Url url;
  url.scheme = text.substr(0, colon);
  if (url.scheme != "https" && url.scheme != "wss" && url.scheme != "http" && url.scheme != "ws") {
    return Error{Errc::malformed, "the scheme is https, wss, http or ws"};
  }
  const std::string_view rest = text.substr(colon + 3);
  const std::size_t slash = rest.find_first_of("/?");
  std::string_view authority = rest.substr(0, slash);
  url.target = slash == std::string_view::npos ? "/" : rest.substr(slash);
  if (url.target.front() == '?') url.target.insert(url.target.begin(), '/');
  if (authority.find('@') != std::string_view::npos) {
    return Error{Errc::malformed, "a URL here holds no user information"};
  }
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t close = authority.find(']');
    if (close == std::string_view::npos) return Error{Errc::malformed, "an IPv6 host ends with a bracket"};
    url.host = authority.substr(1, close - 1);
    port = authority.substr(close + 1);
  } else {
    const std::size_t at = authority.find(':');
    url.host = authority.substr(0, at);
    port = at == std::string_view::npos ? std::string_view{} : authority.substr(at);
  }
  if (url.host.empty() || url.host.size() > 253) return Error{Errc::malformed, "a URL names a host"};
  if (!port.empty() && (port.front() != ':' || !port_number(port.substr(1)))) {
    return Error{Errc::malformed, "a port is a number from 1 to 65535"};
  }
  url.port = port.empty() ? default_port(url.scheme) : port.substr(1);
  return url;
}

Result<Proxy> parse_proxy(std::string_view text) {
  constexpr std::string_view scheme = "http://";
  if (!text.starts_with(scheme)) return Error{Errc::malformed, "a proxy is http://HOST:PORT"};
  const std::string_view rest = text.substr(scheme.size());
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  const std::size_t at = authority.rfind('@');
  const std::string_view where = at == std::string_view::npos ? authority : authority.substr(at + 1);
  const bool named = where.ends_with(']') || where.find(':') == std::string_view::npos;
  auto url = parse_url(std::string(scheme) + std::string(where) + (named ? ":3128" : ""));
  if (!url) return url.error();
  Proxy proxy{.host = std::move(url->host), .port = std::move(url->port), .user = {}, .password = {}};
  if (at == std::string_view::npos) return proxy;
  const std::string_view person = authority.substr(0, at);
  const std::size_t colon = person.find(':');
  proxy.user = percent_decoded(person.substr(0, colon));
  if (colon != std::string_view::npos) proxy.password = percent_decoded(person.substr(colon + 1));
  return proxy;
}

std::string tunnel_request(const Url& url, const Proxy& proxy) {
  const std::string where = bracketed(url.host) + ":" + url.port;
  std::string text = "CONNECT " + where + " HTTP/1.1\r\nHost: " + where + "\r\n";
  if (!proxy.user.empty()) {
    const std::string person = proxy.user + ":" + proxy.password;
    text += "Proxy-Authorization: Basic " + to_base64(as_bytes(person)) + "\r\n";
  }
  return text + "\r\n";
}

std::string host_key(std::string_view text) {
  const auto url = parse_url(text);
  if (!url) return {};
  const bool loopback = url->host == "localhost" || url->host == "::1" || url->host.starts_with("127.");
  return url->host + ":" + url->port + (loopback ? url->target : "");
}

std::string join_url(std::string_view base, std::string_view target) {
  while (base.ends_with('/')) base.remove_suffix(1);
  std::string joined(base);
  if (target.empty()) return joined;
  if (target.front() != '/' && target.front() != '?') joined += '/';
  joined += target;
  return joined;
}

}  // namespace assay::fetchers
