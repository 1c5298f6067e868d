#include <gmock/gmock.h>

#include "aggregator/plan.hpp"
#include "support.hpp"

namespace assay::config {
namespace {

using testing::HasSubstr;

/// What a network file says before its legs and feeds, with profiles so short that the tests show what they are about.
constexpr const char* frame = R"(name: demo
epoch: 0
group_file: group.yaml
members:
  - 44bd5bc588759078cbd4eb3de9fb665a262db87abfe3cbd1a8472936506de06d
  - 8361f978e72d947b7b9c353b7e2f407d9edd9f7e7c67b52f053a4c98f1f5ccca
  - ca8f56bf795cd8283c094eabc83322960998bf06ec13b658c51e9ec3410ae3c6
  - c003016841aa87f2eb58f09bb5e34827e4548494aeb055b15e080af4fdf856fb
timing: {tick_ms: 250, grace_ms: 40, grace_max_ms: 120, timeout_ms: 1000, timeout_max_ms: 8000, resend_ms: 250,
         retry_ms: 150, delay_max_ms: 50, clock_error_ms: 50, timely_ms: 1500, nonce_age_max_ms: 10000, rotation_heights: 64}
aggregation: {agg_version: 1, observation_age_max_ms: 15000, venue_future_max_ms: 100}
groups: [a, b, c]
calendars: []
feed_profiles:
  - {name: spot, exponent: -8, ttl_ms: 3000, floor_price: 0.001, ceiling_price: 1000000, min_groups: 3, weight_min: 6,
     leg_share_max_ppm: 490000, agree_ppm: 500, exclude_ppm: 2500, readmit_after_ms: 5000, confidence_floor_ppm: 20,
     age_ppm: 100, wide_ppm: 5000, jump_ppm: 50000, jump_confirmations: 3, src_age_max_ms: 10000, ema_tau_ms: 60000,
     peg: none, rate_limit: none, depth_via: none, calendar: always}
source_profiles:
  - {name: book, tier: 1, age_max_ms: 5000, frozen_after_ms: 0, spread_max_ppm: 10000, impact_notional: 0, depth_min: 0,
     last_only: false}
legs: []
feeds:
)";

std::string feed(const std::string& symbol, const std::string& sources,
                 const std::string& more = "reference_price: 1") {
  return "  - {profile: spot, symbol: " + symbol + ", " + more + ", sources: [\n" + sources + "    ]}\n";
}

std::string source(const std::string& group, const std::string& pair, const std::string& more = "") {
  return "      {profile: book, venue: " + group + ", symbol: " + pair + ", pair: " + pair + ", group: " + group +
         more + "},\n";
}

std::string three(const std::string& pair, const std::string& more = "") {
  return source("a", pair, more) + source("b", pair, more) + source("c", pair, more);
}

std::string errors(const std::string& feeds) {
  return network_errors(frame + feeds);
}

/// An error as it is told, of this line and column of the feeds: file, line, column, key, what was expected, what stood
/// there, and the remedy.
std::string error(int line, int column, const std::string& what) {
  const std::string text = frame;
  return "network.yaml:" + std::to_string(std::count(text.begin(), text.end(), '\n') + line) + ":" +
         std::to_string(column) + ": " + what + "\n";
}

TEST(Refused, the_frame_itself_is_fine) {
  EXPECT_EQ(errors(feed("BTC/USD", three("BTC/USD"))), "");
}

TEST(Refused, a_wrapped_asset_without_the_leg_that_makes_it_dollars) {
  const std::string text = feed("cbETH/USD", three("cbETH/ETH")) + feed("ETH/USD", three("ETH/USD"));
  std::string expected;
  for (int i = 0; i < 3; ++i) {
    expected += error(2 + i, 58,
                      "feeds[0].sources[" + std::to_string(i) +
                          "].pair: expected a way from cbETH/ETH to cbETH/USD, got no `via`; add via: [ETH/USD]");
  }
  EXPECT_EQ(errors(text), expected);
  EXPECT_EQ(errors(feed("cbETH/USD", three("cbETH/ETH", ", via: [ETH/USD]"),
                        "reference_price: 1, leg_share_max_ppm: 1000000") +
                   feed("ETH/USD", three("ETH/USD"))),
            "");
}

TEST(Refused, a_wrapped_asset_by_a_leg_of_other_units) {
  const std::string text = feed("cbETH/USD", source("a", "cbETH/ETH", ", via: [BTC/USD]") + source("b", "cbETH/USD") +
                                                 source("c", "cbETH/USD")) +
                           feed("ETH/USD", three("ETH/USD")) + feed("BTC/USD", three("BTC/USD"));
  EXPECT_EQ(errors(text), error(2, 84,
                                "feeds[0].sources[0].via: expected a way from cbETH/ETH to cbETH/USD, which these "
                                "units do not give; add via: [ETH/USD]"));
  const std::string unknown = feed("cbETH/USD", source("a", "cbETH/ETH", ", via: [ETH/USDD]") +
                                                    source("b", "cbETH/USD") + source("c", "cbETH/USD")) +
                              feed("ETH/USD", three("ETH/USD"));
  EXPECT_EQ(errors(unknown), error(2, 84,
                                   "feeds[0].sources[0].via: expected feeds or legs of this file, got \"ETH/USDD\"; "
                                   "name one of them, or add it as a leg"));
}

TEST(Refused, two_sources) {
  const std::string two = source("a", "BTC/USD") + source("b", "BTC/USD");
  EXPECT_EQ(errors(feed("BTC/USD", two)), error(-8, 102,
                                                "feed_profiles[0].min_groups: expected at most the number of groups "
                                                "among the sources, 2, got 3; add sources of other owners"));
  EXPECT_EQ(errors(feed("BTC/USD", two, "reference_price: 1, min_groups: 2")),
            error(1, 70,
                  "feeds[0].min_groups: expected 3 to 64: of two sources nobody knows which one lies, so they are "
                  "never averaged; add sources of other owners"));
}

TEST(Refused, a_venue_or_group_above_its_cap) {
  const std::string one_venue =
      three("BTC/USD") + "      {profile: book, venue: a, symbol: x, pair: BTC/USD, group: b},\n";
  EXPECT_EQ(errors(feed("BTC/USD", one_venue)), "") << "a cap that can be kept is kept";
  const std::string two_venues = source("a", "BTC/USD") + source("b", "BTC/USD") +
                                 "      {profile: book, venue: b, symbol: x, pair: BTC/USD, group: c},\n";
  EXPECT_EQ(
      errors(feed("BTC/USD", two_venues)),
      error(1, 67,
            "feeds[0].sources: expected weights within the caps: a venue holds at most a third, a group 49 %, which "
            "takes three of each; got 2 venues in 3 groups: add sources of other owners (two are never averaged)"));
}

TEST(Refused, one_leg_that_outweighs_the_rest) {
  const std::string text =
      feed("BTC/USD", three("BTC/USDT", ", via: [USDT/USD]")) + feed("USDT/USD", three("USDT/USD"));
  EXPECT_EQ(errors(text),
            error(1, 67,
                  "feeds[0].sources: expected weights within the caps: a venue at most a third, a group 49 %, the "
                  "sources that one leg converts leg_share_max_ppm; got 3 venues in 3 groups that cannot: add sources "
                  "in the feed's own pair or by another leg, or raise leg_share_max_ppm and say why"));
}

TEST(Refused, a_cycle) {
  const std::string loose = "reference_price: 1, leg_share_max_ppm: 1000000";
  const std::string text = feed("BTC/USD", three("BTC/USDT", ", via: [USDT/USD]"), loose) +
                           feed("USDT/USD", three("BTC/USDT", ", via: [BTC/USD]"), loose);
  EXPECT_EQ(errors(text),
            error(7, 82,
                  "feeds[1].sources[0].via: expected no cycle, got USDT/USD -> BTC/USD -> USDT/USD; break it by a leg "
                  "of its own, such as BTC/USD_fiat, that has only sources without `via`"));
}

TEST(Refused, an_exponent_that_overflows) {
  EXPECT_EQ(errors(feed("BTC/USD", three("BTC/USD"), "exponent: -12, reference_price: 60000, ceiling_price: 6000000")),
            error(1, 92,
                  "feeds[0].ceiling_price: expected at most 4611686.018427387904, which is 2^62 at exponent -12; "
                  "choose a coarser exponent"));
  EXPECT_EQ(
      errors(feed("BTC/USD", three("BTC/USD"), "exponent: -12, reference_price: 5000000, ceiling_price: 4000000")),
      error(1, 70,
            "feeds[0].reference_price: expected at most 4611686.018427387904, which is 2^62 at exponent -12; choose a "
            "coarser exponent"));
  EXPECT_EQ(errors(feed("BTC/USD", three("BTC/USD"), "exponent: -13, reference_price: 1")),
            error(1, 48, "feeds[0].exponent: expected an integer from -12 to 0, got \"-13\""));
  EXPECT_EQ(errors(feed("BTC/USD", three("BTC/USD"), "exponent: 2, reference_price: 1")),
            error(1, 48, "feeds[0].exponent: expected an integer from -12 to 0, got \"2\""));
}

TEST(Refused, a_profile_that_nobody_knows_or_uses) {
  EXPECT_THAT(
      errors(feed("BTC/USD", three("BTC/USD")) + feed("ETH/USD", three("ETH/USD"), "reference_price: 1, profile: x")),
      HasSubstr("profile"));
  std::string text = frame + feed("BTC/USD", three("BTC/USD"));
  text = with(text, "  - {name: spot,", "  - {name: spare, exponent: -8}\n  - {name: spot,");
  EXPECT_THAT(network_errors(text), HasSubstr("feed_profiles[0].name: expected a profile that is used, got \"spare\""));
}

TEST(Profiles, a_wrong_value_is_told_once_where_it_stands) {
  const std::string text = with(frame + feed("BTC/USD", three("BTC/USD")) + feed("ETH/USD", three("ETH/USD")),
                                "age_ppm: 100", "age_ppm: much");
  EXPECT_EQ(network_errors(text),
            "network.yaml:17:15: feed_profiles[0].age_ppm: expected an integer from 0 to 100000, got "
            "\"much\"\n");
}

TEST(Profiles, an_unknown_key_is_told_with_the_nearest) {
  const std::string text = with(frame + feed("BTC/USD", three("BTC/USD")), "age_ppm: 100", "age_ppm: 100, wide_pm: 1");
  EXPECT_THAT(network_errors(text), HasSubstr("feed_profiles[0].wide_pm: unknown key; did you mean \"wide_ppm\"?"));
}

TEST(Profiles, a_feed_says_what_differs) {
  const auto loaded = parse_network(frame + feed("BTC/USD", three("BTC/USD"), "reference_price: 1, wide_ppm: 77"), "n");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& read = std::get<NetworkSettings>(loaded).policy.feeds.front();
  EXPECT_EQ(read.wide_ppm, 77U);
  EXPECT_EQ(read.jump_ppm, 50'000U);
}

TEST(ByRule, a_source_without_a_symbol_is_what_its_venue_calls_the_pair) {
  const std::string sources =
      "      {profile: book, venue: kraken, group: a},\n"
      "      {profile: book, venue: bitstamp, pair: BTC/USD, group: b},\n"
      "      {profile: book, venue: bitfinex, symbol: \"tBTC:OTHER\", pair: BTC/USD, group: c},\n"
      "      {profile: book, venue: bitfinex, pair: BTC/USDT, via: [USDT/USD], group: c},\n";
  const auto loaded = parse_network(frame + feed("BTC/USD", sources) + feed("USDT/USD", three("USDT/USD")), "n");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& settings = std::get<NetworkSettings>(loaded);
  std::vector<std::string> symbols;
  for (const auto& source : node_policy(settings.policy, *aggregator::find_node(settings.policy, "BTC/USD")).sources) {
    symbols.push_back(source.symbol);
  }
  EXPECT_THAT(symbols, testing::ElementsAre("BTC/USD", "btcusd", "tBTC:OTHER", "tBTCUST"));
  EXPECT_THAT(emit_network(settings), HasSubstr("venue: bitstamp, symbol: \"btcusd\""));
}

TEST(ByRule, what_no_rule_tells_has_to_be_said) {
  const auto with_first = [](const std::string& first) {
    return errors(feed("BTC/USD", "      {profile: book, " + first + ", group: a},\n" + three("BTC/USD")));
  };
  EXPECT_THAT(with_first("venue: deribit"),
              HasSubstr("venue: expected `symbol` beside it: no rule tells what deribit calls BTC/USD"));
  EXPECT_THAT(with_first("venue: acme, pair: BTC/USD"), HasSubstr("no rule tells what acme calls BTC/USD"));
  EXPECT_THAT(with_first("venue: kraken, symbol: \"ETH/USD\""), HasSubstr("sources[0].pair"))
      << "a symbol of one's own says nothing of what it is a price of";
  EXPECT_THAT(with_first("venue: kraken}, {profile: book, venue: kraken, group: b"),
              HasSubstr("sources[1].venue: expected each symbol of a venue once, got \"BTC/USD\" again"));
}

TEST(Settings, of_conversions_and_derived_feeds_survive_emit_and_parse) {
  const auto loaded = load_network(std::string(ASSAY_SOURCE_DIR) + "/tests/fuzz/corpus/config/conversions.yaml");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& settings = std::get<NetworkSettings>(loaded);
  ASSERT_EQ(settings.policy.legs.size(), 2U);
  EXPECT_EQ(settings.policy.legs[0].terms.symbol, "BTC/USD_fiat");
  EXPECT_EQ(settings.policy.legs[0].quote, "USD") << "what follows the underscore is no part of the unit";
  EXPECT_EQ(settings.policy.legs[1].peg.price, 100'000'000);
  const auto again = parse_network(emit_network(settings), "n");
  ASSERT_EQ(errors_of(again), "");
  EXPECT_EQ(emit_network(std::get<NetworkSettings>(again)), emit_network(settings));
}

}  // namespace
}  // namespace assay::config
