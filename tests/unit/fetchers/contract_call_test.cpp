#include "fetchers/contract_call.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetchers/described.hpp"
#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string word(const std::string& digits) {
  return std::string(64 - digits.size(), '0') + digits;
}

/// A reader of two contracts; the second number is the second word of its answer.
DescribedAdapter reader() {
  Description out;
  out.venue = "reader";
  out.rest_base = "https://rpc.example";
  out.block = "finalized";
  out.calls = {{"RETH_ETH", "0xae78736Cd615f374D3085123A210448E74Fc6393", "0xe6aa216c", 0, 18},
               {"POOL_LP", "0x" + std::string(40, '1'), "0x12345678" + word("ff"), 1, 6}};
  return DescribedAdapter(std::move(out));
}

std::vector<std::string> read(const std::string& body) {
  return briefs(reader().parse_rest("POST  x", as_bytes(body), ""));
}

TEST(ContractCall, all_that_are_wanted_are_asked_in_one_batch) {
  const std::string symbols[] = {"RETH_ETH", "OTHER"};
  const auto posts = reader().rest_posts(symbols);
  ASSERT_EQ(posts.size(), 1U);
  EXPECT_EQ(
      posts[0].body,
      R"([{"jsonrpc":"2.0","id":"RETH_ETH","method":"eth_call","params":[{"to":"0xae78736Cd615f374D3085123A210448E74Fc6393")"
      R"(,"data":"0xe6aa216c"},"finalized"]}])");
  EXPECT_TRUE(reader().rest_targets(symbols).empty());
  EXPECT_TRUE(reader().rest_posts(std::span(symbols).subspan(1)).empty());
}

TEST(ContractCall, a_word_is_a_price_with_all_its_digits) {
  const std::string rate = word("f8d1d3b60acb9bd");  // 1120584023147329981
  EXPECT_THAT(read(R"([{"jsonrpc":"2.0","id":"POOL_LP","result":"0x)" + word("1") + word("F4240") +
                   R"("},{"id":"RETH_ETH","result":"0x)" + rate + R"("}])"),
              ElementsAre("POOL_LP POOL/LP rate - - 1000000e-6", "RETH_ETH RETH/ETH rate - - 1120584023147329981e-18"));
}

TEST(ContractCall, what_is_no_number_is_refused) {
  const auto answer = [](const std::string& result) {
    return reader().parse_rest("POST  x", as_bytes(R"({"id":"RETH_ETH","result":")" + result + R"("})"), "");
  };
  EXPECT_EQ(refusal_of(answer("0x")), "malformed") << "no contract at this address";
  EXPECT_EQ(refusal_of(answer(word("1"))), "malformed");
  EXPECT_EQ(refusal_of(answer("0x" + word("g"))), "malformed");
  EXPECT_EQ(refusal_of(answer("0x08c379a0" + word("20") + word("1"))), "malformed") << "a revert called a result";
  EXPECT_EQ(refusal_of(answer("0x" + std::string(64, 'f'))), "malformed") << "minus one, or a great deal";
  EXPECT_EQ(refusal_of(answer("0x" + word(std::string(30, 'f')))), "overflow");
  EXPECT_EQ(refusal_of(reader().parse_rest("", as_bytes(R"({"id":7,"result":"0x"})"), "")), "malformed");
  EXPECT_EQ(refusal_of(reader().parse_rest("", as_bytes(R"({"id":"RETH_ETH","result":{}})"), "")), "missing_field");
  EXPECT_NE(refusal_of(reader().parse_rest("", as_bytes(R"({"id":"RETH_ETH","error":{"message":"no"}})"), "")), "");
}

TEST(ContractCall, digits_are_those_of_the_number) {
  EXPECT_EQ(word_digits(word("0")), "0");
  EXPECT_EQ(word_digits(word("de0b6b3a7640000")), "1000000000000000000");
  EXPECT_EQ(word_digits(word(std::string(30, 'f'))), "1329227995784915872903807060280344575");
  EXPECT_EQ(word_digits(word("1" + std::string(30, '0'))), std::nullopt);
  EXPECT_EQ(word_digits("1"), std::nullopt);
}

TEST(ContractCall, addresses_and_data_are_hex_of_the_right_length) {
  EXPECT_TRUE(is_contract_address("0xae78736Cd615f374D3085123A210448E74Fc6393"));
  EXPECT_FALSE(is_contract_address("ae78736Cd615f374D3085123A210448E74Fc6393"));
  EXPECT_TRUE(is_call_data("0xe6aa216c"));
  EXPECT_TRUE(is_call_data("0xe6aa216c" + word("1")));
  EXPECT_FALSE(is_call_data("0xe6aa216"));
  EXPECT_FALSE(is_call_data("0xe6aa216c" + word("1") + "0"));
}

}  // namespace
}  // namespace assay::fetchers::testing
