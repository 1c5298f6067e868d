#include "fetchers/io/http_poller.hpp"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "fetchers/market/io/script_server.hpp"
#include "tests/unit/fetchers/io/support.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::HasSubstr;

/// One answer as the callback had it.
struct Heard {
  std::size_t index = 0;
  std::string code;  ///< "ok", or the error's name
  std::string body;
  std::string text;
};

market::HttpReply reply_of(unsigned status, std::string body) {
  market::HttpReply reply;
  reply.status = status;
  reply.body = std::move(body);
  return reply;
}

std::string gzipped(const std::string& text) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

/// The same question each time.
std::function<std::optional<PollRequest>()> asks(std::string path, std::string body = {}) {
  return [request = PollRequest{.request = {std::move(path), std::move(body)}}] { return std::optional(request); };
}

class HttpPolling : public ::testing::Test {
 protected:
  void serve(std::map<std::string, market::HttpReply> bodies, market::PkiSettings pki = {}) {
    files_ = pki_in(folder_, std::move(pki));
    market::Script script{.streams = {}, .bodies = std::move(bodies), .asked = [this](const market::HttpQuery& query) {
                            asked_.add(query);
                          }};
    auto server = market::ScriptServer::listen(files_, std::move(script), {});
    ASSERT_TRUE(server);
    server_ = std::move(*server);
    serving_ = std::make_unique<Lent>(*server_);
  }

  PollTarget target(const std::string& path) const {
    PollTarget target;
    target.host.base_url = "https://localhost:" + std::to_string(server_->port());
    target.host.ca_file = files_.ca_file;
    target.next = asks(path);
    target.interval = millis(5);
    target.backoff_max = millis(20);
    return target;
  }

  std::unique_ptr<HttpPoller> poller(std::vector<PollTarget> targets) {
    return std::make_unique<HttpPoller>(
        std::move(targets), HttpPoller::Clocks{mono_now, wall_now}, entropy_,
        [this](const HttpPoller::Asked& asked, HttpOutcome outcome) {
          const std::string code(outcome.answer ? "ok" : name(outcome.answer.error().code));
          heard_.add({asked.index, code, outcome.answer ? std::move(outcome.answer->body) : "", outcome.text});
          return outcome.condition;
        });
  }

  bool comes(const std::string& code, std::size_t times = 1) {
    return heard_.eventually([&](const std::vector<Heard>& items) {
      const auto same = [&](const Heard& item) { return item.code == code; };
      return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), same)) >= times;
    });
  }

  Folder folder_;
  market::PkiFiles files_;
  SeededEntropy entropy_;
  Diary<Heard> heard_;
  Diary<market::HttpQuery> asked_;
  std::unique_ptr<market::ScriptServer> server_;
  std::unique_ptr<Lent> serving_;
};

TEST_F(HttpPolling, asks_again_and_again_and_hands_on_the_body_byte_for_byte) {
  const std::string body = "{\"a\":1}\n \xc3\xa9 end";
  serve({{"/ticker?pair=A,B", reply_of(200, body)}});
  const auto polls = poller({target("/ticker?pair=A,B")});
  const Lent running(*polls);
  ASSERT_TRUE(heard_.reaches(3));
  for (const Heard& heard : heard_.items()) {
    EXPECT_EQ(heard.code, "ok");
    EXPECT_EQ(heard.body, body);
  }
}

TEST_F(HttpPolling, keeps_the_path_of_the_base_url_and_the_targets_own_encoding) {
  serve({{"/binance/api/v3/ticker/bookTicker?symbols=%5B%22BTCUSDT%22%5D", reply_of(200, "[]")}});
  PollTarget wanted = target("/api/v3/ticker/bookTicker?symbols=%5B%22BTCUSDT%22%5D");
  wanted.host.base_url += "/binance";
  const auto polls = poller({wanted});
  const Lent running(*polls);
  EXPECT_TRUE(comes("ok"));
}

