#include "fetchers/market/faults.hpp"

#include <gtest/gtest.h>

#include "fetchers/market/text.hpp"

namespace assay::fetchers::market {
namespace {

TEST(Faults, each_kind_has_one_word) {
  for (const char* word : {"none", "outage", "lie", "stuck", "wick", "malformed"}) {
    const auto kind = fault_kind(word);
    ASSERT_TRUE(kind) << word;
    EXPECT_EQ(name(*kind), word);
  }
  EXPECT_FALSE(fault_kind("Lie"));
  EXPECT_FALSE(fault_kind(""));
}

TEST(Faults, a_factor_is_a_positive_decimal_of_six_places) {
  EXPECT_EQ(factor_e6("10"), 10'000'000);
  EXPECT_EQ(factor_e6("0.5"), 500'000);
  EXPECT_EQ(factor_e6("1.000001"), 1'000'001);
  EXPECT_EQ(factor_e6("0.000001"), 1);
  EXPECT_EQ(factor_e6("999999"), 999'999'000'000);
  for (const char* text : {"", "0", "0.0", "-1", "1e3", ".5", "5.", "1.0000001", "1000000", "x", "1,5"}) {
    EXPECT_FALSE(factor_e6(text)) << text;
  }
}

TEST(Faults, only_lie_and_wick_touch_a_price) {
  EXPECT_EQ(faulty_price(100, {FaultKind::lie, 2'500'000}, 3), 250);
  EXPECT_EQ(faulty_price(100, {FaultKind::wick, 500'000}, 9), 100);
  EXPECT_EQ(faulty_price(100, {FaultKind::wick, 500'000}, 10), 50);
  for (const FaultKind kind : {FaultKind::none, FaultKind::outage, FaultKind::stuck, FaultKind::malformed}) {
    EXPECT_EQ(faulty_price(100, {kind, 2'000'000}, 10), 100);
  }
}

TEST(Faults, only_malformed_touches_a_message) {
  EXPECT_EQ(faulty_message("{\"a\":123}", {FaultKind::malformed, 1}), "{\"a\"");
  EXPECT_EQ(faulty_message("{}", {FaultKind::lie, 2'000'000}), "{}");
}

TEST(Faults, a_bad_checksum_is_another_number_and_still_one) {
  const auto message = [](const char* text) { return faulty_message(text, {FaultKind::bad_checksum, 1}); };
  EXPECT_EQ(message(R"({"checksum":129,"timestamp":5})"), R"({"checksum":120,"timestamp":5})");
  EXPECT_EQ(message(R"({"checksum":8})"), R"({"checksum":9})");
  EXPECT_EQ(message(R"({"sum":8})"), R"({"sum":8})");
}

TEST(MarketText, prints_decimals_with_the_venues_places) {
  EXPECT_EQ(decimal(6'500'012'000'000, {8, 8}), "65000.12000000");
  EXPECT_EQ(decimal(6'500'012'000'000, {2, 8}), "65000.12");
  EXPECT_EQ(decimal(6'500'000'000'000, {1, 8}), "65000.0");
  EXPECT_EQ(decimal(6'500'000'000'000, {0, 8}), "65000");
  EXPECT_EQ(decimal(123'456'789, {3, 3}), "1.234");
  EXPECT_EQ(decimal(1, {0, 8}), "0.00000001");
  EXPECT_EQ(decimal(-150'000'000, {2, 8}), "-1.50");
}

TEST(MarketText, writes_times_as_iso_8601) {
  EXPECT_EQ(iso_time(WallTime{1'618'677'795'270'101}), "2021-04-17T16:43:15.270101Z");
  EXPECT_EQ(iso_time(WallTime{0}), "1970-01-01T00:00:00.000000Z");
  EXPECT_EQ(iso_time(WallTime{951'782'400'000'000}), "2000-02-29T00:00:00.000000Z");
  EXPECT_EQ(iso_time(WallTime{4'102'444'799'999'999}), "2099-12-31T23:59:59.999999Z");
}

TEST(MarketText, finds_a_query_parameter) {
  EXPECT_EQ(path_of("/a/b?c=d"), "/a/b");
  EXPECT_EQ(query_value("/a?x=1&symbols=%5B%22A%22%5D", "symbols"), "[\"A\"]");
  EXPECT_EQ(query_value("/a?x=1", "x"), "1");
  EXPECT_EQ(query_value("/a?x=", "x"), "");
  EXPECT_FALSE(query_value("/a?x=1", "y"));
  EXPECT_FALSE(query_value("/a?x", "x"));
  EXPECT_FALSE(query_value("/a?x=%5", "x"));
  EXPECT_FALSE(query_value("/a?x=%zz", "x"));
}

}  // namespace
}  // namespace assay::fetchers::market
