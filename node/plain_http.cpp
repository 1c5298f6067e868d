#include "node/plain_http.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <memory>

#include "fetchers/io/url.hpp"
#include "node/system.hpp"

namespace assay::node {

namespace {

constexpr Error no_url{Errc::malformed, "http://HOST:PORT"};
constexpr Error no_answer{Errc::malformed, "an answer of HTTP"};

class Socket {
 public:
  explicit Socket(int handle) : handle_(handle) {}
  ~Socket() {
    if (handle_ >= 0) close(handle_);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int handle() const { return handle_; }

  /// Waits until it can be read or written.
  Done ready(short events, MonoTime until) const {
    const auto left = until - mono_now();
    pollfd waiting{handle_, events, 0};
    const int got = poll(&waiting, 1, static_cast<int>(std::max<std::int64_t>(left.value / 1000, 0)));
    if (got == 0) return Error{Errc::timed_out, "an answer in time"};
    if (got < 0 && errno != EINTR) return Error{Errc::closed, "a connection"};
    return Ok{};
  }

 private:
  int handle_;
};

Result<std::unique_ptr<Socket>> connected(const std::string& host, const std::string& port, MonoTime until) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &wanted, &found) != 0) {
    return Error{Errc::connect_failed, "an address of that name"};
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    auto socket = std::make_unique<Socket>(
        ::socket(at->ai_family, at->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol));
    if (socket->handle() < 0) continue;
    if (connect(socket->handle(), at->ai_addr, at->ai_addrlen) != 0 && errno != EINPROGRESS) continue;
    int failed = 0;
    socklen_t size = sizeof failed;
    if (!socket->ready(POLLOUT, until)) continue;
    if (getsockopt(socket->handle(), SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && failed == 0) return socket;
  }
  return Error{Errc::connect_failed, "a node that listens"};
}

Done send_all(const Socket& socket, std::string_view text, MonoTime until) {
  while (!text.empty()) {
    const auto sent = send(socket.handle(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent > 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno != EAGAIN && errno != EINTR) {
      return Error{Errc::closed, "a connection"};
    } else if (auto waited = socket.ready(POLLOUT, until); !waited) {
      return waited;
    }
  }
  return Ok{};
}

Result<std::string> receive_all(const Socket& socket, MonoTime until) {
  std::string out;
  char chunk[65536];
  for (;;) {
    const auto got = recv(socket.handle(), chunk, sizeof chunk, 0);
    if (got == 0) return out;
    if (got > 0) {
      out.append(chunk, static_cast<std::size_t>(got));
      if (out.size() > http_answer_size_max) return Error{Errc::too_large, "an answer of up to 64 MiB"};
    } else if (errno != EAGAIN && errno != EINTR) {
      return Error{Errc::closed, "a connection"};
    } else if (auto waited = socket.ready(POLLIN, until); !waited) {
      return waited.error();
    }
  }
}

}  // namespace

Result<std::string> http_get(std::string_view url, std::string_view target, Micros patience) {
  const auto parsed = fetchers::parse_url(url);
  if (!parsed || parsed.value().scheme != "http") return no_url;
  const MonoTime until = mono_now() + patience;
  const std::string& host = parsed.value().host;
  const std::string& port = parsed.value().port;
  auto socket = connected(host, port, until);
  if (!socket) return socket.error();
  const std::string request = "GET " + std::string(target) + " HTTP/1.0\r\nHost: " + parsed.value().authority() +
                              "\r\nAccept: application/json\r\nConnection: close\r\n\r\n";
  if (auto sent = send_all(**socket, request, until); !sent) return sent.error();
  const auto answer = receive_all(**socket, until);
  return answer ? http_body(*answer) : answer;
}

Result<std::string> http_body(std::string_view answer) {
  const auto end = answer.find("\r\n\r\n");
  if (!answer.starts_with("HTTP/1.") || end == std::string_view::npos) return no_answer;
  std::string_view head = answer.substr(0, end);
  const std::string_view body = answer.substr(end + 4);
  const auto status = head.find(' ');
  if (status == std::string_view::npos || head.substr(status + 1, 3) != "200") {
    return Error{Errc::http_status, "status 200"};
  }
  for (auto line = head.find("\r\n"); line != std::string_view::npos; line = head.find("\r\n")) {
    head.remove_prefix(line + 2);
    constexpr std::string_view name = "content-length:";
    std::string lower(head.substr(0, name.size()));
    for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    if (lower != name) continue;
    const std::size_t digits = head.find_first_not_of(' ', name.size());
    std::size_t length = 0;
    if (digits == std::string_view::npos ||
        std::from_chars(head.data() + digits, head.data() + head.size(), length).ec != std::errc{}) {
      return no_answer;
    }
    if (length != body.size()) return Error{Errc::closed, "a whole answer"};
  }
  return std::string(body);
}

}  // namespace assay::node
