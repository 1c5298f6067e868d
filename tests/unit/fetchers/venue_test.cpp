#include "fetchers/venue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers {
namespace {

using ::testing::IsSupersetOf;

ParsedQuote quote(std::optional<std::string> bid, std::optional<std::string> ask, std::optional<std::string> last) {
  return {.symbol = "BTC-USD",
          .base = "BTC",
          .quote = "USD",
          .kind = QuoteKind::ticker,
          .bid = std::move(bid),
          .ask = std::move(ask),
          .last = std::move(last),
          .base_volume = {},
          .venue_time = WallTime{5}};
}

Errc refused(const ParsedQuote& parsed) {
  auto result = to_quote("coinbase_exchange", parsed, WallTime{6}, MonoTime{7});
  return result ? Errc{} : result.error().code;
}

TEST(Venue, every_adapter_is_found_by_its_own_name) {
  const auto names = venue_names();
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(std::adjacent_find(names.begin(), names.end()), names.end());
  EXPECT_THAT(names, IsSupersetOf({"binance",
                                   "binance_us",
                                   "bitfinex",
                                   "bitget",
                                   "bithumb",
                                   "bitstamp",
                                   "bybit",
                                   "coinbase_advanced",
                                   "coinbase_exchange",
                                   "coingecko",
                                   "crypto_com",
                                   "deribit",
                                   "dydx",
                                   "ecb",
                                   "exchangerate_host",
                                   "gateio",
                                   "gemini",
                                   "htx",
                                   "hyperliquid",
                                   "kraken",
                                   "kucoin",
                                   "mexc",
                                   "okx",
                                   "uniswap",
                                   "upbit"}));
  for (const std::string_view name : venue_names()) {
    ASSERT_NE(find_adapter(name), nullptr);
    EXPECT_EQ(find_adapter(name)->venue(), name);
    const std::string_view rest = find_adapter(name)->rest_base();
    const std::string_view stream = find_adapter(name)->ws_base();
    EXPECT_TRUE(rest.empty() || rest.starts_with("https://")) << name;  // some are one operator's own address
    EXPECT_TRUE(stream.empty() || stream.starts_with("wss://")) << name;
    EXPECT_GT(find_adapter(name)->silence_max(), micros(0));
  }
  EXPECT_EQ(find_adapter("Kraken"), nullptr);
  EXPECT_EQ(find_adapter(""), nullptr);
}

TEST(Venue, a_quote_keeps_exact_decimals_and_both_clocks) {
  const auto result = to_quote("coinbase_exchange", quote("61000.10", "61000.2", "6.1e4"), WallTime{6}, MonoTime{7});
  ASSERT_TRUE(result);
  EXPECT_EQ(result->venue, "coinbase_exchange");
  EXPECT_EQ(result->symbol, "BTC-USD");
  EXPECT_EQ(result->bid->mantissa, UInt128{6'100'010});
  EXPECT_EQ(result->bid->exponent, -2);
  EXPECT_EQ(compare(*result->last, Decimal{61'000, 0}), 0);
  EXPECT_EQ(result->venue_time, WallTime{5});
  EXPECT_EQ(result->recv_time, WallTime{6});
  EXPECT_EQ(result->recv_mono, MonoTime{7});
}

TEST(Venue, one_bad_price_refuses_the_whole_quote) {
  EXPECT_EQ(refused(quote("1", "2", "1.5")), Errc{});
  EXPECT_EQ(refused(quote("0", "2", "1.5")), Errc::zero_price);
  EXPECT_EQ(refused(quote("1", "0.000", "1.5")), Errc::zero_price);
  EXPECT_EQ(refused(quote("1", "2", "-1.5")), Errc::negative_price);
  EXPECT_EQ(refused(quote("1", "2", "x")), Errc::bad_number);
  EXPECT_EQ(refused(quote("1", "2", "1e2000")), Errc::overflow);
}

TEST(Venue, a_crossed_quote_is_refused_and_a_locked_one_is_not) {
  EXPECT_EQ(refused(quote("2.01", "2", {})), Errc::crossed_book);
  EXPECT_EQ(refused(quote("2.0", "2", {})), Errc{});
}

TEST(Venue, a_quote_without_any_price_is_refused) {
  EXPECT_EQ(refused(quote({}, {}, {})), Errc::missing_field);
  EXPECT_EQ(refused(quote({}, {}, "1")), Errc{});
}

TEST(Venue, adapters_serve_many_threads_at_once) {
  const auto read = [](std::string_view price) {
    for (int i = 0; i < 2000; ++i) {
      const auto lines = testing::ws(
          "kraken", R"({"channel":"trade","data":[{"symbol":"BTC\/USD","price":)" + std::string(price) + "}]}");
      ASSERT_EQ(lines.size(), 1U);
      ASSERT_THAT(lines.front(), ::testing::HasSubstr("\"" + std::string(price) + "\""));
    }
  };
  std::thread other(read, "61000.15");
  read("2.5");
  other.join();
}

}  // namespace
}  // namespace assay::fetchers