TEST_F(HttpPolling, a_target_with_a_body_is_asked_by_POST) {
  serve({{R"(POST /info {"type":"l2Book"})", reply_of(200, "[1]")}});
  PollTarget wanted = target("/info");
  wanted.next = asks("/info", R"({"type":"l2Book"})");
  const auto polls = poller({wanted});
  const Lent running(*polls);
  EXPECT_TRUE(comes("ok", 2));
}

TEST_F(HttpPolling, keys_travel_where_they_are_told_to_and_show_in_no_text) {
  serve({});
  PollTarget wanted = target("/rates?base=EUR");
  wanted.host.secret_query = "apikey=hush%20hush";
  wanted.host.secret_header = "Authorization: Bearer mum";
  wanted.host.secret = "EUR";  // the page below has it alone
  const auto polls = poller({wanted});
  const Lent running(*polls);
  ASSERT_TRUE(asked_.reaches(1));
  EXPECT_EQ(asked_.items().front().target, "/rates?base=EUR&apikey=hush%20hush");
  EXPECT_EQ(asked_.items().front().authorization, "Bearer mum");
  ASSERT_TRUE(comes("http_status"));  // the page that says so repeats the target
  EXPECT_THAT(heard_.items().front().text, HasSubstr("/rates?base=***&apikey=***"));
  server_->stop();
  ASSERT_TRUE(comes("connect_failed"));
  for (const Heard& heard : heard_.items()) {
    EXPECT_THAT(heard.text, ::testing::Not(HasSubstr("hush")));
    EXPECT_THAT(heard.text, ::testing::Not(HasSubstr("mum")));
  }
}

TEST_F(HttpPolling, refuses_a_certificate_of_an_authority_that_it_does_not_trust) {
  serve({{"/t", reply_of(200, "secret")}});
  market::PkiSettings other;
  other.folder = folder_.path("other");
  PollTarget wanted = target("/t");
  wanted.host.ca_file = pki_in(folder_, other).ca_file;
  const auto polls = poller({wanted});
  const Lent running(*polls);
  ASSERT_TRUE(comes("connect_failed", 2));
  for (const Heard& heard : heard_.items()) EXPECT_EQ(heard.code, "connect_failed");
}

TEST_F(HttpPolling, refuses_a_certificate_for_another_host_name) {
  market::PkiSettings pki;
  pki.names = {"elsewhere.example"};
  pki.addresses.clear();
  serve({{"/t", reply_of(200, "secret")}}, pki);
  const auto polls = poller({target("/t")});
  const Lent running(*polls);
  ASSERT_TRUE(comes("connect_failed", 2));
  for (const Heard& heard : heard_.items()) EXPECT_EQ(heard.code, "connect_failed");
}

TEST_F(HttpPolling, refuses_an_expired_certificate) {
  market::PkiSettings pki;
  pki.valid_from_s = -2 * 86'400;
  pki.valid_until_s = -86'400;
  serve({{"/t", reply_of(200, "secret")}}, pki);
  const auto polls = poller({target("/t")});
  const Lent running(*polls);
  ASSERT_TRUE(comes("connect_failed", 2));
  for (const Heard& heard : heard_.items()) EXPECT_EQ(heard.code, "connect_failed");
}

TEST_F(HttpPolling, gives_up_on_an_answer_that_does_not_come_in_time) {
  market::HttpReply slow = reply_of(200, "late");
  slow.delay = millis(3'600'000);
  serve({{"/t", slow}});
  PollTarget wanted = target("/t");
  wanted.host.timeout = millis(100);
  const auto polls = poller({wanted});
  const Lent running(*polls);
  EXPECT_TRUE(comes("timed_out", 2));
}

TEST_F(HttpPolling, waits_as_long_as_retry_after_asks) {
  market::HttpReply limited = reply_of(429, "slow down");
  limited.headers = {{"Retry-After", "3600"}};
  serve({{"/limited", limited}, {"/free", reply_of(200, "1")}});
  const auto polls = poller({target("/limited"), target("/free")});
  const Lent running(*polls);
  ASSERT_TRUE(comes("ok", 30));
  std::size_t asked = 0;
  for (const Heard& heard : heard_.items()) {
    if (heard.index != 0) continue;
    ++asked;
    EXPECT_EQ(heard.code, "rate_limited");
    EXPECT_EQ(heard.text, "HTTP 429: slow down");
  }
  EXPECT_EQ(asked, 1U);
}

