#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support.hpp"

namespace assay::config {
namespace {

using testing::HasSubstr;

const std::string least = "member: 1\nidentity_key_file: id.key\nshare_file: keys/share.key\npeers: []\n";

std::string node_errors(const std::string& text) {
  return errors_of(parse_node(text, "node.yaml"));
}

/// A file that is there, until the test removes it or its folder goes.
std::string some_file(const std::string& ending) {
  const auto file = std::filesystem::path(testing::TempDir()) / ("assay_" + std::to_string(getpid()) + "." + ending);
  std::ofstream(file) << "some text";
  return file.string();
}

TEST(NodeFile, the_least_one_has_the_documented_defaults) {
  const auto loaded = parse_node(least, "/etc/assay/node.yaml");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& node = std::get<NodeSettings>(loaded);
  EXPECT_EQ(node.member, MemberIndex{1});
  EXPECT_EQ(node.identity_key_file, "/etc/assay/id.key");
  EXPECT_EQ(node.share_file, "/etc/assay/keys/share.key");
  EXPECT_EQ(node.data_dir, "/etc/assay/data");
  EXPECT_EQ(node.peer_listen, "127.0.0.1:7001");
  EXPECT_EQ(node.http_listen, "127.0.0.1:8001");
  EXPECT_TRUE(node.key_passphrase_file.empty());
  EXPECT_TRUE(node.key_file.empty());
  EXPECT_TRUE(node.venues.empty());
  EXPECT_FALSE(node.postgres_url);
}

TEST(NodeFile, an_absolute_path_stays_where_it_is) {
  const auto loaded = parse_node(with(least, "id.key", "/run/secrets/id.key"), "/etc/assay/node.yaml");
  EXPECT_EQ(std::get<NodeSettings>(loaded).identity_key_file, "/run/secrets/id.key");
}

TEST(NodeFile, everything_given_comes_back_also_through_emit_node) {
  const auto roots = some_file("pem");
  const std::string text = with(least + R"(data_dir: /var/lib/assay
key_passphrase_file: pass
peer_listen: "0.0.0.0:0"
http_listen: "[::1]:80"
postgres_url: postgresql://assay@127.0.0.1/assay
venues:
  - {venue: kraken, transport: rest, poll_interval_ms: 250, rest_url: "https://127.0.0.1:9", ws_url: "wss://127.0.0.1:9/v2", api_key_env: KRAKEN_KEY, ca_file: ROOTS}
  - {venue: binance}
)",
                                "ROOTS", roots);
  const auto first = parse_node(text, "/etc/assay/node.yaml");
  ASSERT_EQ(errors_of(first), "");
  const auto loaded = parse_node(emit_node(std::get<NodeSettings>(first)), "/elsewhere/node.yaml");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& node = std::get<NodeSettings>(loaded);
  EXPECT_EQ(node.peer_listen, "0.0.0.0:0");
  EXPECT_EQ(node.http_listen, "[::1]:80");
  EXPECT_EQ(node.data_dir, "/var/lib/assay");
  EXPECT_EQ(node.key_passphrase_file, "/etc/assay/pass");
  EXPECT_EQ(node.postgres_url, "postgresql://assay@127.0.0.1/assay");
  ASSERT_EQ(node.venues.size(), 2U);
  EXPECT_EQ(node.venues[0].transport, Transport::rest);
  EXPECT_EQ(node.venues[0].poll_interval, millis(250));
  EXPECT_EQ(node.venues[0].rest_url, "https://127.0.0.1:9");
  EXPECT_EQ(node.venues[0].ws_url, "wss://127.0.0.1:9/v2");
  EXPECT_EQ(node.venues[0].api_key_env, "KRAKEN_KEY");
  EXPECT_EQ(node.venues[0].ca_file, roots);
  EXPECT_EQ(node.venues[1].transport, Transport::both);
  EXPECT_EQ(node.venues[1].poll_interval, millis(1000));
}

TEST(NodeFile, one_thing_opens_the_key_files) {
  const auto loaded = parse_node(least + "key_file: kek\n", "/etc/assay/node.yaml");
  ASSERT_EQ(errors_of(loaded), "");
  EXPECT_EQ(std::get<NodeSettings>(loaded).key_file, "/etc/assay/kek");
  const auto again = parse_node(emit_node(std::get<NodeSettings>(loaded)), "/elsewhere/node.yaml");
  EXPECT_EQ(std::get<NodeSettings>(again).key_file, "/etc/assay/kek");
  EXPECT_THAT(node_errors(least + "key_file: kek\nkey_passphrase_file: pass\n"), HasSubstr("not both"));
}

TEST(NodeFile, trusted_roots_that_cannot_be_read_are_told_with_their_place) {
  const auto file = some_file("pem");
  EXPECT_EQ(node_errors(least + "venues: [{venue: kraken, ca_file: " + file + "}]\n"), "");
  std::filesystem::remove(file);
  EXPECT_EQ(node_errors(least + "venues:\n  - venue: kraken\n    ca_file: " + file + "\n"),
            "node.yaml:7:14: venues[0].ca_file: expected a readable file of PEM certificates, got \"" + file + "\"\n");
  EXPECT_THAT(node_errors(least + "venues: [{venue: kraken, ca_file: /}]\n"), HasSubstr("expected a readable file"));
}

TEST(NodeFile, a_key_that_stands_in_the_file_itself_is_refused_and_not_repeated) {
  const std::string said = node_errors(least + "venues: [{venue: polygon, api_key_env: \"s3cret-key\"}]\n");
  EXPECT_THAT(said, HasSubstr("expected the name of an environment variable"));
  EXPECT_THAT(said, ::testing::Not(HasSubstr("s3cret")));
}

const std::string described = least + R"(venues:
  - venue: acme
    api_key_env: ACME_KEY
    http_json:
      url: https://api.acme.example
      target: "/ticker?pair={symbol}"
      key_header: X-Api-Key
      entries: /data
      bid: /bid
      ask: /ask
      time: /ts
      time_unit: milliseconds
      price_exponent: -8
    ws_json: {url: "wss://ws.acme.example", subscribe: '{"sub":"{symbol}"}', symbol: /s, last: /p, silence_ms: 5000}
)";

