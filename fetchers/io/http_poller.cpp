#include "fetchers/io/http_poller.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "fetchers/io/backoff.hpp"
#include "fetchers/io/url.hpp"

namespace assay::fetchers {
namespace {

constexpr std::size_t text_size_max = 200;
constexpr int retry_after_max_s = 86'400;

/// OpenSSL writes with write(2): a peer that is gone must be an error, not a signal that ends the process.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    if (sigismember(&before_, SIGPIPE) == 0) {  // one that is pending would strike at the unblocking
      const timespec at_once{};
      while (sigtimedwait(&pipe_, nullptr, &at_once) == SIGPIPE) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

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

/// What one answer may take in bytes and time, whoever sends it. cpp-httplib bounds neither headers nor the whole, so
/// this counts TLS records as OpenSSL reads them, and ends the socket under whatever is reading.
class Meter {
 public:
  void start(std::size_t size_max, MonoTime deadline, const std::function<MonoTime()>& mono) {
    left_ = static_cast<std::int64_t>(size_max + headers_size_max);
    deadline_ = deadline;
    mono_ = &mono;
    over_ = late_ = false;
  }
  void watch(SSL_CTX* context) {
    SSL_CTX_set_msg_callback(context, &Meter::record);
    SSL_CTX_set_msg_callback_arg(context, this);
  }
  /// From now on the first record of any handshake or answer ends its socket. Any thread.
  void cut() { cut_ = true; }
  bool over() const { return over_; }
  bool late() const { return late_; }

 private:
  static constexpr std::size_t headers_size_max = 256U << 10U;  ///< and handshake, and record overhead

  static void record(int sent, int, int type, const void* data, std::size_t size, SSL* ssl, void* self) {
    if (static_cast<Meter*>(self)->cut_) ::shutdown(SSL_get_fd(ssl), SHUT_RDWR);
    if (sent != 0 || type != SSL3_RT_HEADER || size != SSL3_RT_HEADER_LENGTH) return;
    const auto* header = static_cast<const unsigned char*>(data);
    static_cast<Meter*>(self)->count(std::int64_t{header[3]} * 256 + header[4] + SSL3_RT_HEADER_LENGTH, ssl);
  }

  void count(std::int64_t bytes, SSL* ssl) {
    left_ -= bytes;
    over_ = over_ || left_ < 0;
    late_ = late_ || (mono_ != nullptr && (*mono_)() > deadline_);
    if (over_ || late_) ::shutdown(SSL_get_fd(ssl), SHUT_RDWR);
  }

  std::atomic<std::int64_t> left_{0};
  MonoTime deadline_;
  const std::function<MonoTime()>* mono_ = nullptr;
  std::atomic<bool> over_{false};
  std::atomic<bool> late_{false};
  std::atomic<bool> cut_{false};
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

/// One target with its connection, which is kept between requests.
class Poll {
 public:
  Poll(PollTarget target, Entropy& jitter)
      : target_(std::move(target)), backoff_({target_.interval, target_.backoff_max}, jitter) {}

  struct Outcome {
    Result<HttpAnswer> answer;
    std::string text;
    Micros wait;  ///< from the start of the request
  };

  Outcome get(const std::function<MonoTime()>& mono) {
    Outcome outcome = exchange(mono);
    const auto asked = retry_after_ ? Micros{std::int64_t{*retry_after_} * 1'000'000} : Micros{};
    if (outcome.answer) backoff_.reset();
    const Micros wait = outcome.answer ? target_.interval : std::max(target_.interval, backoff_.next());
    outcome.wait = std::max(wait, asked);
    return outcome;
  }

  /// Cuts what is under way. Any thread. Not through the client: its stop() waits for a connect to end.
  void cut() {
    const std::lock_guard lock(mutex_);
    cut_ = true;
    meter_.cut();  // for a socket that is not held yet
    socket_.shut_down();
  }

 private:
  Outcome exchange(const std::function<MonoTime()>& mono) {
    retry_after_.reset();
    const auto url = parse_url(target_.base_url);
    if (!url) return {url.error(), target_.base_url, {}};
    if (url->scheme != "https") return {Error{Errc::malformed, "an https:// URL"}, target_.base_url, {}};
    if (!open(*url)) return {Error{Errc::connect_failed, "a TLS context"}, url->host, {}};
    const MonoTime deadline = mono() + target_.timeout;
    meter_.start(target_.body_size_max, deadline, mono);
    std::string body;
    bool over = false;
    const auto receive = [&](const char* data, std::size_t size) {
      over = body.size() + size > target_.body_size_max;
      if (!over) body.append(data, size);
      return !over;
    };
    const std::string path = (url->target == "/" ? "" : url->target) + target_.target;
    const httplib::Result got = send(path, receive);
    const std::string where = url->host + path;
    if (over || meter_.over()) return {Error{Errc::too_large, "a body within body_size_max"}, where, {}};
    if (meter_.late()) return {Error{Errc::timed_out, "the whole answer within timeout"}, where, {}};
    if (!got) return {failure(got.error(), mono() > deadline), where + ": " + httplib::to_string(got.error()), {}};
    if (got->has_header("Retry-After")) retry_after_ = retry_after_seconds(got->get_header_value("Retry-After"));
    if (got->status == 200) return {HttpAnswer{got->status, std::move(body), retry_after_}, "", {}};
    std::string said = without(std::move(body), secret_part(target_.secret_query, "="));
    said = without(std::move(said), secret_part(target_.secret_header, ": "));
    std::string text = printable("HTTP " + std::to_string(got->status) + ": " + said.substr(0, text_size_max));
    if (got->status == 429 || got->status == 418) {
      return {Error{Errc::rate_limited, "the server asks us to slow down"}, std::move(text), {}};
    }
    return {Error{Errc::http_status, "HTTP status 200"}, std::move(text), {}};
  }

