#include <gtest/gtest.h>

#include <random>

#include "core/arith.hpp"
#include "core/leaf.hpp"
#include "desk.hpp"

namespace assay::aggregator {
namespace {

std::vector<SourcePolicy> three(const std::string& pair, const std::vector<std::string>& legs = {}) {
  return {via("a", pair, legs), via("b", pair, legs), via("c", pair, legs)};
}

/// BTC/USD from three books in USDT, and USDT/USD from three of its own, pegged to 1.
AggregationPolicy tethered() {
  auto tether = pair_feed("USDT/USD", three("USDT/USD"));
  tether.peg = Peg{100'000'000, 5'000};
  return network_of({pair_feed("BTC/USD", three("BTC/USDT", {"USDT/USD"})), tether});
}

Exchange trading(AggregationPolicy policy = tethered(), const char* tether = "0.99") {
  Exchange exchange(std::move(policy));
  for (const char* venue : {"a", "b", "c"}) {
    exchange.says(venue, "BTC/USDT", "60000", "60000");
    exchange.says(venue, "USDT/USD", tether, tether);
  }
  return exchange;
}

TEST(Conversion, uses_the_price_of_the_leg_and_never_one) {
  auto policy = tethered();
  policy.feeds[1].peg = {};
  Exchange exchange = trading(std::move(policy));
  EXPECT_EQ(exchange.price("BTC/USD"), "59400.00000000");
  EXPECT_EQ(digits_of(exchange.report("BTC/USD").sources[0].own), "60000");
  EXPECT_EQ(exchange.report("BTC/USD").sources[0].price, 5'940'000'000'000);
}

TEST(Conversion, adds_the_doubt_of_the_leg) {
  auto policy = tethered();
  policy.feeds[1].peg = {};
  Exchange exchange = trading(std::move(policy));
  const auto leg = exchange.report("USDT/USD").entry->confidence;
  const std::uint64_t expected = 1 + scaled_up(5'940'000'000'000, leg, 99'000'000) + 1;
  EXPECT_EQ(exchange.report("BTC/USD").sources[0].uncertainty, expected);
}

TEST(Conversion, a_leg_that_is_not_ok_makes_its_dependants_ineligible) {
  Exchange exchange = trading(tethered(), "1");
  EXPECT_EQ(exchange.price("BTC/USD"), "60000.00000000");
  exchange.says("a", "USDT/USD", "0.90", "0.90");  // one of three is a third of the market: divergent
  exchange.passes(millis(200));
  EXPECT_EQ(exchange.price("BTC/USD"), "absent");
  EXPECT_EQ(exchange.report("BTC/USD").sources[0].verdict, Verdict::leg_down);
  EXPECT_EQ(digits_of(exchange.report("BTC/USD").sources[0].own), "60000") << "it still says what it says";
}

TEST(Conversion, a_leg_that_is_silent_makes_its_dependants_ineligible) {
  Exchange exchange = trading(tethered(), "1");
  exchange.passes(millis(4'001));
  for (const char* venue : {"a", "b", "c"}) exchange.says(venue, "BTC/USDT", "60000", "60000");
  EXPECT_EQ(exchange.report("BTC/USD").sources[0].verdict, Verdict::leg_down);
}

TEST(Conversion, a_leg_off_its_peg_says_so_and_so_do_its_dependants) {
  auto policy = tethered();
  auto sources = three("BTC/USD");
  sources.push_back(via("d", "BTC/USDT", {"USDT/USD"}));
  policy.feeds[0] = pair_feed("BTC/USD", sources);
  Exchange exchange(std::move(policy));
  for (const char* venue : {"a", "b", "c"}) {
    exchange.says(venue, "BTC/USD", "60000", "60000");
    exchange.says(venue, "USDT/USD", "0.994", "0.994");
  }
  exchange.says("d", "BTC/USDT", "60362", "60362");
  EXPECT_TRUE(exchange.says_of("USDT/USD", reason::depeg));
  EXPECT_FALSE(exchange.report("USDT/USD").usable);
  EXPECT_TRUE(exchange.says_of("BTC/USD", reason::depeg)) << "its dependants are flagged";
  EXPECT_EQ(exchange.report("BTC/USD").sources[3].verdict, Verdict::leg_down);
  EXPECT_EQ(exchange.price("BTC/USD"), "60000.00000000") << "and go on without it";
}

TEST(Conversion, a_stablecoin_is_priced_from_what_it_buys) {
  auto policy = network_of({pair_feed("USDT/USD", three("BTC/USDT", {"BTC/USD_fiat"}))});
  policy.legs = {pair_feed("BTC/USD_fiat", three("BTC/USD"))};
  Exchange exchange(std::move(policy));
  for (const char* venue : {"a", "b", "c"}) {
    exchange.says(venue, "BTC/USD", "60000", "60000");
    exchange.says(venue, "BTC/USDT", "60600", "60601");
  }
  EXPECT_EQ(exchange.price("USDT/USD"), "0.99009084");  // 60000 / 60600.5
  EXPECT_LT(exchange.report("USDT/USD").entry->bid, exchange.report("USDT/USD").entry->ask);
}

TEST(Conversion, sources_of_one_leg_together_hold_no_more_than_their_share) {
  auto sources = three("BTC/USD");
  for (const char* venue : {"d", "e", "f", "g", "h", "i"}) sources.push_back(via(venue, "BTC/USDT", {"USDT/USD"}));
  auto policy = tethered();
  policy.feeds[0] = pair_feed("BTC/USD", sources);
  policy.feeds[0].leg_share_max_ppm = 490'000;
  Exchange exchange(std::move(policy));
  for (const char* venue : {"a", "b", "c"}) {
    exchange.says(venue, "BTC/USD", "60000", "60000");
    exchange.says(venue, "USDT/USD", "1", "1");
  }
  for (const char* venue : {"d", "e", "f", "g", "h", "i"}) exchange.says(venue, "BTC/USDT", "60000", "60000");
  std::uint32_t by_leg = 0;
  const FeedReport& report = exchange.report("BTC/USD");
  for (std::size_t i = 3; i < 9; ++i) by_leg += report.sources[i].weight_ppm;
  EXPECT_LE(by_leg, 490'000U);
  EXPECT_GT(by_leg, 480'000U);
}

TEST(Number, keeps_what_venues_say) {
  const auto number = [](const char* text) { return make_number(parse_decimal(text).value()); };
  EXPECT_EQ(digits_of(number("65123.4500")), "65123.45");
  EXPECT_EQ(digits_of(number("0.00000001")), "0.00000001");
  EXPECT_EQ(digits_of(number("1e3")), "1000");
  EXPECT_EQ(digits_of(number("12345678901234567.8")), "12345678901234567.8");
  EXPECT_EQ(digits_of(number("1234567890123456785")), "1234567890123456780") << "the 19th digit: half to even";
  EXPECT_EQ(digits_of(number("999999999999999999.5")), "1000000000000000000");
  EXPECT_EQ(digits_of(middle(number("65123.45"), number("65123.46"))), "65123.455");
  EXPECT_EQ(middle(number("1e30"), number("1")), Number{});
  EXPECT_EQ(make_number(0, 5), Number{});
  EXPECT_TRUE(further_than(number("105.1"), number("100"), 50'000));
  EXPECT_FALSE(further_than(number("105"), number("100"), 50'000));
  EXPECT_FALSE(further_than(number("99.9"), number("100.1"), 50'000)) << "across a power of ten";
  EXPECT_TRUE(further_than(number("1"), number("1000"), 50'000));
}

/// floor and rest of a * 10^k / b in 256 bits would be needed for a naive twin: small numbers suffice to check
/// rounding.
TEST(Number, converts_as_a_naive_fraction_does) {
  std::mt19937_64 draw(7);
  for (int i = 0; i < 20'000; ++i) {
    const std::int64_t price = static_cast<std::int64_t>(draw() % 1'000'000'000) + 1;
    const std::int64_t rate = static_cast<std::int64_t>(draw() % 1'000'000'000) + 1;
    const std::vector<Rate> rates{{rate, -6, 0, true, false}};
    const Number value = make_number(static_cast<UInt128>(price), -4);
    const auto times = convert(value, Route{false, {{0, false}}}, rates, -5);
    const auto naive = div_half_even(static_cast<Int128>(price) * rate, 100'000).value();
    EXPECT_EQ(times.value_or(0), static_cast<std::int64_t>(naive)) << price << " * " << rate;
    const auto over = convert(value, Route{true, {{0, false}}}, rates, -5);  // rate / price
    const auto inverse = div_half_even(static_cast<Int128>(rate) * 1'000, price).value();
    EXPECT_EQ(over.value_or(0), static_cast<std::int64_t>(inverse)) << rate << " / " << price;
    const auto divided = convert(value, Route{false, {{0, true}}}, rates, -5);
    EXPECT_EQ(divided.value_or(0),
              static_cast<std::int64_t>(div_half_even(static_cast<Int128>(price) * 10'000'000, rate).value()));
  }
}

TEST(Number, refuses_what_does_not_fit) {
  const std::vector<Rate> rates{
      {price_mantissa_max, 0, 0, true, false}, {1, -12, 0, true, false}, {0, 0, 0, false, false}};
  const Number one = make_number(1, 0);
  EXPECT_EQ(convert(one, {}, {}, 0), 1);
  EXPECT_EQ(convert(one, Route{false, {{0, false}}}, rates, 0), price_mantissa_max);
  EXPECT_EQ(convert(one, Route{false, {{0, false}}}, rates, -1), std::nullopt);
  EXPECT_EQ(convert(one, Route{false, {{0, false}, {0, false}, {0, false}}}, rates, 0), std::nullopt);
  EXPECT_EQ(convert(one, Route{false, {{0, false}, {0, true}}}, rates, -8), 100'000'000) << "there and back";
  EXPECT_EQ(convert(one, Route{false, {{1, false}}}, rates, 0), std::nullopt) << "rounds to zero";
  EXPECT_EQ(convert(one, Route{false, {{2, false}}}, rates, 0), std::nullopt) << "no rate, no price";
  EXPECT_EQ(convert(Number{}, {}, {}, 0), std::nullopt);
}

}  // namespace
}  // namespace assay::aggregator
