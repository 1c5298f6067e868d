#include "fetchers/io/ws_client.hpp"

#include <openssl/ssl.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/ssl/ssl_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <chrono>
#include <deque>
#include <exception>
#include <map>
#include <mutex>
#include <utility>

#include "fetchers/io/backoff.hpp"
#include "fetchers/io/url.hpp"

namespace assay::fetchers {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using Tcp = asio::ip::tcp;
using Code = boost::system::error_code;
// Without permessage-deflate: the inflater of Beast 1.81 feeds the closing empty block twice when a message ends at the
// edge of its buffer, and the connection fails with "invalid stored block length". Tickers are small anyway.
using PlainStream = websocket::stream<beast::tcp_stream, false>;
using TlsStream = websocket::stream<beast::ssl_stream<beast::tcp_stream>, false>;

constexpr std::size_t read_size_max = 64U << 10U;  ///< bytes at a time

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

/// The present connection, whatever its transport.
class Link {
 public:
  virtual ~Link() = default;
  virtual bool push(std::string text) = 0;  ///< false: the queue is full
  virtual void ping() = 0;
  virtual void cut() = 0;  ///< ends the socket; the reader then sees an error
};

template <class Stream>
class StreamLink final : public Link, public std::enable_shared_from_this<StreamLink<Stream>> {
 public:
  template <class... Arguments>
  explicit StreamLink(Arguments&&... arguments) : stream(std::forward<Arguments>(arguments)...) {}

  bool push(std::string text) override {
    if (queue_.size() >= WsClients::send_queue_max) return false;
    queue_.push_back(std::move(text));
    if (queue_.size() == 1) write();
    return true;
  }

  void ping() override {
    if (std::exchange(pinging_, true)) return;
    stream.async_ping({}, [self = this->shared_from_this()](Code) { self->pinging_ = false; });
  }

  void cut() override { beast::get_lowest_layer(stream).close(); }

  Stream stream;

 private:
  void write() {
    stream.async_write(asio::buffer(queue_.front()), [self = this->shared_from_this()](Code code, std::size_t) {
      if (code) return self->cut();
      self->queue_.pop_front();
      if (!self->queue_.empty()) self->write();
    });
  }

  std::deque<std::string> queue_;  ///< front is being written
  bool pinging_ = false;
};

/// One context per file of roots: the system's store is dear to read.
class Roots {
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

/// One endpoint's life: connect, converse, wait, again. On the run() thread only.
class Client : public std::enable_shared_from_this<Client> {
 public:
  Client(asio::io_context& io, Roots& roots, WsEndpoint endpoint, Url url, WsEvents events, Entropy& entropy)
      : io_(io),
        roots_(roots),
        endpoint_(std::move(endpoint)),
        url_(std::move(url)),
        events_(std::move(events)),
        backoff_({endpoint_.backoff_min, endpoint_.backoff_max}, entropy),
        pulse_timer_(io),
        ping_timer_(io) {}

  static asio::awaitable<void> live(std::shared_ptr<Client> self) {
    asio::steady_timer pause(self->io_);
    for (;;) {
      Down down;
      try {
        down = co_await self->attempt();
      } catch (const std::exception& thrown) {  // a file of roots that is not there, a name OpenSSL refuses
        down = Down{Error{Errc::connect_failed, "no TLS context or no memory"}, thrown.what()};
      }
      self->forget();
      if (self->cause_) down = std::move(*std::exchange(self->cause_, std::nullopt));
      if (self->events_.on_down) self->events_.on_down(down.error, down.text);
      Code ignored;
      pause.expires_after(span(self->backoff_.next()));
      co_await pause.async_wait(into(ignored));
    }
  }

  void push(std::string text) {
    if (link_ && !link_->push(std::move(text))) {
      cut(Down{Error{Errc::mailbox_full, "the other side does not read what we send"}, url_.host});
    }
  }

