#include "fetchers/io/ws_connection.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <exception>
#include <map>
#include <utility>
#include <vector>

namespace assay::fetchers {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using Tcp = asio::ip::tcp;
using Code = boost::system::error_code;
// Without permessage-deflate: docs/adr/0016-no-permessage-deflate.md.
using PlainStream = websocket::stream<beast::tcp_stream, false>;
using TlsStream = websocket::stream<beast::ssl_stream<beast::tcp_stream>, false>;

constexpr std::size_t read_size_max = 64U << 10U;   ///< bytes at a time
constexpr std::size_t tunnel_size_max = 8U << 10U;  ///< of a proxy's answer
constexpr std::size_t addresses_max = 16;           ///< of one name

std::chrono::microseconds span(Micros time) {
  return std::chrono::microseconds{time.value};
}

auto into(Code& code) {
  return asio::redirect_error(asio::use_awaitable, code);
}

/// Why an attempt or a connection ended.
struct Down {
  Error error;
  std::string text;
};

Down broken(Code code, const std::string& where, Error otherwise) {
  Error error = otherwise;
  if (code == beast::error::timeout) error = Error{Errc::timed_out, "no answer within connect_timeout"};
  if (code == websocket::error::closed || code == asio::error::eof || code == asio::error::connection_reset ||
      code == asio::error::broken_pipe || code == asio::ssl::error::stream_truncated) {
    error = Error{Errc::closed, "the other side ended the connection"};
  }
  return Down{error, where + ": " + code.message()};
}

/// A stream together with what is asked of it while it is read.
class Wire {
 public:
  virtual ~Wire() = default;
  virtual void write(const std::string& text, std::function<void()> written) = 0;
  virtual void ping() = 0;
  virtual void cut() = 0;  ///< ends the socket; whatever is under way fails
};

template <class Stream>
class StreamWire final : public Wire, public std::enable_shared_from_this<StreamWire<Stream>> {
 public:
  template <class... Arguments>
  explicit StreamWire(Arguments&&... arguments) : stream(std::forward<Arguments>(arguments)...) {}

  void write(const std::string& text, std::function<void()> written) override {
    stream.async_write(asio::buffer(text), [self = this->shared_from_this(), written = std::move(written)](
                                               Code code, std::size_t) { code ? self->cut() : written(); });
  }
  void ping() override {
    if (std::exchange(pinging_, true)) return;
    stream.async_ping({}, [self = this->shared_from_this()](Code) { self->pinging_ = false; });
  }
  void cut() override { beast::get_lowest_layer(stream).close(); }

  Stream stream;

 private:
  bool pinging_ = false;
};

/// IPv6 and IPv4 by turns, the resolver's favourite first (RFC 8305 section 4).
std::vector<Tcp::endpoint> by_turns(const Tcp::resolver::results_type& found) {
  std::vector<Tcp::endpoint> first;
  std::vector<Tcp::endpoint> second;
  for (const auto& entry : found) {
    const bool same = first.empty() || entry.endpoint().protocol() == first.front().protocol();
    (same ? first : second).push_back(entry.endpoint());
  }
  std::vector<Tcp::endpoint> turns;
  for (std::size_t i = 0; i < std::max(first.size(), second.size()) && turns.size() < addresses_max; ++i) {
    if (i < first.size()) turns.push_back(first[i]);
    if (i < second.size()) turns.push_back(second[i]);
  }
  return turns;
}

}  // namespace

/// One context per file of roots.
class TlsRoots::Impl {
 public:
  asio::ssl::context& of(const std::string& ca_file) {
    const auto found = contexts_.find(ca_file);
    if (found != contexts_.end()) return found->second;
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                        asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1);
    context.set_verify_mode(asio::ssl::verify_peer);
    if (ca_file.empty()) {
      context.set_default_verify_paths();
    } else {
      context.load_verify_file(ca_file);
    }
    return contexts_.emplace(ca_file, std::move(context)).first->second;
  }

 private:
  std::map<std::string, asio::ssl::context> contexts_;
};

