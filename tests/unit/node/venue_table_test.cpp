#include "node/venue_table.hpp"

#include <gmock/gmock.h>

#include "node/risk_report.hpp"
#include "node/venue_text.hpp"
#include "tests/unit/aggregator/support.hpp"

namespace assay::node {
namespace {

using ::testing::HasSubstr;

/// Four books of bitcoin in dollars, each a million deep within 1 %, one of them twice as dear as the others.
class Table : public ::testing::Test {
 protected:
  Table() : policy_(aggregator::some_policy(aggregator::some_feed(4))), book_(policy_) {
    for (std::size_t venue = 0; venue < 4; ++venue) says(venue, venue == 3 ? 20'000 : 10'000);
    book_.observe(now_, aggregator::noon);
  }
  void says(std::size_t venue, std::uint64_t dollars) {
    Quote quote;
    quote.venue = "venue" + std::to_string(venue);
    quote.symbol = "BTCUSD";
    quote.bid = Decimal{dollars * 10 - 1, -1};
    quote.ask = Decimal{dollars * 10 + 1, -1};
    quote.bids = {{*quote.bid, Decimal{1'000'000 / dollars, 0}}};
    quote.asks = {{*quote.ask, Decimal{1'000'000 / dollars, 0}}};
    quote.recv_time = aggregator::noon;
    quote.recv_mono = now_ + millis(-7);
    ASSERT_TRUE(book_.accept(quote));
  }
  std::string document(std::uint64_t messages = 10) {
    std::vector<fetchers::VenueState> states;
    for (std::size_t venue = 0; venue < 4; ++venue) {
      fetchers::VenueState state;
      state.venue = "venue" + std::to_string(venue);
      state.state = "streaming";
      state.messages = messages;
      state.refusals = 3;
      state.last_message_age = millis(12'345);
      if (venue == 3) state.condition = fetchers::Condition::rate_limited;
      if (venue == 3) state.left_alone = millis(9'000);
      if (venue == 1) state.contradicted = contradicted_;
      states.push_back(std::move(state));
    }
    auto table = venue_table(book_, aggregator::noon + millis(static_cast<std::int64_t>(messages) * 100), now_);
    return venues_json(policy_, table, states);
  }

  static Result<std::vector<std::string>> text(std::string_view now, std::string_view before,
                                               std::string_view venue = "",
                                               VenueDetail detail = VenueDetail::everything) {
    return venues_text(now, before, venue, detail);
  }

  const aggregator::AggregationPolicy policy_;
  std::vector<std::string> contradicted_{};
  MonoTime now_{1'000'000'000};
  aggregator::QuoteBook book_;
};

TEST_F(Table, tells_what_each_source_says_and_why_it_counts_or_not) {
  const auto text = document();
  EXPECT_THAT(text,
              HasSubstr(R"("symbol":"BTCUSD","bid":"9999.9","ask":"10000.1","age_ms":"7","feeds":[{"feed":"BTC/USD",)"
                        R"("counted":true,"reason":null,"price":"10000.00",)"));
  EXPECT_THAT(text, HasSubstr(R"("counted":false,"reason":"outlier","price":"20000.00","weight_ppm":0,)"));
  EXPECT_THAT(text, HasSubstr(R"("feeds":[{"feed":"BTC/USD","state":"ok","price":"10000.00"}])"));
}

TEST_F(Table, is_read_by_people_with_rates_since_the_look_before) {
  const auto lines = text(document(30), document(10)).value();
  ASSERT_EQ(lines.size(), 10U);
  EXPECT_EQ(lines[1], "venue0            streaming, 10/s of 30, newest 12 s, 3 errors");
  EXPECT_THAT(lines[2], HasSubstr("7 ms  BTC/USD"));
  EXPECT_EQ(lines[8], "  ! REST host: rate_limited, left alone for 9000 ms");
  EXPECT_THAT(lines[9], HasSubstr("not BTC/USD: outlier"));
  EXPECT_THAT(text(document(30), "").value()[1], HasSubstr("-/s of 30"));
  for (const auto& line : lines) EXPECT_LE(line.size(), 80U) << line;
}

TEST_F(Table, says_whose_stream_polling_denies) {
  contradicted_ = {"BTCUSD"};
  EXPECT_THAT(document(), HasSubstr(R"("contradicted":["BTCUSD"])"));
  const auto lines = text(document(), "", "venue1").value();
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[2], "  ! BTCUSD: polling denies its stream, which does not count");
}

TEST_F(Table, is_shortened_to_one_venue_or_to_what_does_not_count) {
  EXPECT_EQ(text(document(), "", "venue3").value().size(), 4U);
  EXPECT_EQ(text(document(), "", "venue4").error().code, Errc::symbol_unknown);
  const auto troubles = text(document(), "", "", VenueDetail::troubles).value();
  ASSERT_EQ(troubles.size(), 7U);  // a heading, four venues, one complaint, one liar
  EXPECT_THAT(troubles.back(), HasSubstr("outlier"));
}

TEST_F(Table, of_a_running_node_gives_the_risk_that_its_book_gives) {
  const auto told = told_risk(policy_, document()).value();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(risk_json(told[0]), risk_json(observed_risk(book_, 0)));
  EXPECT_GT(told[0].costs[0].least_usd, 900'000U);
}

TEST_F(Table, that_is_none_is_an_error_and_odd_parts_of_it_are_passed_over) {
  for (const char* text : {"", "{", "[]", "{}", "null", "[1]"}) {
    EXPECT_FALSE(told_nodes(policy_, text)) << text;
    EXPECT_FALSE(venues_text(text, "", "", VenueDetail::everything)) << text;
  }
  for (
      const char* text :
      {R"({"venues":7})", R"({"venues":[3,{}],"feeds":[{"feed":9}]})",
       R"({"venues":[{"venue":"venue0","instruments":[{"symbol":"BTCUSD","feeds":[{"feed":"BTC/USD","weight_ppm":-1},)"
       R"({"feed":"BTC/USD","weight_ppm":1000001},{"feed":"X","weight_ppm":1},{"feed":"BTC/USD","weight_ppm":"1"}]}]}]})"}) {
    const auto told = told_nodes(policy_, text);
    ASSERT_TRUE(told) << text;
    EXPECT_TRUE((*told)[0].measured.sources.empty()) << text;
    EXPECT_TRUE(venues_text(text, text, "", VenueDetail::everything)) << text;
    EXPECT_TRUE(told_risk(policy_, text)) << text;
  }
}

}  // namespace
}  // namespace assay::node
