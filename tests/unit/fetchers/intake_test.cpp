#include "fetchers/intake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay::fetchers::testing {
namespace {

constexpr Moment noon{.wall = WallTime{1'790'000'000'000'000}, .mono = MonoTime{1'000'000}};

class AnIntake : public ::testing::Test {
 protected:
  Intake of(const std::string& venue, std::vector<std::string> symbols, std::map<std::string, std::string> names = {}) {
    return Intake(
        {venue, std::move(symbols), std::move(names)}, *find_adapter(venue),
        [this](Quote quote) { quotes_.push_back(std::move(quote)); },
        [this](VenueNote note) { notes_.push_back(std::move(note)); });
  }
  static Parsed trade(std::string_view symbol, WallTime time) {
    ParsedQuote quote;
    quote.symbol = symbol;
    quote.kind = QuoteKind::ticker;
    quote.bid = "1";
    quote.ask = "2";
    quote.venue_time = time;
    return {.items = {quote}, .reply = {}};
  }

  std::vector<Quote> quotes_;
  std::vector<VenueNote> notes_;
};

TEST_F(AnIntake, hands_on_a_quote_under_the_name_that_the_network_knows) {
  Intake intake = of("kraken", {"XBT/USD"}, {{"XBT/USD", "BTC/USD"}});
  intake.take(trade("XBT/USD", noon.wall), noon);
  intake.take(trade("BTC/USD", noon.wall), noon);
  ASSERT_EQ(quotes_.size(), 1U);
  EXPECT_EQ(quotes_[0].symbol, "BTC/USD");
  EXPECT_EQ(intake.unlisted(), 1U);
}

TEST_F(AnIntake, refuses_what_is_of_the_future_or_far_too_late_and_says_why) {
  Intake intake = of("kraken", {"BTC/USD"});
  intake.take(trade("BTC/USD", noon.wall + millis(-40)), noon);
  intake.take(trade("BTC/USD", noon.wall + millis(30'000)), noon);
  intake.take(trade("BTC/USD", noon.wall + millis(-1'000'000)), noon);
  EXPECT_EQ(quotes_.size(), 1U);
  EXPECT_EQ(intake.untimely(), 2U);
  ASSERT_EQ(notes_.size(), 2U);
  EXPECT_EQ(notes_[0].error.code, Errc::untimely);
  EXPECT_EQ(notes_[0].text, "BTC/USD: 30000 ms ahead");
  EXPECT_EQ(notes_[1].text, "BTC/USD: 1000000 ms old");
  EXPECT_EQ(intake.clock().offset(noon.mono), millis(40));
}

TEST_F(AnIntake, a_quote_that_is_dated_by_its_last_trade_counts_as_of_its_receipt) {
  Intake intake = of("coinbase_exchange", {"BTC-USD", "X-USD"});
  intake.take(trade("BTC-USD", noon.wall + millis(-40)), noon);
  const auto said = [&](const char* time) {
    intake.take(intake.read_body("/products/X-USD/ticker",
                                 as_bytes(R"({"ask":"2.1","bid":"2.0","price":"1.5","trade_id":7,"time":")" +
                                          std::string(time) + "\"}")),
                noon);
  };
  said("2026-01-31T11:00:00Z");  // nobody has traded for an hour
  ASSERT_EQ(quotes_.size(), 2U);
  EXPECT_EQ(quotes_[1].venue_time, std::nullopt);
  EXPECT_EQ(quotes_[1].recv_time, noon.wall);
  EXPECT_EQ(intake.clock().offset(noon.mono), millis(40)) << "an old trade tells nothing of a clock";
  said("2100-01-01T00:00:00Z");
  EXPECT_EQ(quotes_.size(), 2U) << "no trade is of the future";
  EXPECT_EQ(intake.untimely(), 1U);
}

TEST_F(AnIntake, what_one_connection_said_helps_no_other) {
  Intake intake = of("bitfinex", {"tBTCUSD", "tETHUSD"});
  const auto says = [&](std::uint64_t connection, std::string_view text) {
    intake.take(intake.read_message(connection, as_bytes(text), "/ws/2"), noon);
  };
  says(1, R"({"event":"subscribed","channel":"ticker","chanId":7,"symbol":"tBTCUSD","pair":"BTCUSD"})");
  says(2, R"({"event":"subscribed","channel":"ticker","chanId":7,"symbol":"tETHUSD","pair":"ETHUSD"})");
  says(1, "[7,[10,1,11,1,0,0,10.5,1,12,9]]");
  says(2, "[7,[20,1,21,1,0,0,20.5,1,22,19]]");
  ASSERT_EQ(quotes_.size(), 2U);
  EXPECT_EQ(quotes_[0].symbol, "tBTCUSD");
  EXPECT_EQ(quotes_[1].symbol, "tETHUSD");
  intake.closed(1);
  says(1, "[7,[10,1,11,1,0,0,10.5,1,12,9]]");
  EXPECT_EQ(quotes_.size(), 2U);
}

bool missed(Intake& intake, std::string_view text) {
  return intake.read_message(1, as_bytes(text), "/").missed;
}

TEST_F(AnIntake, sees_by_its_number_that_a_message_before_it_is_missing) {
  Intake intake = of("coinbase_advanced", {"BTC-USD"});
  const auto beat = [&](int number) {
    return missed(intake, R"({"channel":"heartbeats","sequence_num":)" + std::to_string(number) + R"(,"events":[]})");
  };
  EXPECT_FALSE(beat(0));
  EXPECT_FALSE(beat(1));
  EXPECT_TRUE(beat(3));
  EXPECT_FALSE(beat(4));
  EXPECT_FALSE(beat(0));  // a series that starts anew
  intake.opened(1);
  EXPECT_FALSE(beat(90));
}

TEST_F(AnIntake, sees_by_the_numbers_of_bitfinex_that_a_message_is_missing) {
  Intake intake = of("bitfinex", {"tBTCUSD"});
  EXPECT_FALSE(missed(intake, R"([7,[10,1,11,1,0,0,10.5,1,12,9],41,1700000000123])"));
  EXPECT_FALSE(missed(intake, R"([7,"hb",42,1700000000124])"));
  EXPECT_FALSE(missed(intake, R"([7,[10,1,11,1,0,0,10.5,1,12,9],1700000000125])")) << "nothing numbered";
  EXPECT_FALSE(missed(intake, R"([7,"cs",5,1700000000126])")) << "that is a checksum";
  EXPECT_FALSE(missed(intake, R"([7,"hb",1700000000127,43])")) << "in either order";
  EXPECT_TRUE(missed(intake, R"([7,"hb",45,1700000000128])"));
}

TEST_F(AnIntake, sees_by_a_heartbeat_that_a_trade_of_coinbase_never_came) {
  Intake intake = of("coinbase_exchange", {"BTC-USD", "ETH-USD"});
  const auto beat = [&](const std::string& product, int trade) {
    return missed(intake, R"({"type":"heartbeat","product_id":")" + product + R"(","last_trade_id":)" +
                              std::to_string(trade) + "}");
  };
  const auto tick = [&](const std::string& product, int trade) {
    return missed(intake, R"({"type":"ticker","product_id":")" + product +
                              R"(","price":"1","best_bid":"1","best_ask":"2","trade_id":)" + std::to_string(trade) +
                              "}");
  };
  EXPECT_FALSE(beat("BTC-USD", 10));
  EXPECT_FALSE(tick("BTC-USD", 10));
  EXPECT_FALSE(beat("BTC-USD", 12));  // its ticker may still be on the way
  EXPECT_FALSE(tick("ETH-USD", 1));
  EXPECT_TRUE(beat("BTC-USD", 12));
  EXPECT_FALSE(tick("BTC-USD", 13));
  EXPECT_FALSE(beat("BTC-USD", 13));
}

/// Kraken's stream, read on a clock moved by hand.
class AStream : public AnIntake {
 protected:
  static constexpr std::uint64_t stream = 7;

  void SetUp() override { intake_.opened(stream); }
  static std::string top(std::string_view symbol, std::string_view bid, std::string_view ask) {
    return R"({"channel":"ticker","type":"update","data":[{"symbol":")" + std::string(symbol) + R"(","bid":)" +
           std::string(bid) + R"(,"ask":)" + std::string(ask) + "}]}";
  }
  static std::string system(std::string_view word) {
    return R"({"channel":"status","type":"update","data":[{"system":")" + std::string(word) + R"("}]})";
  }
  static constexpr std::string_view beat = R"({"channel":"heartbeat"})";
  /// What the sink gets of this message.
  std::vector<Quote> hears(std::string_view text, std::uint64_t connection = stream) {
    quotes_.clear();
    intake_.take(intake_.read_message(connection, as_bytes(text), "/v2"), at_, connection);
    return quotes_;
  }
  void passes(std::int64_t ms) { at_ = {.wall = at_.wall + millis(ms), .mono = at_.mono + millis(ms)}; }

  Intake intake_ = of("kraken", {"BTC/USD", "ETH/USD"});
  Moment at_ = noon;
};

TEST_F(AStream, a_heartbeat_says_once_a_second_that_the_last_quotes_still_stand) {
  ASSERT_EQ(hears(top("BTC/USD", "100", "101")).size(), 1U);
  passes(900);
  EXPECT_TRUE(hears(beat).empty());
  passes(100);
  const auto repeated = hears(beat);
  ASSERT_EQ(repeated.size(), 1U);
  EXPECT_EQ(repeated[0].symbol, "BTC/USD");
  EXPECT_EQ(repeated[0].repeated, millis(1'000));
  EXPECT_EQ(repeated[0].recv_mono, at_.mono);
  EXPECT_EQ(told_time(repeated[0]), noon.wall);
  passes(500);
  EXPECT_TRUE(hears(beat).empty());
  passes(500);
  EXPECT_EQ(hears(top("ETH/USD", "10", "11")).size(), 2U) << "any message of the connection will do";
  EXPECT_EQ(intake_.quotes(), 2U) << "what is repeated is no quote of the venue";
}

TEST_F(AStream, what_may_have_changed_without_our_understanding_is_not_said_again) {
  const auto stands_after = [this](std::string_view text) {
    hears(top("BTC/USD", "100", "101"));
    passes(1'500);
    hears(text);
    passes(1'500);
    const auto told = hears(beat);
    return std::any_of(told.begin(), told.end(), [](const Quote& quote) { return quote.symbol == "BTC/USD"; });
  };
  EXPECT_TRUE(stands_after(R"({"method":"pong"})"));
  EXPECT_TRUE(stands_after(top("ETH/USD", "11", "10"))) << "that is another instrument's crossed book";
  EXPECT_TRUE(stands_after(R"({"channel":"trade","data":[{"symbol":"BTC/USD","price":100.5}]})"));
  EXPECT_FALSE(stands_after(top("BTC/USD", "101", "100"))) << "a crossed book";
  EXPECT_FALSE(stands_after(R"({"channel":"ticker","data":[{"symbol":"BTC/USD","bid":100}]})")) << "one side is gone";
  EXPECT_FALSE(stands_after(R"({"channel":"book","type":"update","data":[]})")) << "a change that is not applied";
  EXPECT_FALSE(stands_after(R"({"channel":"tick)")) << "half a message";
}

TEST_F(AStream, a_word_that_is_no_price_is_handed_on_as_none) {
  const auto word = [this](std::string_view bid, std::string_view ask) {
    const auto told = hears(top("BTC/USD", bid, ask));
    return told.size() == 1 ? std::string(told[0].bid->mantissa == 0 ? "zero" : "") +
                                  (compare(*told[0].bid, *told[0].ask) > 0 ? "crossed" : "")
                            : "nothing";
  };
  EXPECT_EQ(word("0", "101"), "zero");
  EXPECT_EQ(word("102", "101"), "crossed");
  EXPECT_EQ(intake_.refusals(), 2U);
  EXPECT_TRUE(hears(R"({"channel":"trade","data":[{"symbol":"BTC/USD","price":0}]})").empty())
      << "a trade has no sides";
}

TEST_F(AStream, nothing_stands_by_a_connection_that_is_gone_or_by_another_one) {
  hears(top("BTC/USD", "100", "101"));
  passes(1'500);
  intake_.opened(8);
  EXPECT_TRUE(hears(beat, 8).empty());
  EXPECT_EQ(hears(beat).size(), 1U);
  intake_.closed(stream);
  passes(1'500);
  EXPECT_TRUE(hears(beat).empty());
}

TEST_F(AStream, a_venue_that_only_trades_make_speak_says_nothing_by_its_heartbeats) {
  Intake coinbase = of("coinbase_exchange", {"BTC-USD"});
  coinbase.opened(stream);
  const auto says = [&](std::string_view text) {
    quotes_.clear();
    coinbase.take(coinbase.read_message(stream, as_bytes(text), "/"), at_, stream);
    return quotes_.size();
  };
  EXPECT_EQ(says(R"({"type":"ticker","product_id":"BTC-USD","price":"1","best_bid":"1","best_ask":"2"})"), 1U);
  passes(5'000);
  EXPECT_EQ(says(R"({"type":"heartbeat","product_id":"BTC-USD","last_trade_id":1})"), 0U);
}

TEST_F(AStream, a_halt_of_the_venue_halts_each_instrument_until_it_says_otherwise) {
  hears(top("BTC/USD", "100", "101"));
  EXPECT_TRUE(hears(system("online")).empty()) << "no news";
  const auto halts = hears(system("maintenance"));
  ASSERT_EQ(halts.size(), 2U);
  EXPECT_EQ(halts[0].trading, Trading::halted);
  EXPECT_FALSE(halts[0].bid || halts[0].last);
  EXPECT_TRUE(hears(system("cancel_only")).empty()) << "told once";
  EXPECT_EQ(hears(top("BTC/USD", "100", "101")).at(0).trading, Trading::halted) << "every quote says so";
  passes(1'500);
  EXPECT_EQ(hears(system("online")).size(), 2U);
  passes(1'500);
  EXPECT_TRUE(hears(beat).empty()) << "what was said during the halt does not stand";
  EXPECT_EQ(hears(top("BTC/USD", "100", "101")).at(0).trading, Trading::trading);
}

TEST_F(AStream, a_halt_that_a_stream_told_of_outlives_it_until_another_stream_or_the_list_knows_better) {
  hears(system("maintenance"));
  quotes_.clear();
  intake_.closed(stream);
  EXPECT_TRUE(quotes_.empty()) << "a venue in maintenance closes its streams, too";
  const auto polled = R"({"error":[],"result":{"XXBTZUSD":{"a":["101","1","1"],"b":["100","1","1"],"c":["100","1"]}}})";
  intake_.take(intake_.read_body("/0/public/Ticker?pair=XBTUSD,ETHUSD", as_bytes(polled)), at_);
  ASSERT_EQ(quotes_.size(), 1U);
  EXPECT_EQ(quotes_[0].trading, Trading::halted) << "what it goes on answering is of before";
  intake_.opened(8);
  EXPECT_TRUE(hears(beat, 8).empty());
  const auto quoted = hears(top("BTC/USD", "100", "101"), 8);
  ASSERT_EQ(quoted.size(), 2U);
  EXPECT_FALSE(quoted[0].bid);
  EXPECT_EQ(quoted[0].trading, Trading::trading);
  EXPECT_EQ(quoted[1].trading, Trading::trading);
  quotes_.clear();
  intake_.take_trading("ETH/USD", Halts::list, Trading::trading, at_);
  ASSERT_EQ(quotes_.size(), 1U);
  EXPECT_EQ(quotes_[0].trading, Trading::trading);
}

TEST_F(AStream, a_streams_later_word_ends_what_answers_said_of_trading) {
  intake_.take_trading("BTC/USD", Halts::answers, Trading::halted, at_);
  quotes_.clear();
  EXPECT_EQ(hears(system("online")).size(), 1U);
  EXPECT_EQ(quotes_[0].trading, Trading::trading);
}

TEST_F(AStream, an_instrument_that_any_road_halts_is_halted) {
  hears(system("maintenance"));
  intake_.take_trading("BTC/USD", Halts::list, Trading::halted, at_);
  quotes_.clear();
  const auto resumed = hears(system("online"));
  ASSERT_EQ(resumed.size(), 1U);
  EXPECT_EQ(resumed[0].symbol, "ETH/USD");
  intake_.take_trading("BTC/USD", Halts::list, Trading::trading, at_);
  EXPECT_EQ(quotes_.back().symbol, "BTC/USD");
  EXPECT_EQ(quotes_.back().trading, Trading::trading);
}

}  // namespace
}  // namespace assay::fetchers::testing
