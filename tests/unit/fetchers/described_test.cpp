#include "fetchers/described.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetchers/parsing.hpp"
#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

std::string at(std::string_view json, std::string_view pointer) {
  const auto document = JsonDocument::parse(as_bytes(json)).value();
  const JsonValue value = resolve(document.root(), pointer);
  return value.exists() ? std::string(value.text()) : "absent";
}

TEST(JsonPointer, follows_RFC_6901) {
  const std::string_view json = R"({"a":{"b":[1,{"c":2}]},"":3,"x/y":4,"m~n":5,"~1":6,"0":7})";
  EXPECT_EQ(at(json, "/a/b/0"), "1");
  EXPECT_EQ(at(json, "/a/b/1/c"), "2");
  EXPECT_EQ(at(json, "/"), "3");
  EXPECT_EQ(at(json, "/x~1y"), "4");
  EXPECT_EQ(at(json, "/m~0n"), "5");
  EXPECT_EQ(at(json, "/~01"), "6");
  EXPECT_EQ(at(json, "/0"), "7");
  EXPECT_EQ(at(json, "/a/b/2"), "absent");
  EXPECT_EQ(at(json, "/a/b/00"), "absent");
  EXPECT_EQ(at(json, "/a/b/-"), "absent");
  EXPECT_EQ(at(json, "/a/b/99999999999999999999"), "absent");
  EXPECT_EQ(at(json, "/a/b/0/c"), "absent");
  EXPECT_EQ(at("8", ""), "8");
}

TEST(JsonPointer, what_is_none_is_told) {
  EXPECT_TRUE(is_json_pointer(""));
  EXPECT_TRUE(is_json_pointer("/a~0~1/"));
  EXPECT_FALSE(is_json_pointer("a"));
  EXPECT_FALSE(is_json_pointer("/a~"));
  EXPECT_FALSE(is_json_pointer("/a~2"));
  EXPECT_FALSE(is_json_pointer("/" + std::string(pointer_length_max, 'a')));
  EXPECT_EQ(at("8", "a"), "absent");
}

Description acme() {
  Description acme;
  acme.venue = "acme";
  acme.rest_base = "https://api.acme.example";
  acme.rest_target = "/ticker?pair={symbol}&x=1";
  acme.rest = {.entries = "/data",
               .symbol = "",
               .bid = "/bid",
               .ask = "/ask",
               .last = "/last/0",
               .base_volume = "/vol",
               .time = "/ts"};
  acme.ws_url = "wss://ws.acme.example/v1";
  acme.subscribe = R"({"op":"sub","pair":"{symbol}"})";
  acme.ws = {.entries = "",
             .symbol = "/pair",
             .bid = "",
             .ask = "",
             .last = "/price",
             .base_volume = "",
             .time = "/at",
             .time_unit = TimeUnit::by_size,
             .price_exponent = -8};
  return acme;
}

TEST(Described, a_body_is_read_by_its_pointers_and_its_target_tells_the_instrument) {
  const DescribedAdapter adapter(acme());
  const std::string_view body = R"({"data":{"bid":"1.50","ask":1.6,"last":["1.55",9],"vol":7,"ts":1700000000123}})";
  EXPECT_THAT(briefs(adapter.parse_rest("/ticker?pair=BTC%2FUSD&x=1", as_bytes(body), "")),
              ElementsAre("BTC/USD BTC/USD ticker 1.50 1.6 1.55 volume 7 at 1700000000123"));
  EXPECT_THAT(briefs(adapter.parse_rest("/ticker?pair=BTC%2FUSD&x=1", as_bytes(body), "ETH-USD")),
              ElementsAre("ETH-USD ETH/USD ticker 1.50 1.6 1.55 volume 7 at 1700000000123"));
  EXPECT_EQ(refusal_of(adapter.parse_rest("/other", as_bytes(body), "")), "symbol_unknown");
  EXPECT_EQ(refusal_of(adapter.parse_rest("/x", as_bytes(R"({"data":{"bid":true}})"), "A/B")), "missing_field");
  EXPECT_EQ(refusal_of(adapter.parse_rest("/x", as_bytes("<html>"), "A/B")), "html_page");
  EXPECT_THAT(briefs(adapter.parse_rest("/x", as_bytes(R"({"data":{"ok":1}})"), "A/B")), ElementsAre("control other"));
  EXPECT_THAT(briefs(adapter.parse_rest("/x", as_bytes(R"({"none":1})"), "A/B")), ElementsAre("control other"));
}

