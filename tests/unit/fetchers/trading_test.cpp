#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetchers/halts.hpp"
#include "fetchers/venue.hpp"

/// What the venues' messages say of trading, beside their items.
namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// "BTC-USD traded", "all halted".
std::vector<std::string> trading(std::string_view venue, std::string_view frame) {
  std::vector<std::string> out;
  for (const TradingNote& note : find_adapter(venue)->parse_ws(as_bytes(frame), {}).trading) {
    out.push_back((note.symbol.empty() ? "all" : note.symbol) + (note.said == Trading::halted ? " halted" : " traded"));
  }
  return out;
}

std::string kraken(const std::string& system) {
  return R"({"channel":"status","type":"update","data":[{"system":")" + system + R"(","version":"2.0.0"}]})";
}

TEST(TradingNotes, kraken_speaks_of_its_whole_system) {
  EXPECT_THAT(trading("kraken", kraken("online")), ElementsAre("all traded"));
  for (const char* word : {"maintenance", "cancel_only", "post_only", "limit_only", "asleep"}) {
    EXPECT_THAT(trading("kraken", kraken(word)), ElementsAre("all halted")) << word;
  }
  EXPECT_THAT(trading("kraken", R"({"channel":"status","data":[]})"), IsEmpty());
}

TEST(TradingNotes, bitfinex_announces_maintenance_and_greets_with_how_it_is) {
  EXPECT_THAT(trading("bitfinex", R"({"event":"info","code":20060,"msg":"maintenance"})"), ElementsAre("all halted"));
  EXPECT_THAT(trading("bitfinex", R"({"event":"info","code":20061,"msg":"ended"})"), ElementsAre("all traded"));
  EXPECT_THAT(trading("bitfinex", R"({"event":"info","version":2,"platform":{"status":0}})"),
              ElementsAre("all halted"));
  EXPECT_THAT(trading("bitfinex", R"({"event":"info","version":2,"platform":{"status":1}})"),
              ElementsAre("all traded"));
  EXPECT_THAT(trading("bitfinex", R"({"event":"info","code":20051,"msg":"restart"})"), IsEmpty());
}

TEST(TradingNotes, a_ticker_of_deribit_has_the_state_of_its_instrument) {
  const auto ticker = [](const std::string& state) {
    return R"({"jsonrpc":"2.0","method":"subscription","params":{"channel":"ticker.BTC-PERPETUAL.100ms","data":{)" +
           state + R"("instrument_name":"BTC-PERPETUAL","best_bid_price":1,"best_ask_price":2,"last_price":1}}})";
  };
  EXPECT_THAT(trading("deribit", ticker(R"("state":"open",)")), ElementsAre("BTC-PERPETUAL traded"));
  EXPECT_THAT(trading("deribit", ticker(R"("state":"closed",)")), ElementsAre("BTC-PERPETUAL halted"));
  EXPECT_THAT(trading("deribit", ticker("")), IsEmpty());
}

TEST(TradingNotes, coinbase_lists_its_products_on_the_status_channel) {
  const std::string products =
      R"([{"id":"BTC-USD","base_currency":"BTC","quote_currency":"USD","status":"online"},)"
      R"({"id":"A-USD","status":"delisted"},{"id":"B-USD","status":"online","cancel_only":true},)"
      R"({"id":"C-USD","status":"online","post_only":true},{"id":"D-USD","status":"online","trading_disabled":true},)"
      R"({"id":"E-USD","status":"online","auction_mode":true},{"id":"F-USD","status":"online","limit_only":true},)"
      R"({"id":"","status":"delisted"},{"id":"G-USD"}])";
  const auto expected = ElementsAre("BTC-USD traded", "A-USD halted", "B-USD halted", "C-USD halted", "D-USD halted",
                                    "E-USD halted", "F-USD traded");
  EXPECT_THAT(trading("coinbase_exchange", R"({"type":"status","products":)" + products + "}"), expected);
  EXPECT_THAT(trading("coinbase_advanced",
                      R"({"channel":"status","events":[{"type":"snapshot","products":)" + products + "}]}"),
              expected);
}

TEST(TradingNotes, no_message_says_more_than_its_bound) {
  std::string products;
  for (std::size_t i = 0; i < items_max + 10; ++i) products += R"({"id":"A-USD","status":"x"},)";
  products.pop_back();
  EXPECT_EQ(trading("coinbase_exchange", R"({"type":"status","products":[)" + products + "]}").size(), items_max);
}

TEST(Halts, one_road_is_enough_to_halt_and_every_one_is_needed_to_resume) {
  Halts halts;
  EXPECT_EQ(halts.of("A"), Trading::unsaid);
  EXPECT_FALSE(halts.say("A", 1, Trading::trading));
  EXPECT_EQ(halts.of("A"), Trading::unsaid) << "that is no news";
  EXPECT_TRUE(halts.say("A", 1, Trading::halted));
  EXPECT_FALSE(halts.say("A", 1, Trading::halted));
  EXPECT_FALSE(halts.say("A", Halts::list, Trading::halted));
  EXPECT_FALSE(halts.say("A", 1, Trading::trading));
  EXPECT_TRUE(halts.say("A", Halts::list, Trading::trading));
  EXPECT_EQ(halts.of("A"), Trading::trading);
}

TEST(Halts, what_a_stream_said_outlives_it_until_another_or_the_list_speaks) {
  for (const Halts::Road later : {Halts::Road{3}, Halts::list}) {
    Halts halts;
    EXPECT_TRUE(halts.say("A", 2, Trading::halted));
    halts.end(2);
    EXPECT_EQ(halts.of("A"), Trading::halted);
    EXPECT_FALSE(halts.say("A", 4, Trading::unsaid));
    EXPECT_TRUE(halts.say("A", later, Trading::trading));
    halts.end(3);
    EXPECT_EQ(halts.of("A"), Trading::trading);
  }
}

TEST(Halts, a_streams_later_word_ends_what_answers_said_and_the_list_does_not) {
  Halts halts;
  EXPECT_TRUE(halts.say("A", Halts::answers, Trading::halted));
  EXPECT_FALSE(halts.say("A", Halts::list, Trading::trading));
  EXPECT_TRUE(halts.say("A", 1, Trading::trading));
}

}  // namespace
}  // namespace assay::fetchers::testing
