#include "publisher/io/server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <thread>

#include "core/bytes.hpp"
#include "publisher/io/address_quota.hpp"
#include "publisher/requests.hpp"
#include "support.hpp"
#include "tiny_client.hpp"

namespace assay::publisher {
namespace {

namespace json = boost::json;
using test::Chain;
using test::TinyClient;

/// A server on a free port, run by a thread of the test.
class Running {
 public:
  Running(const Chain& chain, ServerSettings settings, ServerHooks hooks = {}) {
    auto made = Server::listen(std::move(settings), *chain.feeds(), chain.genesis().network, chain.signer().key(),
                               std::move(hooks));
    check(static_cast<bool>(made), "the server listens on a free port");
    server_ = std::move(made).value();
    thread_ = std::thread([this] { server_->run(); });
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { stop(); }
  void stop() {
    if (!thread_.joinable()) return;
    server_->stop();
    thread_.join();
  }
  Server& operator*() { return *server_; }
  Server* operator->() { return server_.get(); }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }

 private:
  std::unique_ptr<Server> server_;
  std::thread thread_;
};

constexpr std::string_view subscribe_btc = R"({"op":"subscribe","id":1,"feeds":["BTC/USD"]})";

class ServerTest : public testing::Test {
 protected:
  void subscribe(TinyClient& client, std::string_view request = subscribe_btc) {
    ASSERT_EQ(client.upgrade().status, 101);
    ASSERT_FALSE(client.text_of("hello").empty());
    ASSERT_TRUE(client.say(request));
    ASSERT_FALSE(client.text_of("subscribed").empty());
  }
  bool verifies(const std::string& text) {
    return std::holds_alternative<VerifiedFrame>(verify_frame(text, chain_.pinned(), *chain_.feeds()));
  }
  static std::string height_of(const std::string& text) {
    return text.empty() ? "" : std::string(json::parse(text).at("height").as_string());
  }

