#include "publisher/hub.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "support.hpp"

namespace assay::publisher {
namespace {

namespace json = boost::json;
using test::Chain;

class HubTest : public testing::Test {
 protected:
  ClientId connected(Hub& hub) {
    const auto id = hub.connect(now_);
    EXPECT_TRUE(id);
    EXPECT_EQ(*hub.take(*id), "hello");
    return *id;
  }
  json::object said(Hub& hub, ClientId id, std::string_view text) {
    EXPECT_FALSE(hub.receive(id, text, now_));
    const auto reply = hub.take(id);
    return reply ? json::parse(*reply).as_object() : json::object{};
  }
  static std::string type_of(const SharedText& text) {
    return text ? std::string(json::parse(*text).at("type").as_string()) : "nothing";
  }
  static std::string height_of(const SharedText& text) {
    return std::string(json::parse(*text).at("height").as_string());
  }

  Chain chain_{5};
  MonoTime now_{1'000'000};
  Hub hub_{chain_.feeds(), HubLimits{}, "hello"};
};

constexpr std::string_view subscribe_btc = R"({"op":"subscribe","id":1,"feeds":["BTC/USD"]})";
constexpr std::string_view subscribe_all = R"({"op":"subscribe","id":1,"feeds":["*"]})";

TEST_F(HubTest, sends_an_update_for_one_feed_and_a_batch_for_several) {
  const auto one = connected(hub_);
  const auto all = connected(hub_);
  EXPECT_EQ(json::serialize(said(hub_, one, subscribe_btc)),
            R"({"type":"subscribed","id":1,"feeds":["BTC/USD"],"rejected":[]})");
  said(hub_, all, subscribe_all);
  EXPECT_EQ(hub_.take(one), nullptr);
  hub_.publish(chain_.next());
  const auto update = hub_.take(one);
  EXPECT_EQ(type_of(update), "update");
  EXPECT_TRUE(std::holds_alternative<VerifiedFrame>(verify_frame(*update, chain_.pinned())));
  const auto batch = hub_.take(all);
  EXPECT_EQ(type_of(batch), "batch");
  EXPECT_TRUE(std::holds_alternative<VerifiedFrame>(verify_frame(*batch, chain_.pinned())));
  EXPECT_EQ(hub_.take(one), nullptr);
}

TEST_F(HubTest, sends_the_newest_batch_at_once_to_a_new_subscriber) {
  const auto id = connected(hub_);
  hub_.publish(chain_.next());
  hub_.publish(chain_.next());
  EXPECT_EQ(hub_.take(id), nullptr);
  EXPECT_EQ(said(hub_, id, subscribe_btc).at("height").as_string(), "2");
  hub_.publish(chain_.next());  // before it read the snapshot: no notice, it has missed nothing it was promised
  const auto snapshot = hub_.take(id);
  EXPECT_EQ(type_of(snapshot), "update");
  EXPECT_EQ(height_of(snapshot), "3");
}

TEST_F(HubTest, shares_one_text_among_all_who_want_the_same_feeds) {
  const auto a = connected(hub_);
  const auto b = connected(hub_);
  const auto c = connected(hub_);
  said(hub_, a, R"({"op":"subscribe","id":1,"feeds":["BTC/USD","ETH/USD"]})");
  said(hub_, b, R"({"op":"subscribe","id":9,"feeds":["ETH/USD"]})");
  said(hub_, b, R"({"op":"subscribe","id":8,"feeds":["BTC/USD","ETH/USD"]})");
  said(hub_, c, subscribe_all);
  hub_.publish(chain_.next());
  EXPECT_EQ(hub_.take(a).get(), hub_.take(b).get());
  EXPECT_NE(hub_.take(c), nullptr);
  EXPECT_EQ(hub_.counters().frames_built, 2U);
}

TEST_F(HubTest, gives_a_slow_subscriber_the_newest_batch_after_telling_what_it_missed) {
  const auto id = connected(hub_);
  said(hub_, id, subscribe_btc);
  hub_.publish(chain_.next());
  EXPECT_EQ(height_of(hub_.take(id)), "1");
  for (int i = 0; i < 4; ++i) hub_.publish(chain_.next());
  EXPECT_EQ(*hub_.take(id), R"({"type":"conflated","from":"2","to":"4","reason":"slow_consumer"})");
  hub_.publish(chain_.next());  // comes between notice and frame: both still agree
  EXPECT_EQ(height_of(hub_.take(id)), "5");
  EXPECT_EQ(height_of(hub_.take(id)), "6");
  EXPECT_EQ(hub_.take(id), nullptr);
  EXPECT_EQ(hub_.counters().frames_conflated, 3U);
}

TEST_F(HubTest, tells_what_the_node_itself_left_out) {
  const auto id = connected(hub_);
  said(hub_, id, subscribe_btc);
  hub_.publish(chain_.next());
  EXPECT_EQ(height_of(hub_.take(id)), "1");
  chain_.next();
  chain_.next();
  hub_.publish(chain_.next());
  EXPECT_EQ(*hub_.take(id), R"({"type":"conflated","from":"2","to":"3","reason":"late_node"})");
  EXPECT_EQ(height_of(hub_.take(id)), "4");
  hub_.publish(chain_.next());
  EXPECT_EQ(height_of(hub_.take(id)), "5");
  EXPECT_EQ(hub_.counters().frames_conflated, 2U);
}

TEST_F(HubTest, names_feeds_it_does_not_have_and_serves_the_others) {
  const auto id = connected(hub_);
  const auto reply = said(hub_, id, R"({"op":"subscribe","id":3,"feeds":["BTC/USD","FOO/USD","btc/usd"]})");
  EXPECT_EQ(json::serialize(reply.at("feeds")), R"(["BTC/USD"])");
  EXPECT_EQ(json::serialize(reply.at("rejected")),
            R"([{"feed":"FOO/USD","reason":"unknown_feed"},{"feed":"btc/usd","reason":"unknown_feed"}])");
  EXPECT_TRUE(hub_.subscribed(id));
  const auto none = connected(hub_);
  said(hub_, none, R"({"op":"subscribe","feeds":["FOO/USD"]})");
  EXPECT_FALSE(hub_.subscribed(none));
}

TEST_F(HubTest, ends_a_subscription_when_asked) {
  const auto id = connected(hub_);
  said(hub_, id, subscribe_btc);
  EXPECT_EQ(said(hub_, id, R"({"op":"unsubscribe","id":1})").at("type").as_string(), "unsubscribed");
  hub_.publish(chain_.next());
  EXPECT_EQ(hub_.take(id), nullptr);
  EXPECT_EQ(said(hub_, id, R"({"op":"unsubscribe","id":1})").at("type").as_string(), "error");
}

TEST_F(HubTest, answers_bad_messages_and_closes_after_the_eighth) {
  const auto id = connected(hub_);
  for (const char* bad : {"{", "[]", "{}", R"({"op":"shout"})", R"({"op":"subscribe"})",
                          R"({"op":"subscribe","feeds":[]})", R"({"op":"subscribe","feeds":[1]})"}) {
    EXPECT_EQ(said(hub_, id, bad).at("type").as_string(), "error") << bad;
  }
  const auto close = hub_.receive(id, R"({"op":"subscribe","id":-1,"feeds":["*"]})", now_);
  ASSERT_TRUE(close);
  EXPECT_EQ(close->code, CloseCode::bad_message);
}

TEST_F(HubTest, closes_a_client_that_asks_too_much_too_fast) {
  const auto id = connected(hub_);
  const auto ping = [&] {
    const auto close = hub_.receive(id, R"({"op":"ping","t":7})", now_);
    while (hub_.take(id)) {
    }
    return close;
  };
  for (int i = 0; i < 40; ++i) ASSERT_FALSE(ping()) << i;
  EXPECT_EQ(ping()->code, CloseCode::too_fast);
  now_ = now_ + millis(100);
  EXPECT_FALSE(ping());
  EXPECT_TRUE(ping());
}

TEST_F(HubTest, keeps_at_most_a_bounded_number_of_unread_replies) {
  const auto id = connected(hub_);
  std::optional<Close> close;
  int accepted = 0;
  for (; !close && accepted < 100; ++accepted) close = hub_.receive(id, R"({"op":"ping"})", now_);
  ASSERT_TRUE(close);
  EXPECT_EQ(accepted, 33);
}

TEST_F(HubTest, names_only_the_first_rejected_feeds_and_counts_the_rest) {
  const auto id = connected(hub_);
  std::string many = R"({"op":"subscribe","id":1,"feeds":["BTC/USD")";
  for (int i = 0; i < 4000; ++i) many += ",\"NO" + std::to_string(i) + "\"";
  const auto answer = said(hub_, id, many + "]}");
  EXPECT_EQ(json::serialize(answer.at("feeds")), R"(["BTC/USD"])");
  EXPECT_EQ(answer.at("rejected").as_array().size(), 16U);
  EXPECT_EQ(answer.at("rejected_more").as_int64(), 3984);
}

TEST_F(HubTest, keeps_at_most_a_bounded_number_of_bytes_of_unread_replies) {
  Chain wide(300);
  Hub hub(wide.feeds(), {.reply_bytes_max = 10'000}, "hello");
  const auto id = connected(hub);
  std::size_t unread = 0;
  std::optional<Close> close;
  int accepted = 0;
  while (!close && accepted < 30) {
    close = hub.receive(id, subscribe_all, now_);
    if (!close) ++accepted;
  }
  ASSERT_TRUE(close);
  EXPECT_EQ(close->code, CloseCode::too_fast);
  while (const auto text = hub.take(id)) unread += text->size();
  EXPECT_LT(unread, 2 * 10'000U);
  EXPECT_GE(accepted, 1);
  EXPECT_FALSE(hub.receive(id, subscribe_all, now_)) << "once they are read, the allowance is back";
}

TEST_F(HubTest, bounds_subscriptions_and_clients) {
  Hub small(chain_.feeds(), {.clients_max = 2, .subscriptions_max = 2}, "hello");
  const auto a = connected(small);
  said(small, a, R"({"op":"subscribe","id":1,"feeds":["BTC/USD"]})");
  said(small, a, R"({"op":"subscribe","id":2,"feeds":["BTC/USD"]})");
  EXPECT_EQ(said(small, a, R"({"op":"subscribe","id":3,"feeds":["BTC/USD"]})").at("type").as_string(), "error");
  EXPECT_EQ(said(small, a, R"({"op":"subscribe","id":2,"feeds":["*"]})").at("type").as_string(), "subscribed");
  const auto b = connected(small);
  EXPECT_FALSE(small.connect(now_));
  small.disconnect(b);
  EXPECT_TRUE(small.connect(now_));
  small.disconnect(b);
  EXPECT_FALSE(small.receive(b, subscribe_all, now_));
  EXPECT_EQ(small.take(b), nullptr);
}

TEST_F(HubTest, ignores_batches_that_are_not_newer_or_not_of_this_network) {
  const auto id = connected(hub_);
  said(hub_, id, subscribe_btc);
  const auto first = chain_.next();
  hub_.publish(chain_.next());
  hub_.publish(first);
  hub_.publish(Chain(4).next());
  EXPECT_EQ(height_of(hub_.take(id)), "2");
  EXPECT_EQ(hub_.take(id), nullptr);
}

TEST(Requests, are_bounded_in_length_count_and_depth) {
  EXPECT_EQ(parse_request(std::string(request_bytes_max + 1, ' ')).error().code, Errc::too_large);
  std::string many = R"({"op":"subscribe","feeds":["a")";
  for (int i = 0; i < 4096; ++i) many += ",\"a\"";
  EXPECT_EQ(parse_request(many + "]}").error().code, Errc::too_large);
  EXPECT_EQ(parse_request(R"({"op":"subscribe","feeds":[")" + std::string(65, 'A') + R"("]})").error().code,
            Errc::too_large);
  EXPECT_EQ(parse_request(R"({"op":[[[[[[1]]]]]]})").error().code, Errc::malformed);
}

}  // namespace
}  // namespace assay::publisher
