#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/digest.hpp"
#include "core/entropy.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace assay::fetchers {

/// Where to connect and what to keep to. A zero span switches that rule off.
struct WsEndpoint {
  std::string url;                           ///< ws:// or wss://, with port and target
  std::string ca_file;                       ///< PEM roots; "" is the system's store; not read for ws://
  std::vector<std::string> frames;           ///< text frames sent after each connect, in order
  Micros ping_interval;                      ///< a ping this often; zero: none
  std::string ping_frame;                    ///< the ping as a text frame; "" is a WebSocket ping frame
  Micros silence_max;                        ///< no message for this long (to 5/4 of it): cut and reconnect
  std::size_t message_size_max = 1U << 20U;  ///< a longer message ends the connection
  Micros backoff_min = millis(250);          ///< first wait before a reconnect, see Backoff
  Micros backoff_max = millis(30'000);       ///< longest wait; a connection that lives this long resets the steps
  Micros connect_timeout = millis(10'000);   ///< each for TCP, TLS and WebSocket handshake
};

/// What the connection tells. All called on the thread that lends itself to WsClients::run(); they must not block.
struct WsEvents {
  /// The URL to connect to this time, for venues that hand out a token first; an error counts as a failed attempt.
  /// Without it `WsEndpoint::url` stays.
  std::function<Result<std::string>()> on_connect;
  /// One complete message, borrowed for the call. A returned text is sent back at once.
  std::function<std::optional<std::string>(ByteSpan message)> on_message;
  /// Connected and `frames` queued.
  std::function<void()> on_open;
  /// An attempt failed or a connection ended; the next attempt follows by itself.
  ///   connect_failed  resolve, connect, TLS (certificate or host name refused);  http_status, rate_limited  no upgrade
  ///   timed_out  a handshake took too long, or silence_max passed;  too_large  a message above message_size_max
  ///   closed  the other side ended it;  malformed  not WebSocket;  mailbox_full  it does not read what we send
  ///   `text` is the library's words and the host; borrowed for the call
  std::function<void(Error, std::string_view text)> on_down;
};

/// Any number of client WebSockets on one thread: TLS 1.2+ with certificate and host name verified, pings answered,
/// reconnect with back-off; no compression is offered. Knows no venue.
class WsClients {
 public:
  /// `jitter` is drawn from once in each add().
  explicit WsClients(Entropy& jitter);
  ~WsClients();
  WsClients(const WsClients&) = delete;
  WsClients& operator=(const WsClients&) = delete;

  /// Starts to connect as soon as run() runs; before or while it does, any thread.
  ///   returns  the index for send();  errors  malformed, too_large for the URL
  Result<std::size_t> add(WsEndpoint endpoint, WsEvents events);

  /// Queues a text frame on the present connection; dropped while there is none. Any thread. A peer that lets
  /// send_queue_max frames pile up is cut off.
  void send(std::size_t index, std::string text);
  static constexpr std::size_t send_queue_max = 1024;

  /// Lends the calling thread until stop(). One thread only.
  void run();
  /// Makes run() return soon, also when called before it. Any thread. Connections close with the object.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::fetchers
