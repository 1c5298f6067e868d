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

}  // namespace
}  // namespace assay::fetchers::testing
