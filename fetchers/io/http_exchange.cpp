#include "fetchers/io/http_exchange.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <mutex>
#include <utility>

#include "fetchers/io/url.hpp"

namespace assay::fetchers {
namespace {

constexpr std::size_t text_size_max = 200;

std::string printable(std::string text) {
  text.resize(std::min(text.size(), text_size_max));
  for (char& c : text) {
    if (c < ' ' || c > '~') c = ' ';
  }
  return text;
}

/// The text with every occurrence of a secret made unreadable: an error page may repeat what it was asked.
std::string without(std::string text, std::string_view secret) {
  for (std::size_t at = 0; !secret.empty() && (at = text.find(secret, at)) != std::string::npos;) {
    text.replace(at, secret.size(), "***");
  }
  return text;
}

/// What one answer may take in bytes and time, whoever sends it. cpp-httplib bounds neither headers nor the whole, and
/// its time-outs begin anew with each byte. So this counts TLS records as OpenSSL reads them, and stands before every
/// read of the socket: a record that is dripped ends at the deadline too.
class Meter {
 public:
  void start(std::size_t size_max, MonoTime deadline, const std::function<MonoTime()>& mono) {
    left_ = static_cast<std::int64_t>(size_max + headers_size_max);
    deadline_ = deadline;
    mono_ = &mono;
    over_ = late_ = fresh_ = answered_ = false;
  }
  void watch(SSL_CTX* context) {
    SSL_CTX_set_msg_callback(context, &Meter::record);
    SSL_CTX_set_msg_callback_arg(context, this);
  }
  /// A connection was made for this answer.
  void connects() { fresh_ = true; }
  /// From now on the first record of any handshake or answer ends its socket. Any thread.
  void cut() { cut_ = true; }
  bool over() const { return over_; }
  bool late() const { return late_; }
  /// A connection that was open already ended without a byte of an answer, and not by us.
  bool lost() const { return !fresh_ && !answered_ && !over_ && !late_ && !cut_; }

 private:
  static constexpr std::size_t headers_size_max = 256U << 10U;  ///< and handshake, and record overhead

  static void record(int sent, int, int type, const void* data, std::size_t size, SSL* ssl, void* self) {
    auto& meter = *static_cast<Meter*>(self);
    if (meter.cut_) ::shutdown(SSL_get_fd(ssl), SHUT_RDWR);
    meter.stand_before(SSL_get_rbio(ssl));
    if (sent != 0) return;
    const auto* bytes = static_cast<const unsigned char*>(data);
    // TLS 1.3 calls every record data outside and tells the truth inside.
    const bool inner = type == SSL3_RT_INNER_CONTENT_TYPE && size == 1;
    const bool outer = type == SSL3_RT_HEADER && size == SSL3_RT_HEADER_LENGTH;
    if ((inner || (outer && SSL_version(ssl) != TLS1_3_VERSION)) && bytes[0] == SSL3_RT_APPLICATION_DATA)
      meter.answered_ = true;
    if (outer) meter.count(std::int64_t{bytes[3]} * 256 + bytes[4] + SSL3_RT_HEADER_LENGTH, ssl);
  }

  void stand_before(BIO* bio) {
    if (bio == nullptr || BIO_get_callback_ex(bio) == &Meter::reads) return;
    BIO_set_callback_ex(bio, &Meter::reads);
    BIO_set_callback_arg(bio, reinterpret_cast<char*>(this));
  }

  /// Called around everything that is done with the socket.   returns  what becomes of it; 0 and less: nothing
  static long reads(BIO* bio, int what, const char*, std::size_t, int, long, int result, std::size_t*) {
    auto& meter = *reinterpret_cast<Meter*>(BIO_get_callback_arg(bio));
    if (what != BIO_CB_READ || meter.mono_ == nullptr || meter.in_time(static_cast<int>(BIO_get_fd(bio, nullptr)))) {
      return result;
    }
    BIO_clear_retry_flags(bio);
    return -1;
  }

  /// Waits for a byte, but no longer than the deadline; a socket that never blocks, as in handshakes, is not waited
  /// for.
  bool in_time(int socket) {
    const Micros left = deadline_ - (*mono_)();
    if (left.value > 0 && (::fcntl(socket, F_GETFL) & O_NONBLOCK) != 0) return true;
    pollfd wanted{.fd = socket, .events = POLLIN, .revents = 0};
    const auto ms = std::clamp<std::int64_t>((left.value + 999) / 1000, 0, INT32_MAX);
    late_ = left.value <= 0 || ::poll(&wanted, 1, static_cast<int>(ms)) == 0;
    return !late_;
  }

  void count(std::int64_t bytes, SSL* ssl) {
    left_ -= bytes;
    over_ = over_ || left_ < 0;
    if (over_) ::shutdown(SSL_get_fd(ssl), SHUT_RDWR);
  }