TEST(NodeFile, a_source_may_be_described_instead_of_programmed) {
  const auto loaded = parse_node(described, "node.yaml");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& venue = std::get<NodeSettings>(loaded).venues.at(0);
  ASSERT_TRUE(venue.described);
  EXPECT_EQ(venue.described->venue, "acme");
  EXPECT_EQ(venue.described->rest_target, "/ticker?pair={symbol}");
  EXPECT_EQ(venue.described->rest.ask, "/ask");
  EXPECT_EQ(venue.described->rest.price_exponent, -8);
  EXPECT_EQ(venue.described->key_header, "X-Api-Key");
  EXPECT_EQ(venue.described->ws.symbol, "/s");
  EXPECT_EQ(venue.described->silence_max, millis(5000));
}

TEST(NodeFile, a_description_that_cannot_work_is_told_where_it_stands) {
  const auto said = [](std::string_view from, std::string_view to) { return node_errors(with(described, from, to)); };
  EXPECT_THAT(said("venue: acme", "venue: kraken"),
              HasSubstr("node.yaml:6:12: venues[0].venue: expected a name of your own"));
  EXPECT_THAT(said("bid: /bid", "bid: bid"), HasSubstr("http_json.bid: expected a JSON pointer such as /data/0/last"));
  EXPECT_THAT(said("symbol: /s", "symbol: s"), HasSubstr("ws_json.symbol: expected a JSON pointer, or @key"));
  EXPECT_THAT(said("url: https:", "url: http:"), HasSubstr("http_json.url: expected https://HOST"));
  EXPECT_THAT(said("wss://", "https://"), HasSubstr("ws_json.url: expected wss://HOST"));
  EXPECT_THAT(said("\"/ticker?pair={symbol}\"", "ticker"), HasSubstr("http_json.target: expected a path"));
  EXPECT_THAT(said("pair={symbol}", "pair=x"), HasSubstr("nothing tells whose price an answer is"));
  EXPECT_THAT(said("last: /p, ", ""), HasSubstr("expected at least one of bid, ask and last"));
  EXPECT_THAT(said("price_exponent: -8", "price_exponent: 19"), HasSubstr("http_json.price_exponent"));
  EXPECT_THAT(said("ask: /ask", "akk: /ask"), HasSubstr("http_json.akk"));
}

