#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>

#include "core/digest.hpp"
#include "core/result.hpp"
#include "core/time.hpp"
#include "fetchers/io/url.hpp"

namespace assay::fetchers {

/// Where one WebSocket leads, and what it may take.
struct WsCall {
  Url url;
  std::optional<Proxy> proxy;
  std::string ca_file;     ///< PEM roots; "" is the system's store; not read for ws://
  Micros connect_timeout;  ///< each for TCP (to all addresses together), TLS and WebSocket handshake
  std::size_t message_size_max = 1U << 20U;
};

/// What a connection tells, on the thread of its io_context; after cut() and after on_down() nothing more. All are set.
struct WsConnectionEvents {
  std::function<void()> on_open;
  std::function<void(ByteSpan message)> on_message;  ///< complete, borrowed for the call
  std::function<void(Error, std::string text)> on_down;
};

/// One attempt at a WebSocket and, when it succeeds, its life. On the thread of its io_context only.
/// All addresses of the name are tried, the two families by turns, each with its share of the time, so that an address
/// that leads nowhere does not hide one that works.
class WsConnection {
 public:
  virtual ~WsConnection() = default;
  /// Sends a text frame; the text must live until `written` is called, which it is unless the connection ends.
  /// One at a time, and not before on_open().
  virtual void write(const std::string& text, std::function<void()> written) = 0;
  virtual void ping() = 0;  ///< a WebSocket ping frame, unless one is on its way; not before on_open()
  virtual void cut() = 0;   ///< ends it at any stage, without a further event
};

/// The TLS contexts of the roots in use: the system's store is dear to read. Outlives its connections.
class TlsRoots {
 public:
  TlsRoots();
  ~TlsRoots();
  TlsRoots(const TlsRoots&) = delete;
  TlsRoots& operator=(const TlsRoots&) = delete;

  class Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

/// Starts an attempt. The connection keeps itself alive until it has ended.
std::shared_ptr<WsConnection> open_ws(boost::asio::io_context& io, TlsRoots& roots, WsCall call,
                                      WsConnectionEvents events);

}  // namespace assay::fetchers
