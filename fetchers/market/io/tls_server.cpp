#include "fetchers/market/io/tls_server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/basic_stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/rate_policy.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <deque>
#include <limits>
#include <map>
#include <sstream>

namespace assay::fetchers::market {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using Tcp = asio::ip::tcp;
using Code = boost::system::error_code;
using TcpStream = beast::basic_stream<Tcp, asio::any_io_executor, beast::simple_rate_policy>;
using Tls = beast::ssl_stream<TcpStream>;
using Request = http::request<http::string_body>;

constexpr std::chrono::seconds idle_max{60};

/// What is written from now on leaves so many bytes a second, below TLS; 0: as fast as it can.
void set_drip(TcpStream& stream, std::size_t bytes_a_second) {
  stream.rate_policy().write_limit(bytes_a_second == 0 ? std::numeric_limits<std::size_t>::max() : bytes_a_second);
}

auto into(Code& code) {
  return asio::redirect_error(asio::use_awaitable, code);
}

/// How a connection is to end.
enum class Ending : std::uint8_t { none, close, cut };

/// One open WebSocket with what still has to be written.
class Socket : public std::enable_shared_from_this<Socket> {
 public:
  explicit Socket(Tls&& tls) : stream(std::move(tls)) {}

  void push(SocketMessage message) {
    if (ending_ != Ending::none) return;
    if (queue_.size() >= TlsServer::send_queue_max) return cut();
    queue_.push_back(std::move(message));
    if (queue_.size() == 1) write();
  }
  /// Ends the connection once everything queued is written.
  void end(Ending ending) {
    if (std::exchange(ending_, ending) == Ending::none && queue_.empty()) finish();
  }
  void cut() { beast::get_lowest_layer(stream).close(); }

  websocket::stream<Tls, false> stream;  ///< without permessage-deflate

 private:
  void write() {
    const SocketMessage& message = queue_.front();
    stream.binary(message.opcode == Opcode::binary);
    set_drip(beast::get_lowest_layer(stream), message.drip);
    if (message.trickle.value > 0 && message.bytes.size() > 1) return write_byte(0);
    stream.async_write(asio::buffer(message.bytes),
                       [self = shared_from_this()](Code code, std::size_t) { self->written(code); });
  }

  void written(Code code) {
    if (code) return cut();
    queue_.pop_front();
    if (!queue_.empty()) return write();
    if (ending_ != Ending::none) finish();
  }

  void write_byte(std::size_t at) {
    const SocketMessage& message = queue_.front();
    const bool last = at + 1 == message.bytes.size();
    stream.async_write_some(last, asio::buffer(&message.bytes[at], 1),
                            [self = shared_from_this(), at, last](Code code, std::size_t) {
                              if (code || last) return self->written(code);
                              self->wait_.expires_after(std::chrono::microseconds{self->queue_.front().trickle.value});
                              self->wait_.async_wait([self, at](Code) { self->write_byte(at + 1); });
                            });
  }

  void finish() {
    if (ending_ == Ending::cut) return cut();
    stream.async_close(websocket::close_code::normal, [self = shared_from_this()](Code) {});
  }

  std::deque<SocketMessage> queue_;  ///< front is being written
  asio::steady_timer wait_{stream.get_executor()};
  Ending ending_ = Ending::none;
};

http::response<http::string_body> reply_to(const Request& request, HttpReply reply) {
  http::response<http::string_body> response(static_cast<http::status>(reply.status), request.version());
  response.set(http::field::content_type, reply.content_type);
  for (const auto& [name, value] : reply.headers) response.set(name, value);
  response.keep_alive(request.keep_alive());
  response.body() = std::move(reply.body);
  response.prepare_payload();
  return response;
}

}  // namespace

class TlsServer::Impl {
 public:
  Impl(const TlsServerSettings& settings, TlsServerEvents events) : settings_(settings), events_(std::move(events)) {}

  Done open() {
    Code code;
    tls_.set_options(asio::ssl::context::no_sslv2 | asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 |
                     asio::ssl::context::no_tlsv1_1);
    tls_.use_certificate_chain_file(settings_.certificate_file, code);
    if (code) return Error{Errc::io_failed, "a PEM file with the server's certificate"};
    tls_.use_private_key_file(settings_.key_file, asio::ssl::context::pem, code);
    if (code) return Error{Errc::io_failed, "a PEM file with the server's key"};
    const Tcp::endpoint loopback(asio::ip::address_v4::loopback(), settings_.port);
    acceptor_.open(loopback.protocol(), code);
    if (!code) acceptor_.set_option(asio::socket_base::reuse_address(true), code);
    if (!code) acceptor_.bind(loopback, code);
    if (!code) acceptor_.listen(asio::socket_base::max_listen_connections, code);
    if (code) return Error{Errc::io_failed, "a free port on 127.0.0.1"};
    asio::co_spawn(io_, accept(), asio::detached);
    return Ok{};
  }

  std::uint16_t port() const {
    Code ignored;
    return acceptor_.local_endpoint(ignored).port();
  }

  Socket* find(SocketId id) {
    const auto found = sockets_.find(id);
    return found == sockets_.end() ? nullptr : found->second.get();
  }

  void after(Micros delay, std::function<void()> call) {
    auto timer = std::make_shared<asio::steady_timer>(io_, std::chrono::microseconds{delay.value});
    timer->async_wait([timer, call = std::move(call)](Code code) {
      if (!code) call();
    });
  }

  void post(std::function<void()> call) { asio::post(io_, std::move(call)); }
  void run() { io_.run(); }
  void stop() { io_.stop(); }

