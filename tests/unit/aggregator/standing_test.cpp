#include <gtest/gtest.h>

#include "aggregator/quote_book.hpp"
#include "core/leaf.hpp"
#include "support.hpp"

/// What a source's venue says beside prices: that its instrument is traded, and that what was said still stands.
namespace assay::aggregator {
namespace {

/// Four venues whose quotes are too old after four seconds, on a clock moved by hand.
class Standing : public ::testing::Test {
 protected:
  Quote quote(std::size_t venue, const char* bid = "9999.90", const char* ask = "10000.10") const {
    Quote out = of_trading(venue, Trading::unsaid);
    out.bid = parse_decimal(bid).value();
    out.ask = parse_decimal(ask).value();
    return out;
  }
  Quote of_trading(std::size_t venue, Trading said) const {
    Quote out;
    out.venue = "venue" + std::to_string(venue);
    out.symbol = "BTCUSD";
    out.recv_mono = mono_;
    out.recv_time = wall_;
    out.trading = said;
    return out;
  }
  /// The same quote, known to stand until now.
  Quote repeated(Quote said) const {
    said.repeated = mono_ - said.recv_mono;
    said.recv_mono = mono_;
    said.recv_time = wall_;
    return said;
  }
  void tell(const Quote& said) { EXPECT_TRUE(book_.accept(said)); }
  void others_say() {
    for (std::size_t venue = 1; venue < 4; ++venue) tell(quote(venue));
  }
  void passes(Micros span) {
    mono_ = mono_ + span;
    wall_ = wall_ + span;
  }
  const FeedReport& report() {
    book_.observe(mono_, wall_);
    return book_.report(0);
  }
  Verdict verdict() { return report().sources[0].verdict; }

  QuoteBook book_{some_policy(some_feed(4))};
  MonoTime mono_{1'000'000'000};
  WallTime wall_ = noon;
};

TEST_F(Standing, a_quote_stays_fresh_as_long_as_it_is_known_to_stand) {
  const Quote said = quote(0);
  tell(said);
  for (int second = 1; second <= 60; ++second) {
    passes(millis(1'000));
    others_say();
    tell(repeated(said));
    ASSERT_EQ(verdict(), Verdict::counted) << second;
    ASSERT_EQ(report().sources[0].weight_ppm, report().sources[1].weight_ppm) << second;
  }
  passes(millis(4'001));
  others_say();
  EXPECT_EQ(verdict(), Verdict::too_old);
}

TEST_F(Standing, the_source_time_of_what_still_stands_goes_on_with_the_clock) {
  std::vector<Quote> said;
  for (std::size_t venue = 0; venue < 4; ++venue) {
    said.push_back(quote(venue));
    said.back().venue_time = wall_ + millis(-30);
    tell(said.back());
  }
  passes(millis(90'000));
  for (const Quote& each : said) tell(repeated(each));
  ASSERT_TRUE(report().entry);
  EXPECT_EQ(report().entry->src_time, wall_ + millis(-30));
}

TEST_F(Standing, what_is_repeated_displaces_nothing_that_was_said_later) {
  const Quote streamed = quote(0);
  tell(streamed);
  passes(millis(1'000));
  others_say();
  tell(quote(0, "10009.90", "10010.10"));
  passes(millis(1'000));
  tell(repeated(streamed));
  EXPECT_EQ(report().sources[0].price, 1'001'000);
  passes(millis(60'000));
  others_say();
  tell(repeated(streamed));
  EXPECT_EQ(verdict(), Verdict::too_old) << "however old that is now";
}

TEST_F(Standing, a_wick_that_is_only_repeated_was_said_once) {
  tell(quote(0));
  others_say();
  passes(millis(1'000));
  others_say();
  const Quote wick = quote(0, "12999.90", "13000.10");
  tell(wick);
  passes(millis(50));
  tell(repeated(wick));
  EXPECT_EQ(verdict(), Verdict::unsettled);
  passes(millis(200));
  EXPECT_NE(verdict(), Verdict::unsettled);
}

TEST_F(Standing, a_clock_ahead_is_judged_by_when_it_spoke) {
  Quote ahead = quote(0);
  ahead.venue_time = wall_ + millis(3'500);
  tell(ahead);
  others_say();
  passes(millis(3'600));
  tell(repeated(ahead));
  EXPECT_EQ(verdict(), Verdict::from_future);
}

TEST_F(Standing, an_instrument_that_its_venue_halts_does_not_count_whatever_it_quotes) {
  tell(quote(0));
  others_say();
  ASSERT_EQ(verdict(), Verdict::counted);
  tell(of_trading(0, Trading::halted));
  EXPECT_EQ(verdict(), Verdict::halted);
  EXPECT_EQ(report().sources[0].weight_ppm, 0U);
  EXPECT_NE(report().entry->reasons & reason::venue_down, 0);
  tell(quote(0));
  EXPECT_EQ(verdict(), Verdict::halted) << "a quote that says nothing of trading lifts no halt";
}

TEST_F(Standing, what_was_said_before_or_during_a_halt_is_no_price_after_it) {
  others_say();
  tell(quote(0));
  tell(of_trading(0, Trading::halted));
  tell(quote(0, "9000", "9000.1"));
  tell(of_trading(0, Trading::trading));
  EXPECT_EQ(verdict(), Verdict::halted);
  tell(quote(0, "10000.00", "10000.20"));
  EXPECT_EQ(verdict(), Verdict::counted);
  EXPECT_EQ(report().sources[0].price, 1'000'010);
}

TEST_F(Standing, the_word_on_trading_may_come_with_the_price) {
  others_say();
  Quote said = quote(0);
  said.trading = Trading::halted;
  tell(said);
  EXPECT_EQ(verdict(), Verdict::halted);
  said.trading = Trading::trading;
  tell(said);
  EXPECT_EQ(verdict(), Verdict::counted);
}

TEST_F(Standing, a_halt_is_known_before_any_price) {
  others_say();
  tell(of_trading(0, Trading::halted));
  EXPECT_EQ(verdict(), Verdict::halted);
  tell(of_trading(1, Trading::trading));
  EXPECT_EQ(report().sources[1].verdict, Verdict::counted) << "that it is traded is no news";
}

}  // namespace
}  // namespace assay::aggregator
