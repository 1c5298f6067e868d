#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"

namespace assay::fetchers::market {

/// One HTTP request as it came.
struct HttpQuery {
  std::string method;
  std::string target;  ///< path and query, as sent
  std::string body;
  std::string authorization;  ///< that header, "" when absent
};

struct HttpReply {
  unsigned status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  Micros delay;           ///< wait before the answer
  Micros trickle;         ///< one byte each; zero: at once
  std::size_t drip = 0;   ///< of the encrypted bytes so many a second, records cut anywhere; 0: at once
  bool hangs_up = false;  ///< ends the connection behind this answer, though it said that it stays
};

/// How a WebSocket message is marked.
enum class Opcode : std::uint8_t { text, binary };

/// One WebSocket message to a client.
struct SocketMessage {
  std::string bytes;
  Opcode opcode = Opcode::text;
  Micros trickle{};      ///< in fragments of one byte, one each; zero: at once
  std::size_t drip = 0;  ///< of the encrypted bytes so many a second; 0: at once
};

/// One WebSocket connection; never reused.
using SocketId = std::uint64_t;

/// All called on the run() thread.
struct TlsServerEvents {
  std::function<HttpReply(const HttpQuery&)> on_request;
  /// Status 101 for a WebSocket to this target, else what it is refused with.
  std::function<HttpReply(const std::string& target)> on_upgrade;
  std::function<void(SocketId, const std::string& target)> on_open;
  std::function<void(SocketId, std::string_view text)> on_text;
  std::function<void(SocketId)> on_close;
};

struct TlsServerSettings {
  std::string certificate_file;  ///< PEM chain
  std::string key_file;          ///< PEM
  std::uint16_t port = 0;        ///< 0: any free one
  std::size_t request_size_max = 64U << 10U;
  std::size_t message_size_max = 64U << 10U;
  std::size_t connections_max = 1024;
};

/// HTTPS and WSS on one loopback port and one thread. Knows no venue.
class TlsServer {
 public:
  /// Binds 127.0.0.1 at once.   errors  io_failed for certificate, key or port
  static Result<std::unique_ptr<TlsServer>> listen(const TlsServerSettings& settings, TlsServerEvents events);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::uint16_t port() const;

  // On the run() thread only, that is from the events and from what after() and post() call:
  /// One message. A reader that lets send_queue_max of them pile up is cut off.
  void send(SocketId socket, SocketMessage message);
  void send(SocketId socket, std::string text);
  void close(SocketId socket);  ///< a WebSocket close frame after everything queued
  void drop(SocketId socket);   ///< everything queued, then the TCP connection just ends
  void cut(SocketId socket);    ///< the TCP connection ends at once
  void after(Micros delay, std::function<void()> call);
  static constexpr std::size_t send_queue_max = 4096;

  // Any thread:
  void post(std::function<void()> call);  ///< runs `call` on the run() thread
  void run();                             ///< lends the thread until stop()
  void stop();

 private:
  class Impl;
  explicit TlsServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace assay::fetchers::market
