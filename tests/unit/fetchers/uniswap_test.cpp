// Prices here are chosen, not recorded: square roots with a known square.
#include "fetchers/venues/uniswap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetchers/venues/pool_price.hpp"
#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string word(std::string_view digits) {
  return std::string(64 - digits.size(), '0') + std::string(digits);
}

const std::string one = word("1000000000000000000000000");    // 2^96: a ratio of 1
const std::string two = word("2000000000000000000000000");    // a ratio of 4
const std::string half = word("800000000000000000000000");    // a ratio of 1/4
const std::string three = word("3000000000000000000000000");  // a ratio of 9

TEST(PoolPrice, squares_and_scales_exactly) {
  EXPECT_EQ(pool_price(one, 18, 18, PoolSide::token0), "1");
  EXPECT_EQ(pool_price(two, 18, 18, PoolSide::token0), "4");
  EXPECT_EQ(pool_price(two, 18, 18, PoolSide::token1), "0.25");
  EXPECT_EQ(pool_price(half, 18, 18, PoolSide::token0), "0.25");
  EXPECT_EQ(pool_price(two, 18, 6, PoolSide::token0), "4000000000000");
  EXPECT_EQ(pool_price(two, 6, 8, PoolSide::token0), "0.04");
  EXPECT_EQ(pool_price(two, 6, 18, PoolSide::token1), "250000000000");
}

TEST(PoolPrice, cuts_after_eighteen_digits_towards_zero) {
  EXPECT_EQ(pool_price(three, 18, 18, PoolSide::token1), "0.111111111111111111");
  EXPECT_EQ(pool_price(word("1800000000000000000000001"), 18, 18, PoolSide::token0), "2.25");  // 2.25 and a trace
}

TEST(PoolPrice, reaches_from_the_smallest_root_to_the_largest) {
  EXPECT_EQ(pool_price(word("1"), 18, 18, PoolSide::token0), "1.59309191113245227e-58");
  EXPECT_EQ(pool_price(word("1"), 18, 18, PoolSide::token1), "6.27710173538668076e57");
  EXPECT_EQ(pool_price(word(std::string(40, 'f')), 0, 36, PoolSide::token0), "340.282366920938463");
  EXPECT_EQ(pool_price(word(std::string(40, 'F')), 18, 18, PoolSide::token0), "3.40282366920938463e38");
}

TEST(PoolPrice, refuses_what_is_no_root) {
  EXPECT_EQ(pool_price(word("0"), 18, 18, PoolSide::token0), std::nullopt);
  EXPECT_EQ(pool_price(word("1" + std::string(40, '0')), 18, 18, PoolSide::token0), std::nullopt);  // 161 bits
  EXPECT_EQ(pool_price(one.substr(1), 18, 18, PoolSide::token0), std::nullopt);
  EXPECT_EQ(pool_price(word("g"), 18, 18, PoolSide::token0), std::nullopt);
  EXPECT_EQ(pool_price(one, 37, 0, PoolSide::token0), std::nullopt);
}

