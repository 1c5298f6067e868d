#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetchers/market/dialogue.hpp"

namespace assay::fetchers::market {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::vector<Pair> pairs{{"BTC", "USD"}, {"ETH", "USD"}};
constexpr WallTime now{1'618'677'795'270'101};

Board stepped_board() {
  Walk walk(1, assets_of(pairs));
  Board board(2, pairs, {});
  board.step(walk, {}, now);
  return board;
}

MATCHER_P2(IsTopic, pair, channel, "") {
  return arg == (Topic{static_cast<std::size_t>(pair), channel});
}

TEST(Dialogues, every_venue_has_one) {
  for (const std::string_view venue : market_venues()) EXPECT_NE(find_dialogue(venue), nullptr) << venue;
  EXPECT_EQ(find_dialogue("ftx"), nullptr);
}

class Binance : public ::testing::Test {
 protected:
  const Dialogue& venue = *find_dialogue("binance");
};

TEST_F(Binance, the_path_names_the_streams) {
  EXPECT_THAT(venue.greet("/stream?streams=btcusd@bookTicker/ethusd@ticker", pairs).add,
              ElementsAre(IsTopic(0, "bookTicker"), IsTopic(1, "ticker")));
  EXPECT_THAT(venue.greet("/ws/ethusd@bookTicker", pairs).add, ElementsAre(IsTopic(1, "bookTicker")));
  EXPECT_THAT(venue.greet("/stream?streams=foousd@bookTicker/btcusd@depth/x", pairs).add, IsEmpty());
  EXPECT_TRUE(venue.serves("/ws"));
  EXPECT_FALSE(venue.serves("/"));
}

TEST_F(Binance, subscribes_and_unsubscribes_by_request) {
  const Answer answer =
      venue.hear(R"({"method":"SUBSCRIBE","params":["btcusd@bookTicker","nope@bookTicker"],"id":7})", pairs, now);
  EXPECT_THAT(answer.frames, ElementsAre(R"({"result":null,"id":7})"));
  EXPECT_THAT(answer.add, ElementsAre(IsTopic(0, "bookTicker")));
  EXPECT_THAT(venue.hear(R"({"method":"UNSUBSCRIBE","params":["btcusd@bookTicker"],"id":"a"})", pairs, now).drop,
              ElementsAre(IsTopic(0, "bookTicker")));
  EXPECT_THAT(venue.hear("{", pairs, now).frames, ElementsAre(HasSubstr("\"code\":3")));
  EXPECT_THAT(venue.hear(R"({"method":"DANCE"})", pairs, now).frames, ElementsAre(HasSubstr("\"code\":2")));
}

TEST_F(Binance, wraps_events_only_in_combined_streams) {
  const Board board = stepped_board();
  const Topic topic{0, "bookTicker"};
  EXPECT_THAT(venue.push(topic, "/ws", board, Push::update), StartsWith("{\"u\":1,"));
  EXPECT_THAT(venue.push(topic, "/stream?streams=x", board, Push::update),
              StartsWith(R"({"stream":"btcusd@bookTicker","data":{"u":1,)"));
  EXPECT_EQ(venue.push(topic, "/ws", board, Push::snapshot), "");
}

TEST_F(Binance, answers_rest_for_one_some_or_all_symbols) {
  const Board board = stepped_board();
  const auto body = [&](const std::string& query) {
    return venue.rest("/api/v3/ticker/bookTicker" + query, board, now).body;
  };
  EXPECT_THAT(body("?symbol=ETHUSD"), StartsWith(R"({"symbol":"ETHUSD")"));
  EXPECT_THAT(body("?symbols=%5B%22ETHUSD%22%5D"), StartsWith(R"([{"symbol":"ETHUSD")"));
  EXPECT_THAT(body(""), StartsWith(R"([{"symbol":"BTCUSD")"));
  EXPECT_EQ(venue.rest("/api/v3/ticker/bookTicker?symbol=FOO", board, now).status, 400U);
  EXPECT_EQ(body("?symbol=FOO"), R"({"code":-1121,"msg":"Invalid symbol."})");
  EXPECT_EQ(venue.rest("/api/v3/ticker/bookTicker?symbols=%5Bx", board, now).status, 400U);
  EXPECT_EQ(venue.rest("/api/v3/nope", board, now).status, 404U);
}

class Coinbase : public ::testing::Test {
 protected:
  const Dialogue& venue = *find_dialogue("coinbase_exchange");
};

TEST_F(Coinbase, subscribes_channels_given_as_words_or_objects) {
  const Answer words =
      venue.hear(R"({"type":"subscribe","product_ids":["ETH-USD"],"channels":["ticker","heartbeat"]})", pairs, now);
  EXPECT_THAT(words.add, ElementsAre(IsTopic(1, "ticker"), IsTopic(1, "heartbeat")));
  EXPECT_THAT(words.frames, ElementsAre(StartsWith(R"({"type":"subscriptions")")));
  const Answer objects =
      venue.hear(R"({"type":"subscribe","channels":[{"name":"ticker","product_ids":["BTC-USD"]}]})", pairs, now);
  EXPECT_THAT(objects.add, ElementsAre(IsTopic(0, "ticker")));
}

TEST_F(Coinbase, refuses_what_it_does_not_sell) {
  const Answer product =
      venue.hear(R"({"type":"subscribe","product_ids":["FOO-USD"],"channels":["ticker"]})", pairs, now);
  EXPECT_THAT(product.add, IsEmpty());
  EXPECT_THAT(product.frames, ElementsAre(HasSubstr("FOO-USD is not a valid product")));
  EXPECT_THAT(venue.hear(R"({"type":"subscribe","product_ids":["BTC-USD"],"channels":["full"]})", pairs, now).frames,
              ElementsAre(HasSubstr("not a valid channel")));
  EXPECT_THAT(venue.hear("[]", pairs, now).frames, ElementsAre(HasSubstr("Malformed")));
}

TEST_F(Coinbase, beats_once_for_each_subscribed_product) {
  const std::vector<Topic> topics{{0, "ticker"}, {1, "heartbeat"}};
  EXPECT_THAT(venue.heartbeat(topics, stepped_board(), now), ElementsAre(HasSubstr(R"("product_id":"ETH-USD")")));
}

TEST_F(Coinbase, answers_rest_for_a_product) {
  const Board board = stepped_board();
  EXPECT_THAT(venue.rest("/products/BTC-USD/ticker", board, now).body, StartsWith(R"({"ask":")"));
  for (const char* target : {"/products/FOO-USD/ticker", "/products//ticker", "/products/ticker", "/"}) {
    EXPECT_EQ(venue.rest(target, board, now).status, 404U) << target;
  }
}

class Kraken : public ::testing::Test {
 protected:
  const Dialogue& venue = *find_dialogue("kraken");
};

TEST_F(Kraken, greets_with_its_status_and_acknowledges_each_symbol) {
  EXPECT_THAT(venue.greet("/v2", pairs).frames, ElementsAre(HasSubstr(R"("system":"online")")));
  const Answer answer = venue.hear(
      R"({"method":"subscribe","params":{"channel":"ticker","symbol":["BTC/USD","FOO/USD","ETH/USD"]},"req_id":3})",
      pairs, now);
  EXPECT_THAT(answer.add, ElementsAre(IsTopic(0, "ticker"), IsTopic(1, "ticker")));
  EXPECT_THAT(answer.frames,
              ElementsAre(HasSubstr(R"("success":true)"), HasSubstr(R"("success":false)"), HasSubstr(R"("req_id":3)")));
}

TEST_F(Kraken, answers_a_ping_and_refuses_the_rest) {
  EXPECT_THAT(venue.hear(R"({"method":"ping","req_id":1})", pairs, now).frames, ElementsAre(HasSubstr("pong")));
  EXPECT_THAT(venue.hear(R"({"method":"subscribe","params":{"channel":"level3"}})", pairs, now).frames,
              ElementsAre(HasSubstr("\"success\":false")));
  EXPECT_THAT(venue.hear("x", pairs, now).frames, SizeIs(1));
}

TEST_F(Kraken, says_snapshot_first_and_update_later) {
  const Board board = stepped_board();
  EXPECT_THAT(venue.push({0, "ticker"}, "/v2", board, Push::snapshot), HasSubstr(R"("type":"snapshot")"));
  EXPECT_THAT(venue.push({0, "ticker"}, "/v2", board, Push::update), HasSubstr(R"("type":"update")"));
}

TEST_F(Kraken, takes_a_pair_under_any_of_its_names) {
  const Board board = stepped_board();
  for (const char* name : {"XXBTZUSD", "XBTUSD", "BTCUSD", "XBT/USD", "BTC/USD"}) {
    EXPECT_THAT(venue.rest(std::string("/0/public/Ticker?pair=") + name, board, now).body,
                StartsWith(R"({"error":[],"result":{"XXBTZUSD":{)"))
        << name;
  }
  EXPECT_THAT(venue.rest("/0/public/Ticker?pair=XBTUSD%2CETHUSD", board, now).body, HasSubstr(R"("XETHZUSD":{)"));
  EXPECT_EQ(venue.rest("/0/public/Ticker?pair=FOO", board, now).body, R"({"error":["EQuery:Unknown asset pair"]})");
}

}  // namespace
}  // namespace assay::fetchers::market
