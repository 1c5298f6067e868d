#pragma once
#include <cstddef>
#include <cstdint>
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
#include "fetchers/rate_ledger.hpp"

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
  std::string proxy{};                       ///< "http://host:port" tunnels through it; "" connects directly
  RateRule send_rule{};                      ///< text frames wait where they would exceed it
  Micros settle{};                           ///< between the opening and the first frame
  Micros life_max{};                         ///< a connection is replaced before it is this old
  Micros overlap_max = millis(30'000);       ///< a replacement that has spoken, if not of everything, takes over then
};

/// One connection of a client; never reused. A client has two while one replaces the other.
using WsConnectionId = std::uint64_t;

/// Where to connect this time.
struct WsPlan {
  std::string url;
  std::vector<std::string> frames;
};

/// What a message asks of the client.
struct WsReaction {
  std::optional<std::string> reply{};  ///< sent back at once
  bool settled = false;                ///< this connection now tells all that one is expected to: it may take over
  bool renew = false;                  ///< something was missed, or the venue is about to hang up: replace it
};

/// What the connection tells. All called on the thread that lends itself to WsClients::run(); they must not block.
struct WsEvents {
  /// How long to wait before an attempt may be made; zero: it is booked as made. Without it there is no wait.
  std::function<Micros()> may_connect;
  /// Asked before each attempt; an error counts as a failed one. Without it `url` and `frames` of the endpoint stay.
  std::function<Result<WsPlan>()> on_connect;
  /// One complete message, borrowed for the call.
  std::function<WsReaction(WsConnectionId, ByteSpan message)> on_message;
  /// Connected, and its frames queued; a replacement too.
  std::function<void(WsConnectionId)> on_open;
  /// An opened connection has ended or was replaced: no more messages of it.
  std::function<void(WsConnectionId)> on_close;
  /// There is no open connection any more; the next attempt follows by itself.
  ///   connect_failed  resolve, connect, proxy, TLS (certificate or host name refused)
  ///   http_status, rate_limited  no upgrade;  timed_out  a handshake took too long, or silence_max passed
  ///   too_large  a message above message_size_max;  closed  the other side ended it;  malformed  not WebSocket
  ///   mailbox_full  it does not read what we send
  ///   `text` is the library's words and the host; borrowed for the call
  std::function<void(Error, std::string_view text)> on_down;
  /// A replacement has taken over, and the connection before it is closed; or an attempt at one failed, and the old one
  /// goes on until the next.
  std::function<void(const Done& replaced)> on_renewal;
};

/// Any number of client WebSockets on one thread: TLS 1.2+ with certificate and host name verified, pings answered,
/// reconnect with back-off; no compression is offered (docs/adr/0016-no-permessage-deflate.md). Knows no venue.
/// A connection is replaced, before its life_max or when a message asks for it, by one that is made beside it: the old
/// one goes on until the new one is `settled`, so that nothing is missed between them.
class WsClients {
 public:
  /// `mono` says when frames may be sent; `jitter` is drawn from once in each add().
  WsClients(std::function<MonoTime()> mono, Entropy& jitter);
  ~WsClients();
  WsClients(const WsClients&) = delete;
  WsClients& operator=(const WsClients&) = delete;

  /// Starts to connect as soon as run() runs; before or while it does, any thread.
  ///   returns  the index for renew();  errors  malformed, too_large for the URL
  Result<std::size_t> add(WsEndpoint endpoint, WsEvents events);

  /// Replaces the present connection as a message can (WsReaction::renew). Any thread.
  void renew(std::size_t index);
  /// A peer that lets so many of our frames pile up is cut off.
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
