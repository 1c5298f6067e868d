#include <gmock/gmock.h>

#include <algorithm>

#include "support.hpp"

namespace assay::config {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

struct Spoiled {
  const char* from;
  const char* to;
  const char* error;  ///< `line:column` is left out: it moves with the file
};

class EachFault : public testing::TestWithParam<Spoiled> {};

TEST_P(EachFault, is_one_error_that_names_key_and_expectation) {
  const std::string errors = network_errors(with(good_network(), GetParam().from, GetParam().to));
  EXPECT_THAT(errors, EndsWith(std::string(GetParam().error) + "\n"));
  EXPECT_EQ(std::count(errors.begin(), errors.end(), '\n'), 1) << errors;
}

INSTANTIATE_TEST_SUITE_P(
    network, EachFault,
    testing::Values(
        Spoiled{"name: demo", "name: Demo", R"(: name: expected lower-case letters, digits and '-', got "Demo")"},
        Spoiled{"name: demo", "name: [demo]", ": name: expected text of 1 to 64 bytes, got a list"},
        Spoiled{"name: demo\n", "", ": name: expected, but missing"},
        Spoiled{"epoch: 0", "epoch: -1", R"(: epoch: expected an integer from 0 to 4294967295, got "-1")"},
        Spoiled{"epoch: 0", "epoch: 0x10", R"(: epoch: expected an integer from 0 to 4294967295, got "0x10")"},
        Spoiled{"epoch: 0", "epoch:", ": epoch: expected an integer from 0 to 4294967295, got nothing"},
        Spoiled{"group_file: \"group.yaml\"", "group_file: ''",
                R"(: group_file: expected text of 1 to 4096 bytes, got "")"},
        Spoiled{"  - 0101", "  - 0G01",
                R"(: members[0]: expected a public key of 64 lower-case hex digits, got "0G01)"
                R"(01010101010101010101010101010101010101010101010101010101...")"},
        Spoiled{"0101010101010101010101010101010101010101010101010101010101010101",
                "0202020202020202020202020202020202020202020202020202020202020202",
                ": members[1]: expected a key of its own, got one that is listed already"},
        Spoiled{"epoch: 0", "epoch: 0\nmemberz: 1", R"(: memberz: unknown key; did you mean "members"?)"},
        Spoiled{"  tick_ms: 250", "  tick_ms: 0",
                R"(: timing.tick_ms: expected an integer from 1 to 3600000, got "0")"},
        Spoiled{"  tick_ms: 250", "  tick_ms: 250ms",
                R"(: timing.tick_ms: expected an integer from 1 to 3600000, got "250ms")"},
        Spoiled{"  timely_ms: 1500", "  timely_ms: 1189",
                ": timing: expected timely >= timeout + grace + 2 delay_max + clock_error"},
        Spoiled{"  timely_ms: 1500", "  timely_ms: 1500\n  timly_ms: 1",
                R"(: timing.timly_ms: unknown key; did you mean "timely_ms"?)"},
        Spoiled{"  timely_ms: 1500", "  timely_ms: 1500\n  quux: 1", ": timing.quux: unknown key"},
        Spoiled{"  tick_ms: 250", "  tick_ms: 250\n  tick_ms: 250",
                ": timing.tick_ms: expected once, already given in line 11"},
        Spoiled{"agg_version: 1", "agg_version: 2",
                R"(: aggregation.agg_version: expected an integer from 1 to 1, got "2")"},
        Spoiled{"observation_age_max_ms: 15000", "observation_age_max_ms: 0",
                R"(: aggregation.observation_age_max_ms: expected an integer from 1 to 31622400000, got "0")"},
        Spoiled{"    exponent: -8", "    exponent: x",
                R"(: feeds[0].exponent: expected an integer from -12 to 0, got "x")"},
        Spoiled{"symbol: DOGE/USDT", "symbol: DOGEUSDT",
                R"(: feeds[0].symbol: expected BASE/QUOTE such as BTC/USD, got "DOGEUSDT")"},
        Spoiled{"symbol: ADA/USDT\n", "symbol: ADA/ADA\n",
                R"(: feeds[1].symbol: expected BASE/QUOTE such as BTC/USD, got "ADA/ADA")"},
        Spoiled{"ttl_ms: 3000", "ttl_ms: 100", ": feeds[0].ttl_ms: expected at least tick_ms"},
        Spoiled{
            "reference_price: 0.10000000", "reference_price: 0.005",
            ": feeds[0].reference_price: expected a mantissa from 10^6 to 10^17 at this exponent, got 500000; choose "
            "another exponent"},
        Spoiled{
            "reference_price: 0.10000000", "reference_price: 0.100000001",
            R"(: feeds[0].reference_price: expected a positive decimal number with at most 8 decimals, got "0.100000001")"},
        Spoiled{"reference_price: 0.10000000", "reference_price: -1",
                R"(: feeds[0].reference_price: expected a positive decimal number with at most 8 decimals, got "-1")"},
        Spoiled{"floor_price: 0.00100000", "floor_price: 0.1",
                ": feeds[0].floor_price: expected less than reference_price"},
        Spoiled{"ceiling_price: 10.00000000", "ceiling_price: 0.1",
                ": feeds[0].ceiling_price: expected more than reference_price"},
        Spoiled{
            "min_groups: 3", "min_groups: 2",
            ": feeds[0].min_groups: expected 3 to 64: of two sources nobody knows which one lies, so they are never "
            "averaged; add sources of other owners"},
        Spoiled{"min_groups: 3", "min_groups: 4",
                ": feeds[0].min_groups: expected at most the number of groups among the sources, 3, got 4; add sources "
                "of other owners"},
        Spoiled{"weight_min: 6", "weight_min: 0",
                R"(: feeds[0].weight_min: expected an integer from 1 to 768, got "0")"},
        Spoiled{"confidence_floor_ppm: 20", "confidence_floor_ppm: 5000",
                ": feeds[0].confidence_floor_ppm: expected less than wide_ppm, or no price could be ok"},
        Spoiled{"wide_ppm: 5000", "wide_ppm: 1000000",
                R"(: feeds[0].wide_ppm: expected an integer from 1 to 999999, got "1000000")"},
        Spoiled{"jump_confirmations: 3", "jump_confirmations: 256",
                R"(: feeds[0].jump_confirmations: expected an integer from 1 to 255, got "256")"},
        Spoiled{"src_age_max_ms: 10000", "src_age_max_ms: 15001",
                ": feeds[0].src_age_max_ms: expected at most observation_age_max_ms, or it could never be reached"},
        Spoiled{"calendar: \"always\"", "calendar: fx", R"(: feeds[0].calendar: expected always, got "fx")"},
        Spoiled{"calendars: []", "calendars: [{name: x}]", ": calendars[0].open: expected, but missing"},
        Spoiled{"calendars: []",
                "calendars:\n  - name: x\n    open: [{from: 2026-01-02T00:00:00Z, to: 2026-01-01T00:00:00Z}]",
                ": calendars[0].open[0].to: expected a time after `from`"},
        Spoiled{"calendars: []",
                "calendars:\n  - name: x\n    open: [{from: 2026-01-02T00:00:00Z, to: 2026-01-03T00:00:00Z}, {from: "
                "2026-01-02T23:59:59Z, to: 2026-01-04T00:00:00Z}]",
                ": calendars[0].open[1].from: expected a time not before the end of the interval above"},
        Spoiled{
            "calendars: []",
            "calendars:\n  - name: x\n    open: [{from: 2026-02-29T00:00:00Z, to: 2027-01-01T00:00:00Z}]",
            R"(: calendars[0].open[0].from: expected a time such as 2026-01-31T14:30:00Z, got "2026-02-29T00:00:00Z")"},
        Spoiled{"calendars: []",
                "calendars:\n  - name: always\n    open: [{from: 2026-02-01T00:00:00Z, to: "
                "2027-01-01T00:00:00Z}]",
                R"(: calendars[0].name: expected a name of its own, got "always")"},
        Spoiled{"peg: none", "peg: {price: 0.1}", ": feeds[0].peg.depeg_ppm: expected, but missing"},
        Spoiled{"rate_limit: none", "rate_limit: {window_ms: 0, rise_ppm: 1, fall_ppm: 1}",
                R"(: feeds[0].rate_limit.window_ms: expected an integer from 1 to 31622400000, got "0")"},
        Spoiled{"group: \"binance\"", "group: binanse",
                R"(: feeds[0].sources[0].group: expected binance, coinbase or kraken, got "binanse")"},
        Spoiled{"groups: [\"binance\", \"coinbase\", \"kraken\"]", "groups: [binance, coinbase, kraken, kraken]",
                ": groups: expected each group once"},
        Spoiled{"venue: binance", "venue: Binance",
                R"(: feeds[0].sources[0].venue: expected lower-case letters, digits and '_', got "Binance")"},
        Spoiled{
            "pair: DOGE/USDT", "pair: DOGE/USD",
            ": feeds[0].sources[0].pair: expected a way from DOGE/USD to DOGE/USDT, got no `via`; add a leg such as "
            "USDT/USD and name it in `via`"},
        Spoiled{"tier: 1", "tier: 4", R"(: feeds[0].sources[0].tier: expected an integer from 1 to 3, got "4")"},
        Spoiled{"age_max_ms: 5000", "age_max_ms: 10001",
                ": feeds[0].sources[0].age_max_ms: expected at most the feed's src_age_max_ms, or the feed goes stale "
                "before the source"},
        Spoiled{"last_only: false}", "last_only: false, assumed_spread_ppm: 5}",
                ": feeds[0].sources[0].assumed_spread_ppm: unknown key"},
        Spoiled{"last_only: false}", "last_only: true}",
                ": feeds[0].sources[0].assumed_spread_ppm: expected, but missing"},
        Spoiled{"- {venue: coinbase_exchange, symbol: \"DOGE-USDT\"", "- {venue: binance, symbol: \"DOGEUSDT\"",
                R"(: feeds[0].sources[1].symbol: expected each symbol of a venue once, got "DOGEUSDT" again)"}));

