#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "tests/unit/threshold/io/mesh_node.hpp"
#include "threshold/io/tls_identity.hpp"

namespace assay::threshold {
namespace {

/// A TCP connection that knows nothing of us, from where no member lives.
class Stranger {
 public:
  explicit Stranger(std::uint16_t port, const char* from = "127.0.0.2") : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in mine{};
    mine.sin_family = AF_INET;
    ::inet_pton(AF_INET, from, &mine.sin_addr);
    EXPECT_EQ(::bind(socket_, reinterpret_cast<const sockaddr*>(&mine), sizeof mine), 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  ~Stranger() { ::close(socket_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  void write(const Bytes& bytes) { (void)::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  /// Reads until the other side closes.
  void wait_closed() {
    std::array<char, 1024> ignored;
    while (::recv(socket_, ignored.data(), ignored.size(), 0) > 0) {
    }
  }
  int socket() const { return socket_; }

 private:
  int socket_;
};

TEST(PeerMesh, garbage_and_silence_at_the_port_harm_nobody) {
  MeshCommittee committee(2);
  auto settings = committee.settings(0);
  settings.handshake_timeout = millis(300);
  settings.strangers_max = 3;
  MeshNode low(settings);
  committee.addresses[0] = low.address();
  {
    Stranger http(low.mesh().port());
    http.write(Bytes{'G', 'E', 'T', ' ', '/', '\r', '\n', '\r', '\n'});
    http.wait_closed();
    Stranger noise(low.mesh().port());
    SeededEntropy entropy(5);
    Bytes random(100'000);
    entropy.fill(random);
    noise.write(random);
    noise.wait_closed();
    Stranger announced(low.mesh().port());
    announced.write({0x16, 3, 1, 0xff, 0xff, 1, 0xff, 0xff, 0xff});
    announced.wait_closed();
  }
  {
    std::vector<std::unique_ptr<Stranger>> silent;
    for (int i = 0; i < 4; ++i) silent.push_back(std::make_unique<Stranger>(low.mesh().port()));
    for (auto& stranger : silent) stranger->wait_closed();
  }
  ASSERT_TRUE(low.wait([](const MeshNode& seen) { return seen.refusals.size() == 7; }));
  EXPECT_GE(std::ranges::count(low.refusals, Errc::timed_out), 3);
  auto high = committee.start(1);
  ASSERT_TRUE(high->wait_up(0));
  high->send(0, {1});
  EXPECT_TRUE(low.wait([](const MeshNode& seen) { return seen.frames.size() == 1; }));
}

TEST(PeerMesh, silent_strangers_however_many_do_not_keep_a_member_out) {
  MeshCommittee committee(2);
  auto settings = committee.settings(0);
  settings.handshake_timeout = millis(3'600'000);  // their time does not run out
  settings.strangers_max = 3;
  MeshNode low(settings);
  committee.addresses[0] = low.address();
  std::vector<std::unique_ptr<Stranger>> silent;
  for (int i = 0; i < 5; ++i) silent.push_back(std::make_unique<Stranger>(low.mesh().port()));
  silent[0]->wait_closed();
  silent[1]->wait_closed();
  auto high = committee.start(1);
  ASSERT_TRUE(high->wait_up(0));
  silent[2]->wait_closed();
  ASSERT_TRUE(low.wait([](const MeshNode& seen) { return seen.refusals.size() == 3; })) << "the oldest, and no other";
}

TEST(PeerMesh, strangers_begin_so_many_handshakes_a_second_and_members_do_not_wait_for_them) {
  MeshCommittee committee(2);
  auto settings = committee.settings(0);
  settings.handshake_timeout = millis(3'600'000);
  settings.strangers_max = 1000;
  settings.strangers_per_second = 10;
  MeshNode low(settings);
  committee.addresses[0] = low.address();
  constexpr int knocks = 300;
  std::vector<std::unique_ptr<Stranger>> strangers;
  for (int i = 0; i < knocks; ++i) strangers.push_back(std::make_unique<Stranger>(low.mesh().port()));
  // A third, for the time that the knocking takes lets some more in.
  EXPECT_TRUE(
      low.wait([](const MeshNode& seen) { return std::ranges::count(seen.refusals, Errc::closed) >= knocks / 3; }));
  auto high = committee.start(1);
  EXPECT_TRUE(high->wait_up(0));
  EXPECT_TRUE(high->downs.empty()) << "it was let in at once";
}

/// Both ends of every connection of this process to `port` hear nothing any more, and nobody is told.
void fall_silent(std::uint16_t port) {
  sock_filter nothing{BPF_RET | BPF_K, 0, 0, 0};
  const sock_fprog program{1, &nothing};
  for (int file = 3; file < 1024; ++file) {
    sockaddr_in near{};
    sockaddr_in far{};
    socklen_t size = sizeof near;
    if (::getpeername(file, reinterpret_cast<sockaddr*>(&far), &size) != 0 || far.sin_family != AF_INET) continue;
    size = sizeof near;
    ::getsockname(file, reinterpret_cast<sockaddr*>(&near), &size);
    if (ntohs(far.sin_port) != port && ntohs(near.sin_port) != port) continue;
    EXPECT_EQ(::setsockopt(file, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program), 0);
  }
}

TEST(PeerMesh, a_link_whose_other_end_vanished_without_a_word_is_closed_and_made_anew) {
  MeshCommittee committee(2);
  auto settings = committee.settings(0);
  settings.silence_max = millis(2000);
  MeshNode low(settings);
  committee.addresses[0] = low.address();
  auto dialling = committee.settings(1);
  dialling.silence_max = millis(2000);
  MeshNode high(dialling);
  ASSERT_TRUE(low.wait_up(1) && high.wait_up(0));
  fall_silent(low.mesh().port());
  EXPECT_TRUE(low.wait_down(1, Errc::closed)) << "idle: the kernel asked, and nobody answered";
  EXPECT_TRUE(high.wait_down(0, Errc::closed));
  ASSERT_TRUE(low.wait_up(1, 2) && high.wait_up(0, 2));
  fall_silent(low.mesh().port());
  high.send(0, {1});
  EXPECT_TRUE(high.wait([](const MeshNode& seen) { return seen.downs.size() >= 2; })) << "what was said is not heard";
  ASSERT_TRUE(high.wait_up(0, 3));
  high.send(0, {2});
  EXPECT_TRUE(
      low.wait([](const MeshNode& seen) { return !seen.frames.empty() && seen.frames.back().frame == Bytes{2}; }));
}

/// A TLS client of another make. True when the server let it finish and sent it something. Consumes the context.
bool tls_client_is_served(std::uint16_t port, int version, SSL_CTX* context) {
  const Stranger tcp(port);
  SSL_CTX_set_min_proto_version(context, version);
  SSL_CTX_set_max_proto_version(context, version);
  SSL* ssl = SSL_new(context);
  SSL_set_fd(ssl, tcp.socket());
  char byte = 0;
  const bool served = SSL_connect(ssl) == 1 && SSL_read(ssl, &byte, 1) > 0;
  SSL_free(ssl);
  SSL_CTX_free(context);
  return served;
}

TEST(PeerMesh, a_client_of_older_tls_or_without_a_certificate_is_refused_in_the_handshake) {
  MeshCommittee committee(2);
  auto low = committee.start(0);
  const std::uint16_t port = low->mesh().port();
  const auto as_member = [&] { return make_tls_context(committee.keys[1], committee.identities).value().release(); };
  EXPECT_FALSE(tls_client_is_served(port, TLS1_3_VERSION, SSL_CTX_new(TLS_client_method())));
  EXPECT_FALSE(tls_client_is_served(port, TLS1_2_VERSION, as_member()));
  ASSERT_TRUE(low->wait([](const MeshNode& seen) { return seen.refusals.size() == 2; }));
  EXPECT_EQ(low->refusals, (std::vector<Errc>{Errc::connect_failed, Errc::connect_failed}));
  EXPECT_TRUE(low->ups.empty());
  EXPECT_TRUE(tls_client_is_served(port, TLS1_3_VERSION, as_member())) << "what was wrong was the version";
}

}  // namespace
}  // namespace assay::threshold
