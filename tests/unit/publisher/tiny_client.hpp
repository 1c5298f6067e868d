#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace assay::publisher::test {

/// A client of sockets and RFC 6455 written apart from the server's library, so that the two can disagree.
/// Every wait ends after ten seconds; then the socket counts as closed.
class TinyClient {
 public:
  explicit TinyClient(std::uint16_t port, int receive_buffer = 0) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (receive_buffer > 0) ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  TinyClient(const TinyClient&) = delete;
  TinyClient& operator=(const TinyClient&) = delete;
  ~TinyClient() { ::close(socket_); }

  [[nodiscard]] bool connected() const { return connected_; }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  struct Answer {
    int status = 0;  ///< 0: the server closed without a word
    std::string head;
    std::string body;
  };
  /// Reads one HTTP answer with its content-length.
  Answer answer() {
    Answer out;
    while (buffer_.find("\r\n\r\n") == std::string::npos) {
      if (!more()) return out;
    }
    const auto end = buffer_.find("\r\n\r\n") + 4;
    out.head = take(end);
    out.status = std::atoi(out.head.c_str() + 9);
    if (const auto at = out.head.find("Content-Length: "); at != std::string::npos) {
      const auto length = static_cast<std::size_t>(std::atol(out.head.c_str() + at + 16));
      while (buffer_.size() < length && more()) {
      }
      out.body = take(length);
    }
    return out;
  }
  Answer get(std::string_view target) {
    send("GET " + std::string(target) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return answer();
  }

  /// The opening handshake of RFC 6455, with the key of its section 1.3.
  Answer upgrade(std::string_view target = "/v1/stream") {
    send("GET " + std::string(target) +
         " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
         "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    return answer();
  }

  bool say(std::string_view text, std::uint8_t opcode = 1) {
    std::string frame;
    frame.push_back(static_cast<char>(0x80U | opcode));
    if (text.size() < 126) {
      frame.push_back(static_cast<char>(0x80U | text.size()));
    } else {
      const bool wide = text.size() > 65535;
      frame.push_back(static_cast<char>(0x80U | (wide ? 127U : 126U)));
      for (int shift = wide ? 56 : 8; shift >= 0; shift -= 8) frame.push_back(static_cast<char>(text.size() >> shift));
    }
    const std::string mask = "\x12\x34\x56\x78";
    frame += mask;
    for (std::size_t i = 0; i < text.size(); ++i) frame.push_back(static_cast<char>(text[i] ^ mask[i % 4]));
    return send(frame);
  }

  struct Frame {
    int opcode = -1;  ///< -1: the connection has ended
    std::string payload;
    /// Of a close frame; 0 without one.
    [[nodiscard]] int close_code() const {
      if (opcode != 8 || payload.size() < 2) return 0;
      return static_cast<std::uint8_t>(payload[0]) * 256 + static_cast<std::uint8_t>(payload[1]);
    }
  };
  /// The next frame of any kind; servers never mask and ours never fragments.
  Frame frame() {
    if (!need(2)) return {};
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(buffer_[i]); };
    const int opcode = byte(0) & 0x0f;
    std::uint64_t length = byte(1);
    std::size_t head = 2;
    if (length >= 126) {
      const std::size_t digits = length == 126 ? 2 : 8;
      if (!need(2 + digits)) return {};
      length = 0;
      for (std::size_t i = 0; i < digits; ++i) length = length << 8U | byte(2 + i);
      head += digits;
    }
    if (!need(head + length)) return {};
    (void)take(head);
    return {opcode, take(length)};
  }
  /// The next text; empty when the connection ends first. Pings are answered.
  std::string text() {
    while (true) {
      auto next = frame();
      if (next.opcode == 1) return next.payload;
      if (next.opcode == 9) say(next.payload, 10);
      if (next.opcode == 8 || next.opcode == -1) return {};
    }
  }
  /// Texts until one of this "type".
  std::string text_of(std::string_view type) {
    const std::string start = "{\"type\":\"" + std::string(type) + "\"";
    while (true) {
      auto next = text();
      if (next.empty() || next.starts_with(start)) return next;
    }
  }

 private:
  bool more() {
    char bytes[16384];
    const auto got = ::recv(socket_, bytes, sizeof bytes, 0);
    if (got <= 0) return false;
    buffer_.append(bytes, static_cast<std::size_t>(got));
    return true;
  }
  bool need(std::size_t count) {
    while (buffer_.size() < count) {
      if (!more()) return false;
    }
    return true;
  }
  std::string take(std::size_t count) {
    auto out = buffer_.substr(0, count);
    buffer_.erase(0, count);
    return out;
  }

  int socket_;
  bool connected_ = false;
  std::string buffer_;
};

}  // namespace assay::publisher::test
