#include "config/document.hpp"

#include <gmock/gmock.h>

#include "config/scalars.hpp"
#include "config/section.hpp"
#include "core/nearest.hpp"
#include "support.hpp"

namespace assay::config {
namespace {

using testing::HasSubstr;

std::string document_errors(std::string_view text) {
  return errors_of(parse_document(text, "f"));
}

TEST(Document, keeps_places_and_duplicate_keys) {
  const auto loaded = parse_document("a: 1\nb:\n  - x\n  - {c: 'y', c: z}\n", "f");
  ASSERT_EQ(errors_of(loaded), "");
  const Node& root = std::get<Node>(loaded);
  ASSERT_EQ(root.entries.size(), 2U);
  const Node& list = root.entries[1].value;
  ASSERT_EQ(list.items.size(), 2U);
  EXPECT_EQ(list.items[0].line, 3);
  EXPECT_EQ(list.items[0].column, 5);
  ASSERT_EQ(list.items[1].entries.size(), 2U);
  EXPECT_EQ(list.items[1].entries[0].value.text, "y");
  EXPECT_EQ(list.items[1].entries[1].key.column, 14);
}

TEST(Document, refuses_what_could_expand) {
  EXPECT_THAT(document_errors("a: &x [1]\nb: 2\n"), HasSubstr("f:1:4: expected no anchor"));
  EXPECT_THAT(document_errors("a: &x 1\nb: *x\n"), HasSubstr("expected no anchor"));
  EXPECT_THAT(document_errors("a: !!binary aGVq\n"), HasSubstr("expected no tag"));
}

TEST(Document, refuses_deep_nesting) {
  EXPECT_EQ(document_errors(std::string(depth_max, '[') + std::string(depth_max, ']')), "");
  EXPECT_THAT(document_errors(std::string(depth_max + 1, '[') + std::string(depth_max + 1, ']')),
              HasSubstr("expected at most 16 levels"));
  EXPECT_NE(document_errors(std::string(500'000, '[')), "");
}

TEST(Document, refuses_what_is_too_large_or_has_too_many_values) {
  EXPECT_THAT(document_errors(std::string(file_size_max + 1, ' ')), HasSubstr("expected at most 1 MiB"));
  std::string many = "[";
  while (many.size() < 2 * node_count_max + 2) many += "1,";
  EXPECT_THAT(document_errors(many + "1]"), HasSubstr("expected at most 200000 values"));
}

TEST(Document, refuses_what_is_not_one_yaml_document) {
  EXPECT_THAT(document_errors(""), HasSubstr("expected a YAML document, got nothing"));
  EXPECT_THAT(document_errors("a: 1\n---\nb: 2\n"), HasSubstr("expected one YAML document, got a second"));
  EXPECT_THAT(document_errors("a: [1\n"), HasSubstr("expected YAML: "));
  EXPECT_THAT(document_errors("a: 1\n b: 2\n"), HasSubstr("f:2:"));
  EXPECT_THAT(document_errors(std::string_view("a: \0", 4)), HasSubstr("NUL"));
}

TEST(Document, a_file_that_is_no_map_or_has_too_many_keys_is_one_error) {
  EXPECT_EQ(network_errors("[1, 2]"), "network.yaml:1:1: expected a map, got a list\n");
  EXPECT_EQ(network_errors("? [a]\n: 1\n").find("expected a plain word as key") != std::string::npos, true);
  std::string many;
  for (int i = 0; i < 200; ++i) many += "k" + std::to_string(i) + ": 1\n";
  EXPECT_EQ(network_errors(many), "network.yaml:1:1: expected at most 128 keys\n");
}

TEST(Document, shows_foreign_text_printable_and_short) {
  EXPECT_EQ(shown("a\x1b[31m"), "\"a?[31m\"");
  EXPECT_EQ(shown(std::string(100, 'x')), "\"" + std::string(60, 'x') + "...\"");
}

TEST(Nearest, is_the_key_that_was_meant_or_none) {
  constexpr std::string_view known[] = {"tick_ms", "timeout_ms", "timeout_max_ms"};
  EXPECT_EQ(nearest("tik_ms", known), "tick_ms");
  EXPECT_EQ(nearest("timeout", known), "timeout_ms");
  EXPECT_EQ(nearest("volume", known), std::nullopt);
  EXPECT_EQ(nearest(std::string(100'000, 't'), known), std::nullopt);
}

TEST(Scalars, times_are_utc_to_the_second_and_come_back) {
  EXPECT_EQ(parse_utc("1970-01-01T00:00:00Z"), WallTime{0});
  EXPECT_EQ(parse_utc("2024-02-29T12:34:56Z"), WallTime{1'709'210'096'000'000});
  EXPECT_EQ(utc_text(WallTime{1'709'210'096'999'999}), "2024-02-29T12:34:56Z");
  for (const char* wrong : {"", "2024-02-29", "2024-02-30T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-01T24:00:00Z",
                            "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "1969-12-31T23:59:59Z",
                            "2024-01-01 00:00:00Z", "2024-01-01T00:00:00+", "-024-01-01T00:00:00Z"}) {
    EXPECT_EQ(parse_utc(wrong), std::nullopt) << wrong;
  }
}

TEST(Scalars, integers_are_plain_decimal) {
  EXPECT_EQ(parse_integer("-12"), -12);
  for (const char* wrong : {"", "+1", "1.0", "1e3", " 1", "1 ", "0x1", "9223372036854775808"}) {
    EXPECT_EQ(parse_integer(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace assay::config