  /// What stands behind the name: the secret itself.
  static std::string_view secret_part(std::string_view named, std::string_view separator) {
    const std::size_t at = named.find(separator);
    return at == std::string_view::npos ? std::string_view{} : named.substr(at + separator.size());
  }

  httplib::Result send(const std::string& path, const httplib::ContentReceiver& receive) {
    httplib::Request request;
    request.method = target_.body.empty() ? "GET" : "POST";
    request.path = path;
    if (!target_.secret_query.empty()) {
      request.path += (path.find('?') == std::string::npos ? "?" : "&") + target_.secret_query;
    }
    request.headers = {{"User-Agent", "assay"}, {"Accept", "*/*"}};
    if (!target_.body.empty()) {
      request.headers.emplace("Content-Type", "application/json");
      request.body = target_.body;
    }
    if (const std::size_t colon = target_.secret_header.find(": "); colon != std::string::npos) {
      request.headers.emplace(target_.secret_header.substr(0, colon), target_.secret_header.substr(colon + 2));
    }
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
      return receive(data, size);
    };
    return client_->send(request);
  }

  bool open(const Url& url) {
    {
      const std::lock_guard lock(mutex_);
      if (cut_) return false;
    }
    if (client_) return true;
    const std::string host = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
    auto client = std::make_unique<httplib::Client>("https://" + host + ":" + url.port);
    if (!client->is_valid()) return false;
    if (!target_.ca_file.empty()) client->set_ca_cert_path(target_.ca_file.c_str());
    client->enable_server_certificate_verification(true);
    if (SSL_CTX_set_min_proto_version(client->ssl_context(), TLS1_2_VERSION) != 1) return false;
    meter_.watch(client->ssl_context());
    client->set_socket_options([this](socket_t socket) { opened(socket); });
    const std::chrono::microseconds timeout{target_.timeout.value};
    client->set_connection_timeout(std::chrono::microseconds{target_.connect_timeout.value});
    client->set_read_timeout(timeout);
    client->set_write_timeout(timeout);
    client->set_keep_alive(true);
    client->set_tcp_nodelay(true);
    client->set_follow_location(false);
    client->set_url_encode(false);
    client_ = std::move(client);
    return true;
  }

  /// The client is about to connect this socket.
  void opened(int socket) {
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

  const PollTarget target_;
  Backoff backoff_;
  Meter meter_;  ///< outlives client_
  std::optional<int> retry_after_;
  std::unique_ptr<httplib::Client> client_;
  std::mutex mutex_;   ///< guards socket_ and cut_
  HeldSocket socket_;  ///< the client's newest
  bool cut_ = false;
};

}  // namespace

class HttpPoller::Impl {
 public:
  Impl(std::vector<PollTarget> targets, std::function<MonoTime()> mono, Entropy& jitter, Answered answered)
      : mono_(std::move(mono)), answered_(std::move(answered)) {
    const MonoTime start = mono_();
    for (PollTarget& target : targets) {
      target.interval = std::max(target.interval, millis(1));
      slots_.push_back({std::make_unique<Poll>(std::move(target), jitter), start, false});
    }
  }
  ~Impl() {
    const NoSigpipe guard;  // closing a TLS connection writes to it
    slots_.clear();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void run() {
    const NoSigpipe guard;
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      const std::size_t index = first_due();
      if (index == slots_.size()) {
        changed_.wait(lock);
        continue;
      }
      Slot& slot = slots_[index];
      const MonoTime start = mono_();
      if (slot.due > start) {
        changed_.wait_for(lock, std::chrono::microseconds{(slot.due - start).value});
        continue;
      }
      slot.busy = true;
      lock.unlock();
      Poll::Outcome outcome = slot.poll->get(mono_);
      if (!stopped()) answered_(index, std::move(outcome.answer), outcome.text);
      lock.lock();
      slot.busy = false;
      slot.due = std::max(start + outcome.wait, mono_());
      changed_.notify_one();
    }
  }

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    for (Slot& slot : slots_) slot.poll->cut();
  }

 private:
  struct Slot {
    std::unique_ptr<Poll> poll;
    MonoTime due;
    bool busy = false;
  };

  bool stopped() {
    const std::lock_guard lock(mutex_);
    return stopping_;
  }

  /// slots_.size() when every target is being served.
  std::size_t first_due() const {
    std::size_t best = slots_.size();
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if (!slots_[i].busy && (best == slots_.size() || slots_[i].due < slots_[best].due)) best = i;
    }
    return best;
  }

  const std::function<MonoTime()> mono_;
  const Answered answered_;
  std::mutex mutex_;  ///< guards due and busy of the slots, and stopping_
  std::condition_variable changed_;
  std::vector<Slot> slots_;  ///< never grows after the constructor
  bool stopping_ = false;
};

HttpPoller::HttpPoller(std::vector<PollTarget> targets, std::function<MonoTime()> mono, Entropy& jitter,
                       Answered answered)
    : impl_(std::make_unique<Impl>(std::move(targets), std::move(mono), jitter, std::move(answered))) {}
HttpPoller::~HttpPoller() = default;
void HttpPoller::run() {
  impl_->run();
}
void HttpPoller::stop() {
  impl_->stop();
}

std::optional<int> retry_after_seconds(std::string_view value) {
  if (value.empty()) return std::nullopt;
  int seconds = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return std::nullopt;
    seconds = std::min(seconds * 10 + (c - '0'), retry_after_max_s);
  }
  return seconds;
}

}  // namespace assay::fetchers