 private:
  asio::awaitable<void> accept() {
    for (;;) {
      Code code;
      Tcp::socket socket = co_await acceptor_.async_accept(into(code));
      if (code == asio::error::operation_aborted) co_return;
      if (code || connections_ >= settings_.connections_max) continue;
      Code ignored;
      socket.set_option(Tcp::no_delay(true), ignored);
      ++connections_;
      asio::co_spawn(io_, serve(Tls(TcpStream(std::move(socket)), tls_)),
                     [this](const std::exception_ptr&) { --connections_; });
    }
  }

  asio::awaitable<void> serve(Tls tls) {
    Code code;
    beast::get_lowest_layer(tls).expires_after(idle_max);
    co_await tls.async_handshake(asio::ssl::stream_base::server, into(code));
    if (code) co_return;
    beast::flat_buffer buffer;
    for (;;) {
      http::request_parser<http::string_body> parser;
      parser.body_limit(settings_.request_size_max);
      beast::get_lowest_layer(tls).expires_after(idle_max);
      co_await http::async_read(tls, buffer, parser, into(code));
      if (code) co_return;
      const Request request = parser.release();
      const std::string target(request.target());
      HttpReply reply;
      if (websocket::is_upgrade(request)) {
        reply = events_.on_upgrade(target);
        if (reply.status == 101) {
          co_await converse(std::make_shared<Socket>(std::move(tls)), request, target);
          co_return;
        }
      } else {
        reply = events_.on_request(HttpQuery{std::string(request.method_string()), target, request.body(),
                                             std::string(request[http::field::authorization])});
      }
      if (reply.delay.value > 0) {
        asio::steady_timer wait(io_, std::chrono::microseconds{reply.delay.value});
        co_await wait.async_wait(into(code));
      }
      const Micros trickle = reply.trickle;
      const bool hangs_up = reply.hangs_up;
      set_drip(beast::get_lowest_layer(tls), reply.drip);
      const auto response = reply_to(request, std::move(reply));
      beast::get_lowest_layer(tls).expires_after(idle_max);
      if (trickle.value > 0) {
        code = co_await dribble(tls, response, trickle);
      } else {
        co_await http::async_write(tls, response, into(code));
      }
      if (code || hangs_up || !response.keep_alive()) break;
    }
    co_await tls.async_shutdown(into(code));
  }

  /// One byte of a response each.
  asio::awaitable<Code> dribble(Tls& tls, const http::response<http::string_body>& response, Micros each) {
    std::ostringstream text;
    text << response;
    Code code;
    asio::steady_timer wait(io_);
    for (const char byte : text.str()) {
      beast::get_lowest_layer(tls).expires_after(idle_max);
      co_await asio::async_write(tls, asio::buffer(&byte, 1), into(code));
      if (code) co_return code;
      wait.expires_after(std::chrono::microseconds{each.value});
      co_await wait.async_wait(into(code));
    }
    co_return Code{};
  }

  asio::awaitable<void> converse(std::shared_ptr<Socket> socket, const Request& request, const std::string& target) {
    auto& stream = socket->stream;
    beast::get_lowest_layer(stream).expires_never();
    stream.set_option(websocket::stream_base::timeout{idle_max, idle_max, true});
    stream.read_message_max(settings_.message_size_max);
    Code code;
    co_await stream.async_accept(request, into(code));
    if (code) co_return;
    const SocketId id = ++last_id_;
    sockets_.emplace(id, socket);
    if (events_.on_open) events_.on_open(id, target);
    beast::flat_buffer buffer;
    for (;;) {
      co_await stream.async_read(buffer, into(code));
      if (code) break;
      const auto data = buffer.cdata();
      if (events_.on_text) events_.on_text(id, std::string_view(static_cast<const char*>(data.data()), data.size()));
      buffer.clear();
    }
    sockets_.erase(id);
    if (events_.on_close) events_.on_close(id);
  }

  const TlsServerSettings settings_;
  const TlsServerEvents events_;
  asio::ssl::context tls_{asio::ssl::context::tls_server};  ///< outlives the streams, which the io_context destroys
  std::size_t connections_ = 0;
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  Tcp::acceptor acceptor_{io_};
  SocketId last_id_ = 0;
  std::map<SocketId, std::shared_ptr<Socket>> sockets_;  ///< those that are open
};

Result<std::unique_ptr<TlsServer>> TlsServer::listen(const TlsServerSettings& settings, TlsServerEvents events) {
  auto impl = std::make_unique<Impl>(settings, std::move(events));
  if (const Done opened = impl->open(); !opened) return opened.error();
  return std::unique_ptr<TlsServer>(new TlsServer(std::move(impl)));
}

TlsServer::TlsServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TlsServer::~TlsServer() = default;

std::uint16_t TlsServer::port() const {
  return impl_->port();
}
void TlsServer::send(SocketId socket, SocketMessage message) {
  if (Socket* open = impl_->find(socket)) open->push(std::move(message));
}
void TlsServer::send(SocketId socket, std::string text) {
  send(socket, SocketMessage{std::move(text)});
}
void TlsServer::close(SocketId socket) {
  if (Socket* open = impl_->find(socket)) open->end(Ending::close);
}
void TlsServer::drop(SocketId socket) {
  if (Socket* open = impl_->find(socket)) open->end(Ending::cut);
}
void TlsServer::cut(SocketId socket) {
  if (Socket* open = impl_->find(socket)) open->cut();
}
void TlsServer::after(Micros delay, std::function<void()> call) {
  impl_->after(delay, std::move(call));
}
void TlsServer::post(std::function<void()> call) {
  impl_->post(std::move(call));
}
void TlsServer::run() {
  impl_->run();
}
void TlsServer::stop() {
  impl_->stop();
}

}  // namespace assay::fetchers::market
