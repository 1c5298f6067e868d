#include "fetchers/io/reach.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <utility>

#include "fetchers/parsing.hpp"

namespace assay::fetchers {
namespace {

constexpr std::size_t addresses_max = 16;
constexpr std::size_t tunnel_size_max = 8U << 10U;

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;
using Context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;
using Session = std::unique_ptr<SSL, decltype(&SSL_free)>;

/// A socket of ours that does not block.
class Socket {
 public:
  explicit Socket(int number) : number_(number) {}
  ~Socket() { close(); }
  Socket(Socket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    close();
    number_ = std::exchange(other.number_, -1);
    return *this;
  }
  int number() const { return number_; }
  bool open() const { return number_ >= 0; }

 private:
  void close() const {
    if (number_ >= 0) ::close(number_);
  }
  int number_;
};

/// What one step came to: empty text when it was reached.
struct Attempt {
  std::string wrong;
  std::string said;
};

/// Tells the steps as they are made.
class Way {
 public:
  Way(const ReachTarget& target, const std::function<MonoTime()>& mono) : target_(target), mono_(mono) {}

  std::vector<ReachStep> go() {
    if (!step("dns", [this] { return resolve(); })) return std::move(steps_);
    if (!step("tcp", [this] { return connect(); })) return std::move(steps_);
    if (target_.proxy && !step("proxy", [this] { return tunnel(); })) return std::move(steps_);
    if (target_.url.secure()) step("tls", [this] { return shake_hands(); });
    return std::move(steps_);
  }

 private:
  template <class Try>
  bool step(std::string_view what, Try attempt) {
    const MonoTime start = mono_();
    deadline_ = start + target_.patience;
    Attempt came = attempt();
    const bool reached = came.wrong.empty();
    steps_.push_back({what, reached, mono_() - start, reached ? std::move(came.said) : std::move(came.wrong)});
    return reached;
  }

  Attempt resolve() {
    const std::string& host = target_.proxy ? target_.proxy->host : target_.url.host;
    const std::string& port = target_.proxy ? target_.proxy->port : target_.url.port;
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), port.c_str(), &wanted, &found);
    if (failed != 0) return {host + ": " + ::gai_strerror(failed), {}};
    addresses_ = Addresses(found, &freeaddrinfo);
    std::size_t count = 0;
    for (const addrinfo* one = found; one != nullptr; one = one->ai_next) ++count;
    return {{}, host + ": " + std::to_string(count) + (count == 1 ? " address" : " addresses")};
  }

  static std::string name_of(const addrinfo& address) {
    std::array<char, NI_MAXHOST> host{};
    std::array<char, NI_MAXSERV> port{};
    ::getnameinfo(address.ai_addr, address.ai_addrlen, host.data(), host.size(), port.data(), port.size(),
                  NI_NUMERICHOST | NI_NUMERICSERV);
    return std::string(host.data()) + (address.ai_family == AF_INET6 ? " port " : ":") + port.data();
  }

  Attempt connect() {
    Attempt last{"no address", {}};
    std::size_t tried = 0;
    for (const addrinfo* one = addresses_.get(); one != nullptr && tried < addresses_max; one = one->ai_next, ++tried) {
      deadline_ = mono_() + target_.patience;
      last = connect_to(*one);
      if (last.wrong.empty()) break;
    }
    return last;
  }

