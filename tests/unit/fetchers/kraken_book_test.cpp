#include "fetchers/venues/kraken_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> prices(const KeptSide& side) {
  std::vector<std::string> out;
  for (const auto& level : side.levels()) out.push_back(level.price);
  return out;
}

TEST(KeptSide, stands_best_first_whatever_the_order_of_changes) {
  KeptSide bids(KeptSide::Best::highest);
  KeptSide asks(KeptSide::Best::lowest);
  for (const char* price : {"10.5", "9", "11.0", "10"}) {
    ASSERT_TRUE(bids.set(price, "1"));
    ASSERT_TRUE(asks.set(price, "1"));
  }
  EXPECT_THAT(prices(bids), ElementsAre("11.0", "10.5", "10", "9"));
  EXPECT_THAT(prices(asks), ElementsAre("9", "10", "10.5", "11.0"));
}

TEST(KeptSide, one_price_is_one_level_however_it_is_written) {
  KeptSide bids(KeptSide::Best::highest);
  ASSERT_TRUE(bids.set("10.50", "1"));
  ASSERT_TRUE(bids.set("10.5", "2"));
  EXPECT_THAT(prices(bids), ElementsAre("10.5"));
  EXPECT_EQ(compare(bids.levels().front().exact.size, Decimal{2, 0}), 0);
  ASSERT_TRUE(bids.set("1.05e1", "0.000"));
  EXPECT_THAT(prices(bids), IsEmpty());
  EXPECT_TRUE(bids.set("7", "0")) << "what is not there may go";
}

TEST(KeptSide, what_cannot_be_read_changes_nothing) {
  KeptSide bids(KeptSide::Best::highest);
  ASSERT_TRUE(bids.set("10", "1"));
  EXPECT_EQ(bids.set("0", "1").error().code, Errc::zero_price);
  EXPECT_EQ(bids.set("10", "-1").error().code, Errc::negative_price);
  EXPECT_EQ(bids.set("ten", "1").error().code, Errc::bad_number);
  EXPECT_THAT(prices(bids), ElementsAre("10"));
  bids.cut(0);
  EXPECT_THAT(prices(bids), IsEmpty());
}

TEST(KrakenChecksum, is_the_usual_crc_32_of_asks_then_bids_without_point_and_leading_zeros) {
  KeptBook book;
  ASSERT_TRUE(book.asks.set("0.1234", "5.6789"));
  EXPECT_EQ(kraken_checksum(book), 0xCBF43926U) << "of 123456789";
  KeptBook other;
  ASSERT_TRUE(other.asks.set("0.12", "34"));
  ASSERT_TRUE(other.bids.set("0.05", "6789"));
  EXPECT_EQ(kraken_checksum(other), 0xCBF43926U);
}

TEST(KrakenChecksum, counts_the_zeros_that_a_writer_left_away) {
  KeptBook full;
  KeptBook short_of_zeros;
  ASSERT_TRUE(full.asks.set("0.5670", "49844.89424998") && short_of_zeros.asks.set("0.567", "49844.89424998"));
  ASSERT_TRUE(full.bids.set("0.5666", "148.34640000") && short_of_zeros.bids.set("0.5666", "148.3464"));
  EXPECT_EQ(kraken_checksum(full), kraken_checksum(short_of_zeros));
}

TEST(KrakenChecksum, looks_at_ten_levels_a_side) {
  KeptBook book;
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(book.asks.set(std::to_string(100 + i), "1"));
  const auto ten = kraken_checksum(book);
  ASSERT_TRUE(book.asks.set("110", "1"));
  EXPECT_EQ(kraken_checksum(book), ten);
  ASSERT_TRUE(book.asks.set("99", "1"));
  EXPECT_NE(kraken_checksum(book), ten);
}

/// A connection to Kraken, told of books.
class KrakenBook : public ::testing::Test {
 protected:
  /// {"price":..,"qty":..} of "100:1 101:2".
  static std::string levels(std::string_view text) {
    std::string out;
    for (; !text.empty(); text.remove_prefix(std::min(text.size(), text.find(' ') + 1))) {
      const std::string one(text.substr(0, text.find(' ')));
      const std::size_t colon = one.find(':');
      out += (out.empty() ? "" : ",") + (R"({"price":)" + one.substr(0, colon) + R"(,"qty":)") + one.substr(colon + 1) +
             "}";
      if (text.find(' ') == std::string_view::npos) break;
    }
    return "[" + out + "]";
  }
  /// The checksum is that of the book which these levels are expected to leave.
  std::vector<std::string> says(const std::string& type, std::string_view bids, std::string_view asks,
                                std::string_view left_bids, std::string_view left_asks) {
    return hears(type, bids, asks, std::to_string(checksum_of(left_bids, left_asks)));
  }
  std::vector<std::string> hears(const std::string& type, std::string_view bids, std::string_view asks,
                                 const std::string& checksum) {
    const std::string frame = R"({"channel":"book","type":")" + type + R"(","data":[{"symbol":"BTC/USD","bids":)" +
                              levels(bids) + R"(,"asks":)" + levels(asks) + R"(,"checksum":)" + checksum +
                              R"(,"timestamp":"2023-10-06T17:35:55.440295Z"}]})";
    const Parsed parsed = find_adapter("kraken")->parse_stream(as_bytes(frame), "/v2", memory_);
    missed_ = parsed.missed;
    std::vector<std::string> out;
    for (const ParsedItem& item : parsed.items) out.push_back(brief(item));
    return out;
  }
  static std::uint32_t checksum_of(std::string_view bids, std::string_view asks) {
    KeptBook book;
    fill(bids, book.bids);
    fill(asks, book.asks);
    return kraken_checksum(book);
  }
  static void fill(std::string_view text, KeptSide& side) {
    for (; !text.empty(); text.remove_prefix(std::min(text.size(), text.find(' ') + 1))) {
      const std::string_view one = text.substr(0, text.find(' '));
      EXPECT_TRUE(side.set(one.substr(0, one.find(':')), one.substr(one.find(':') + 1)));
      if (text.find(' ') == std::string_view::npos) break;
    }
  }

