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
  EXPECT_EQ(rest("uniswap", "POST eth_call", "[" + body + "," + body + "]", "USDC/WETH"),
            Lines(2, R"({"error":"symbol_unknown","detail":"a pair of well-known tokens was due"})"));
}

TEST(Uniswap, refusals_and_controls) {
  EXPECT_EQ(rest_refusal("uniswap", "x", answer(word("0") + rest_of_slot0), "WETH/USDC"), "malformed");
  EXPECT_EQ(rest_refusal("uniswap", "x", answer(word("40") + rest_of_slot0 + word("1")), "WETH/USDC"), "unsupported");
  EXPECT_EQ(rest_refusal("uniswap", "x", answer("")), "missing_field");
  EXPECT_EQ(rest_refusal("uniswap", "x", R"({"error":{"code":3,"message":"execution reverted"}})"), "venue_error");
  EXPECT_EQ(rest_refusal("uniswap", "x", R"({"error":{"code":-32005,"message":"limit"}})"), "rate_limited");
  EXPECT_EQ(rest_refusal("uniswap", "x", R"({"id":1})"), "missing_field");
  EXPECT_THAT(rest("uniswap", "x", answer("12a05f2")), ElementsAre(control("ack")));
}

}  // namespace
}  // namespace assay::fetchers::testing
