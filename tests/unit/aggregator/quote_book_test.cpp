#include "aggregator/quote_book.hpp"

#include <gtest/gtest.h>

#include "core/leaf.hpp"
#include "support.hpp"

namespace assay::aggregator {
namespace {

constexpr MonoTime start{1'000'000'000};

/// A book and both clocks, moved by hand.
class Desk {
 public:
  explicit Desk(FeedPolicy feed = some_feed(3)) : book(some_policy(std::move(feed))) {}

  Quote quote(std::size_t venue, const char* bid, const char* ask) const {
    Quote out;
    out.venue = "venue" + std::to_string(venue);
    out.symbol = "BTCUSD";
    out.bid = parse_decimal(bid).value();
    out.ask = parse_decimal(ask).value();
    out.recv_mono = mono;
    out.recv_time = wall;
    return out;
  }
  void all_say(const char* bid, const char* ask) {
    for (std::size_t venue = 0; venue < 3; ++venue) EXPECT_TRUE(book.accept(quote(venue, bid, ask)));
  }
  void passes(Micros span) {
    mono = mono + span;
    wall = wall + span;
  }
  FeedReport report() {
    book.observe(mono, wall);
    return book.report(0);
  }

  QuoteBook book;
  MonoTime mono = start;
  WallTime wall = noon;
};

TEST(QuoteBook, prices_a_feed_from_its_venues) {
  Desk desk;
  desk.all_say("9999.90", "10000.10");
  const FeedReport report = desk.report();
  ASSERT_TRUE(report.entry);
  EXPECT_EQ(report.entry->price, 1'000'000);
  EXPECT_EQ(report.entry->sources, 3);
  EXPECT_EQ(report.entry->reasons, 0);
  for (const SourceReport& line : report.sources) {
    EXPECT_EQ(line.verdict, Verdict::counted);
    EXPECT_EQ(line.weight_ppm, 333'333U);
    EXPECT_EQ(line.price, 1'000'000);
    EXPECT_EQ(line.uncertainty, 10U);
  }
}

TEST(QuoteBook, observes_every_feed_at_the_moment_given) {
  Desk desk;
  EXPECT_EQ(desk.book.observe(desk.mono, desk.wall), (Observation{noon, {std::nullopt}}));
  desk.all_say("9999.90", "10000.10");
  const Observation seen = desk.book.observe(desk.mono, desk.wall);
  EXPECT_EQ(seen.time, noon);
  ASSERT_EQ(seen.feeds.size(), 1U);
  EXPECT_EQ(seen.feeds[0], desk.report().entry);
}

TEST(QuoteBook, ignores_a_quote_that_no_feed_lists) {
  Desk desk;
  Quote stranger = desk.quote(0, "1", "2");
  stranger.symbol = "ETHUSD";
  EXPECT_FALSE(desk.book.accept(stranger));
  stranger.symbol = "BTCUSD";
  stranger.venue = "venue7";
  EXPECT_FALSE(desk.book.accept(stranger));
  EXPECT_EQ(desk.report().sources[0].verdict, Verdict::silent);
}

TEST(QuoteBook, serves_every_feed_that_lists_a_symbol) {
  AggregationPolicy policy = some_policy(some_feed(3));
  policy.feeds.push_back(some_feed(3));
  policy.feeds[1].terms.exponent = -4;
  QuoteBook book(policy);
  const Desk desk;
  for (std::size_t venue = 0; venue < 3; ++venue) book.accept(desk.quote(venue, "10000", "10000"));
  const Observation seen = book.observe(desk.mono, desk.wall);
  EXPECT_EQ(seen.feeds[0]->price, 1'000'000);
  EXPECT_EQ(seen.feeds[1]->price, 100'000'000);
}

TEST(QuoteBook, says_which_venue_is_down) {
  Desk desk(some_feed(4));
  desk.all_say("9999.90", "10000.10");
  const FeedReport report = desk.report();
  EXPECT_EQ(report.sources[3].verdict, Verdict::silent);
  EXPECT_EQ(report.entry->reasons, reason::venue_down);
}

TEST(QuoteBook, forgets_the_stale) {
  Desk desk;
  desk.all_say("9999.90", "10000.10");
  desk.passes(millis(4'000));
  EXPECT_TRUE(desk.report().entry);
  desk.passes(micros(1));
  const FeedReport report = desk.report();
  EXPECT_FALSE(report.entry);
  EXPECT_EQ(report.sources[0].verdict, Verdict::too_old);
}

TEST(QuoteBook, keeps_the_newest) {
  Desk desk;
  desk.all_say("9999.90", "10000.10");
  const Quote older = desk.quote(0, "5000", "5000.1");
  desk.passes(millis(10));
  desk.all_say("10009.90", "10010.10");
  EXPECT_TRUE(desk.book.accept(older));
  EXPECT_EQ(desk.report().sources[0].price, 1'001'000);
}

TEST(QuoteBook, a_trade_without_sides_does_not_displace_a_book) {
  Desk desk;
  desk.all_say("9999.90", "10000.10");
  desk.passes(millis(10));
  Quote trade = desk.quote(0, "1", "1");
  trade.bid.reset();
  trade.ask.reset();
  trade.last = parse_decimal("10001").value();
  EXPECT_TRUE(desk.book.accept(trade));
  EXPECT_EQ(desk.report().sources[0].verdict, Verdict::counted);
  desk.passes(millis(4'001));
  trade.recv_mono = desk.mono;
  desk.book.accept(trade);
  EXPECT_EQ(desk.report().sources[0].verdict, Verdict::no_two_sides) << "once the book is too old, what is there";
}

TEST(QuoteBook, a_late_answer_with_an_earlier_venue_time_does_not_displace_the_stream) {
  Desk desk;
  desk.all_say("9999.90", "10000.10");
  Quote stream = desk.quote(0, "10009.90", "10010.10");
  stream.venue_time = desk.wall;
  desk.book.accept(stream);
  desk.passes(millis(100));
  Quote poll = desk.quote(0, "9000.00", "9000.10");
  poll.venue_time = noon + micros(-1);
  desk.book.accept(poll);
  EXPECT_EQ(desk.report().sources[0].price, 1'001'000);
  poll.venue_time.reset();
  desk.book.accept(poll);
  EXPECT_EQ(desk.report().sources[0].price, 900'005) << "without a venue time the newest to arrive is the newest";
}

TEST(QuoteBook, a_venue_clock_that_ran_ahead_does_not_freeze_the_source) {
  Desk desk;
  Quote ahead = desk.quote(0, "10009.90", "10010.10");
  ahead.venue_time = desk.wall + millis(60'000);
  desk.book.accept(ahead);
  EXPECT_EQ(desk.report().sources[0].verdict, Verdict::from_future);
  desk.passes(millis(10));
  Quote healed = desk.quote(0, "9999.90", "10000.10");
  healed.venue_time = desk.wall;
  desk.book.accept(healed);
  EXPECT_EQ(desk.report().sources[0].verdict, Verdict::counted);
}

TEST(QuoteBook, one_venue_a_thousand_times_off_does_not_move_five) {
  Desk desk(some_feed(5));
  for (std::size_t venue = 0; venue < 4; ++venue) desk.book.accept(desk.quote(venue, "9999.90", "10000.10"));
  desk.book.accept(desk.quote(4, "9999900", "10000100"));
  const FeedReport report = desk.report();
  EXPECT_EQ(report.entry->price, 1'000'000);
  EXPECT_EQ(report.sources[4].verdict, Verdict::outlier);
  EXPECT_EQ(report.sources[4].weight_ppm, 0U);
  EXPECT_EQ(report.entry->reasons, reason::excluded);
}

TEST(QuoteBook, does_not_depend_on_the_order_in_which_venues_speak) {
  std::mt19937_64 draw(29);
  for (int i = 0; i < 500; ++i) {
    FeedPolicy feed = some_feed(8);
    for (SourcePolicy& each : feed.sources) {
      each.tier = static_cast<std::uint8_t>(draw() % 3 + 1);
      each.group = static_cast<std::uint16_t>(draw() % 5);
    }
    Desk first(feed);
    Desk second(feed);
    std::vector<Quote> quotes;
    for (std::size_t venue = 0; venue < 8; ++venue) {
      if (draw() % 8 == 0) continue;
      const std::uint64_t bid = 9'990 + draw() % 20 + (draw() % 8 == 0 ? 500 : 0);
      quotes.push_back(first.quote(venue, std::to_string(bid).c_str(), std::to_string(bid + draw() % 9).c_str()));
      quotes.back().recv_mono = first.mono + millis(-static_cast<std::int64_t>(draw() % 5'000));
    }
    for (const Quote& each : quotes) first.book.accept(each);
    std::shuffle(quotes.begin(), quotes.end(), draw);
    for (const Quote& each : quotes) second.book.accept(each);
    ASSERT_EQ(first.report().entry, second.report().entry) << i;
  }
}

TEST(QuoteBook, says_nothing_that_the_committee_would_not_count) {
  Desk desk;
  for (std::size_t venue = 0; venue < 3; ++venue) {
    Quote stuck = desk.quote(venue, "9999.90", "10000.10");
    stuck.venue_time = desk.wall + millis(-15'001);
    desk.book.accept(stuck);
  }
  EXPECT_FALSE(desk.report().entry);
}

}  // namespace
}  // namespace assay::aggregator