const std::string contract = least + R"(venues:
  - venue: reader
    eth_call:
      url: https://rpc.example
      block: finalized
      calls:
        - {symbol: RETH_ETH, to: "0xae78736cd615f374d3085123a210448e74fc6393", data: "0xe6aa216c", decimals: 18}
)";

TEST(NodeFile, a_contract_may_be_a_source) {
  const auto loaded = parse_node(contract, "node.yaml");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& reader = std::get<NodeSettings>(loaded).venues.at(0).described;
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->block, "finalized");
  ASSERT_EQ(reader->calls.size(), 1U);
  EXPECT_EQ(reader->calls[0].symbol, "RETH_ETH");
  EXPECT_EQ(reader->calls[0].decimals, 18U);
  EXPECT_EQ(reader->calls[0].word, 0U);
}

TEST(NodeFile, a_contract_that_cannot_be_called_is_told_where_it_stands) {
  const auto said = [](std::string_view from, std::string_view to) { return node_errors(with(contract, from, to)); };
  EXPECT_THAT(said("6393\"", "639\""), HasSubstr("eth_call.calls[0].to: expected a contract's address"));
  EXPECT_THAT(said("0xe6aa216c", "0xe6aa216c00"), HasSubstr("eth_call.calls[0].data: expected 0x, a selector"));
  EXPECT_THAT(said("finalized", "newest"), HasSubstr("eth_call.block: expected latest, safe or finalized"));
  EXPECT_THAT(said("decimals: 18", "decimals: 37"), HasSubstr("eth_call.calls[0].decimals"));
  EXPECT_THAT(said("https:", "http:"), HasSubstr("eth_call.url: expected https://HOST"));
  EXPECT_THAT(said("    eth_call:", "    ws_json: {url: \"wss://a\", symbol: /s, last: /p}\n    eth_call:"),
              HasSubstr("venues[0].eth_call: expected alone"));
}

const std::string pooled = least + R"(venues:
  - venue: uniswap
    rest_url: https://rpc.example
    pools:
      - {symbol: ACME/GHO, address: "0x00000000000000000000000000000000000000AB", token0: GHO, decimals0: 18, token1: ACME, decimals1: 6, mean_s: 600}
)";

TEST(NodeFile, a_pool_is_described_by_its_address_tokens_and_decimals) {
  const auto loaded = parse_node(pooled, "node.yaml");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& venue = std::get<NodeSettings>(loaded).venues.at(0);
  ASSERT_EQ(venue.pools.size(), 1U);
  EXPECT_EQ(venue.pools[0].address, "0x00000000000000000000000000000000000000ab");
  EXPECT_EQ(venue.pools[0].decimals1, 6U);
  EXPECT_EQ(venue.pools[0].mean_s, 600U);
  const auto own = parse_node(with(with(pooled, "venue: uniswap", "venue: mine"), ", mean_s: 600", ""), "node.yaml");
  ASSERT_EQ(errors_of(own), "");
  EXPECT_EQ(std::get<NodeSettings>(own).venues.at(0).pools.at(0).mean_s, 1800U);
}