TEST(NetworkFile, an_error_names_file_line_and_column) {
  const std::string errors = network_errors(with(good_network(), "    exponent: -8", "    exponent: x"));
  EXPECT_EQ(errors, "network.yaml:34:15: feeds[0].exponent: expected an integer from -12 to 0, got \"x\"\n");
}

TEST(NetworkFile, all_errors_are_told_at_once_in_order_of_place) {
  std::string text = with(good_network(), "name: demo", "name: Demo");
  text = with(text, "tick_ms: 250", "tick_ms: none");
  text = with(text, "tier: 1", "tier: 9");
  const auto loaded = parse_network(text, "n");
  const auto& errors = std::get<std::vector<ConfigError>>(loaded);
  ASSERT_EQ(errors.size(), 3U) << errors_of(loaded);
  EXPECT_EQ(errors[0].key, "name");
  EXPECT_EQ(errors[1].key, "timing.tick_ms");
  EXPECT_EQ(errors[2].key, "feeds[0].sources[0].tier");
}

TEST(NetworkFile, every_key_is_required_and_has_one_spelling) {
  // given a file in which every `key:` line is left out once
  const std::string good = good_network();
  std::size_t tried = 0;
  for (std::size_t at = 0; at < good.size();) {
    const std::size_t end = good.find('\n', at);
    const std::string line = good.substr(at, end - at);
    const std::size_t colon = line.find(": ");
    if (colon != std::string::npos && line.find('{') == std::string::npos && line[0] != '#' &&
        line.find("- ") == std::string::npos) {
      const std::string errors = network_errors(std::string(good).erase(at, end + 1 - at));
      EXPECT_THAT(errors, HasSubstr("expected, but missing")) << "without " << line;
      ++tried;
    }
    at = end + 1;
  }
  EXPECT_GT(tried, 200U);
}