TEST_F(HttpPolling, takes_a_teapot_for_a_ban_and_other_statuses_for_errors) {
  serve({{"/ban", reply_of(418, "banned")},
         {"/broken", reply_of(503, "upstream\nunavailable")},
         {"/moved", reply_of(302, "elsewhere")}});
  const auto polls = poller({target("/ban"), target("/broken"), target("/moved"), target("/missing")});
  const Lent running(*polls);
  ASSERT_TRUE(comes("rate_limited"));
  ASSERT_TRUE(comes("http_status", 6));
  for (const Heard& heard : heard_.items()) {
    if (heard.index == 0) {
      EXPECT_EQ(heard.text, "HTTP 418: banned");
    }
    if (heard.index == 1) {
      EXPECT_EQ(heard.text, "HTTP 503: upstream unavailable");
    }
    if (heard.index == 2) {
      EXPECT_EQ(heard.text, "HTTP 302: elsewhere");
    }
    if (heard.index == 3) {
      EXPECT_THAT(heard.text, HasSubstr("HTTP 404"));
    }
  }
}

TEST_F(HttpPolling, cuts_off_a_body_above_the_limit_plain_or_compressed) {
  market::HttpReply bomb = reply_of(200, gzipped(std::string(16U << 20U, 'a')));
  bomb.headers = {{"Content-Encoding", "gzip"}};
  market::HttpReply small = reply_of(200, gzipped("[1]"));
  small.headers = {{"Content-Encoding", "gzip"}};
  serve({{"/long", reply_of(200, std::string(1001, 'x'))}, {"/bomb", bomb}, {"/small", small}});
  PollTarget plain = target("/long");
  PollTarget compressed = target("/bomb");
  plain.host.body_size_max = compressed.host.body_size_max = 1000;
  const auto polls = poller({plain, compressed, target("/small")});
  const Lent running(*polls);
  ASSERT_TRUE(comes("too_large", 4));
  ASSERT_TRUE(comes("ok"));
  for (const Heard& heard : heard_.items()) {
    if (heard.index == 2) {
      EXPECT_EQ(heard.body, "[1]");
    }
    if (heard.index != 2) {
      EXPECT_EQ(heard.code, "too_large");
    }
  }
}