TEST(NodeFile, a_pool_that_lacks_something_is_told_where_it_stands) {
  const auto said = [](std::string_view from, std::string_view to) { return node_errors(with(pooled, from, to)); };
  EXPECT_THAT(said("decimals0: 18, ", ""), HasSubstr("venues[0].pools[0].decimals0: expected, but missing"));
  EXPECT_THAT(said(", token1: ACME", ""), HasSubstr("venues[0].pools[0].token1: expected, but missing"));
  EXPECT_THAT(said("00AB\"", "00A\""), HasSubstr("venues[0].pools[0].address: expected the pool's address"));
  EXPECT_THAT(said("ACME/GHO", "ACME/USDC"), HasSubstr("expected GHO/ACME, or ACME/GHO for the inverse"));
  EXPECT_THAT(said("decimals1: 6", "decimals1: 37"), HasSubstr("venues[0].pools[0].decimals1"));
  EXPECT_THAT(said("mean_s: 600", "mean_s: 86401"), HasSubstr("venues[0].pools[0].mean_s"));
  EXPECT_THAT(said("    rest_url: https://rpc.example\n", ""), HasSubstr("venues[0].pools: expected beside rest_url"));
  EXPECT_THAT(said("venue: uniswap", "venue: kraken"), HasSubstr("\"kraken\" has none"));
}

TEST(NodeFile, a_venue_may_have_a_proxy_a_pace_and_names_of_its_own) {
  const auto first = parse_node(least + R"(proxy: "http://me:word@127.0.0.1:3128"
venues:
  - venue: kraken
    proxy: none
    requests_per_minute: 30
    symbols: [{symbol: BTC/USD, asked_as: XBT/USD}]
  - {venue: binance, proxy: environment}
  - {venue: okx}
)",
                                "node.yaml");
  ASSERT_EQ(errors_of(first), "");
  const auto loaded = parse_node(emit_node(std::get<NodeSettings>(first)), "node.yaml");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& node = std::get<NodeSettings>(loaded);
  EXPECT_EQ(node.proxy, "http://me:word@127.0.0.1:3128");
  ASSERT_EQ(node.venues.size(), 3U);
  EXPECT_EQ(node.venues[0].proxy, "");
  EXPECT_EQ(node.venues[0].requests_per_minute, 30U);
  ASSERT_EQ(node.venues[0].symbols.size(), 1U);
  EXPECT_EQ(node.venues[0].symbols[0].symbol + " " + node.venues[0].symbols[0].asked_as, "BTC/USD XBT/USD");
  EXPECT_EQ(node.venues[1].proxy, "environment");
  EXPECT_FALSE(node.venues[2].proxy);
  EXPECT_FALSE(node.venues[2].requests_per_minute);
}

TEST(NodeFile, a_proxy_that_is_none_is_told_without_its_password) {
  const std::string errors = node_errors(least + "proxy: \"socks5://me:hush@127.0.0.1\"\n");
  EXPECT_THAT(errors, HasSubstr("proxy: expected none, environment (the variable HTTPS_PROXY) or http://HOST:PORT"));
  EXPECT_THAT(errors, testing::Not(HasSubstr("hush")));
  EXPECT_THAT(
      node_errors(least + "venues: [{venue: okx, symbols: [{symbol: A, asked_as: B}, {symbol: A, asked_as: C}]}]"),
      HasSubstr("expected each symbol once"));
}

TEST(NodeFile, venues_are_polled_over_https_only) {
  EXPECT_THAT(node_errors(least + "venues: [{venue: kraken, rest_url: \"http://a\"}]\n"),
              HasSubstr("venues[0].rest_url: expected https://HOST, got \"http://a\""));
  EXPECT_EQ(node_errors(least + "venues: [{venue: kraken, rest_url: \"https://a\", ws_url: \"ws://a\"}]\n"), "");
}

TEST(NodeFile, peers_come_back_ascending) {
  const auto loaded = parse_node(
      with(least, "peers: []", "peers: [{member: 3, address: \"c:3\"}, {member: 0, address: \"a:1\"}]"), "n");
  ASSERT_EQ(errors_of(loaded), "");
  const auto& peers = std::get<NodeSettings>(loaded).peers;
  ASSERT_EQ(peers.size(), 2U);
  EXPECT_EQ(peers[0].member, MemberIndex{0});
  EXPECT_EQ(peers[1].address, "c:3");
}