  std::atomic<std::int64_t> left_{0};
  MonoTime deadline_;
  const std::function<MonoTime()>* mono_ = nullptr;
  std::atomic<bool> over_{false};
  std::atomic<bool> late_{false};
  std::atomic<bool> cut_{false};
  bool fresh_ = false;
  bool answered_ = false;
};

/// A second number for somebody's socket, so that it can be shut down without fear that the first was reused.
class HeldSocket {
 public:
  HeldSocket() = default;
  HeldSocket(const HeldSocket&) = delete;
  HeldSocket& operator=(const HeldSocket&) = delete;
  ~HeldSocket() { release(); }
  void hold(int socket) {
    release();
    held_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
  }
  void shut_down() const {
    if (held_ >= 0) ::shutdown(held_, SHUT_RDWR);
  }

 private:
  void release() {
    if (held_ >= 0) ::close(held_);
  }

  int held_ = -1;
};

}  // namespace

class HttpExchange::Impl {
 public:
  explicit Impl(HttpHost host) : host_(std::move(host)) {}

  /// Cuts what is under way. Any thread. Not through the client: its stop() waits for a connect to end.
  void cut() {
    const std::lock_guard lock(mutex_);
    cut_ = true;
    meter_.cut();  // for a socket that is not held yet
    socket_.shut_down();
  }

  HttpOutcome ask(const HttpRequest& request, const std::function<MonoTime()>& mono,
                  const std::function<WallTime()>& wall) {
    const auto url = parse_url(host_.base_url);
    if (!url) return wrong(url.error(), host_.base_url);
    if (url->scheme != "https") return wrong(Error{Errc::malformed, "an https:// URL"}, host_.base_url);
    if (const Done opened = open(*url); !opened) return wrong(opened.error(), url->host);
    const MonoTime start = mono();
    const MonoTime deadline = start + host_.timeout;
    if (used_at_ && start - *used_at_ > HttpExchange::idle_max) client_->stop();
    used_at_ = start;
    meter_.start(host_.body_size_max, deadline, mono);
    std::string body;
    bool over = false;
    const auto receive = [&](const char* data, std::size_t size) {
      over = body.size() + size > host_.body_size_max;
      if (!over) body.append(data, size);
      return !over;
    };
    std::string path = (url->target == "/" ? "" : url->target) + request.target;
    if (!path.starts_with('/')) path.insert(0, 1, '/');  // a question that stands in its body alone
    httplib::Result got = send(*url, path, request.body, receive);
    // The other side may end an idle connection just as we use it: that says nothing of how it is.
    if (!got && meter_.lost()) got = send(*url, path, request.body, receive);
    const std::string where = url->host + path;
    if (over || meter_.over()) return wrong(Error{Errc::too_large, "a body within body_size_max"}, where);
    if (meter_.late()) return failed(Error{Errc::timed_out, "the whole answer within timeout"}, where);
    if (!got) return failed(failure(got.error(), mono() > deadline), where + ": " + httplib::to_string(got.error()));
    return judged(*got, std::move(body), wall());
  }

 private:
  /// We, or this one request, are at fault: others fare no worse for it.
  static HttpOutcome wrong(Error error, std::string text) {
    return {.answer = error, .text = std::move(text), .condition = Condition::bad_answer, .used = {}};
  }
  static HttpOutcome failed(Error error, std::string text) {
    const auto condition = error.code == Errc::timed_out ? Condition::timed_out : Condition::unreachable;
    return {.answer = error, .text = std::move(text), .condition = condition, .used = {}};
  }

  HttpOutcome judged(const httplib::Response& got, std::string body, WallTime now) const {
    HttpOutcome outcome{.answer = Error{}, .text = {}, .condition = condition_of(got.status, body), .used = {}};
    if (is_trouble(outcome.condition)) {
      outcome.retry_after = retry_after(got.get_header_value("Retry-After"), now).value_or(Micros{});
    }
    if (!host_.used_header.empty()) outcome.used = used_weight(got.get_header_value(host_.used_header.c_str()));
    if (got.status == 200) {
      outcome.answer = HttpAnswer{got.status, std::move(body)};
      return outcome;
    }
    std::string said = without(std::move(body), secret_part(host_.secret_query, "="));
    said = without(std::move(said), secret_part(host_.secret_header, ": "));
    said = without(std::move(said), host_.secret);
    outcome.text = printable("HTTP " + std::to_string(got.status) + ": " + said.substr(0, text_size_max));
    const bool slow_down = got.status == 429 || got.status == 418;
    outcome.answer = slow_down ? Error{Errc::rate_limited, "the server asks us to slow down"}
                               : Error{Errc::http_status, "HTTP status 200"};
    return outcome;
  }