TEST(TickPrice, follows_the_powers_of_one_and_a_hundredth_percent) {
  EXPECT_EQ(tick_price(0, 18, 18, PoolSide::token0), "1");
  EXPECT_EQ(tick_price(1, 18, 18, PoolSide::token0), "1.0001");
  EXPECT_EQ(tick_price(-1, 18, 18, PoolSide::token0), "0.999900009999");
  EXPECT_EQ(tick_price(-1, 18, 18, PoolSide::token1), "1.0001");
  EXPECT_EQ(tick_price(200'000, 18, 18, PoolSide::token0), "484680305.026");
  EXPECT_EQ(tick_price(-200'000, 18, 18, PoolSide::token0), "0.00000000206321566944");
  EXPECT_EQ(tick_price(195'303, 6, 18, PoolSide::token1), "3300.0654013");
  EXPECT_EQ(tick_price(887'272, 18, 18, PoolSide::token0), "3.40256786836e38");
  EXPECT_EQ(tick_price(887'273, 18, 18, PoolSide::token0), std::nullopt);
  EXPECT_EQ(tick_price(-887'273, 18, 18, PoolSide::token0), std::nullopt);
  EXPECT_EQ(tick_price(INT32_MIN, 18, 18, PoolSide::token0), std::nullopt);
}

std::string pool(std::string_view symbol, std::string_view base, std::string_view quote, std::string_view last) {
  return said("uniswap", {.symbol = symbol, .base = base, .quote = quote, .kind = "pool", .last = last});
}

std::string answer(std::string_view result) {
  return R"({"jsonrpc":"2.0","id":1,"result":"0x)" + std::string(result) + "\"}";
}

const std::string rest_of_slot0 = word("0") + word("1") + word("2") + word("3") + word("0") + word("1");

TEST(Uniswap, slot0_is_read_the_way_round_that_was_asked_for) {
  const std::string body = answer(two + rest_of_slot0);
  // USDC is token0 of the pool: one WETH unit is 4 raw units of token1 per token0, so 1/4 of 10^12.
  EXPECT_THAT(rest("uniswap", "POST eth_call", body, "WETH/USDC"),
              ElementsAre(pool("WETH/USDC", "WETH", "USDC", "250000000000")));
  EXPECT_THAT(rest("uniswap", "POST eth_call", body, "USDC/WETH"),
              ElementsAre(pool("USDC/WETH", "USDC", "WETH", "0.000000000004")));
  EXPECT_THAT(rest("uniswap", R"(POST eth_call {"to":"0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8"})", body),
              ElementsAre(pool("WETH/USDC", "WETH", "USDC", "250000000000")));
  EXPECT_EQ(rest_refusal("uniswap", R"(POST eth_call {"to":"<pool>"})", body), "symbol_unknown");
  EXPECT_EQ(rest_refusal("uniswap", "POST eth_call", body, "NEVER/HEARD"), "symbol_unknown");
}

/// Two sums of ticks, as observe() answers.
std::string observed(std::string_view before, std::string_view now) {
  return word("40") + word("a0") + word("2") + std::string(before) + std::string(now) + word("2") + word("7") +
         word("8");
}

TEST(Uniswap, the_mean_over_time_is_told_by_two_sums_of_ticks_and_the_period_in_our_id) {
  const auto own = [](std::string_view id, const std::string& result) {
    return R"([{"jsonrpc":"2.0","id":")" + std::string(id) + R"(","result":"0x)" + result + "\"}]";
  };
  // A tick of 200,000 for 1,800 s.
  const std::string rising = observed(word("0"), word("15752a00"));
  EXPECT_THAT(rest("uniswap", "", own("observe 1800 UNI/LINK", rising)),
              ElementsAre(pool("UNI/LINK", "UNI", "LINK", "484680305.026")));
  EXPECT_THAT(rest("uniswap", "", own("observe 1800 LINK/UNI", rising)),
              ElementsAre(pool("LINK/UNI", "LINK", "UNI", "0.00000000206321566944")));
  // Minus one in all: the mean is rounded down to -1, not to 0.
  EXPECT_THAT(rest("uniswap", "", own("observe 1800 UNI/LINK", observed(word("0"), std::string(64, 'f')))),
              ElementsAre(pool("UNI/LINK", "UNI", "LINK", "0.999900009999")));
  EXPECT_EQ(rest_refusal("uniswap", "", own("observe 0 UNI/LINK", rising)), "unsupported");
  EXPECT_EQ(rest_refusal("uniswap", "", own("observe 1 UNI/LINK", rising)), "malformed");
  EXPECT_EQ(rest_refusal("uniswap", "", own("observe 1800 UNI/LINK", observed(word("0"), "8" + std::string(63, '0')))),
            "malformed");
  EXPECT_EQ(rest_refusal("uniswap", "", own("observe 1800 NEVER/HEARD", rising)), "symbol_unknown");
  EXPECT_EQ(rest_refusal("uniswap", "", own("7", rising), "UNI/LINK"), "unsupported");
}

TEST(Uniswap, a_call_seen_in_the_endpoint_tells_its_period_too) {
  const std::string call = "POST x 0x883bdbfd" + word("20") + word("2") + word("708") + word("0");
  const std::string body = answer(observed(word("0"), word("15752a00")));
  EXPECT_THAT(rest("uniswap", call, body, "UNI/LINK"), ElementsAre(pool("UNI/LINK", "UNI", "LINK", "484680305.026")));
  const std::string until_before = "POST x 0x883bdbfd" + word("20") + word("2") + word("708") + word("1");
  EXPECT_EQ(rest_refusal("uniswap", until_before, body, "UNI/LINK"), "unsupported");
}

TEST(Uniswap, asks_for_the_mean_of_all_pools_in_one_batch) {
  const std::vector<std::string> symbols = {"USDC/WETH", "NEVER/HEARD", "DAI/USDC"};
  const auto posts = find_adapter("uniswap")->rest_posts(symbols);
  ASSERT_EQ(posts.size(), 1U);
  EXPECT_EQ(posts[0].target, "");
  const std::string data = "0x883bdbfd" + word("20") + word("2") + word("708") + word("0");
  EXPECT_EQ(posts[0].body,
            R"([{"jsonrpc":"2.0","id":"observe 1800 USDC/WETH","method":"eth_call","params":[)"
            R"({"to":"0x88e6a0c2ddd26feeb64f039a2c41296fcb3f5640","data":")" +
                data +
                R"("},"latest"]},{"jsonrpc":"2.0","id":"observe 1800 DAI/USDC","method":"eth_call","params":[)"
                R"({"to":"0x5777d92f208679db4b9778590fa3cab3ac9e2168","data":")" +
                data + R"("},"latest"]}])");
  EXPECT_TRUE(find_adapter("uniswap")->rest_posts(std::vector<std::string>{"NEVER/HEARD"}).empty());
}

TEST(Uniswap, swaps_hold_the_price_behind_the_amounts) {
  const std::string event = R"({"address":"0x9db9e0e53058c89e5b94e29621a205198648425b","topics":[)"
                            R"("0xc42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67"],"data":"0x)" +
                            word("1") + word("2") + two + word("4") + word("5") + "\"}";
  const auto expected = pool("WBTC/USDT", "WBTC", "USDT", "400");
  EXPECT_THAT(rest("uniswap", "eth_getLogs", R"({"result":[)" + event + "]}", "WBTC/USDT"), ElementsAre(expected));
  EXPECT_THAT(
      to_json_lines("uniswap", find_adapter("uniswap")->parse_ws_with_symbol(
                                   as_bytes(R"({"method":"eth_subscription","params":{"result":)" + event + "}}"), {},
                                   "WBTC/USDT")),
      ElementsAre(expected));
  EXPECT_THAT(rest("uniswap", "eth_getLogs", R"({"topics":["0x973d"],"data":"0x"})"), ElementsAre(control("status")));
}

TEST(Uniswap, a_batch_of_answers_has_no_symbols) {
  const std::string body = answer(two + rest_of_slot0);
  EXPECT_THAT(rest("uniswap", "POST eth_call", "[" + body + "]", "USDC/WETH"), ::testing::SizeIs(1));
  EXPECT_EQ(
      rest("uniswap", "POST eth_call", "[" + body + "," + body + "]", "USDC/WETH"),
      Lines(2, R"({"error":"symbol_unknown","detail":"a pair of well-known tokens, or a described pool, was due"})"));
}

/// A described pool: its tokens and decimals are the operator's word.
PoolDescription described(std::string symbol, std::uint32_t mean_s) {
  return {.symbol = std::move(symbol),
          .address = "0x" + std::string(39, '0') + "7",
          .token0 = "GHO",
          .token1 = "ACME",
          .decimals0 = 18,
          .decimals1 = 6,
          .mean_s = mean_s};
}

Lines read_by(const UniswapAdapter& adapter, const std::string& body, std::string_view endpoint = "") {
  return to_json_lines("uniswap", adapter.parse_rest(endpoint, as_bytes(body), ""));
}

TEST(Uniswap, a_described_pool_is_asked_and_read_either_way_round) {
  const UniswapAdapter forwards("uniswap", {described("GHO/ACME", 600)});
  const auto posts = forwards.rest_posts(std::vector<std::string>{"GHO/ACME", "NEVER/HEARD", "DAI/USDC"});
  ASSERT_EQ(posts.size(), 1U);
  const std::string data = "0x883bdbfd" + word("20") + word("2") + word("258") + word("0");
  EXPECT_TRUE(posts[0].body.starts_with(R"([{"jsonrpc":"2.0","id":"observe 600 GHO/ACME","method":"eth_call",)"
                                        R"("params":[{"to":"0x0000000000000000000000000000000000000007","data":")" +
                                        data + R"("},"latest"]},)"));
  EXPECT_NE(posts[0].body.find("5777d92f208679db4b9778590fa3cab3ac9e2168"), std::string::npos) << "known ones stay";

  // A tick of 1 for 600 s; 18 decimals against 6.
  const auto mean = [](std::string_view symbol) {
    return R"([{"id":"observe 600 )" + std::string(symbol) + R"(","result":"0x)" + observed(word("0"), word("258")) +
           "\"}]";
  };
  EXPECT_THAT(read_by(forwards, mean("GHO/ACME")), ElementsAre(pool("GHO/ACME", "GHO", "ACME", "1000100000000")));
  const UniswapAdapter backwards("uniswap", {described("ACME/GHO", 600)});
  EXPECT_THAT(read_by(backwards, mean("ACME/GHO")), ElementsAre(pool("ACME/GHO", "ACME", "GHO", "9.99900009999e-13")));
  EXPECT_EQ(rest_refusal("uniswap", "", mean("GHO/ACME")), "symbol_unknown") << "nobody else knows it";
}

