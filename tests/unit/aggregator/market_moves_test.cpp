#include <gtest/gtest.h>

#include "aggregator/quote_book.hpp"
#include "core/leaf.hpp"
#include "support.hpp"

namespace assay::aggregator {
namespace {

/// Five venues that quote a tenth around a middle, on a clock moved by hand.
class Market {
 public:
  explicit Market(FeedPolicy feed = some_feed(5)) : book_(some_policy(std::move(feed))) {}

  void says(std::size_t venue, std::int64_t cents) {
    Quote quote;
    quote.venue = "venue" + std::to_string(venue);
    quote.symbol = "BTCUSD";
    quote.bid = Decimal{static_cast<UInt128>(cents - 10), -2};
    quote.ask = Decimal{static_cast<UInt128>(cents + 10), -2};
    quote.recv_mono = mono_;
    quote.recv_time = wall_;
    EXPECT_TRUE(book_.accept(quote));
  }
  void say(std::initializer_list<std::size_t> venues, std::int64_t cents) {
    for (const std::size_t venue : venues) says(venue, cents);
  }
  const FeedReport& after(Micros span) {
    mono_ = mono_ + span;
    wall_ = wall_ + span;
    return now();
  }
  const FeedReport& now() {
    book_.observe(mono_, wall_);
    return book_.report(0);
  }

 private:
  QuoteBook book_;
  MonoTime mono_{1'000'000'000};
  WallTime wall_ = noon;
};

FeedPolicy with_frozen_books() {
  FeedPolicy feed = some_feed(5);
  for (SourcePolicy& source : feed.sources) source.frozen_after = millis(2'000);
  return feed;
}

TEST(MarketMoves, an_unchanged_quote_counts_for_ever_in_an_unchanged_market) {
  Market market(with_frozen_books());
  for (int second = 0; second < 60; ++second) {
    market.say({0, 1, 2, 3, 4}, 1'000'000);
    ASSERT_EQ(market.after(millis(1'000)).sources[4].verdict, Verdict::counted) << second;
  }
}

TEST(MarketMoves, a_quote_that_the_market_has_left_behind_is_frozen_until_it_moves_itself) {
  Market market(with_frozen_books());
  market.say({0, 1, 2, 3, 4}, 1'000'000);
  market.after(millis(1'000));
  const auto second = [&market](std::int64_t others, std::int64_t last) {
    market.say({0, 1, 2, 3}, others);
    market.says(4, last);
    return market.after(millis(1'000)).sources[4].verdict;
  };
  EXPECT_EQ(second(1'001'000, 1'000'000), Verdict::counted);
  EXPECT_EQ(second(1'004'000, 1'000'000), Verdict::outlier);
  EXPECT_EQ(second(1'004'000, 1'000'000), Verdict::frozen);
  EXPECT_EQ(second(1'000'000, 1'000'000), Verdict::frozen) << "the market came back, the quote never moved";
  EXPECT_EQ(second(1'000'000, 1'000'100), Verdict::counted);
}

TEST(MarketMoves, the_jump_of_one_venue_waits_and_the_jump_of_most_is_the_market) {
  Market market;
  market.say({0, 1, 2, 3, 4}, 1'000'000);
  market.now();
  market.after(millis(500));
  market.says(0, 900'000);
  EXPECT_EQ(market.now().sources[0].verdict, Verdict::unsettled);
  market.say({1, 2}, 900'000);
  EXPECT_EQ(market.now().sources[0].verdict, Verdict::counted);
  ASSERT_TRUE(market.now().entry);
  market.say({3, 4}, 900'000);
  EXPECT_EQ(market.now().entry->price, 900'000);
}

FeedPolicy with_tiers(std::initializer_list<std::uint8_t> tiers, std::initializer_list<std::uint16_t> groups) {
  FeedPolicy feed = some_feed(tiers.size());
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    feed.sources[i].tier = tiers.begin()[i];
    feed.sources[i].group = groups.begin()[i];
  }
  return feed;
}

Candidate at_price(std::size_t source, std::int64_t price) {
  Candidate out;
  out.source = source;
  out.price = price;
  out.bid = price - 10;
  out.ask = price + 10;
  out.uncertainty = 10;
  out.time = noon;
  out.freshness = 4;
  return out;
}

TEST(Scarcity, an_outlier_is_not_sent_away_when_only_two_owners_would_remain) {
  const std::vector<Candidate> candidates{at_price(0, 1'000'000), at_price(1, 1'000'000), at_price(2, 1'000'100),
                                          at_price(3, 1'040'000)};
  const Opinion scarce = form_opinion(candidates, with_tiers({3, 3, 3, 1}, {1, 1, 2, 3}));
  ASSERT_TRUE(scarce.entry);
  EXPECT_NE(scarce.entry->reasons & reason::divergent, 0);
  EXPECT_EQ(scarce.entry->sources, 3);
  const Opinion plenty = form_opinion(candidates, with_tiers({3, 3, 3, 1}, {1, 4, 2, 3}));
  ASSERT_TRUE(plenty.entry);
  EXPECT_EQ(plenty.entry->reasons, reason::excluded);
}

TEST(Scarcity, who_is_near_again_counts_at_once_when_only_two_owners_would_remain) {
  const FeedPolicy feed = with_tiers({3, 3, 2, 1}, {1, 2, 3, 4});
  const std::vector<Candidate> candidates{at_price(0, 1'000'000), at_price(1, 1'000'500), at_price(2, 1'000'600),
                                          at_price(3, 999'900)};
  std::vector<Exile> exiles(sources_max);
  exiles[2].out = exiles[3].out = true;
  FeedPolicy patient = feed;
  patient.readmit_after = millis(5'000);
  const Opinion opinion = form_opinion(candidates, patient, blocks_of(patient), exiles, MonoTime{});
  ASSERT_TRUE(opinion.entry);
  EXPECT_EQ(opinion.entry->sources, 4);
}

TEST(Scarcity, caps_that_leave_a_single_solution_are_kept) {
  // Three venues, so a third each; one of them has nothing but a converted source, and a leg may hold 49 %.
  FeedPolicy feed = some_feed(7);
  const std::uint8_t tiers[] = {3, 3, 2, 1, 1, 1, 2};
  const std::size_t venues[] = {0, 0, 0, 1, 1, 1, 2};
  for (std::size_t i = 0; i < 7; ++i) {
    feed.sources[i].venue = "venue" + std::to_string(venues[i]);
    feed.sources[i].group = static_cast<std::uint16_t>(venues[i] + 1);
    feed.sources[i].tier = tiers[i];
  }
  for (const std::size_t i : {2U, 5U, 6U}) feed.sources[i].via = {"BTC/USD_fiat"};
  feed.leg_share_max_ppm = 490'000;
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < 7; ++i) candidates.push_back(at_price(i, 1'000'000));
  EXPECT_TRUE(capped_weights(candidates, feed).capped);
}

}  // namespace
}  // namespace assay::aggregator
