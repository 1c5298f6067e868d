#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "core/time.hpp"
#include "fetchers/condition.hpp"

namespace assay::fetchers {

/// One HTTP request: a GET, or a POST of JSON when it has a body.
struct HttpRequest {
  std::string target;  ///< "/0/public/Ticker?pair=XBTUSD"
  std::string body;    ///< "" asks by GET
};

/// Whom to ask, and what one answer may take.
struct HttpHost {
  std::string base_url;                    ///< "https://api.kraken.com", nothing but https; a path is kept as a prefix
  std::string proxy;                       ///< "http://host:port" tunnels through it; "" connects directly
  std::string secret_query;                ///< "apikey=...", put behind the target, never shown; "" is none
  std::string secret_header;               ///< "Authorization: Bearer ...", never shown; "" is none
  std::string secret;                      ///< the key in these as it is: a page that repeats it is shown without
  std::string used_header;                 ///< of an answer: how much the host counts as spent; "" is none
  std::string ca_file;                     ///< PEM roots; "" is the system's store
  Micros connect_timeout = millis(2000);   ///< for TCP to one address, and again for the TLS handshake
  Micros timeout = millis(5000);           ///< for the whole answer, however slowly its bytes come
  std::size_t body_size_max = 16U << 20U;  ///< after decompression
};

/// What a server answered with status 200.
struct HttpAnswer {
  int status = 0;
  std::string body;
};

struct HttpOutcome {
  Result<HttpAnswer> answer;
  std::string text;                   ///< for people: "HTTP 429: ...", at most 200 bytes of what the server said
  Condition condition{};              ///< what that means, the body unread but for its first bytes
  Micros retry_after{};               ///< asked for by a host in trouble; zero: nothing
  std::optional<std::uint32_t> used;  ///< by used_header
};

/// Asks one host over TLS 1.2+, certificate and host name verified, the connection kept between requests; all addresses
/// of the name are tried. A kept connection that ends before the first byte of an answer is made anew once, and one
/// that was idle for idle_max is not used again. One thread at a time but for cut(). SIGPIPE is to be blocked on it. A
/// silence that begins just before the deadline may take as long as `timeout` again, and so may each byte of a proxy's
/// answer to CONNECT.
///   errors  connect_failed  resolve, connect, proxy, TLS (certificate or host name refused);  timed_out;  closed
///           rate_limited  429 and 418;  http_status  any other status than 200;  too_large  a body above body_size_max
class HttpExchange {
 public:
  explicit HttpExchange(HttpHost host);
  ~HttpExchange();
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  HttpOutcome ask(const HttpRequest& request, const std::function<MonoTime()>& mono,
                  const std::function<WallTime()>& wall);
  /// Ends what is under way, and every later request at once. Never blocks. Any thread.
  void cut();

  static constexpr Micros idle_max = millis(10'000);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::fetchers