TlsRoots::TlsRoots() : impl_(std::make_unique<Impl>()) {}
TlsRoots::~TlsRoots() = default;

namespace {

class Connection final : public WsConnection, public std::enable_shared_from_this<Connection> {
 public:
  Connection(asio::io_context& io, TlsRoots& roots, WsCall call, WsConnectionEvents events)
      : io_(io), roots_(roots), call_(std::move(call)), events_(std::move(events)) {}

  static asio::awaitable<void> live(std::shared_ptr<Connection> self) {
    Down down;
    try {
      down = co_await self->attempt();
    } catch (const std::exception& thrown) {  // a file of roots that is not there, a name OpenSSL refuses
      down = Down{Error{Errc::connect_failed, "no TLS context or no memory"}, thrown.what()};
    }
    if (self->wire_) self->wire_->cut();
    const WsConnectionEvents events = std::exchange(self->events_, {});  // they may hold whoever holds this
    if (!self->cut_) events.on_down(down.error, std::move(down.text));
  }

  void write(const std::string& text, std::function<void()> written) override {
    if (wire_) wire_->write(text, std::move(written));
  }
  void ping() override {
    if (wire_) wire_->ping();
  }
  void cut() override {
    cut_ = true;  // the events stay: one of them may be what called this
    if (wire_) wire_->cut();
  }

 private:
  asio::awaitable<Down> attempt() {
    Code code;
    Tcp::resolver resolver(io_);
    const std::string& host = call_.proxy ? call_.proxy->host : call_.url.host;
    const std::string& port = call_.proxy ? call_.proxy->port : call_.url.port;
    const auto found = co_await resolver.async_resolve(host, port, into(code));
    if (code) co_return broken(code, host, Error{Errc::connect_failed, "the host name resolves"});
    if (cut_) co_return Down{};
    if (!call_.url.secure()) {
      auto wire = std::make_shared<StreamWire<PlainStream>>(io_);
      wire_ = wire;
      if (auto down = co_await connect(beast::get_lowest_layer(wire->stream), by_turns(found))) co_return *down;
      co_return co_await converse(wire);
    }
    auto wire = std::make_shared<StreamWire<TlsStream>>(io_, roots_.impl().of(call_.ca_file));
    wire_ = wire;
    if (auto down = co_await connect(beast::get_lowest_layer(wire->stream), by_turns(found))) co_return *down;
    if (auto down = co_await shake_hands(wire->stream)) co_return *down;
    co_return co_await converse(wire);
  }

  asio::awaitable<std::optional<Down>> connect(beast::tcp_stream& stream, std::vector<Tcp::endpoint> addresses) {
    const std::string& host = call_.proxy ? call_.proxy->host : call_.url.host;
    const auto share =
        span(call_.connect_timeout) / static_cast<std::int64_t>(std::max<std::size_t>(addresses.size(), 1));
    Code code = asio::error::host_not_found;
    for (const Tcp::endpoint& address : addresses) {
      stream.expires_after(share);
      co_await stream.async_connect(address, into(code));
      if (!code || cut_) break;
    }
    if (code) co_return broken(code, host, Error{Errc::connect_failed, "a TCP connection"});
    Code ignored;
    stream.socket().set_option(Tcp::no_delay(true), ignored);
    if (call_.proxy) co_return co_await tunnel(stream);
    co_return std::nullopt;
  }