TEST(Uniswap, a_described_pool_may_be_read_as_of_the_moment) {
  const UniswapAdapter adapter("mine", {described("GHO/ACME", 0)});
  const auto posts = adapter.rest_posts(std::vector<std::string>{"GHO/ACME"});
  ASSERT_EQ(posts.size(), 1U);
  EXPECT_NE(posts[0].body.find(R"("id":"observe 0 GHO/ACME")"), std::string::npos);
  EXPECT_NE(posts[0].body.find(R"("data":"0x3850c7bd")"), std::string::npos);
  const std::string body = R"([{"id":"observe 0 GHO/ACME","result":"0x)" + two + rest_of_slot0 + "\"}]";
  EXPECT_THAT(read_by(adapter, body), ElementsAre(pool("GHO/ACME", "GHO", "ACME", "4000000000000")));
  EXPECT_THAT(read_by(adapter, answer(two + rest_of_slot0), "POST / 0x0000000000000000000000000000000000000007"),
              ElementsAre(pool("GHO/ACME", "GHO", "ACME", "4000000000000")));
}

TEST(Uniswap, a_symbol_is_of_a_described_pool_when_it_names_both_its_tokens) {
  EXPECT_TRUE(is_symbol_of(described("GHO/ACME", 0)));
  EXPECT_TRUE(is_symbol_of(described("ACME/gho", 0)));
  EXPECT_FALSE(is_symbol_of(described("GHO/USDC", 0)));
  EXPECT_FALSE(is_symbol_of(described("GHO", 0)));
}

TEST(Uniswap, refusals_and_controls) {
  EXPECT_EQ(rest_refusal("uniswap", "x", answer(word("0") + rest_of_slot0), "WETH/USDC"), "malformed");
  EXPECT_EQ(rest_refusal("uniswap", "x", answer(word("40") + rest_of_slot0 + word("1") + word("2")), "WETH/USDC"),
            "unsupported");
  EXPECT_EQ(rest_refusal("uniswap", "x", answer("")), "missing_field");
  EXPECT_EQ(rest_refusal("uniswap", "x", R"({"error":{"code":3,"message":"execution reverted"}})"), "venue_error");
  EXPECT_EQ(rest_refusal("uniswap", "x", R"({"error":{"code":-32005,"message":"limit"}})"), "rate_limited");
  EXPECT_EQ(rest_refusal("uniswap", "x", R"({"id":1})"), "missing_field");
  EXPECT_THAT(rest("uniswap", "x", answer("12a05f2")), ElementsAre(control("ack")));
}

}  // namespace
}  // namespace assay::fetchers::testing
