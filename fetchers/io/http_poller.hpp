#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/entropy.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace assay::fetchers {

/// One HTTP request to repeat: a GET, or a POST of JSON when it has a body.
struct PollTarget {
  std::string base_url;                    ///< "https://api.kraken.com", nothing but https; a path is kept as a prefix
  std::string target;                      ///< "/0/public/Ticker?pair=XBTUSD"
  std::string body;                        ///< "" asks by GET
  std::string secret_query;                ///< "apikey=...", put behind the target, never shown; "" is none
  std::string secret_header;               ///< "Authorization: Bearer ...", never shown; "" is none
  std::string ca_file;                     ///< PEM roots; "" is the system's store
  Micros interval = millis(1000);          ///< from the start of one request to the start of the next
  Micros connect_timeout = millis(2000);   ///< for TCP to one address, and again for the TLS handshake
  Micros timeout = millis(5000);           ///< for the whole answer
  std::size_t body_size_max = 16U << 20U;  ///< after decompression
  Micros backoff_max = millis(60'000);     ///< longest wait after failures, unless Retry-After asks for more
};

/// What a server answered with status 200.
struct HttpAnswer {
  int status = 0;
  std::string body;
  std::optional<int> retry_after_s;
};

/// Repeats requests with keep-alive over TLS 1.2+, certificate and host name verified. Knows no venue. Blocking by
/// nature: it lives on lent threads, and a target that hangs holds one of them for at most its time-outs.
class HttpPoller {
 public:
  /// `text` is for people: "HTTP 429: ...", at most 200 bytes of what the server said.
  ///   connect_failed  resolve, connect, TLS (certificate or host name refused);  timed_out;  closed
  ///   rate_limited  429 and 418;  http_status  any other status than 200;  too_large  a body above body_size_max
  using Answered = std::function<void(std::size_t index, Result<HttpAnswer> answer, std::string_view text)>;

  /// `mono` is read for due times only; `jitter` is drawn from in the constructor only. `answered` is called on the
  /// threads in run(), for one target never twice at a time.
  HttpPoller(std::vector<PollTarget> targets, std::function<MonoTime()> mono, Entropy& jitter, Answered answered);
  ~HttpPoller();
  HttpPoller(const HttpPoller&) = delete;
  HttpPoller& operator=(const HttpPoller&) = delete;

  /// Lends the calling thread until stop(). Several threads may: each serves the target that is due first, so that one
  /// hanging venue does not hold up the others. Blocks SIGPIPE on the thread while it is here.
  void run();
  /// Makes every run() return soon, also when called before it: the socket of a connect, handshake or answer under way
  /// is shut down. What cannot be cut is a look-up of a name, which ends with the resolver's patience. Never blocks.
  /// Any thread.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// How long a server asks us to wait: whole seconds of a Retry-After value, at most a day; none for an HTTP date.
std::optional<int> retry_after_seconds(std::string_view value);

}  // namespace assay::fetchers
