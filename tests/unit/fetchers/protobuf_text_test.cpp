#include "fetchers/protobuf_text.hpp"

#include <gtest/gtest.h>

#include <array>

namespace assay::fetchers {
namespace {

using Field = ProtobufField;
using Type = ProtobufType;

constexpr std::array<Field, 2> inner_fields = {{{1, "price", Type::text, nullptr}, {2, "size", Type::number, nullptr}}};
constexpr ProtobufMessage inner{inner_fields};
constexpr std::array<Field, 4> outer_fields = {{{1, "name", Type::text, nullptr},
                                                {2, "one", Type::message, &inner},
                                                {3, "many", Type::messages, &inner},
                                                {300, "time", Type::number, nullptr}}};
constexpr ProtobufMessage outer{outer_fields};

std::string read(std::string_view bytes) {
  const auto text = protobuf_to_json(as_bytes(bytes), outer);
  return text ? *text : std::string(name(text.error().code));
}

using namespace std::string_view_literals;

TEST(ProtobufText, fields_come_out_under_their_names) {
  EXPECT_EQ(read("\x0a\x03"
                 "abc"
                 "\x12\x05\x0a\x03"
                 "1.5"
                 "\xe0\x12\x96\x01"sv),
            R"({"name":"abc","one":{"price":"1.5"},"time":"150"})");
  EXPECT_EQ(read(""), "{}");
}

TEST(ProtobufText, repeated_messages_are_a_list_and_of_other_repeats_the_last_counts) {
  EXPECT_EQ(read("\x1a\x02\x10\x01\x1a\x02\x10\x02"sv), R"({"many":[{"size":"1"},{"size":"2"}]})");
  EXPECT_EQ(read("\x0a\x01"
                 "a"
                 "\x0a\x01"
                 "b"sv),
            R"({"name":"b"})");
}

TEST(ProtobufText, negative_numbers_take_ten_bytes) {
  EXPECT_EQ(read("\xe0\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"sv), R"({"time":"-1"})");
  EXPECT_EQ(read("\xe0\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"sv), "malformed");  // beyond 64 bits
}

TEST(ProtobufText, unknown_fields_of_any_wire_type_are_skipped) {
  EXPECT_EQ(read("\x20\x05"
                 "\x29"
                 "12345678"
                 "\x32\x02"
                 "xy"
                 "\x3d"
                 "1234"
                 "\x0a\x01"
                 "a"sv),
            R"({"name":"a"})");
}

TEST(ProtobufText, what_is_cut_off_or_of_another_type_is_refused) {
  EXPECT_EQ(read("\x0a"sv), "malformed");  // no length
  EXPECT_EQ(read("\x0a\x05"
                 "abc"sv),
            "malformed");  // shorter than its length
  EXPECT_EQ(read("\x0a\xff\xff\xff\xff\x0f"sv), "malformed");
  EXPECT_EQ(read("\x08\x01"sv), "malformed");  // text as a number
  EXPECT_EQ(read("\xe2\x12\x01"
                 "a"sv),
            "malformed");                  // a number as text
  EXPECT_EQ(read("\x0b"sv), "malformed");  // a group
  EXPECT_EQ(read("\x02\x01"
                 "a"sv),
            "malformed");                              // field 0
  EXPECT_EQ(read("\x12\x02\x0a\x05"sv), "malformed");  // an inner message that is cut off
}

}  // namespace
}  // namespace assay::fetchers