TEST_F(HttpPolling, cuts_off_headers_without_end) {
  market::HttpReply flood = reply_of(200, "1");
  for (int i = 0; i < 20'000; ++i) flood.headers.emplace_back("X-Flood-" + std::to_string(i), std::string(100, 'x'));
  serve({{"/flood", flood}, {"/calm", reply_of(200, "1")}});
  PollTarget flooded = target("/flood");
  flooded.host.body_size_max = 1000;
  const auto polls = poller({flooded, target("/calm")});
  const Lent running(*polls);
  ASSERT_TRUE(comes("too_large", 2));
  ASSERT_TRUE(comes("ok", 2));
  for (const Heard& heard : heard_.items()) EXPECT_EQ(heard.code, heard.index == 0 ? "too_large" : "ok");
}

TEST_F(HttpPolling, refuses_to_speak_without_tls) {
  serve({});
  PollTarget plain = target("/t");
  plain.host.base_url = "http://localhost:" + std::to_string(server_->port());
  const auto polls = poller({plain});
  const Lent running(*polls);
  ASSERT_TRUE(comes("malformed"));
}

TEST_F(HttpPolling, a_hanging_target_does_not_hold_up_the_others_when_two_threads_are_lent) {
  market::HttpReply slow = reply_of(200, "late");
  slow.delay = millis(3'600'000);
  serve({{"/slow", slow}, {"/quick", reply_of(200, "1")}});
  PollTarget hanging = target("/slow");
  hanging.host.timeout = millis(3'600'000);
  const auto polls = poller({hanging, target("/quick")});
  const Lent one(*polls);
  const Lent other(*polls);
  EXPECT_TRUE(comes("ok", 20));
}

TEST_F(HttpPolling, stop_cuts_off_an_answer_in_flight) {
  market::HttpReply slow = reply_of(200, "late");
  slow.delay = millis(3'600'000);
  serve({{"/slow", slow}, {"/quick", reply_of(200, "1")}});
  PollTarget hanging = target("/slow");
  hanging.host.timeout = millis(3'600'000);
  const auto polls = poller({hanging, target("/quick")});
  const Lent one(*polls);
  const Lent other(*polls);
  ASSERT_TRUE(comes("ok"));  // so the other thread is in the hanging one; its stop is what this test waits for
}

/// A port that takes connections and then says nothing at all.
class SilentPort {
 public:
  SilentPort() : listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    EXPECT_EQ(::listen(listener_, 4), 0);
  }
  SilentPort(const SilentPort&) = delete;
  SilentPort& operator=(const SilentPort&) = delete;
  ~SilentPort() {
    ::close(accepted_);
    ::close(listener_);
  }
  std::string url() const {
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    return "https://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  }
  std::string proxy_url() const { return "http://me:s%40y@" + url().substr(8); }
  /// Takes one client, hears what it says first, answers with this and hangs up.
  std::string answers(std::string_view text) {
    accepted_ = ::accept(listener_, nullptr, nullptr);
    std::array<char, 4096> heard{};
    const ssize_t size = ::recv(accepted_, heard.data(), heard.size(), 0);
    EXPECT_EQ(::send(accepted_, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
    ::shutdown(accepted_, SHUT_RDWR);
    return std::string(heard.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  }
  /// True once a client has sent the first byte of its handshake.
  bool greeted() {
    accepted_ = ::accept(listener_, nullptr, nullptr);
    char byte = 0;
    return ::recv(accepted_, &byte, 1, 0) == 1;
  }

 private:
  int listener_;
  int accepted_ = -1;
};

TEST_F(HttpPolling, stop_cuts_off_a_handshake_that_nobody_answers_and_does_not_wait_for_it) {
  SilentPort silent;
  PollTarget hanging;
  hanging.host.base_url = silent.url();
  hanging.next = asks("/t");
  hanging.host.timeout = hanging.host.connect_timeout = millis(3'600'000);
  const auto polls = poller({hanging});
  const Lent running(*polls);
  ASSERT_TRUE(silent.greeted());  // the end of the thread is what this test waits for
}

TEST_F(HttpPolling, a_handshake_has_its_own_time) {
  SilentPort silent;
  PollTarget hanging;
  hanging.host.base_url = silent.url();
  hanging.next = asks("/t");
  hanging.host.timeout = millis(3'600'000);
  hanging.host.connect_timeout = millis(50);
  const auto polls = poller({hanging});
  const Lent running(*polls);
  EXPECT_TRUE(comes("connect_failed"));
}

/// A gate that nothing but its host's answers closes, and that forgives soon.
std::shared_ptr<SharedGate> quick_gate(Entropy& entropy, std::vector<RateRule> rules = {}) {
  GateLimits limits;
  limits.rules = std::move(rules);
  limits.backoff = {millis(20), millis(50)};
  limits.rate_limited = millis(50);
  return std::make_shared<SharedGate>(limits, entropy);
}

TEST_F(HttpPolling, one_429_stops_every_request_to_the_host) {
  market::HttpReply limited = reply_of(429, "slow down");
  limited.headers = {{"Retry-After", "3600"}};
  serve({{"/limited", limited}, {"/free", reply_of(200, "1")}});
  const auto gate = quick_gate(entropy_);
  PollTarget first = target("/limited");
  PollTarget second = target("/free");
  first.gate = second.gate = gate;
  PollTarget other = target("/free");
  const auto polls = poller({first, second, other});
  const Lent running(*polls);
  ASSERT_TRUE(comes("rate_limited"));
  const auto before = asked_.items().size();
  const auto of_the_host = [&] {
    const auto items = heard_.items();
    return std::count_if(items.begin(), items.end(), [](const Heard& heard) { return heard.index != 2; });
  };
  const auto asked = of_the_host();
  ASSERT_TRUE(asked_.reaches(before + 30));  // the target without that gate goes on
  EXPECT_EQ(of_the_host(), asked);
  EXPECT_EQ(gate->view(mono_now()).condition, Condition::rate_limited);
  EXPECT_GT(gate->view(mono_now()).left_alone, millis(3'000'000));
}

TEST_F(HttpPolling, a_short_allowance_is_kept_and_every_target_gets_its_turn) {
  serve({{"/a", reply_of(200, "1")}, {"/b", reply_of(200, "1")}, {"/c", reply_of(200, "1")}});
  const auto gate = quick_gate(entropy_, {{.allowance = 1, .window = millis(20)}});
  std::vector<PollTarget> targets{target("/a"), target("/b"), target("/c")};
  for (PollTarget& one : targets) one.gate = gate;
  const auto polls = poller(targets);
  const Lent running(*polls);
  const Lent second(*polls);
  ASSERT_TRUE(heard_.reaches(12));
  std::array<int, 3> turns{};
  for (const Heard& heard : heard_.items()) ++turns[heard.index];
  EXPECT_GE(*std::min_element(turns.begin(), turns.end()), 3);
}

TEST_F(HttpPolling, a_host_in_trouble_is_probed_by_one_request_and_comes_back) {
  serve({{"/t", reply_of(503, "away")}});
  const auto gate = quick_gate(entropy_);
  PollTarget wanted = target("/t");
  wanted.gate = gate;
  const auto polls = poller({wanted, target("/t")});
  const Lent running(*polls);
  ASSERT_TRUE(heard_.eventually([&](const auto&) { return gate->view(mono_now()).left_alone > Micros{}; }));
  EXPECT_EQ(gate->view(mono_now()).condition, Condition::server_error);
}

TEST_F(HttpPolling, what_the_host_counts_as_used_is_taken_over) {
  market::HttpReply counted = reply_of(200, "1");
  counted.headers = {{"X-Used", "5900"}};
  serve({{"/t", counted}});
  const auto gate = quick_gate(entropy_, {{.allowance = 4800, .window = millis(60'000)}});
  PollTarget wanted = target("/t");
  wanted.gate = gate;
  wanted.host.used_header = "X-Used";
  const auto polls = poller({wanted, target("/t")});
  const Lent running(*polls);
  ASSERT_TRUE(heard_.reaches(20));
  const auto items = heard_.items();
  EXPECT_EQ(std::count_if(items.begin(), items.end(), [](const Heard& heard) { return heard.index == 0; }), 1);
}

TEST_F(HttpPolling, asks_a_proxy_for_a_tunnel_and_shows_nobody_its_password) {
  SilentPort proxy;
  PollTarget wanted;
  wanted.host.base_url = "https://venue.example";
  wanted.host.proxy = proxy.proxy_url();
  wanted.next = asks("/t");
  const auto polls = poller({wanted});
  const Lent running(*polls);
  const std::string asked = proxy.answers("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
  EXPECT_THAT(asked, HasSubstr("CONNECT venue.example:443 HTTP/1.1\r\n"));
  EXPECT_THAT(asked, HasSubstr("Proxy-Authorization: Basic bWU6c0B5\r\n"));
  ASSERT_TRUE(heard_.reaches(1));
  EXPECT_NE(heard_.items().front().code, "ok");
  EXPECT_THAT(heard_.items().front().text, ::testing::Not(HasSubstr("s@y")));
}

TEST_F(HttpPolling, a_name_that_does_not_resolve_is_asked_again) {
  PollTarget wanted;
  wanted.host.base_url = "https://" + unresolvable;
  wanted.next = asks("/t");
  wanted.interval = wanted.backoff_max = millis(5);
  const auto polls = poller({wanted});
  const Lent running(*polls);
  EXPECT_TRUE(comes("connect_failed", 2));
}

}  // namespace
}  // namespace assay::fetchers::testing