 private:
  asio::awaitable<Down> attempt() {
    if (events_.on_connect) {
      auto url = events_.on_connect();
      auto parsed = url ? parse_url(*url) : Result<Url>(url.error());
      if (!parsed) co_return Down{parsed.error(), url_.host};
      url_ = *std::move(parsed);
    }
    Code code;
    Tcp::resolver resolver(io_);
    const auto addresses = co_await resolver.async_resolve(url_.host, url_.port, into(code));
    if (code) co_return broken(code, url_.host, Error{Errc::connect_failed, "the host name resolves"});
    if (!url_.secure()) {
      auto link = std::make_shared<StreamLink<PlainStream>>(io_);
      Code failed = co_await connect(beast::get_lowest_layer(link->stream), addresses);
      if (failed) co_return broken(failed, url_.host, Error{Errc::connect_failed, "a TCP connection"});
      co_return co_await converse(link);
    }
    auto link = std::make_shared<StreamLink<TlsStream>>(io_, roots_.of(endpoint_.ca_file));
    Code failed = co_await connect(beast::get_lowest_layer(link->stream), addresses);
    if (failed) co_return broken(failed, url_.host, Error{Errc::connect_failed, "a TCP connection"});
    auto& tls = link->stream.next_layer();
    Code literal;
    asio::ip::make_address(url_.host, literal);
    if (literal && SSL_set_tlsext_host_name(tls.native_handle(), url_.host.c_str()) != 1) {
      co_return Down{Error{Errc::connect_failed, "a host name for SNI"}, url_.host};
    }
    tls.set_verify_callback(asio::ssl::host_name_verification(url_.host));
    beast::get_lowest_layer(link->stream).expires_after(span(endpoint_.connect_timeout));
    co_await tls.async_handshake(asio::ssl::stream_base::client, into(code));
    if (code == beast::error::timeout) co_return broken(code, url_.host, {});
    if (code) {
      co_return Down{Error{Errc::connect_failed, "a TLS handshake with a certificate we trust"},
                     url_.host + ": " + code.message()};
    }
    co_return co_await converse(link);
  }

  asio::awaitable<Code> connect(beast::tcp_stream& stream, Tcp::resolver::results_type addresses) {
    Code code;
    stream.expires_after(span(endpoint_.connect_timeout));
    co_await stream.async_connect(addresses, into(code));
    Code ignored;
    if (!code) stream.socket().set_option(Tcp::no_delay(true), ignored);
    co_return code;
  }

  template <class Stream>
  asio::awaitable<Down> converse(std::shared_ptr<StreamLink<Stream>> link) {
    auto& stream = link->stream;
    beast::get_lowest_layer(stream).expires_never();
    stream.set_option(
        websocket::stream_base::timeout{span(endpoint_.connect_timeout), websocket::stream_base::none(), false});
    stream.set_option(websocket::stream_base::decorator(
        [](websocket::request_type& request) { request.set(beast::http::field::user_agent, "assay"); }));
    stream.read_message_max(0);  // we count: Beast reports a breach only when the TLS shutdown after it went well
    Code code;
    websocket::response_type response;
    co_await stream.async_handshake(response, url_.authority(), url_.target, into(code));
    if (code == websocket::error::upgrade_declined) co_return declined(response.result_int());
    if (code) co_return broken(code, url_.host, Error{Errc::malformed, "a WebSocket handshake"});
    begin(link);
    beast::flat_buffer buffer;
    for (;;) {
      co_await stream.async_read_some(buffer, read_size_max, into(code));
      if (code) co_return broken(code, url_.host, Error{Errc::malformed, "a WebSocket message"});
      if (buffer.size() > endpoint_.message_size_max) {
        co_return Down{Error{Errc::too_large, "a message within message_size_max"}, url_.host};
      }
      if (!stream.is_message_done()) continue;
      quiet_pulses_ = 0;
      const auto data = buffer.cdata();
      auto reply = events_.on_message(ByteSpan(static_cast<const std::uint8_t*>(data.data()), data.size()));
      buffer.clear();
      if (reply) push(std::move(*reply));
    }
  }

  Down declined(unsigned status) const {
    const bool slow_down = status == 429 || status == 418;
    return Down{slow_down ? Error{Errc::rate_limited, "the server asks us to slow down"}
                          : Error{Errc::http_status, "101 Switching Protocols"},
                url_.host + ": HTTP " + std::to_string(status)};
  }

  void begin(std::shared_ptr<Link> link) {
    link_ = std::move(link);
    quiet_pulses_ = 0;
    pulses_ = 0;
    for (const std::string& frame : endpoint_.frames) push(frame);
    pulse(link_);
    if (endpoint_.ping_interval.value > 0) schedule_ping(link_);
    if (events_.on_open) events_.on_open();
  }

