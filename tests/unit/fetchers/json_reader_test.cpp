#include "fetchers/json_reader.hpp"

#include <gtest/gtest.h>

#include <string>

#include "fetchers/venue.hpp"

namespace assay::fetchers {
namespace {

Errc code_of(std::string_view text) {
  auto document = JsonDocument::parse(as_bytes(text));
  return document ? Errc{} : document.error().code;
}

TEST(JsonReader, keeps_the_digits_of_numbers_as_sent) {
  auto document = JsonDocument::parse(as_bytes(R"({"a": 0.10 , "b":12345678901234567890.123456789, "c":-1.5E-07})"));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()["a"].text(), "0.10");
  EXPECT_EQ(document->root()["b"].text(), "12345678901234567890.123456789");
  EXPECT_EQ(document->root()["c"].text(), "-1.5E-07");
}

TEST(JsonReader, walks_children_in_the_order_sent_and_skips_grandchildren) {
  auto document = JsonDocument::parse(as_bytes(R"({"x":[1,[2,3],{"y":4}],"z":true,"n":null,"f":false})"));
  ASSERT_TRUE(document);
  const JsonValue root = document->root();
  ASSERT_EQ(root.size(), 4U);
  std::string keys;
  for (const JsonValue child : root) {
    keys += child.key();
  }
  EXPECT_EQ(keys, "xznf");
  EXPECT_EQ(root["x"].size(), 3U);
  EXPECT_EQ(root["x"].at(1).at(1).text(), "3");
  EXPECT_EQ(root["x"].at(2)["y"].text(), "4");
  EXPECT_TRUE(root["z"].is_true());
  EXPECT_TRUE(root["n"].is_null());
  EXPECT_TRUE(root["f"].is_false());
}

TEST(JsonReader, unescapes_strings_and_keys) {
  auto document = JsonDocument::parse(as_bytes(R"({"k\u0065y":"B\/T \"\u00e9\" \\"})"));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root()["key"].text(), "B/T \"\xc3\xa9\" \\");
}

TEST(JsonReader, keeps_many_unescaped_strings_apart) {
  std::string text = "[";
  for (int i = 0; i < 1000; ++i) {
    text += (i == 0 ? "\"\\u0041" : ",\"\\u0041") + std::to_string(i) + "\"";
  }
  auto document = JsonDocument::parse(as_bytes(text + "]"));
  ASSERT_TRUE(document);
  int i = 0;
  for (const JsonValue child : document->root()) {
    EXPECT_EQ(child.text(), "A" + std::to_string(i++));
  }
  EXPECT_EQ(i, 1000);
}

TEST(JsonReader, answers_every_wrong_question_with_nothing) {
  auto document = JsonDocument::parse(as_bytes(R"({"a":[1],"s":"t"})"));
  ASSERT_TRUE(document);
  const JsonValue root = document->root();
  EXPECT_FALSE(root["missing"].exists());
  EXPECT_FALSE(root["missing"]["deeper"].at(3)["still"].exists());
  EXPECT_FALSE(root["s"]["a"].exists());
  EXPECT_FALSE(root["s"].at(0).exists());
  EXPECT_FALSE(root["a"].at(1).exists());
  EXPECT_EQ(root.text(), "");
  EXPECT_EQ(JsonValue{}.size(), 0U);
  EXPECT_EQ(JsonValue{}.begin(), JsonValue{}.end());
}

TEST(JsonReader, a_document_outlives_the_bytes_and_the_next_document) {
  std::string text = R"({"symbol":"BTC\u002dUSD","price":"1.50"})";
  auto document = JsonDocument::parse(as_bytes(text));
  ASSERT_TRUE(document);
  text.assign(text.size(), 'x');
  ASSERT_TRUE(JsonDocument::parse(as_bytes(R"({"symbol":"ETH\u002dEUR","price":"2.00"})")));
  const JsonDocument moved = std::move(*document);
  EXPECT_EQ(moved.root()["symbol"].text(), "BTC-USD");
  EXPECT_EQ(moved.root()["price"].text(), "1.50");
}

TEST(JsonReader, refuses_what_is_not_one_complete_text) {
  for (const std::string_view text :
       {"",          " \n",           "{",          "[1,2",       "{\"a\":}",    "{\"a\" 1}", "{a:1}",
        "[1,]",      "{\"a\":1,}",    "[1 2]",      "[1}",        "{\"a\":1]",   "[\"open]",  "[1]x",
        "[1][2]",    "{} {}",         "nul",        "[nul]",      "[truefalse]", "[tru]",     "\"text\"",
        "[\"\\x\"]", "[\"\\ud800\"]", "[\"\x01\"]", "[\"\xff\"]", "plain text"}) {
    EXPECT_EQ(code_of(text), Errc::malformed) << text;
  }
}

TEST(JsonReader, refuses_numbers_that_json_does_not_know) {
  for (const std::string_view number : {"01", "-", "+1", "1.", ".5", "1e", "1e+", "0x10", "NaN", "Infinity", "1_0",
                                        "--1", "1.2.3", "1e5.0", "1,", "-01"}) {
    EXPECT_EQ(code_of("[" + std::string(number) + "]"), Errc::malformed) << number;
  }
  for (const std::string_view number : {"0", "-0", "10", "0.5", "1e5", "1E-05", "1.25e+3", "-7.0"}) {
    EXPECT_EQ(code_of("[" + std::string(number) + "]"), Errc{}) << number;
  }
}

TEST(JsonReader, tells_a_page_of_markup_from_a_broken_text) {
  EXPECT_EQ(code_of("<html><body>502</body></html>"), Errc::html_page);
  EXPECT_EQ(code_of("\r\n  <!DOCTYPE html>"), Errc::html_page);
}

TEST(JsonReader, bounds_depth) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(code_of(nested(JsonDocument::depth_max)), Errc{});
  EXPECT_EQ(code_of(nested(JsonDocument::depth_max + 1)), Errc::malformed);
  EXPECT_EQ(code_of(nested(100'000)), Errc::malformed);
  std::string objects;
  for (int i = 0; i < 100; ++i) {
    objects += "{\"a\":";
  }
  EXPECT_EQ(code_of(objects + "1" + std::string(100, '}')), Errc::malformed);
}

TEST(JsonReader, bounds_values_and_bytes) {
  std::string many = "[0";
  for (std::size_t i = 0; i < JsonDocument::node_count_max; ++i) {
    many += ",0";
  }
  EXPECT_EQ(code_of(many + "]"), Errc::too_large);
  EXPECT_EQ(code_of(std::string(payload_size_max + 1, ' ')), Errc::too_large);
  EXPECT_EQ(code_of("[\"" + std::string(payload_size_max - 4, 'a') + "\"]"), Errc{});
}

}  // namespace
}  // namespace assay::fetchers