  Chain chain_{5};
};

TEST_F(ServerTest, answers_the_handshake_as_rfc_6455_asks) {
  Running server(chain_, {});
  TinyClient client(server.port());
  const auto answer = client.upgrade();
  EXPECT_EQ(answer.status, 101);
  EXPECT_NE(answer.head.find("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="), std::string::npos);
  const auto hello = json::parse(client.text_of("hello"));
  EXPECT_EQ(hello.at("group_key").as_string(), to_hex(chain_.signer().key().bytes));
}

TEST_F(ServerTest, sends_a_snapshot_and_then_every_update_each_verifiable) {
  Running server(chain_, {});
  server->publish(chain_.next());
  TinyClient early(server.port());
  subscribe(early);
  EXPECT_EQ(height_of(early.text_of("update")), "1");
  TinyClient all(server.port());
  subscribe(all, R"({"op":"subscribe","id":2,"feeds":["*"]})");
  EXPECT_EQ(height_of(all.text_of("batch")), "1");
  for (int height = 2; height <= 6; ++height) {
    server->publish(chain_.next());
    const auto update = early.text_of("update");
    EXPECT_EQ(height_of(update), std::to_string(height));
    EXPECT_TRUE(verifies(update));
    const auto batch = all.text_of("batch");
    EXPECT_EQ(height_of(batch), std::to_string(height));
    EXPECT_TRUE(verifies(batch));
  }
  EXPECT_EQ(server->counters().subscribers, 2U);
}

TEST_F(ServerTest, conflates_for_a_reader_that_does_not_read_and_never_holds_up_the_others) {
  Chain wide(300);  // a frame of all feeds is some 250 kB: far beyond what two sockets buffer in 200 batches
  Running server(wide, {.queue_bytes_max = 32 << 10});
  const auto all = R"({"op":"subscribe","id":1,"feeds":["*"]})";
  TinyClient slow(server.port(), 4096);
  subscribe(slow, all);
  TinyClient quick(server.port());
  subscribe(quick);
  for (int height = 1; height <= 200; ++height) {
    server->publish(wide.next());
    ASSERT_EQ(height_of(quick.text_of("update")), std::to_string(height));
  }
  // What waits for the slow one is bounded: what the kernel holds, one text on its way, a notice and the newest batch.
  std::uint64_t last = 0;
  std::uint64_t told = 0;
  int frames = 0;
  while (last < 200) {
    const auto text = slow.text();
    ASSERT_FALSE(text.empty());
    const auto message = json::parse(text);
    if (message.at("type").as_string() == "conflated") {
      EXPECT_EQ(message.at("from").as_string(), std::to_string(last + 1));
      told = std::strtoull(message.at("to").as_string().c_str(), nullptr, 10);
    } else {
      const auto height = std::strtoull(height_of(text).c_str(), nullptr, 10);
      if (height != last + 1) {
        EXPECT_EQ(told, height - 1);
      }
      last = height;
      ++frames;
    }
  }
  EXPECT_LE(frames, 50);
  EXPECT_EQ(server->counters().frames_conflated, 200U - static_cast<unsigned>(frames));
}

TEST_F(ServerTest, answers_bad_messages_and_ends_the_connection_with_4400_when_they_do_not_stop) {
  Running server(chain_, {});
  TinyClient client(server.port());
  ASSERT_EQ(client.upgrade().status, 101);
  ASSERT_TRUE(client.say("no json"));
  EXPECT_EQ(json::parse(client.text_of("error")).at("code").as_string(), "malformed");
  for (int i = 0; i < 7; ++i) client.say("{\"op\":7}");
  TinyClient::Frame last;
  do {
    last = client.frame();
  } while (last.opcode == 1);
  EXPECT_EQ(last.close_code(), 4400);
}

TEST_F(ServerTest, ends_connections_that_send_too_much_at_once) {
  Running server(chain_, {});
  TinyClient client(server.port());
  ASSERT_EQ(client.upgrade().status, 101);
  ASSERT_FALSE(client.text_of("hello").empty());
  client.say(std::string(request_bytes_max + 1, 'x'));
  EXPECT_EQ(client.frame().close_code(), 1009);
}

TEST_F(ServerTest, rejects_unknown_and_too_many_feeds_without_ending_the_connection) {
  Running server(chain_, {});
  TinyClient client(server.port());
  ASSERT_EQ(client.upgrade().status, 101);
  std::string many = R"({"op":"subscribe","feeds":["a")";
  for (int i = 0; i < 4096; ++i) many += ",\"a\"";
  client.say(many + "]}");
  EXPECT_EQ(json::parse(client.text_of("error")).at("code").as_string(), "too_large");
  client.say(R"({"op":"subscribe","id":5,"feeds":["NO/NE","BTC/USD"]})");
  const auto reply = json::parse(client.text_of("subscribed"));
  EXPECT_EQ(json::serialize(reply.at("rejected")), R"([{"feed":"NO/NE","reason":"unknown_feed"}])");
}

TEST_F(ServerTest, serves_no_more_subscribers_and_connections_than_it_is_told) {
  Running server(chain_, {.connections_max = 3, .subscribers_max = 1});
  TinyClient first(server.port());
  subscribe(first);
  TinyClient second(server.port());
  EXPECT_EQ(second.upgrade().status, 503);
  TinyClient third(server.port());
  EXPECT_EQ(third.get("/healthz").status, 200);
  TinyClient fourth(server.port());
  EXPECT_EQ(fourth.get("/healthz").status, 200);
  TinyClient fifth(server.port());
  EXPECT_EQ(fifth.get("/healthz").status, 0);
}

TEST_F(ServerTest, holds_only_so_many_connections_of_one_address_that_have_not_subscribed) {
  Running server(chain_, {.unsubscribed_per_address_max = 2});
  TinyClient first(server.port());
  subscribe(first);
  TinyClient second(server.port());
  subscribe(second);
  TinyClient idle(server.port());
  EXPECT_EQ(idle.get("/healthz").status, 200);
  TinyClient listening(server.port());
  EXPECT_EQ(listening.upgrade().status, 101);
  EXPECT_FALSE(listening.text_of("hello").empty());
  TinyClient refused(server.port());
  EXPECT_EQ(refused.get("/healthz").status, 0);
  ASSERT_TRUE(listening.say(subscribe_btc));
  EXPECT_FALSE(listening.text_of("subscribed").empty());
  TinyClient third(server.port());
  EXPECT_EQ(third.get("/healthz").status, 200) << "who subscribes gives its place back";
}

TEST(AddressQuota, counts_ipv6_by_its_network_and_forgets_who_has_gone) {
  AddressQuota quota(1);
  const auto address = [](const char* text) { return boost::asio::ip::make_address(text); };
  {
    const auto one = quota.take(address("2001:db8::1"));
    EXPECT_TRUE(one);
    EXPECT_FALSE(quota.take(address("2001:db8::ffff:2")));
    EXPECT_TRUE(quota.take(address("2001:db8:0:1::1")));
    const auto mapped = quota.take(address("::ffff:192.0.2.1"));
    EXPECT_TRUE(mapped);
    EXPECT_FALSE(quota.take(address("192.0.2.1")));
    EXPECT_TRUE(quota.take(address("192.0.2.2")));
    EXPECT_EQ(quota.addresses(), 2U);
  }
  EXPECT_EQ(quota.addresses(), 0U);
}

TEST_F(ServerTest, ends_streams_that_subscribe_to_nothing_also_while_there_are_no_batches) {
  Running server(chain_, {.subscribe_timeout_ms = 0, .inspect_every_ms = 10});
  TinyClient client(server.port());
  ASSERT_EQ(client.upgrade().status, 101);
  ASSERT_FALSE(client.text_of("hello").empty());
  EXPECT_EQ(client.frame().close_code(), 1008);
}

TEST_F(ServerTest, drops_a_reader_of_the_last_batch_for_whom_nothing_can_be_written) {
  Chain wide(300);
  Running server(wide, {.queue_bytes_max = 32 << 10, .write_timeout_ms = 50, .inspect_every_ms = 10});
  TinyClient slow(server.port(), 4096);
  subscribe(slow, R"({"op":"subscribe","id":1,"feeds":["*"]})");
  server->publish(wide.next());
  TinyClient quick(server.port());
  for (int i = 0; i < 1'000'000 && server->counters().closed_slow == 0; ++i) {
    ASSERT_EQ(quick.get("/healthz").status, 200);
  }
  EXPECT_EQ(server->counters().closed_slow, 1U);
}

TEST_F(ServerTest, drops_a_reader_for_whom_nothing_can_be_written_any_more) {
  Chain wide(300);
  Running server(wide, {.queue_bytes_max = 32 << 10, .write_timeout_ms = 50, .inspect_every_ms = 10});
  TinyClient slow(server.port(), 4096);
  subscribe(slow, R"({"op":"subscribe","id":1,"feeds":["*"]})");
  TinyClient quick(server.port());
  subscribe(quick);
  for (int height = 1; height <= 5000 && server->counters().closed_slow == 0; ++height) {
    server->publish(wide.next());
    ASSERT_FALSE(quick.text_of("update").empty());
  }
  EXPECT_EQ(server->counters().closed_slow, 1U);
  while (slow.frame().opcode != -1) {
  }
}

TEST_F(ServerTest, pings_a_silent_subscriber_and_ends_one_that_does_not_answer) {
  Running server(chain_, {.ping_every_ms = 50});
  TinyClient client(server.port());
  subscribe(client);
  EXPECT_EQ(client.frame().opcode, 9);
  // Unanswered. Beast ends the connection without a close frame.
  while (client.frame().opcode != -1) {
  }
}

TEST_F(ServerTest, finishes_handshakes_between_batches_that_do_not_pause) {
  Running server(chain_, {});
  std::atomic<bool> enough{false};
  std::thread publisher([&] {
    const auto batch = chain_.next();  // the same again: what matters is that the server never rests
    while (!enough) server->publish(batch);
  });
  for (int i = 0; i < 200; ++i) {
    TinyClient client(server.port());
    EXPECT_EQ(client.upgrade().status, 101);
    EXPECT_FALSE(client.text_of("hello").empty());
    EXPECT_TRUE(client.say(subscribe_btc));
    EXPECT_FALSE(client.text_of("update").empty());
  }
  enough = true;
  publisher.join();
}

TEST_F(ServerTest, says_goodbye_when_it_stops) {
  Running server(chain_, {});
  TinyClient client(server.port());
  subscribe(client);
  std::thread stopper([&] { server.stop(); });
  EXPECT_EQ(client.frame().close_code(), 1001);
  client.say("\x03\xe9", 8);
  stopper.join();
}

TEST_F(ServerTest, answers_http_on_one_connection_again_and_again) {
  const ServerHooks hooks{.readiness =
                              [] {
                                return Readiness{{{"last_batch_age_ms", false, "9", "1"}}};
                              },
                          .metrics_text = [] { return "assay_up 1\n"; },
                          .batch_at = {},
                          .explain_json = {},
                          .status_json = []() -> std::string { throw std::runtime_error("broken"); }};
  Running server(chain_, {}, hooks);
  server->publish(chain_.next());
  TinyClient client(server.port());
  EXPECT_EQ(client.get("/healthz").status, 200);
  const auto ready = client.get("/readyz");
  EXPECT_EQ(ready.status, 503);
  EXPECT_NE(ready.body.find("last_batch_age_ms"), std::string::npos);
  EXPECT_EQ(client.get("/metrics").body, "assay_up 1\n");
  EXPECT_EQ(client.get("/v1/status").status, 500);
  const auto latest = client.get("/v1/latest/BTC-USD");
  EXPECT_EQ(latest.status, 200);
  EXPECT_TRUE(verifies(latest.body));
  EXPECT_NE(latest.head.find("Cache-Control: no-cache"), std::string::npos);
  EXPECT_EQ(client.get("/nothing").status, 404);
}

TEST_F(ServerTest, refuses_garbage_and_oversized_requests_with_a_word_and_survives) {
  Running server(chain_, {});
  const auto status_of = [&](const std::string& bytes) {
    TinyClient client(server.port());
    client.send(bytes);
    return client.answer().status;
  };
  EXPECT_EQ(status_of("\x16\x03\x01\x02garbage\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET / HTTP/9.9\r\n\r\n"), 400);
  EXPECT_EQ(status_of("GET /" + std::string(9000, 'x') + " HTTP/1.1\r\n\r\n"), 431);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n"), 413);
  EXPECT_EQ(status_of("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi"), 405);
  EXPECT_EQ(status_of("GET /v1/other HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"), 404);
  TinyClient other(server.port());
  EXPECT_EQ(other.upgrade("/v1/nothing").status, 404);
  TinyClient half(server.port());
  half.send("GET / HT");
  TinyClient client(server.port());
  EXPECT_EQ(client.get("/healthz").status, 200);
}

TEST_F(ServerTest, ends_a_request_that_never_ends) {
  Running server(chain_, {.request_timeout_ms = 50});
  TinyClient client(server.port());
  client.send("GET / HTTP/1.1\r\nX: ");
  EXPECT_EQ(client.answer().status, 0);
}

TEST(ServerListen, refuses_an_address_it_cannot_bind) {
  Chain chain(1);
  const auto code = [&](const char* address) {
    const auto made = Server::listen({.listen = address}, *chain.feeds(), {}, {}, {});
    return made ? Errc{} : made.error().code;
  };
  EXPECT_EQ(code("nowhere"), Errc::out_of_range);
  EXPECT_EQ(code("localhost:0"), Errc::out_of_range);
  EXPECT_EQ(code("203.0.113.1:0"), Errc::connect_failed);
}

TEST(ServerListen, may_be_stopped_before_and_destroyed_without_running) {
  Chain chain(1);
  auto made = Server::listen({}, *chain.feeds(), {}, {}, {});
  ASSERT_TRUE(made);
  (*made)->publish(chain.next());
  (*made)->stop();
  (*made)->run();
  auto unused = Server::listen({}, *chain.feeds(), {}, {}, {});
  ASSERT_TRUE(unused);
  (*unused)->publish(chain.next());
}

}  // namespace
}  // namespace assay::publisher
