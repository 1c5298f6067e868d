#include "fetchers/tape.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/errc.hpp"

namespace assay::fetchers::testing {
namespace {

TapeEvent event(TapeVia via, std::string_view payload) {
  const auto bytes = as_bytes(payload);
  return {.at = {.wall = WallTime{1'700'000'000'123'456}, .mono = MonoTime{42}},
          .venue = "kraken",
          .via = via,
          .endpoint = "/v2?a=\"b\"",
          .payload = Bytes(bytes.begin(), bytes.end())};
}

std::string code_of(std::string_view line) {
  const auto read = from_tape_line(line);
  return read ? "read" : std::string(name(read.error().code));
}

TEST(Tape, a_line_is_readable_and_comes_back_byte_for_byte) {
  const std::string line = to_tape_line(event(TapeVia::message, R"({"a":"\u00e9"})"));
  EXPECT_EQ(line, R"({"wall_us":"1700000000123456","mono_us":"42","venue":"kraken","via":"message",)"
                  R"("endpoint":"/v2?a=\"b\"","text":"{\"a\":\"\\u00e9\"}"})");
  for (const std::string_view payload : {std::string_view("{}"), std::string_view("\x1f\x8b\x00\xff", 4),
                                         std::string_view(""), std::string_view("\xc3\xa9 \n\t")}) {
    for (const TapeVia via : {TapeVia::opened, TapeVia::message, TapeVia::body, TapeVia::closed}) {
      const TapeEvent before = event(via, payload);
      const auto after = from_tape_line(to_tape_line(before));
      ASSERT_TRUE(after);
      EXPECT_EQ(after->payload, before.payload);
      EXPECT_EQ(after->via, via);
      EXPECT_EQ(after->endpoint, before.endpoint);
      EXPECT_EQ(after->venue, "kraken");
      EXPECT_EQ(after->at.wall, before.at.wall);
      EXPECT_EQ(after->at.mono, before.at.mono);
    }
  }
}

TEST(Tape, lines_that_are_none_are_refused) {
  EXPECT_EQ(code_of(""), "malformed");
  EXPECT_EQ(code_of("{}"), "missing_field");
  EXPECT_EQ(code_of(R"({"wall_us":"1","mono_us":"x","venue":"a","via":"body","endpoint":"","text":""})"), "malformed");
  EXPECT_EQ(code_of(R"({"wall_us":"1","mono_us":"1","venue":"a","via":"fax","endpoint":"","text":""})"),
            "missing_field");
  EXPECT_EQ(code_of(R"({"wall_us":"1","mono_us":"1","venue":"a","via":"body","endpoint":"","b64":"?"})"), "bad_base64");
}

}  // namespace
}  // namespace assay::fetchers::testing
