#include "node/mailbox.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace assay::node {
namespace {

TEST(Mailbox, refuses_an_item_beyond_its_limit) {
  Mailbox<int> box(2);
  EXPECT_TRUE(box.push(1));
  EXPECT_TRUE(box.push(2));
  EXPECT_FALSE(box.push(3));
  EXPECT_EQ(box.take_all(), (std::vector{1, 2}));
  EXPECT_TRUE(box.push(4));
}

TEST(Mailbox, gives_what_was_inside_before_it_was_closed_and_then_nothing) {
  Mailbox<int> box(2);
  EXPECT_TRUE(box.push(1));
  box.close();
  EXPECT_FALSE(box.push(2));
  EXPECT_EQ(box.take_all(), std::vector{1});
  EXPECT_TRUE(box.take_all().empty());
}

TEST(Mailbox, wakes_a_waiting_reader) {
  Mailbox<int> box(1);
  std::vector<int> got;
  std::thread reader([&] { got = box.take_all(); });
  EXPECT_TRUE(box.push(5));
  reader.join();
  EXPECT_EQ(got, std::vector{5});
}

Quote quote_of(const char* venue, const char* symbol, std::uint64_t recv) {
  Quote quote;
  quote.venue = venue;
  quote.symbol = symbol;
  quote.recv_time = WallTime{recv};
  return quote;
}

TEST(QuoteMailbox, keeps_only_the_newest_quote_of_an_instrument) {
  QuoteMailbox box;
  box.put(quote_of("kraken", "BTC/USD", 1));
  box.put(quote_of("kraken", "ETH/USD", 2));
  box.put(quote_of("kraken", "BTC/USD", 3));
  const auto quotes = box.take_all();
  ASSERT_EQ(quotes.size(), 2U);
  EXPECT_EQ(quotes[0].recv_time, WallTime{2});
  EXPECT_EQ(quotes[1].recv_time, WallTime{3});
  EXPECT_TRUE(box.take_all().empty());
}

TEST(QuoteMailbox, a_trade_between_two_looks_takes_neither_bid_and_ask_nor_the_book_along) {
  QuoteMailbox box;
  auto book = quote_of("kraken", "BTC/USD", 1);
  book.bid = Decimal{9, 0};
  book.ask = Decimal{11, 0};
  book.bids = {{*book.bid, Decimal{1, 0}}};
  book.asks = {{*book.ask, Decimal{1, 0}}};
  auto top = quote_of("kraken", "BTC/USD", 2);
  top.bid = Decimal{10, 0};
  top.ask = Decimal{11, 0};
  auto trade = quote_of("kraken", "BTC/USD", 3);
  trade.last = Decimal{12, 0};
  for (const auto& quote : {book, top, trade, trade}) box.put(quote);
  const auto quotes = box.take_all();
  ASSERT_EQ(quotes.size(), 3U);
  EXPECT_FALSE(quotes[0].bids.empty());
  EXPECT_EQ(compare(*quotes[1].bid, *top.bid), 0);
  EXPECT_TRUE(quotes[2].last);
}

TEST(QuoteMailbox, a_word_on_trading_takes_no_price_along_and_is_not_lost) {
  QuoteMailbox box;
  auto top = quote_of("kraken", "BTC/USD", 1);
  top.bid = Decimal{10, 0};
  top.ask = Decimal{11, 0};
  auto halt = quote_of("kraken", "BTC/USD", 2);
  halt.trading = Trading::halted;
  for (const auto& quote : {halt, top}) box.put(quote);
  const auto quotes = box.take_all();
  ASSERT_EQ(quotes.size(), 2U);
  EXPECT_EQ(quotes[0].trading, Trading::halted);
  EXPECT_TRUE(quotes[1].bid);
}

TEST(QuoteMailbox, what_is_only_repeated_replaces_nothing_that_was_said_later) {
  QuoteMailbox box;
  auto polled = quote_of("kraken", "BTC/USD", 1);
  polled.bid = Decimal{10, 0};
  polled.ask = Decimal{11, 0};
  polled.recv_mono = MonoTime{5'000};
  auto streamed = polled;
  streamed.bid = Decimal{9, 0};
  streamed.recv_mono = MonoTime{6'000};
  streamed.repeated = Micros{2'000};
  for (const auto& quote : {polled, streamed}) box.put(quote);
  const auto quotes = box.take_all();
  ASSERT_EQ(quotes.size(), 1U);
  EXPECT_EQ(compare(*quotes[0].bid, *polled.bid), 0);
}

}  // namespace
}  // namespace assay::node
