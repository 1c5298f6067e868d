#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <sys/socket.h>

#include <array>

#include "tests/unit/fetchers/io/ws_story.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// The answer to a WebSocket handshake, RFC 6455 section 4.2.2.
std::string upgrade_answer(const std::string& request) {
  const std::string field = "Sec-WebSocket-Key: ";
  const std::size_t at = request.find(field) + field.size();
  const std::string key = request.substr(at, request.find("\r\n", at) - at) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, 20> digest{};
  EXPECT_EQ(EVP_Digest(key.data(), key.size(), digest.data(), nullptr, EVP_sha1(), nullptr), 1);
  std::array<unsigned char, 32> text{};
  EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
         std::string(reinterpret_cast<const char*>(text.data())) + "\r\n\r\n";
}

/// A TCP port that accepts into its backlog and never says a word.
class MutePort {
 public:
  explicit MutePort(const in6_addr& here) : socket_(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in6 address{};
    address.sin6_family = AF_INET6;
    address.sin6_addr = here;
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0) return;  // a machine without IPv6
    EXPECT_EQ(::listen(socket_, 16), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin6_port);
  }
  MutePort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::listen(socket_, 16), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
  }
  ~MutePort() { ::close(socket_); }
  MutePort(const MutePort&) = delete;
  MutePort& operator=(const MutePort&) = delete;
  std::uint16_t port() const { return port_; }
  /// Takes one connection without TLS, completes the handshake, sends a ping and a text, returns the frame it gets
  /// back.
  std::string ping_once() const {
    const int peer = ::accept(socket_, nullptr, nullptr);
    std::array<char, 4096> heard{};
    const ssize_t asked = ::recv(peer, heard.data(), heard.size(), 0);
    const std::string frames =
        upgrade_answer(std::string(heard.data(), static_cast<std::size_t>(asked))) + std::string(
                                                                                         "\x89\x03"
                                                                                         "abc"
                                                                                         "\x81\x02"
                                                                                         "hi");
    EXPECT_EQ(::send(peer, frames.data(), frames.size(), MSG_NOSIGNAL), static_cast<ssize_t>(frames.size()));
    const ssize_t size = ::recv(peer, heard.data(), 9, MSG_WAITALL);
    ::close(peer);
    return std::string(heard.data(), static_cast<std::size_t>(size));
  }
  /// Takes one connection that asks for a tunnel, answers with this status line, and completes a WebSocket handshake in
  /// what it opened. Returns what asked for the tunnel.
  std::string tunnel_once(const std::string& status) const {
    const int peer = ::accept(socket_, nullptr, nullptr);
    std::array<char, 4096> heard{};
    const ssize_t asked = ::recv(peer, heard.data(), heard.size(), 0);
    const std::string request(heard.data(), static_cast<std::size_t>(asked));
    const std::string opened = status + "\r\n\r\n";
    EXPECT_EQ(::send(peer, opened.data(), opened.size(), MSG_NOSIGNAL), static_cast<ssize_t>(opened.size()));
    if (status.find(" 200 ") != std::string::npos) {
      const ssize_t size = ::recv(peer, heard.data(), heard.size(), 0);
      const std::string frames =
          upgrade_answer(std::string(heard.data(), static_cast<std::size_t>(size))) + std::string("\x81\x02hi");
      EXPECT_EQ(::send(peer, frames.data(), frames.size(), MSG_NOSIGNAL), static_cast<ssize_t>(frames.size()));
    }
    ::close(peer);
    return request;
  }
  /// Takes one connection and answers whatever it says with this text.
  void answer_once(std::string_view text) const {
    const int peer = ::accept(socket_, nullptr, nullptr);
    std::array<char, 4096> heard{};
    EXPECT_GT(::recv(peer, heard.data(), heard.size(), 0), 0);
    EXPECT_EQ(::send(peer, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    ::close(peer);
  }

 private:
  int socket_;
  std::uint16_t port_ = 0;
};

TEST_F(WsClient, delivers_each_message_in_order_and_sends_its_frames_after_connecting) {
  serve({{{"/feed", stream_of({"one", "two", "three"})}}, {}});
  WsEndpoint wanted = endpoint("/feed");
  wanted.frames = {"subscribe a", "subscribe b"};
  connect(wanted);
  ASSERT_TRUE(story_.events.reaches(4));
  EXPECT_THAT(story_.events.items(), ElementsAre("open", "message one", "message two", "message three"));
  ASSERT_TRUE(heard_.reaches(2));
  EXPECT_THAT(heard_.items(), ElementsAre("subscribe a", "subscribe b"));
}

TEST_F(WsClient, sends_back_what_a_message_demands) {
  serve({{{"/feed", stream_of({"ping 7"})}}, {}});
  story_.reply = [](std::string_view text) -> std::optional<std::string> { return "pong to " + std::string(text); };
  connect(endpoint("/feed"));
  ASSERT_TRUE(heard_.reaches(1));
  EXPECT_THAT(heard_.items(), ElementsAre("pong to ping 7"));
}

TEST_F(WsClient, pings_in_the_venues_own_words) {
  serve({{{"/feed", stream_of({})}}, {}});
  WsEndpoint wanted = endpoint("/feed");
  wanted.ping_interval = millis(10);
  wanted.ping_frame = R"({"method":"ping"})";
  connect(wanted);
  ASSERT_TRUE(heard_.reaches(3));
  EXPECT_EQ(heard_.items().back(), wanted.ping_frame);
}

TEST_F(WsClient, refuses_a_certificate_of_an_authority_that_it_does_not_trust) {
  serve({{{"/feed", stream_of({"secret"})}}, {}});
  market::PkiSettings other;
  other.folder = folder_.path("other");
  WsEndpoint wanted = endpoint("/feed");
  wanted.ca_file = pki_in(folder_, other).ca_file;
  connect(wanted);
  ASSERT_TRUE(story_.comes("down connect_failed", 2));
  EXPECT_EQ(story_.count("open"), 0U);
  EXPECT_THAT(story_.reasons.items().front(), HasSubstr("certificate verify failed"));
}

TEST_F(WsClient, refuses_the_system_store_for_a_private_authority) {
  serve({{{"/feed", stream_of({"secret"})}}, {}});
  WsEndpoint wanted = endpoint("/feed");
  wanted.ca_file.clear();
  connect(wanted);
  ASSERT_TRUE(story_.comes("down connect_failed"));
  EXPECT_EQ(story_.count("open"), 0U);
}

TEST_F(WsClient, refuses_a_certificate_for_another_host_name) {
  market::PkiSettings pki;
  pki.names = {"elsewhere.example"};
  pki.addresses.clear();
  serve({{{"/feed", stream_of({"secret"})}}, {}}, pki);
  connect(endpoint("/feed"));
  ASSERT_TRUE(story_.comes("down connect_failed"));
  EXPECT_EQ(story_.count("open"), 0U);
}

TEST_F(WsClient, refuses_an_expired_certificate) {
  market::PkiSettings pki;
  pki.valid_from_s = -2 * 86'400;
  pki.valid_until_s = -86'400;
  serve({{{"/feed", stream_of({"secret"})}}, {}}, pki);
  connect(endpoint("/feed"));
  ASSERT_TRUE(story_.comes("down connect_failed"));
  EXPECT_EQ(story_.count("open"), 0U);
}

TEST_F(WsClient, verifies_an_address_as_well_as_a_name) {
  serve({{{"/feed", stream_of({"one"})}}, {}});
  WsEndpoint wanted = endpoint("/feed");
  wanted.url = "wss://127.0.0.1:" + std::to_string(server_->port()) + "/feed";
  connect(wanted);
  EXPECT_TRUE(story_.comes("message one"));
}

TEST_F(WsClient, says_that_its_file_of_roots_is_missing) {
  serve({{{"/feed", stream_of({})}}, {}});
  WsEndpoint wanted = endpoint("/feed");
  wanted.ca_file = folder_.path("nothing.pem");
  connect(wanted);
  EXPECT_TRUE(story_.comes("down connect_failed"));
}

TEST_F(WsClient, ends_the_connection_at_a_message_above_the_limit) {
  serve({{{"/feed", stream_of({std::string(1000, 'a'), std::string(1001, 'b')})}}, {}});
  WsEndpoint wanted = endpoint("/feed");
  wanted.message_size_max = 1000;
  connect(wanted);
  ASSERT_TRUE(story_.comes("down too_large"));
  EXPECT_GE(story_.count("message " + std::string(1000, 'a')), 1U);
  EXPECT_EQ(story_.count("message " + std::string(1001, 'b')), 0U);
}

TEST_F(WsClient, refuses_text_that_is_not_utf8) {
  serve({{{"/feed", stream_of({"\xff\xfe"})}}, {}});
  connect(endpoint("/feed"));
  EXPECT_TRUE(story_.comes("down malformed"));
}

TEST_F(WsClient, takes_silence_for_a_dead_connection_and_connects_again) {
  serve({{{"/feed", stream_of({"only word"})}}, {}});
  WsEndpoint wanted = endpoint("/feed");
  wanted.silence_max = millis(80);
  connect(wanted);
  ASSERT_TRUE(story_.comes("open", 2));
  const auto items = story_.events.items();
  EXPECT_THAT(std::vector<std::string>(items.begin(), items.begin() + 5),
              ElementsAre("open", "message only word", "close", "down timed_out", "open"));
}

TEST_F(WsClient, comes_back_after_the_server_closed_or_cut_the_connection) {
  serve({{{"/close", stream_of({"a"}, market::ScriptEnd::close)}, {"/cut", stream_of({"b"}, market::ScriptEnd::cut)}},
         {}});
  connect(endpoint("/close"));
  connect(endpoint("/cut"));
  EXPECT_TRUE(story_.comes("message a", 4));
  EXPECT_TRUE(story_.comes("message b", 4));
  EXPECT_GE(story_.count("down closed"), 6U);
}

TEST_F(WsClient, names_the_status_when_a_server_declines_the_upgrade) {
  serve({{}, {}});
  connect(endpoint("/nowhere"));
  ASSERT_TRUE(story_.comes("down http_status"));
  EXPECT_THAT(story_.reasons.items().front(), HasSubstr("404"));
}

TEST_F(WsClient, gives_up_on_a_handshake_that_never_comes) {
  const MutePort mute;
  for (const std::string scheme : {"wss", "ws"}) {
    WsEndpoint wanted;
    wanted.url = scheme + "://127.0.0.1:" + std::to_string(mute.port()) + "/";
    wanted.connect_timeout = millis(50);
    wanted.backoff_min = wanted.backoff_max = millis(5);
    connect(wanted);
  }
  EXPECT_TRUE(story_.comes("down timed_out", 4));
}

TEST_F(WsClient, refuses_an_answer_that_is_no_websocket_handshake) {
  const MutePort port;
  WsEndpoint wanted;
  wanted.url = "ws://127.0.0.1:" + std::to_string(port.port()) + "/";
  connect(wanted);
  port.answer_once("220 mail.example ESMTP\r\n\r\n");
  EXPECT_TRUE(story_.comes("down malformed"));
}

TEST_F(WsClient, speaks_without_tls_too_and_answers_a_ping_with_its_payload) {
  const MutePort port;
  WsEndpoint wanted;
  wanted.url = "ws://127.0.0.1:" + std::to_string(port.port()) + "/";
  connect(wanted);
  const std::string pong = port.ping_once();
  ASSERT_EQ(pong.size(), 9U);  // opcode, length, four bytes of mask, three of payload
  EXPECT_EQ(pong.substr(0, 2), "\x8a\x83");
  std::string payload;
  for (std::size_t i = 0; i < 3; ++i) payload += static_cast<char>(pong[6 + i] ^ pong[2 + i]);
  EXPECT_EQ(payload, "abc");
  EXPECT_TRUE(story_.comes("message hi"));
}

TEST_F(WsClient, reports_a_port_that_nobody_listens_on) {
  std::uint16_t port = 0;
  { port = MutePort{}.port(); }
  WsEndpoint wanted;
  wanted.url = "ws://127.0.0.1:" + std::to_string(port) + "/";
  wanted.backoff_min = wanted.backoff_max = millis(5);
  connect(wanted);
  EXPECT_TRUE(story_.comes("down connect_failed", 3));
}

TEST_F(WsClient, goes_through_the_tunnel_of_a_proxy) {
  const MutePort proxy;
  WsEndpoint wanted;
  wanted.url = "ws://venue.example:8080/feed";
  wanted.proxy = "http://me:s%40y@127.0.0.1:" + std::to_string(proxy.port());
  connect(wanted);
  EXPECT_EQ(proxy.tunnel_once("HTTP/1.1 200 Connection established"),
            "CONNECT venue.example:8080 HTTP/1.1\r\nHost: venue.example:8080\r\n"
            "Proxy-Authorization: Basic bWU6c0B5\r\n\r\n");
  EXPECT_TRUE(story_.comes("message hi"));
}

TEST_F(WsClient, says_that_a_proxy_refused_and_never_with_what_password) {
  const MutePort proxy;
  WsEndpoint wanted;
  wanted.url = "wss://venue.example/feed";
  wanted.proxy = "http://me:hush@127.0.0.1:" + std::to_string(proxy.port());
  connect(wanted);
  proxy.tunnel_once("HTTP/1.1 407 Proxy \x1b[2J\x07 Required");
  ASSERT_TRUE(story_.comes("down connect_failed"));
  EXPECT_EQ(story_.reasons.items().front(), "proxy 127.0.0.1: HTTP/1.1 407 Proxy ?[2J? Required");
}

TEST_F(WsClient, reaches_a_literal_ipv6_address) {
  const MutePort port(in6addr_loopback);
  if (port.port() == 0) GTEST_SKIP() << "no IPv6 on this machine";
  WsEndpoint wanted;
  wanted.url = "ws://[::1]:" + std::to_string(port.port()) + "/";
  connect(wanted);
  EXPECT_EQ(port.ping_once().size(), 9U);
  EXPECT_TRUE(story_.comes("message hi"));
}

TEST_F(WsClient, a_name_that_does_not_resolve_is_tried_again) {
  WsEndpoint wanted;
  wanted.url = "wss://" + unresolvable + "/";
  wanted.backoff_min = wanted.backoff_max = millis(5);
  connect(wanted);
  EXPECT_TRUE(story_.comes("down connect_failed", 2));
}

TEST_F(WsClient, refuses_urls_that_are_none_of_its_own) {
  for (const char* url : {"https://localhost/", "localhost:80", "ws://", "ws://a b/", "ws://user@host/"}) {
    WsEndpoint wanted;
    wanted.url = url;
    EXPECT_FALSE(clients_.add(wanted, story_.watch())) << url;
  }
}

TEST_F(WsClient, run_returns_when_stop_came_first) {
  clients_.stop();
  clients_.run();
}

}  // namespace
}  // namespace assay::fetchers::testing
