#include "aggregator/candidate.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace assay::aggregator {
namespace {

constexpr MonoTime now{50'000'000};

Decimal decimal(const char* text) {
  return parse_decimal(text).value();
}

/// A quote of venue0 at exponent -2 around 10'000.00, just received.
Quote quote(const char* bid = "9999.90", const char* ask = "10000.10") {
  Quote out;
  out.venue = "venue0";
  out.symbol = "BTCUSD";
  out.bid = decimal(bid);
  out.ask = decimal(ask);
  out.recv_time = noon;
  out.recv_mono = now;
  return out;
}

std::variant<Candidate, Verdict> admitted(const Quote& each, FeedPolicy feed = some_feed()) {
  HeldQuote held;
  hold(held, each, feed.sources[0], feed.jump_ppm, millis(100));
  return admit(held, 0, Gate{feed, Route{}, {}, millis(100), now});
}

Verdict verdict(const Quote& each, FeedPolicy feed = some_feed()) {
  const auto found = admitted(each, std::move(feed));
  return found.index() == 0 ? Verdict::counted : std::get<Verdict>(found);
}

Candidate candidate(const Quote& each, FeedPolicy feed = some_feed()) {
  const auto found = admitted(each, std::move(feed));
  EXPECT_EQ(found.index(), 0U);
  return found.index() == 0 ? std::get<Candidate>(found) : Candidate{};
}

TEST(Admit, takes_mid_and_half_spread_at_the_feeds_exponent) {
  const Candidate found = candidate(quote("9999.9", "10000.2"));
  EXPECT_EQ(found.bid, 999'990);
  EXPECT_EQ(found.ask, 1'000'020);
  EXPECT_EQ(found.price, 1'000'005);
  EXPECT_EQ(found.uncertainty, 15U);
  EXPECT_EQ(found.freshness, 4U);
  EXPECT_EQ(found.time, noon);
}

TEST(Admit, rounds_the_mid_half_to_even) {
  EXPECT_EQ(candidate(quote("10000.00", "10000.01")).price, 1'000'000);
  EXPECT_EQ(candidate(quote("10000.01", "10000.02")).price, 1'000'002);
}

TEST(Admit, is_at_least_one_unit_uncertain) {
  EXPECT_EQ(candidate(quote("10000.00", "10000.00")).uncertainty, 1U);
  EXPECT_EQ(candidate(quote("10000.00", "10000.01")).uncertainty, 1U);
  EXPECT_EQ(candidate(quote("10000.00", "10000.03")).uncertainty, 2U);
}

TEST(Admit, widens_with_the_root_of_age) {
  FeedPolicy feed = some_feed();
  feed.age_ppm = 100;
  feed.sources[0].age_max = millis(10'000);
  Quote old = quote("10000.00", "10000.00");
  old.recv_mono = now + millis(-1'000);
  EXPECT_EQ(candidate(old, feed).uncertainty, 1U + 100U);
  old.recv_mono = now + millis(-4'000);
  EXPECT_EQ(candidate(old, feed).uncertainty, 1U + 200U);
}

TEST(Admit, refuses_what_is_older_than_age_max) {
  Quote old = quote();
  old.recv_mono = now + millis(-4'000);
  EXPECT_EQ(verdict(old), Verdict::counted);
  old.recv_mono = now + micros(-4'000'001);
  EXPECT_EQ(verdict(old), Verdict::too_old);
}

TEST(Admit, counts_freshness_in_quarters_of_age_max) {
  for (const auto& [age_ms, expected] : {std::pair{999, 4U}, {1'000, 3U}, {2'000, 2U}, {3'000, 1U}, {4'000, 1U}}) {
    Quote old = quote();
    old.recv_mono = now + millis(-age_ms);
    EXPECT_EQ(candidate(old).freshness, expected) << age_ms;
  }
}

TEST(Admit, refuses_a_venue_clock_too_far_ahead) {
  Quote ahead = quote();
  ahead.venue_time = noon + millis(100);
  EXPECT_EQ(verdict(ahead), Verdict::counted);
  EXPECT_EQ(candidate(ahead).time, noon + millis(100));
  ahead.venue_time = noon + micros(100'001);
  EXPECT_EQ(verdict(ahead), Verdict::from_future);
}

TEST(Admit, refuses_a_missing_side) {
  Quote one_sided = quote();
  one_sided.ask.reset();
  EXPECT_EQ(verdict(one_sided), Verdict::no_two_sides);
  one_sided.last = decimal("10000");
  EXPECT_EQ(verdict(one_sided), Verdict::no_two_sides) << "last does not stand in where it was not declared";
}

TEST(Admit, refuses_a_crossed_book_and_takes_a_locked_one) {
  EXPECT_EQ(verdict(quote("10000.11", "10000.10")), Verdict::crossed);
  EXPECT_EQ(verdict(quote("10000.001", "10000.0009")), Verdict::crossed) << "exactly, below the feed's exponent too";
  EXPECT_EQ(verdict(quote("10000.10", "10000.10")), Verdict::counted);
}

TEST(Admit, refuses_what_does_not_fit_the_exponent) {
  EXPECT_EQ(verdict(quote("0.001", "0.002")), Verdict::bad_price);
  EXPECT_EQ(verdict(quote("1e30", "1e30")), Verdict::bad_price);
  EXPECT_EQ(verdict(quote("0.01", "0.01")), Verdict::bad_price) << "no surer than itself";
}

TEST(Admit, refuses_a_spread_above_the_limit) {
  EXPECT_EQ(verdict(quote("9950.00", "10050.00")), Verdict::counted);
  EXPECT_EQ(verdict(quote("9949.99", "10050.00")), Verdict::too_wide);
}

TEST(Admit, takes_last_with_an_assumed_spread_where_declared) {
  FeedPolicy feed = some_feed();
  feed.sources[0].last_only = true;
  feed.sources[0].assumed_spread_ppm = 301;
  Quote traded = quote();
  traded.last = decimal("10000.00");
  EXPECT_EQ(candidate(traded, feed).uncertainty, 10U) << "bid and ask are better where they are told";
  traded.bid.reset();
  const Candidate found = candidate(traded, feed);
  EXPECT_EQ(found.price, 1'000'000);
  EXPECT_EQ(found.uncertainty, 151U);
  EXPECT_EQ(found.bid, 1'000'000 - 151);
  EXPECT_EQ(found.ask, 1'000'000 + 151);
  traded.last.reset();
  EXPECT_EQ(verdict(traded, feed), Verdict::no_two_sides);
  traded.last = decimal("46116860184273879.04");  // 2^62 at exponent -2: no room for the ask
  EXPECT_EQ(verdict(traded, feed), Verdict::bad_price);
  traded.last = decimal("0.01");
  EXPECT_EQ(verdict(traded, feed), Verdict::bad_price);
}

TEST(Verdict, has_a_name_for_each_value) {
  EXPECT_EQ(name(Verdict::counted), "counted");
  EXPECT_EQ(name(Verdict::bad_price), "bad_price");
}

}  // namespace
}  // namespace assay::aggregator