TEST(NetworkFile, a_committee_of_another_size_is_told_the_nearest_two) {
  const auto errors_for = [](std::size_t count) {
    return network_errors(emit_network(demo_network(some_keys(count), "demo", millis(250))));
  };
  EXPECT_EQ(errors_for(4), "");
  EXPECT_EQ(errors_for(31), "");
  EXPECT_THAT(errors_for(1),
              HasSubstr("members: expected 3f+1 members, at most 31: the nearest sizes are 4 and 7, got 1"));
  EXPECT_THAT(errors_for(3), HasSubstr("the nearest sizes are 4 and 7, got 3"));
  EXPECT_THAT(errors_for(5), HasSubstr("the nearest sizes are 4 and 7, got 5"));
  EXPECT_THAT(errors_for(12), HasSubstr("the nearest sizes are 10 and 13, got 12"));
  EXPECT_THAT(errors_for(30), HasSubstr("the nearest sizes are 28 and 31, got 30"));
  EXPECT_THAT(errors_for(34), HasSubstr("the nearest sizes are 28 and 31, got 34"));
}

TEST(NetworkFile, no_members_are_a_fault_too) {
  std::string text = good_network();
  const std::size_t at = text.find("members:");
  text.replace(at, text.find("timing:") - at, "members: []\n");
  EXPECT_THAT(network_errors(text), HasSubstr("members: expected 3f+1 members"));
}

TEST(NetworkFile, a_feed_listed_twice_is_refused) {
  NetworkSettings settings = some_network();
  settings.policy.feeds.push_back(settings.policy.feeds.front());
  EXPECT_THAT(network_errors(emit_network(settings)),
              HasSubstr("feeds[12].symbol: expected each feed once, got \"DOGE/USDT\" again"));
}

TEST(NetworkFile, feeds_come_back_in_order_of_id_whatever_the_file_says) {
  NetworkSettings settings = some_network();
  std::reverse(settings.policy.feeds.begin(), settings.policy.feeds.end());
  const auto loaded = parse_network(emit_network(settings), "n");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& feeds = std::get<NetworkSettings>(loaded).policy.feeds;
  EXPECT_TRUE(
      std::is_sorted(feeds.begin(), feeds.end(), [](const auto& a, const auto& b) { return a.terms.id < b.terms.id; }));
}