  asio::awaitable<std::optional<Down>> tunnel(beast::tcp_stream& stream) {
    const std::string where = "proxy " + call_.proxy->host;
    const Error refused{Errc::connect_failed, "a proxy that opens a tunnel"};
    Code code;
    const std::string request = tunnel_request(call_.url, *call_.proxy);
    stream.expires_after(span(call_.connect_timeout));
    co_await asio::async_write(stream, asio::buffer(request), into(code));
    std::string answer;
    if (!code) {
      co_await asio::async_read_until(stream, asio::dynamic_buffer(answer, tunnel_size_max), "\r\n\r\n", into(code));
    }
    if (code) co_return broken(code, where, refused);
    const bool opened = answer.starts_with("HTTP/1.") && answer.substr(8, 5).starts_with(" 2");
    if (!opened) co_return Down{refused, where + ": " + answer.substr(0, std::min<std::size_t>(answer.find('\r'), 80))};
    co_return std::nullopt;
  }

  asio::awaitable<std::optional<Down>> shake_hands(TlsStream& stream) {
    auto& tls = stream.next_layer();
    const std::string& host = call_.url.host;
    Code literal;
    asio::ip::make_address(host, literal);
    if (literal && SSL_set_tlsext_host_name(tls.native_handle(), host.c_str()) != 1) {
      co_return Down{Error{Errc::connect_failed, "a host name for SNI"}, host};
    }
    tls.set_verify_callback(asio::ssl::host_name_verification(host));
    beast::get_lowest_layer(stream).expires_after(span(call_.connect_timeout));
    Code code;
    co_await tls.async_handshake(asio::ssl::stream_base::client, into(code));
    if (code == beast::error::timeout) co_return broken(code, host, {});
    if (code) {
      co_return Down{Error{Errc::connect_failed, "a TLS handshake with a certificate we trust"},
                     host + ": " + code.message()};
    }
    co_return std::nullopt;
  }

  template <class Stream>
  asio::awaitable<Down> converse(std::shared_ptr<StreamWire<Stream>> wire) {
    auto& stream = wire->stream;
    const std::string& host = call_.url.host;
    beast::get_lowest_layer(stream).expires_never();
    stream.set_option(
        websocket::stream_base::timeout{span(call_.connect_timeout), websocket::stream_base::none(), false});
    stream.set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set(beast::http::field::user_agent, "assay"); }));
    stream.read_message_max(0);  // we count: Beast reports a breach only when the TLS shutdown after it went well
    Code code;
    websocket::response_type response;
    co_await stream.async_handshake(response, call_.url.authority(), call_.url.target, into(code));
    if (code == websocket::error::upgrade_declined) co_return declined(response.result_int());
    if (code) co_return broken(code, host, Error{Errc::malformed, "a WebSocket handshake"});
    if (!cut_) events_.on_open();
    beast::flat_buffer buffer;
    for (;;) {
      co_await stream.async_read_some(buffer, read_size_max, into(code));
      if (code) co_return broken(code, host, Error{Errc::malformed, "a WebSocket message"});
      if (buffer.size() > call_.message_size_max) {
        co_return Down{Error{Errc::too_large, "a message within message_size_max"}, host};
      }
      if (!stream.is_message_done()) continue;
      const auto data = buffer.cdata();
      if (!cut_) events_.on_message(ByteSpan(static_cast<const std::uint8_t*>(data.data()), data.size()));
      buffer.clear();
    }
  }

  Down declined(unsigned status) const {
    const bool slow_down = status == 429 || status == 418;
    return Down{slow_down ? Error{Errc::rate_limited, "the server asks us to slow down"}
                          : Error{Errc::http_status, "101 Switching Protocols"},
                call_.url.host + ": HTTP " + std::to_string(status)};
  }

  asio::io_context& io_;
  TlsRoots& roots_;
  const WsCall call_;
  WsConnectionEvents events_;
  std::shared_ptr<Wire> wire_;
  bool cut_ = false;
};

}  // namespace

std::shared_ptr<WsConnection> open_ws(asio::io_context& io, TlsRoots& roots, WsCall call, WsConnectionEvents events) {
  auto connection = std::make_shared<Connection>(io, roots, std::move(call), std::move(events));
  asio::co_spawn(io, Connection::live(connection), asio::detached);
  return connection;
}

}  // namespace assay::fetchers