TEST(NodeFile, each_fault_is_told) {
  EXPECT_THAT(node_errors(with(least, "member: 1", "member: 31")),
              HasSubstr("member: expected an integer from 0 to 30, got \"31\""));
  EXPECT_THAT(node_errors(with(least, "share_file: keys/share.key\n", "")),
              HasSubstr("share_file: expected, but missing"));
  EXPECT_THAT(node_errors(with(least, "peers: []\n", "")), HasSubstr("peers: expected, but missing"));
  EXPECT_THAT(node_errors(least + "peer_listen: 7001\n"), HasSubstr("peer_listen: expected host:port, got \"7001\""));
  EXPECT_THAT(node_errors(least + "peer_listen: a:65536\n"), HasSubstr("peer_listen: expected host:port"));
  EXPECT_THAT(node_errors(least + "http_listen: a b:1\n"), HasSubstr("http_listen: expected host:port"));
  EXPECT_THAT(node_errors(least + "http_lissten: a:1\n"), HasSubstr("did you mean \"http_listen\"?"));
  EXPECT_THAT(node_errors(with(least, "peers: []", "peers: [{member: 1, address: \"a:1\"}]")),
              HasSubstr("peers[0].member: expected each other member once, got 1"));
  EXPECT_THAT(
      node_errors(with(least, "peers: []", "peers: [{member: 2, address: \"a:1\"}, {member: 2, address: \"b:1\"}]")),
      HasSubstr("peers[1].member: expected each other member once, got 2"));
  EXPECT_THAT(node_errors(least + "venues: [{venue: kraken, transport: udp}]\n"),
              HasSubstr("venues[0].transport: expected ws, rest or both, got \"udp\""));
  EXPECT_THAT(node_errors(least + "venues: [{venue: kraken, ws_url: \"https://a\"}]\n"),
              HasSubstr("venues[0].ws_url: expected wss://HOST or ws://HOST"));
  EXPECT_THAT(node_errors(least + "venues: [{venue: kraken}, {venue: kraken}]\n"),
              HasSubstr("venues[1].venue: expected each venue once"));
}

TEST(NodeFile, a_wrong_database_url_is_refused_without_repeating_its_password) {
  const std::string errors = node_errors(least + "postgres_url: mysql://assay:hunter2@db/x\n");
  EXPECT_THAT(errors, HasSubstr("postgres_url: expected postgresql://USER@HOST/DATABASE"));
  EXPECT_EQ(errors.find("hunter2"), std::string::npos);
}

threshold::EpochRecord some_record() {
  threshold::EpochRecord record;
  record.epoch = Epoch{3};
  record.share_generation = 2;
  record.threshold = 3;
  record.group_key = some_keys(9).back();
  record.verifying_shares = some_keys(4);
  record.identities = some_keys(4);
  return record;
}

TEST(GroupFile, survives_a_write_and_a_read) {
  const auto file = std::filesystem::path(testing::TempDir()) / ("assay_group_" + std::to_string(getpid()) + ".yaml");
  ASSERT_TRUE(write_group(file, some_record()));
  const auto loaded = load_group(file);
  std::filesystem::remove(file);
  ASSERT_EQ(errors_of(loaded), "");
  EXPECT_EQ(std::get<threshold::EpochRecord>(loaded), some_record());
}

TEST(GroupFile, that_cannot_be_written_is_an_error) {
  EXPECT_EQ(write_group("/nonexistent/folder/group.yaml", some_record()).error().code, Errc::io_failed);
}

TEST(GroupFile, of_no_committee_is_refused) {
  const auto group_errors = [](const threshold::EpochRecord& record) {
    return errors_of(parse_group(emit_group(record), "group.yaml"));
  };
  auto record = some_record();
  record.threshold = 4;
  EXPECT_THAT(group_errors(record), HasSubstr("threshold: expected 2f+1 = 3"));
  record = some_record();
  record.identities = some_keys(5);
  EXPECT_THAT(group_errors(record),
              HasSubstr("identities: expected 3f+1 members, at most 31: the nearest sizes are 4 and 7, got 5"));
  record = some_record();
  record.verifying_shares = some_keys(3);
  EXPECT_THAT(group_errors(record), HasSubstr("verifying_shares: expected one per identity, got 3"));
}

}  // namespace
}  // namespace assay::config