  StreamMemory memory_;
  bool missed_ = false;
};

TEST_F(KrakenBook, a_snapshot_and_its_changes_are_the_book) {
  EXPECT_THAT(says("snapshot", "100:1 99:1", "101:1 102:1", "100:1 99:1", "101:1 102:1"),
              ElementsAre("BTC/USD BTC/USD book 100 101 - at 1696613755440"));
  EXPECT_THAT(says("update", "100:0 98:3", "100.5:2", "99:1 98:3", "100.5:2 101:1 102:1"),
              ElementsAre("BTC/USD BTC/USD book 99 100.5 - at 1696613755440"));
  EXPECT_FALSE(missed_);
}

TEST_F(KrakenBook, a_book_without_a_checksum_is_not_confirmed) {
  EXPECT_THAT(hears("snapshot", "100:1", "101:1", "null"), ElementsAre("refused malformed"));
  EXPECT_TRUE(missed_);
}

TEST_F(KrakenBook, a_change_without_a_snapshot_is_a_delta_and_asks_for_one_now_and_then) {
  int asked = 0;
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(hears("update", "100:1", "", "1"), ElementsAre("control delta"));
    asked += missed_ ? 1 : 0;
  }
  EXPECT_EQ(asked, 7);
}

TEST_F(KrakenBook, a_change_that_does_not_lead_to_the_checksum_ends_the_book_and_asks_for_a_new_one) {
  says("snapshot", "100:1", "101:1", "100:1", "101:1");
  EXPECT_THAT(hears("update", "100.5:1", "", "7"), ElementsAre("refused malformed"));
  EXPECT_TRUE(missed_);
  EXPECT_THAT(hears("update", "100.6:1", "", "7"), ElementsAre("control delta"));
}

TEST_F(KrakenBook, a_snapshot_that_is_wrong_in_itself_is_no_book) {
  EXPECT_THAT(hears("snapshot", "100:1", "101:1", "7"), ElementsAre("refused malformed"));
  EXPECT_TRUE(missed_);
  EXPECT_TRUE(memory_.books.empty());
}

TEST_F(KrakenBook, what_falls_out_of_the_depth_is_forgotten) {
  std::string asks = "101:1";
  for (int i = 2; i <= 100; ++i) asks += " " + std::to_string(100 + i) + ":1";
  says("snapshot", "100:1", asks, "100:1", asks);
  says("update", "", "100.5:1", "100:1", "100.5:1 " + asks);
  EXPECT_EQ(memory_.books.at("BTC/USD").asks.levels().size(), kraken_book_depth);
  EXPECT_EQ(memory_.books.at("BTC/USD").asks.levels().back().price, "199");
}

TEST_F(KrakenBook, damaged_levels_end_the_book) {
  for (const char* level : {R"({"price":-1,"qty":1})", R"({"price":1})", R"({"price":"x","qty":1})"}) {
    says("snapshot", "100:1", "101:1", "100:1", "101:1");
    const std::string frame = R"({"channel":"book","type":"update","data":[{"symbol":"BTC/USD","bids":[)" +
                              std::string(level) + R"(],"asks":[],"checksum":1}]})";
    const Parsed parsed = find_adapter("kraken")->parse_stream(as_bytes(frame), "/v2", memory_);
    EXPECT_TRUE(parsed.missed) << level;
    EXPECT_TRUE(memory_.books.empty()) << level;
  }
}

TEST_F(KrakenBook, more_changes_than_a_book_can_have_are_refused_unread) {
  says("snapshot", "100:1", "101:1", "100:1", "101:1");
  std::string many = "100:1";
  for (int i = 0; i < 2'000; ++i) many += " 100:1";
  EXPECT_THAT(hears("update", many, "", "1"), ElementsAre("refused too_large"));
}

}  // namespace
}  // namespace assay::fetchers::testing
