#include <gtest/gtest.h>

#include <random>

#include "aggregator/average_window.hpp"
#include "aggregator/guards.hpp"
#include "aggregator/impact.hpp"
#include "core/leaf.hpp"
#include "desk.hpp"

namespace assay::aggregator {
namespace {

/// Five books of BTC/USD around 10000 that readmit an outlier after 5 s.
class Market : public testing::Test {
 protected:
  static AggregationPolicy policy() {
    auto feed = pair_feed("BTC/USD", {via("a", "BTC/USD", {}), via("b", "BTC/USD", {}), via("c", "BTC/USD", {}),
                                      via("d", "BTC/USD", {}), via("e", "BTC/USD", {})});
    feed.readmit_after = millis(5'000);
    return network_of({feed});
  }
  void four_say(const char* price) {
    for (const char* venue : {"a", "b", "c", "d"}) exchange.says(venue, "BTC/USD", price, price);
  }
  void fifth_says(const char* price) { exchange.says("e", "BTC/USD", price, price); }
  Verdict fifth() { return exchange.report("BTC/USD").sources[4].verdict; }
  void passes(Micros span) {
    exchange.passes(span);
    four_say("10000");
  }

  Exchange exchange{policy()};
};

TEST_F(Market, an_outlier_is_readmitted_only_after_five_quiet_seconds) {
  four_say("10000");
  fifth_says("10030");
  EXPECT_EQ(fifth(), Verdict::outlier);
  passes(millis(1'000));
  fifth_says("10005");
  EXPECT_EQ(fifth(), Verdict::readmission);
  for (int i = 0; i < 4; ++i) {
    passes(millis(1'000));
    fifth_says("10005");
    EXPECT_EQ(fifth(), Verdict::readmission);
  }
  passes(millis(1'000));
  fifth_says("10005");
  EXPECT_EQ(fifth(), Verdict::counted);
}

TEST_F(Market, the_quiet_must_lie_within_half_of_the_threshold_and_without_a_break) {
  four_say("10000");
  fifth_says("10030");
  EXPECT_EQ(fifth(), Verdict::outlier);
  for (int i = 0; i < 8; ++i) {
    passes(millis(1'000));
    fifth_says(i % 2 == 0 ? "10015" : "10005");  // the threshold is 20: 15 is within it, and outside of its half
    EXPECT_EQ(fifth(), Verdict::readmission) << i;
  }
}

/// A coin with books of its own and books of bitcoin in it, of which one is dead.
class DeadPair : public testing::Test {
 protected:
  static AggregationPolicy policy() {
    auto coin =
        pair_feed("USDC/USD", {via("a", "USDC/USD", {}), via("b", "USDC/USD", {}), via("c", "USDC/USD", {}),
                               via("live", "BTC/USDC", {"BTC/USD_fiat"}), via("dead", "BTC/USDC", {"BTC/USD_fiat"})});
    coin.exclude_ppm = 5'000;
    for (SourcePolicy& source : coin.sources) source.frozen_after = millis(2'000);
    auto policy = network_of({coin});
    policy.legs = {
        pair_feed("BTC/USD_fiat", {via("a", "BTC/USD", {}), via("b", "BTC/USD", {}), via("c", "BTC/USD", {})})};
    return policy;
  }
  /// A second in which bitcoin stands at `price` everywhere but where nobody trades; who trades nothing says the same.
  void bitcoin_stands_at(const char* price) {
    exchange.passes(millis(1'000));
    for (const char* venue : {"a", "b", "c"}) {
      exchange.says(venue, "BTC/USD", price, price);
      exchange.says(venue, "USDC/USD", "1.0000", "1.0000");
    }
    exchange.says("live", "BTC/USDC", price, price);
    exchange.says("dead", "BTC/USDC", "20100", "20100");
    report = exchange.report("USDC/USD");
  }
  Verdict of(std::size_t source) const { return report.sources[source].verdict; }

  Exchange exchange{policy()};
  FeedReport report;
};

TEST_F(DeadPair, of_a_converted_book_is_known_by_the_market_that_it_should_follow) {
  for (const char* price : {"20100", "20110", "20100"}) bitcoin_stands_at(price);
  EXPECT_EQ(of(4), Verdict::counted) << "bitcoin stood still, and so may its books";
  for (const char* price : {"20250", "20110", "20100"}) bitcoin_stands_at(price);
  EXPECT_EQ(of(4), Verdict::frozen) << "bitcoin went and came back; the coin never moved, nor did this book";
  EXPECT_EQ(of(3), Verdict::counted);
  EXPECT_EQ(of(0), Verdict::counted) << "a coin that stays a dollar need not change its books";
}

TEST_F(Market, a_jump_of_one_venue_waits_until_it_is_repeated) {
  four_say("10000");
  fifth_says("10000");
  EXPECT_EQ(fifth(), Verdict::counted);
  fifth_says("11000");
  EXPECT_EQ(fifth(), Verdict::unsettled);
  fifth_says("11001");
  EXPECT_EQ(fifth(), Verdict::outlier) << "said twice: now it is a claim that the others judge";
}

TEST_F(Market, a_jump_of_one_venue_waits_150_ms) {
  four_say("10000");
  fifth_says("10000");
  fifth_says("11000");
  exchange.passes(millis(149));
  EXPECT_EQ(fifth(), Verdict::unsettled);
  exchange.passes(millis(1));
  EXPECT_EQ(fifth(), Verdict::outlier);
}

TEST_F(Market, a_wick_that_is_gone_with_the_next_word_never_counted) {
  four_say("10000");
  fifth_says("10000");
  fifth_says("9000");
  fifth_says("10000");
  EXPECT_EQ(fifth(), Verdict::counted);
}

TEST(Coarse, sampled_prices_do_not_jump) {
  auto feed = pair_feed("BTC/USD", {via("a", "BTC/USD", {}), via("b", "BTC/USD", {}), via("c", "BTC/USD", {})});
  for (SourcePolicy& each : feed.sources) each.age_max = millis(90'000);
  Exchange minutes(network_of({feed}));
  for (const char* price : {"10000", "9000", "8000"}) {
    for (const char* venue : {"a", "b", "c"}) minutes.says(venue, "BTC/USD", price, price);
    EXPECT_NE(minutes.price("BTC/USD"), "absent") << "a crash of all venues within a minute is no wick of one";
    minutes.passes(millis(60'000));
  }
}

TEST(Thin, a_book_that_is_known_to_hold_too_little_does_not_count) {
  auto feed = pair_feed("BTC/USD", {via("a", "BTC/USD", {}), via("b", "BTC/USD", {}), via("c", "BTC/USD", {})});
  for (SourcePolicy& each : feed.sources) each.depth_min = 1'000;
  Exchange exchange(network_of({feed}));
  for (const char* venue : {"a", "b", "c"}) exchange.says(venue, "BTC/USD", "100", "100");
  Quote thin;
  thin.venue = "a";
  thin.symbol = "BTC/USD";
  thin.bid = thin.ask = parse_decimal("100").value();
  thin.bids = thin.asks = {{*thin.bid, parse_decimal("9.99").value()}};
  exchange.tell(thin);
  EXPECT_EQ(exchange.report("BTC/USD").sources[0].verdict, Verdict::too_thin);
  EXPECT_EQ(exchange.report("BTC/USD").sources[1].verdict, Verdict::counted) << "of this one nothing is known";
}

TEST_F(Market, a_first_price_and_one_after_long_silence_are_no_jumps) {
  four_say("10000");
  fifth_says("12000");
  EXPECT_EQ(fifth(), Verdict::outlier);
  exchange.passes(millis(4'001));
  four_say("10000");
  fifth_says("10000");
  EXPECT_NE(fifth(), Verdict::unsettled);
}

TEST(RateLimit, says_so_and_changes_nothing) {
  auto feed = pair_feed("wstETH/stETH",
                        {via("a", "wstETH/stETH", {}), via("b", "wstETH/stETH", {}), via("c", "wstETH/stETH", {})});
  feed.rate_limit = RateLimit{millis(10'000), 200, 0};
  Exchange exchange(network_of({feed}));
  const auto all_say = [&exchange](const char* rate) {
    for (const char* venue : {"a", "b", "c"}) exchange.says(venue, "wstETH/stETH", rate, rate);
  };
  all_say("1.2000");
  EXPECT_FALSE(exchange.says_of("wstETH/stETH", reason::rate_limit));
  all_say("1.2002");
  EXPECT_FALSE(exchange.says_of("wstETH/stETH", reason::rate_limit)) << "167 of 200 ppm";
  all_say("1.2100");
  EXPECT_TRUE(exchange.says_of("wstETH/stETH", reason::rate_limit));
  EXPECT_EQ(exchange.price("wstETH/stETH"), "1.21000000") << "never a substitute";
  EXPECT_FALSE(exchange.report("wstETH/stETH").usable);
  all_say("1.1999");
  EXPECT_TRUE(exchange.says_of("wstETH/stETH", reason::rate_limit)) << "it may not fall at all";
}

TEST(RateLimit, forgives_a_true_step_after_the_time_that_it_would_have_needed) {
  RateAnchor anchor;
  const RateLimit limit{millis(1'000), 100, 100};
  EXPECT_FALSE(beyond_limit(anchor, 1'000'000, limit, MonoTime{0}));
  EXPECT_TRUE(beyond_limit(anchor, 1'000'500, limit, MonoTime{1'000'000}));
  EXPECT_TRUE(beyond_limit(anchor, 1'000'500, limit, MonoTime{4'900'000}));
  EXPECT_FALSE(beyond_limit(anchor, 1'000'500, limit, MonoTime{5'000'000}));
  EXPECT_EQ(anchor.price, 1'000'500) << "and counts on from there";
}

TEST(RateLimit, small_steps_within_a_window_do_not_add_up_beyond_it) {
  RateAnchor anchor;
  const RateLimit limit{millis(1'000), 100, 100};
  std::int64_t price = 1'000'000;
  bool flagged = false;
  for (std::int64_t at = 0; at < 900'000; at += 10'000)
    flagged = flagged || beyond_limit(anchor, price += 3, limit, MonoTime{at});
  EXPECT_TRUE(flagged);
}

TEST(Average, fails_closed_until_its_window_is_covered) {
  AverageWindow window(millis(1'000), millis(300));
  EXPECT_EQ(window.average(MonoTime{0}), std::nullopt);
  for (std::int64_t at = 0; at < 1'000'000; at += 100'000) {
    window.add(100, MonoTime{at});
    EXPECT_EQ(window.average(MonoTime{at}), std::nullopt) << at;
  }
  window.add(200, MonoTime{1'000'000});
  EXPECT_EQ(window.average(MonoTime{1'000'000}), 100);
  EXPECT_EQ(window.average(MonoTime{1'100'000}), 110) << "a tenth of the window at 200";
  EXPECT_EQ(window.average(MonoTime{1'301'000}), std::nullopt) << "its part is silent";
  window.add(200, MonoTime{1'301'000});
  EXPECT_EQ(window.average(MonoTime{1'301'000}), std::nullopt) << "the gap has emptied it";
}

TEST(Average, is_what_a_naive_integral_gives) {
  std::mt19937_64 draw(3);
  AverageWindow window(millis(1'000), millis(1'000));
  std::vector<std::pair<std::int64_t, std::int64_t>> said;
  std::int64_t now = 0;
  for (int i = 0; i < 2'000; ++i) {
    now += static_cast<std::int64_t>(draw() % 20'000);
    const auto price = static_cast<std::int64_t>(draw() % 1'000) + 1'000;
    window.add(price, MonoTime{now});
    said.emplace_back(now, price);
    const auto mean = window.average(MonoTime{now});
    if (now < 1'100'000) continue;
    ASSERT_TRUE(mean);
    // the mean over some span of 1000 to 1000 + 1000/64 + 20 ms that begins where a price was said
    bool found = false;
    for (std::size_t from = said.size(); from-- > 0 && !found;) {
      const std::int64_t span = now - said[from].first;
      if (span < 1'000'000) continue;
      if (span > 1'040'000) break;
      Int128 area = 0;
      for (std::size_t k = from; k + 1 < said.size(); ++k) {
        area += static_cast<Int128>(said[k].second) * (said[k + 1].first - said[k].first);
      }
      const auto naive = static_cast<std::int64_t>((area + span / 2) / span);
      found = *mean >= naive - 1 && *mean <= naive + 1;
    }
    EXPECT_TRUE(found) << i;
  }
}

TEST(Volatility, is_the_root_of_the_mean_square_per_second) {
  Volatility moving;
  std::int64_t price = 1'000'000'000;
  for (std::int64_t at = 0; at < 2'000; ++at) {
    price = at % 2 == 0 ? 1'000'000'000 : 1'000'100'000;  // 100 ppm a second
    add_price(moving, price, millis(60'000), MonoTime{at * 1'000'000});
  }
  EXPECT_NEAR(static_cast<double>(volatility_ppm(moving)), 100, 1);
  Volatility still;
  for (std::int64_t at = 0; at < 100; ++at) add_price(still, 5, millis(60'000), MonoTime{at});
  EXPECT_EQ(volatility_ppm(still), 0U);
}

TEST(Derived, multiplies_averages_and_adds) {
  auto cross = pair_feed("EUR/GBP", {});
  cross.derived = {Derivation::Kind::product, {{"EUR/USD", 0}, {"GBP/USD", 0}}, {}, {}};
  auto basket = pair_feed("BASKET/USD", {});
  basket.derived = {Derivation::Kind::basket, {{"EUR/USD", 500'000'000}, {"GBP/USD", 2'000'000'000}}, {}, {}};
  auto mean = pair_feed("EUR_1s/USD", {});
  mean.derived = {Derivation::Kind::average, {{"EUR/USD", 0}}, millis(1'000), millis(500)};
  const auto three = [](const char* pair) {
    return std::vector<SourcePolicy>{via("a", pair, {}), via("b", pair, {}), via("c", pair, {})};
  };
  Exchange exchange(network_of(
      {cross, basket, mean, pair_feed("EUR/USD", three("EUR/USD")), pair_feed("GBP/USD", three("GBP/USD"))}));
  const auto all_say = [&exchange](const char* euro) {
    for (const char* venue : {"a", "b", "c"}) {
      exchange.says(venue, "EUR/USD", euro, euro);
      exchange.says(venue, "GBP/USD", "1.25", "1.25");
    }
  };
  EXPECT_EQ(exchange.report("EUR/GBP").absence, Absence::part_missing);
  all_say("1.10");
  EXPECT_EQ(exchange.price("EUR/GBP"), "0.88000000");
  EXPECT_EQ(exchange.price("BASKET/USD"), "3.05000000");
  EXPECT_EQ(exchange.report("EUR_1s/USD").absence, Absence::window_short);
  for (int i = 0; i < 5; ++i) {
    exchange.passes(millis(250));
    all_say(i < 4 ? "1.10" : "1.14");
    exchange.book.observe(exchange.mono, exchange.wall);
  }
  EXPECT_EQ(exchange.price("EUR_1s/USD"), "1.10000000") << "the newest price has not lasted yet";
  const auto& report = exchange.report("EUR/GBP");
  EXPECT_GT(report.entry->confidence, exchange.report("EUR/USD").entry->confidence / 2) << "the doubts of its parts";
  exchange.says("a", "GBP/USD", "2", "2");
  exchange.passes(millis(200));
  EXPECT_TRUE(exchange.says_of("EUR/GBP", reason::divergent)) << "what is said of a part is said of the whole";
}

TEST(Impact, is_what_a_trade_of_that_size_would_pay) {
  const auto level = [](const char* price, const char* size) {
    return PriceLevel{parse_decimal(price).value(), parse_decimal(size).value()};
  };
  const std::vector<PriceLevel> bids{level("100", "1"), level("99", "10"), level("90", "1000")};
  const std::vector<PriceLevel> asks{level("101", "1"), level("102", "10"), level("120", "1000")};
  const auto top = impact_of(bids, asks, 100);
  ASSERT_TRUE(top);
  EXPECT_EQ(digits_of(top->sell).substr(0, 8), "100");
  EXPECT_EQ(digits_of(top->buy).substr(0, 8), "101");
  const auto deep = impact_of(bids, asks, 1'000);
  ASSERT_TRUE(deep);
  EXPECT_NEAR(std::stod(digits_of(deep->buy)), 1'000 / (1 + 899.0 / 102), 0.0001);
  EXPECT_NEAR(std::stod(digits_of(deep->sell)), 1'000 / (1 + 900.0 / 99), 0.0001);
  EXPECT_EQ(deep->depth, 100U) << "within 1 % of 100.5: 100 on one side, 101 on the other, and the lesser counts";
  EXPECT_EQ(impact_of({}, asks, 1), std::nullopt);
  EXPECT_EQ(impact_of(asks, bids, 1), std::nullopt) << "crossed";
}

TEST(Impact, prices_a_known_book_by_its_size_and_tells_its_depth) {
  auto feed = pair_feed("BTC/USD", {via("a", "BTC/USD", {}), via("b", "BTC/USD", {}), via("c", "BTC/USD", {})});
  for (SourcePolicy& each : feed.sources) {
    each.impact_notional = 1'000;
    each.depth_min = 5'000;
  }
  feed.exclude_ppm = 100'000;
  Exchange exchange(network_of({feed}));
  for (const char* venue : {"a", "b", "c"}) {
    Quote quote;
    quote.venue = venue;
    quote.symbol = "BTC/USD";
    quote.bid = parse_decimal("100").value();
    quote.ask = parse_decimal("100.2").value();
    quote.bids = {{*quote.bid, parse_decimal("100").value()}};
    quote.asks = {{*quote.ask, parse_decimal("1").value()},
                  {parse_decimal("101").value(), parse_decimal("60").value()}};
    exchange.tell(quote);
  }
  const FeedReport& report = exchange.report("BTC/USD");
  ASSERT_TRUE(report.entry);
  EXPECT_GT(report.entry->price, 10'010'000'000) << "above the middle of the top: asks are thin";
  EXPECT_EQ(report.entry->depth_usd, 6'160U);
  exchange.says("a", "BTC/USD", "100", "100.2");
  EXPECT_EQ(exchange.report("BTC/USD").sources[0].depth, 6'160U) << "a ticker between two books";
  exchange.passes(millis(3'000));
  exchange.says("a", "BTC/USD", "100", "100.2");
  exchange.passes(millis(2'000));
  EXPECT_EQ(exchange.report("BTC/USD").sources[0].depth, 0U) << "its depth is not known any more";
  EXPECT_EQ(exchange.report("BTC/USD").sources[0].verdict, Verdict::counted);
}

}  // namespace
}  // namespace assay::aggregator