  void forget() {
    if (link_) link_->cut();
    link_.reset();
    pulse_timer_.cancel();
    ping_timer_.cancel();
  }

  void cut(Down cause) {
    if (!cause_) cause_ = std::move(cause);
    if (link_) link_->cut();
  }

  Micros pulse_interval() const {
    const Micros whole = endpoint_.silence_max.value > 0 ? endpoint_.silence_max : endpoint_.backoff_max;
    return Micros{std::max<std::int64_t>(whole.value / 4, 1000)};
  }

  /// Four pulses without a message are silence; enough pulses of a living connection forgive past failures.
  void pulse(const std::shared_ptr<Link>& link) {
    pulse_timer_.expires_after(span(pulse_interval()));
    pulse_timer_.async_wait([self = shared_from_this(), link](Code code) {
      if (code || self->link_ != link) return;
      ++self->pulses_;
      if (self->pulses_ * self->pulse_interval().value >= self->endpoint_.backoff_max.value) self->backoff_.reset();
      if (++self->quiet_pulses_ > 4 && self->endpoint_.silence_max.value > 0) {
        return self->cut(Down{Error{Errc::timed_out, "a message within silence_max"}, self->url_.host + ": silent"});
      }
      self->pulse(link);
    });
  }

  void schedule_ping(const std::shared_ptr<Link>& link) {
    ping_timer_.expires_after(span(endpoint_.ping_interval));
    ping_timer_.async_wait([self = shared_from_this(), link](Code code) {
      if (code || self->link_ != link) return;
      if (self->endpoint_.ping_frame.empty()) {
        link->ping();
      } else {
        self->push(self->endpoint_.ping_frame);
      }
      self->schedule_ping(link);
    });
  }

  asio::io_context& io_;
  Roots& roots_;
  const WsEndpoint endpoint_;
  Url url_;
  const WsEvents events_;
  Backoff backoff_;
  asio::steady_timer pulse_timer_;
  asio::steady_timer ping_timer_;
  std::shared_ptr<Link> link_;
  std::optional<Down> cause_;  ///< why we cut; outranks the error that the cut makes the reader see
  int quiet_pulses_ = 0;
  std::int64_t pulses_ = 0;
};

}  // namespace

class WsClients::Impl {
 public:
  explicit Impl(Entropy& entropy) : entropy_(entropy) {}

  Result<std::size_t> add(WsEndpoint endpoint, WsEvents events) {
    auto url = parse_url(endpoint.url);
    if (!url) return url.error();
    if (url->scheme != "ws" && url->scheme != "wss") return Error{Errc::malformed, "a ws:// or wss:// URL"};
    const std::lock_guard lock(mutex_);
    auto client = std::make_shared<Client>(io_, roots_, std::move(endpoint), *url, std::move(events), entropy_);
    clients_.push_back(client);
    asio::co_spawn(io_, Client::live(std::move(client)), asio::detached);
    return clients_.size() - 1;
  }

  void send(std::size_t index, std::string text) {
    const std::lock_guard lock(mutex_);
    if (index >= clients_.size()) return;
    asio::post(io_, [client = clients_[index], text = std::move(text)]() mutable { client->push(std::move(text)); });
  }

  void run() { io_.run(); }
  void stop() { io_.stop(); }

 private:
  Entropy& entropy_;
  Roots roots_;  ///< outlives the streams, which the io_context destroys
  asio::io_context io_{1};
  asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
  std::mutex mutex_;                              ///< guards clients_ and entropy_
  std::vector<std::shared_ptr<Client>> clients_;  ///< only grows
};

WsClients::WsClients(Entropy& jitter) : impl_(std::make_unique<Impl>(jitter)) {}
WsClients::~WsClients() = default;

Result<std::size_t> WsClients::add(WsEndpoint endpoint, WsEvents events) {
  return impl_->add(std::move(endpoint), std::move(events));
}
void WsClients::send(std::size_t index, std::string text) {
  impl_->send(index, std::move(text));
}
void WsClients::run() {
  impl_->run();
}
void WsClients::stop() {
  impl_->stop();
}

}  // namespace assay::fetchers