  Attempt connect_to(const addrinfo& address) {
    Socket socket(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const std::string where = name_of(address);
    if (!socket.open()) return {where + ": " + std::strerror(errno), {}};
    int error = ::connect(socket.number(), address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
    socket_ = std::move(socket);
    if (error == EINPROGRESS) {
      if (!ready(POLLOUT)) return {where + ": no answer", {}};
      socklen_t size = sizeof(error);
      ::getsockopt(socket_.number(), SOL_SOCKET, SO_ERROR, &error, &size);
    }
    return error == 0 ? Attempt{{}, where} : Attempt{where + ": " + std::strerror(error), {}};
  }

  /// Waits until the socket can be read or written; false when the step's time is over.
  bool ready(short what) const {
    for (;;) {
      const Micros left = deadline_ - mono_();
      if (left.value <= 0) return false;
      pollfd waiting{socket_.number(), what, 0};
      const int found = ::poll(&waiting, 1, static_cast<int>(left.value / 1000) + 1);
      if (found > 0) return true;
      if (found < 0 && errno != EINTR) return false;
    }
  }

  Attempt tunnel() {
    const std::string text = tunnel_request(target_.url, *target_.proxy);
    for (std::size_t sent = 0; sent < text.size();) {
      const auto now = ::send(socket_.number(), text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (now > 0) sent += static_cast<std::size_t>(now);
      if (now <= 0 && (errno != EAGAIN || !ready(POLLOUT))) return {"the proxy does not read", {}};
    }
    std::string answer;
    std::array<char, 1024> part{};
    while (answer.find("\r\n\r\n") == std::string::npos) {
      if (answer.size() > tunnel_size_max || !ready(POLLIN)) return {"the proxy does not answer", {}};
      const auto got = ::recv(socket_.number(), part.data(), part.size(), 0);
      if (got == 0 || (got < 0 && errno != EAGAIN)) return {"the proxy hung up", {}};
      if (got > 0) answer.append(part.data(), static_cast<std::size_t>(got));
    }
    const std::string line = printable(answer.substr(0, std::min<std::size_t>(answer.find('\r'), 80)));
    const bool opened =
        line.starts_with("HTTP/1.") && line.substr(std::min<std::size_t>(8, line.size())).starts_with(" 2");
    return opened ? Attempt{{}, line} : Attempt{line, {}};
  }

  Attempt shake_hands() {
    const Context context(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    if (!context || SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1) return {"no TLS context", {}};
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    const bool rooted = target_.ca_file.empty()
                            ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                            : SSL_CTX_load_verify_locations(context.get(), target_.ca_file.c_str(), nullptr) == 1;
    if (!rooted) return {"no roots in " + target_.ca_file, {}};
    const Session session(SSL_new(context.get()), &SSL_free);
    const std::string& host = target_.url.host;
    in6_addr literal{};
    const bool number =
        ::inet_pton(AF_INET, host.c_str(), &literal) == 1 || ::inet_pton(AF_INET6, host.c_str(), &literal) == 1;
    const bool named =
        session && (number ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session.get()), host.c_str()) == 1
                           : SSL_set1_host(session.get(), host.c_str()) == 1 &&
                                 SSL_set_tlsext_host_name(session.get(), host.c_str()) == 1);
    if (!named || SSL_set_fd(session.get(), socket_.number()) != 1) return {"no TLS session", {}};
    for (;;) {
      ERR_clear_error();
      const int done = SSL_connect(session.get());
      if (done == 1) return {{}, SSL_get_version(session.get())};
      const int why = SSL_get_error(session.get(), done);
      const bool waits = why == SSL_ERROR_WANT_READ || why == SSL_ERROR_WANT_WRITE;
      if (!waits) return {wrong_with(*session), {}};
      if (!ready(why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT)) return {"no answer to the handshake", {}};
    }
  }

  static std::string wrong_with(const SSL& session) {
    const long verified = SSL_get_verify_result(&session);
    if (verified != X509_V_OK) return std::string("certificate: ") + X509_verify_cert_error_string(verified);
    const char* reason = ERR_reason_error_string(ERR_peek_error());
    return reason != nullptr ? reason : "the other side hung up during the handshake";
  }

  const ReachTarget& target_;
  const std::function<MonoTime()>& mono_;
  std::vector<ReachStep> steps_;
  MonoTime deadline_;
  Addresses addresses_{nullptr, &freeaddrinfo};
  Socket socket_{-1};
};

}  // namespace

std::vector<ReachStep> reach(const ReachTarget& target, const std::function<MonoTime()>& mono) {
  return Way(target, mono).go();
}

}  // namespace assay::fetchers
