#include "fetchers/parse_lines.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fetchers/json_reader.hpp"
#include "fetchers/parsing.hpp"

namespace assay::fetchers {
namespace {

using ::testing::ElementsAre;

TEST(ParseLines, a_quote_shows_every_key_in_order_and_null_where_unknown) {
  Parsed parsed;
  parsed.items.emplace_back(ParsedQuote{.symbol = "X",
                                        .base = {},
                                        .quote = {},
                                        .kind = QuoteKind::pool,
                                        .bid = "1.50",
                                        .ask = {},
                                        .last = {},
                                        .base_volume = "2",
                                        .venue_time = WallTime{1'700'000'000'123'999}});
  EXPECT_THAT(to_json_lines("v", parsed),
              ElementsAre(R"({"venue":"v","symbol":"X","base":null,"quote":null,"kind":"pool","bid":"1.50","ask":null,)"
                          R"("last":null,"base_volume":"2","venue_time_ms":"1700000000123"})"));
  EXPECT_FALSE(any_refused(parsed));
}

TEST(ParseLines, refusals_carry_code_detail_and_what_the_venue_said) {
  Parsed parsed = one_control("pong");
  parsed.items.emplace_back(Refusal{.error = {Errc::venue_error, "it said"}, .text = "a \"quoted\" \\ word"});
  parsed.items.emplace_back(Refusal{.error = {Errc::symbol_unknown, "none"}, .text = {}});
  EXPECT_THAT(
      to_json_lines("v", parsed),
      ElementsAre(R"({"control":"pong"})", R"({"error":"venue_error","detail":"it said: a \"quoted\" \\ word"})",
                  R"({"error":"symbol_unknown","detail":"none"})"));
  EXPECT_TRUE(any_refused(parsed));
}

TEST(ParseLines, every_line_is_json_whatever_the_symbol_holds) {
  Parsed parsed;
  parsed.items.emplace_back(ParsedQuote{.symbol = "A\"\\\n\x01\x7f\xc3\xa9",
                                        .base = "A",
                                        .quote = "B",
                                        .kind = QuoteKind::rate,
                                        .bid = {},
                                        .ask = {},
                                        .last = "1",
                                        .base_volume = {},
                                        .venue_time = {}});
  auto document = JsonDocument::parse(as_bytes(to_json_lines("v", parsed).front()));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()["symbol"].text(), "A\"\\\n\x01\x7f\xc3\xa9");
}

TEST(ParseLines, every_kind_has_its_name) {
  for (const auto& [kind, text] :
       {std::pair(QuoteKind::ticker, "ticker"), std::pair(QuoteKind::bbo, "bbo"), std::pair(QuoteKind::book, "book"),
        std::pair(QuoteKind::trade, "trade"), std::pair(QuoteKind::index, "index"), std::pair(QuoteKind::pool, "pool"),
        std::pair(QuoteKind::rate, "rate"), std::pair(QuoteKind::candle, "candle")}) {
    EXPECT_EQ(name(kind), text);
  }
}

TEST(Parsing, said_text_is_bounded_and_printable) {
  EXPECT_EQ(printable("a\nb\x80"), "a?b?");
  EXPECT_EQ(printable(std::string(1000, 'a')).size(), 200U);
}

}  // namespace
}  // namespace assay::fetchers