  static int number_of(const std::string& port) {  // parse_url() has seen to it that it is one
    int number = 0;
    std::from_chars(port.data(), port.data() + port.size(), number);
    return number;
  }

  /// What stands behind the name: the secret itself.
  static std::string_view secret_part(std::string_view named, std::string_view separator) {
    const std::size_t at = named.find(separator);
    return at == std::string_view::npos ? std::string_view{} : named.substr(at + separator.size());
  }

  httplib::Result send(const Url& url, const std::string& path, const std::string& body,
                       const httplib::ContentReceiver& receive) {
    httplib::Request request;
    request.method = body.empty() ? "GET" : "POST";
    request.path = path;
    if (!host_.secret_query.empty()) {
      request.path += (path.find('?') == std::string::npos ? "?" : "&") + host_.secret_query;
    }
    request.headers = {
        {"Host", url.authority()}, {"User-Agent", "assay"}, {"Accept", "*/*"}, {"Accept-Encoding", "gzip, deflate"}};
    if (!body.empty()) {
      request.headers.emplace("Content-Type", "application/json");
      request.body = body;
    }
    if (const std::size_t colon = host_.secret_header.find(": "); colon != std::string::npos) {
      request.headers.emplace(host_.secret_header.substr(0, colon), host_.secret_header.substr(colon + 2));
    }
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
      return receive(data, size);
    };
    return client_->send(request);
  }

  Done open(const Url& url) {
    {
      const std::lock_guard lock(mutex_);
      if (cut_) return Error{Errc::closed, "stopped by us"};
    }
    if (client_) return Ok{};
    constexpr Error no_context{Errc::connect_failed, "a TLS context"};
    // Not the client that takes a URL: its pattern knows no IPv6 literal with letters.
    auto client = std::make_unique<httplib::SSLClient>(url.host, number_of(url.port));
    if (!client->is_valid()) return no_context;
    if (!host_.ca_file.empty()) client->set_ca_cert_path(host_.ca_file.c_str());
    client->enable_server_certificate_verification(true);
    if (SSL_CTX_set_min_proto_version(client->ssl_context(), TLS1_2_VERSION) != 1) return no_context;
    if (const Done proxied = go_through_proxy(*client); !proxied) return proxied;
    meter_.watch(client->ssl_context());
    client->set_socket_options([this](socket_t socket) { opened(socket); });
    const std::chrono::microseconds timeout{host_.timeout.value};
    client->set_connection_timeout(std::chrono::microseconds{host_.connect_timeout.value});
    client->set_read_timeout(timeout);
    client->set_write_timeout(timeout);
    client->set_keep_alive(true);
    client->set_tcp_nodelay(true);
    client->set_follow_location(false);
    client->set_url_encode(false);
    client_ = std::move(client);
    return Ok{};
  }

  Done go_through_proxy(httplib::SSLClient& client) const {
    if (host_.proxy.empty()) return Ok{};
    const auto proxy = parse_proxy(host_.proxy);
    if (!proxy) return proxy.error();
    client.set_proxy(proxy->host, number_of(proxy->port));
    if (!proxy->user.empty()) client.set_proxy_basic_auth(proxy->user, proxy->password);
    return Ok{};
  }

  /// The client is about to connect this socket.
  void opened(int socket) {
    meter_.connects();
    const std::lock_guard lock(mutex_);
    socket_.hold(socket);
  }

  static Error failure(httplib::Error error, bool after_deadline) {  // NOLINT: one of our own spellings per foreign one
    if (error == httplib::Error::ConnectionTimeout) return {Errc::timed_out, "a TCP connection within timeout"};
    if (error == httplib::Error::Read || error == httplib::Error::Write) {
      return after_deadline ? Error{Errc::timed_out, "an answer within timeout"}
                            : Error{Errc::closed, "the other side ended the connection"};
    }
    if (error == httplib::Error::Compression) return {Errc::malformed, "a body in the encoding that its header names"};
    if (error == httplib::Error::Canceled) return {Errc::closed, "stopped by us"};
    return {Errc::connect_failed, "a TCP connection and a TLS certificate we trust"};
  }

  const HttpHost host_;
  Meter meter_;  ///< outlives client_
  std::unique_ptr<httplib::SSLClient> client_;
  std::optional<MonoTime> used_at_;
  std::mutex mutex_;   ///< guards socket_ and cut_
  HeldSocket socket_;  ///< the client's newest
  bool cut_ = false;
};

HttpExchange::HttpExchange(HttpHost host) : impl_(std::make_unique<Impl>(std::move(host))) {}
HttpExchange::~HttpExchange() = default;
HttpOutcome HttpExchange::ask(const HttpRequest& request, const std::function<MonoTime()>& mono,
                              const std::function<WallTime()>& wall) {
  return impl_->ask(request, mono, wall);
}
void HttpExchange::cut() {
  impl_->cut();
}

}  // namespace assay::fetchers
