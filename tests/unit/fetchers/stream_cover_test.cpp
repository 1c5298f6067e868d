#include "fetchers/stream_cover.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace assay::fetchers::testing {
namespace {

const std::vector<std::string> two = {"BTC/USD", "ETH/USD"};

MonoTime at(std::int64_t ms) {
  return MonoTime{1'000'000} + millis(ms);
}

Quote quote(const std::string& symbol, const char* bid, const char* ask, std::int64_t ms) {
  Quote quote{.venue = "kraken",
              .symbol = symbol,
              .bid = {},
              .ask = {},
              .last = {},
              .venue_time = {},
              .recv_time = {},
              .recv_mono = at(ms)};
  if (bid != nullptr) quote.bid = *parse_price(bid);
  if (ask != nullptr) quote.ask = *parse_price(ask);
  return quote;
}

TEST(StreamCover, covers_when_every_symbol_was_told_lately_with_both_sides) {
  StreamCover cover;
  EXPECT_FALSE(cover.covers(two, at(0), millis(2000)));
  cover.streamed(quote("BTC/USD", "100", "101", 0));
  EXPECT_FALSE(cover.covers(two, at(10), millis(2000)));
  cover.streamed(quote("ETH/USD", nullptr, "11", 10));
  EXPECT_FALSE(cover.covers(two, at(10), millis(2000)));
  cover.streamed(quote("ETH/USD", "10", "11", 20));
  EXPECT_TRUE(cover.covers(two, at(2000), millis(2000)));
  EXPECT_FALSE(cover.covers(two, at(2001), millis(2000)));
  cover.forget();
  EXPECT_FALSE(cover.covers(two, at(100), millis(2000)));
  EXPECT_FALSE(cover.covers({}, at(100), millis(2000)));
}

TEST(StreamCover, counts_how_often_in_a_row_polling_says_another_price) {
  StreamCover cover;
  cover.streamed(quote("BTC/USD", "100.00", "100.10", 0));
  EXPECT_EQ(cover.disagreement(quote("BTC/USD", "102", "102.1", 100)), 1U);
  EXPECT_EQ(cover.disagreement(quote("BTC/USD", "97", "98", 200)), 2U);
  EXPECT_FALSE(cover.covers(std::vector<std::string>{"BTC/USD"}, at(200), millis(2000)));
  EXPECT_EQ(cover.disagreement(quote("BTC/USD", "100.5", "101", 300)), 0U);
  EXPECT_EQ(cover.disagreement(quote("BTC/USD", "102", "102.1", 400)), 1U);
}

TEST(StreamCover, compares_only_what_was_said_at_the_same_time) {
  StreamCover cover;
  EXPECT_EQ(cover.disagreement(quote("BTC/USD", "102", "103", 0)), 0U);
  cover.streamed(quote("BTC/USD", "100", "100.1", 0));
  EXPECT_EQ(cover.disagreement(quote("BTC/USD", "102", "103", 2001)), 0U);
  EXPECT_EQ(cover.disagreement(quote("BTC/USD", "102", nullptr, 100)), 0U);
}

TEST(StreamCover, what_polling_denies_three_times_is_contradicted_until_it_agrees_again) {
  StreamCover cover;
  for (int i = 1; i <= 3; ++i) {
    EXPECT_FALSE(cover.contradicts("BTC/USD", at(i)));
    cover.streamed(quote("BTC/USD", "100.00", "100.10", i));
    cover.disagreement(quote("BTC/USD", "110", "110.1", i));
  }
  EXPECT_TRUE(cover.contradicts("BTC/USD", at(4)));
  EXPECT_EQ(cover.contradicted(at(4)), std::vector<std::string>{"BTC/USD"});
  EXPECT_FALSE(cover.contradicts("ETH/USD", at(4)));
  cover.forget();  // the connection is gone; what it said was not believed, and its heir is not yet
  EXPECT_TRUE(cover.contradicts("BTC/USD", at(5)));
  cover.streamed(quote("BTC/USD", "110", "110.1", 6));
  EXPECT_FALSE(cover.covers(std::vector<std::string>{"BTC/USD"}, at(6), millis(2000)));
  EXPECT_EQ(cover.disagreement(quote("BTC/USD", "110", "110.1", 7)), 0U);
  EXPECT_FALSE(cover.contradicts("BTC/USD", at(8)));
}

TEST(StreamCover, a_contradiction_lapses_when_nothing_is_polled_any_more) {
  StreamCover cover;
  cover.streamed(quote("BTC/USD", "100.00", "100.10", 0));
  for (int i = 0; i < 3; ++i) cover.disagreement(quote("BTC/USD", "110", "110.1", i));
  cover.disagreement(quote("BTC/USD", "110", "110.1", 30'000));  // of a silent stream: nothing to compare, but polled
  EXPECT_TRUE(cover.contradicts("BTC/USD", at(89'999)));
  EXPECT_FALSE(cover.contradicts("BTC/USD", at(90'000)));
  EXPECT_TRUE(cover.contradicted(at(90'000)).empty());
}

TEST(StreamCover, an_answer_that_is_a_little_old_is_no_contradiction_while_the_price_runs) {
  StreamCover cover;
  for (int second = 0; second < 20; ++second) {
    const std::string now = std::to_string(100 + 2 * second);
    const std::string before = std::to_string(100 + 2 * std::max(second - 2, 0));
    cover.streamed(quote("BTC/USD", now.c_str(), now.c_str(), 1000 * second));
    EXPECT_EQ(cover.disagreement(quote("BTC/USD", before.c_str(), before.c_str(), 1000 * second)), 0U) << second;
  }
  for (int second = 20; second < 23; ++second) {
    cover.streamed(quote("BTC/USD", "138", "138", 1000 * second));
    EXPECT_GT(cover.disagreement(quote("BTC/USD", "100", "100", 1000 * second)), 0U) << "of long ago";
  }
}

TEST(StreamCover, prices_of_any_size_are_compared) {
  for (const auto& [low, high] : {std::pair{"0.000000012", "0.000000013"},
                                  std::pair{"4500000000000000", "4900000000000000"}, std::pair{"1e-30", "1e-29"}}) {
    StreamCover cover;
    cover.streamed(quote("A/B", low, low, 0));
    EXPECT_EQ(cover.disagreement(quote("A/B", low, low, 1)), 0U) << low;
    const auto apart = cover.disagreement(quote("A/B", high, high, 1));
    EXPECT_EQ(apart, std::string_view(low).find("e-") == std::string_view::npos ? 1U : 0U) << high;
  }
}

}  // namespace
}  // namespace assay::fetchers::testing