TEST(NetworkFile, the_group_file_lies_beside_the_network_file) {
  const auto loaded = parse_network(good_network(), "/etc/assay/network.yaml");
  EXPECT_EQ(std::get<NetworkSettings>(loaded).group_file, "/etc/assay/group.yaml");
}

TEST(NetworkFile, a_calendar_and_a_last_only_source_are_read) {
  std::string text =
      with(good_network(), "calendars: []",
           "calendars:\n  - name: hours\n    open: [{from: 1970-01-01T00:00:01Z, to: 2026-12-31T23:59:59Z}]");
  text = with(text, "calendar: \"always\"", "calendar: hours");
  text = with(text, "last_only: false", "last_only: true, assumed_spread_ppm: 300");
  const auto loaded = parse_network(text, "n");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& feed = std::get<NetworkSettings>(loaded).policy.feeds.front();
  ASSERT_EQ(feed.open.size(), 1U);
  EXPECT_EQ(feed.open[0].from.value, 1'000'000U);
  EXPECT_EQ(feed.open[0].to.value, 1'798'761'599'000'000U);
  EXPECT_FALSE(feed.always_open);
  EXPECT_TRUE(feed.sources[0].last_only);
  EXPECT_EQ(feed.sources[0].assumed_spread_ppm, 300U);
  EXPECT_EQ(errors_of(parse_network(emit_network(std::get<NetworkSettings>(loaded)), "n")), "");
}

TEST(NetworkFile, a_missing_file_is_an_error_of_the_file) {
  EXPECT_EQ(errors_of(load_network("/nonexistent/network.yaml")),
            "/nonexistent/network.yaml: expected a readable file\n");
  EXPECT_EQ(errors_of(load_network("/")), "/: expected a readable file\n");
}

TEST(Examples, load_and_are_what_the_demo_runs) {
  const std::string folder = std::string(ASSAY_SOURCE_DIR) + "/config/examples/";
  const auto network = load_network(folder + "network.yaml");
  ASSERT_EQ(errors_of(network), "");
  const auto& settings = std::get<NetworkSettings>(network);
  EXPECT_EQ(settings.group_file, folder + "group.yaml");
  NetworkSettings demo = demo_network(settings.members, "demo", millis(250));
  EXPECT_EQ(with(emit_network(settings), folder, ""), emit_network(demo));

  const auto node = load_node(folder + "node.yaml");
  ASSERT_EQ(errors_of(node), "");
  EXPECT_EQ(std::get<NodeSettings>(node).peers.size() + 1, settings.members.size());
}

TEST(Examples, of_staked_assets_describe_every_source_that_no_adapter_speaks_for) {
  const std::string folder = std::string(ASSAY_SOURCE_DIR) + "/config/examples/";
  const auto network = load_network(folder + "staked.network.yaml");
  const auto node = load_node(folder + "staked.node.yaml");
  ASSERT_EQ(errors_of(network), "");
  ASSERT_EQ(errors_of(node), "");
  const auto& venues = std::get<NodeSettings>(node).venues;
  const auto is_told = [&venues](const aggregator::SourcePolicy& source) {
    return std::any_of(venues.begin(), venues.end(), [&source](const VenueSettings& venue) {
      return venue.venue == source.venue && venue.described &&
             std::any_of(venue.described->calls.begin(), venue.described->calls.end(),
                         [&source](const fetchers::ContractCall& call) { return call.symbol == source.symbol; });
    });
  };
  std::size_t readers = 0;
  for (const auto& feed : std::get<NetworkSettings>(network).policy.feeds) {
    for (const auto& source : feed.sources) {
      const bool built_in = fetchers::find_adapter(source.venue) != nullptr;
      EXPECT_TRUE(built_in || is_told(source)) << source.venue << " " << source.symbol;
      readers += built_in ? 0 : 1;
    }
  }
  EXPECT_EQ(readers, 6U);
}

TEST(Examples, of_networks_load_and_survive_being_written_out) {
  for (const char* name : {"crypto", "stablecoins", "staked", "fx"}) {
    const std::string path = std::string(ASSAY_SOURCE_DIR) + "/config/examples/" + name + ".network.yaml";
    const auto network = load_network(path);
    ASSERT_EQ(errors_of(network), "");
    EXPECT_EQ(network_errors(emit_network(std::get<NetworkSettings>(network))), "") << name;
  }
}

TEST(Demo, is_a_valid_network_at_every_sane_tick) {
  for (const std::int64_t tick : {1, 20, 100, 250, 1000, 5000}) {
    EXPECT_EQ(network_errors(emit_network(demo_network(some_keys(7), "x", millis(tick)))), "") << tick;
  }
}

}  // namespace
}  // namespace assay::config
