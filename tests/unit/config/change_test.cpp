#include "config/change.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/demo.hpp"
#include "config/load.hpp"

namespace assay::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<PublicKey> keys(std::uint8_t count, std::uint8_t first) {
  std::vector<PublicKey> out(count);
  for (std::uint8_t i = 0; i < count; ++i) out[i].bytes[0] = static_cast<std::uint8_t>(first + i);
  return out;
}

NetworkSettings some_network() {
  NetworkSettings settings;
  settings.name = "demo";
  settings.members = keys(4, 1);
  for (const char* symbol : {"BTC/USD", "ETH/USD"}) {
    aggregator::FeedPolicy feed;
    feed.terms = {symbol, feed_id(symbol), -2, millis(1000)};
    feed.base = std::string(symbol, 3);
    feed.quote = "USD";
    settings.policy.feeds.push_back(feed);
  }
  return settings;
}

NetworkSettings next_of(NetworkSettings settings) {
  ++settings.epoch.value;
  return settings;
}

TEST(Change, says_in_words_what_is_new) {
  const auto before = some_network();
  auto after = next_of(before);
  after.policy.feeds[0].terms.symbol = "SOL/USD";
  EXPECT_THAT(compare(before, after).news, ElementsAre(HasSubstr("SOL/USD is new"), HasSubstr("BTC/USD goes")));
  after = next_of(before);
  after.members = keys(7, 1);
  EXPECT_THAT(compare(before, after).news, ElementsAre(HasSubstr("0 of 4 members go, 3 come: 7")));
  after = next_of(before);
  after.timing.tick = millis(5);
  EXPECT_THAT(compare(before, after).news, ElementsAre(HasSubstr("timing")));
  EXPECT_THAT(compare(before, after).refused, IsEmpty());
  EXPECT_THAT(compare(before, next_of(before)).news, IsEmpty());
}

TEST(Change, what_a_signed_name_means_never_changes) {
  const auto before = some_network();
  auto after = next_of(before);
  after.policy.feeds[1].terms.exponent = -3;
  EXPECT_THAT(compare(before, after).refused, ElementsAre(HasSubstr("new symbol")));
  after = next_of(before);
  after.policy.feeds[1].quote = "EUR";
  EXPECT_THAT(compare(before, after).refused, ElementsAre(HasSubstr("ETH/USD")));
  after = next_of(before);
  after.name = "other";
  EXPECT_THAT(compare(before, after).refused, ElementsAre(HasSubstr("keep \"demo\"")));
  EXPECT_THAT(compare(before, before).refused, ElementsAre(HasSubstr("expected 1, got 0")));
  EXPECT_THAT(compare(before, next_of(next_of(before))).refused, ElementsAre(HasSubstr("expected 1, got 2")));
}

TEST(Change, members_that_stay_keep_their_order) {
  const auto before = some_network();
  auto after = next_of(before);
  std::swap(after.members[1], after.members[2]);
  EXPECT_THAT(compare(before, after).refused, ElementsAre(HasSubstr("members: entry 3, 02")));
  after.members = {keys(1, 9)[0], before.members[0], before.members[1], before.members[2]};
  EXPECT_THAT(compare(before, after).refused, ElementsAre(HasSubstr("members: entry 2, 01")));
}

threshold::Succession some_succession() {
  threshold::Succession out;
  out.network.value.bytes[3] = 9;
  out.genesis = {Epoch{0}, sha256(as_bytes("first")), 2};
  out.before = {Epoch{4}, 1, 3, {}, keys(4, 10), keys(4, 20)};
  out.after = {Epoch{5}, 2, 5, {}, keys(7, 30), keys(7, 20)};
  out.config_digest = sha256(as_bytes("next"));
  return out;
}

TEST(SuccessionFile, is_read_as_it_was_written) {
  auto succession = some_succession();
  for (const bool endorsed : {false, true}) {
    if (endorsed) succession.endorsements.push_back({PublicKey{sha256(as_bytes("a")).bytes}, Signature{}});
    const auto read = parse_succession(emit_succession(succession), "next.yaml");
    ASSERT_TRUE(std::holds_alternative<threshold::Succession>(read)) << to_text(std::get<1>(read).front());
    EXPECT_EQ(std::get<0>(read), succession);
  }
}

TEST(SuccessionFile, says_where_members_are_out_of_order) {
  auto succession = some_succession();
  succession.after.identities = succession.before.identities;
  for (const PublicKey& key : keys(3, 40)) succession.after.identities.push_back(key);
  std::swap(succession.after.identities[0], succession.after.identities[1]);
  const auto read = parse_succession(emit_succession(succession), "next.yaml");
  ASSERT_TRUE(std::holds_alternative<std::vector<ConfigError>>(read));
  const auto& error = std::get<1>(read).front();
  EXPECT_EQ(error.key, "after.identities");
  EXPECT_GT(error.line, 20);
  EXPECT_THAT(to_text(error), HasSubstr("entry 2 is not"));
}

TEST(SuccessionFile, says_where_a_signature_is_cut) {
  auto succession = some_succession();
  succession.endorsements.push_back({{}, {}});
  std::string text = emit_succession(succession);
  text.erase(text.size() - 3, 2);
  const auto read = parse_succession(text, "next.yaml");
  ASSERT_TRUE(std::holds_alternative<std::vector<ConfigError>>(read));
  EXPECT_THAT(to_text(std::get<1>(read).front()), HasSubstr("128"));
}

}  // namespace
}  // namespace assay::config