TEST(Described, prices_in_smaller_units_and_times_as_text) {
  const DescribedAdapter adapter(acme());
  const Parsed parsed =
      adapter.parse_ws(as_bytes(R"({"pair":"BTC-USD","price":6100050000000,"at":"2023-11-14T22:13:20Z"})"), "");
  EXPECT_THAT(briefs(parsed), ElementsAre("BTC-USD BTC/USD ticker - - 6100050000000e-8 at 1700000000000"));
  const auto quote = to_quote("acme", std::get<ParsedQuote>(parsed.items.front()), WallTime{1}, MonoTime{1});
  ASSERT_TRUE(quote);
  EXPECT_EQ(compare(*quote->last, Decimal{610005, -1}), 0);
}

TEST(Described, lists_and_objects_of_entries) {
  Description description = acme();
  description.rest.entries = "";
  description.rest.symbol = "@key";
  description.rest.last = "";
  EXPECT_THAT(
      briefs(DescribedAdapter(description)
                 .parse_rest("/t", as_bytes(R"({"BTC_USD":{"bid":1,"ask":2},"ETH_USD":{"bid":3,"ask":4}})"), "")),
      ElementsAre("BTC_USD BTC/USD ticker 1 2 -", "ETH_USD ETH/USD ticker 3 4 -"));
  description.rest.symbol = "/id";
  EXPECT_THAT(briefs(DescribedAdapter(description)
                         .parse_rest("/t", as_bytes(R"([{"id":"A-B","bid":1},{"id":"C-D","ask":2},{}])"), "")),
              ElementsAre("A-B A/B ticker 1 - -", "C-D C/D ticker - 2 -", "control other"));
}

TEST(Described, asks_for_each_instrument_or_for_all) {
  const std::vector<std::string> symbols = {"BTC/USD", "a\"b"};
  Description description = acme();
  EXPECT_THAT(DescribedAdapter(description).rest_targets(symbols),
              ElementsAre("/ticker?pair=BTC%2FUSD&x=1", "/ticker?pair=a%22b&x=1"));
  EXPECT_THAT(DescribedAdapter(description).subscribe(symbols).frames,
              ElementsAre(R"({"op":"sub","pair":"BTC/USD"})", R"({"op":"sub","pair":"a\"b"})"));
  description.rest_target = "/tickers?pairs={symbols}";
  description.subscribe = R"({"op":"sub","pairs":[{symbols}]})";
  EXPECT_THAT(DescribedAdapter(description).rest_targets(symbols), ElementsAre("/tickers?pairs=BTC%2FUSD,a%22b"));
  EXPECT_THAT(DescribedAdapter(description).subscribe(symbols).frames,
              ElementsAre(R"({"op":"sub","pairs":["BTC/USD","a\"b"]})"));
  description.rest_base = "";
  EXPECT_TRUE(DescribedAdapter(description).rest_targets(symbols).empty());
}

TEST(Described, a_key_goes_into_the_header_that_is_named) {
  Description description = acme();
  EXPECT_EQ(DescribedAdapter(description).key_rule().place, KeyRule::Place::none);
  description.key_header = "X-Api-Key";
  EXPECT_EQ(DescribedAdapter(description).key_rule().place, KeyRule::Place::header);
}

}  // namespace
}  // namespace assay::fetchers::testing
