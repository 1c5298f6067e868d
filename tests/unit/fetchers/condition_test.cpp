#include "fetchers/condition.hpp"

#include <gtest/gtest.h>

#include <string>

namespace assay::fetchers::testing {
namespace {

constexpr WallTime in_2026{1'790'000'000'000'000};
constexpr WallTime november_1994{784'111'777'000'000};  // Sun, 06 Nov 1994 08:49:37 GMT

TEST(Condition, each_status_of_a_server_means_something_of_its_own) {
  EXPECT_EQ(condition_of(200, "[1]"), Condition::good);
  EXPECT_EQ(condition_of(200, "<!DOCTYPE html><title>Be right back"), Condition::html_page);
  EXPECT_EQ(condition_of(200, "<?xml version=\"1.0\"?><gesmes:Envelope>"), Condition::good);
  EXPECT_EQ(condition_of(429, ""), Condition::rate_limited);
  EXPECT_EQ(condition_of(418, ""), Condition::banned);
  EXPECT_EQ(condition_of(403, ""), Condition::forbidden);
  EXPECT_EQ(condition_of(401, ""), Condition::forbidden);
  EXPECT_EQ(condition_of(451, "{}"), Condition::region_refused);
  EXPECT_EQ(condition_of(500, "{}"), Condition::server_error);
  EXPECT_EQ(condition_of(502, "<html>bad gateway"), Condition::server_error);
  EXPECT_EQ(condition_of(503, " \n<HTML>maintenance"), Condition::html_page);
  EXPECT_EQ(condition_of(404, "<html>"), Condition::bad_answer);
  EXPECT_EQ(condition_of(302, ""), Condition::bad_answer);
}

TEST(Condition, a_page_for_people_is_told_from_data) {
  EXPECT_TRUE(is_html_page("\xef\xbb\xbf<!-- a --><html lang=en>"));
  EXPECT_FALSE(is_html_page(""));
  EXPECT_FALSE(is_html_page("{\"a\":\"<html>\"}"));
  EXPECT_FALSE(is_html_page("<rates>" + std::string(600, ' ') + "<html>"));
}

TEST(RetryAfter, is_a_number_of_seconds_of_at_most_a_day) {
  EXPECT_EQ(retry_after("0", in_2026), Micros{});
  EXPECT_EQ(retry_after("120", in_2026), millis(120'000));
  EXPECT_EQ(retry_after("86401", in_2026), retry_after_max);
  EXPECT_EQ(retry_after("99999999999999999999", in_2026), retry_after_max);
  EXPECT_EQ(retry_after("", in_2026), std::nullopt);
  EXPECT_EQ(retry_after("-1", in_2026), std::nullopt);
  EXPECT_EQ(retry_after("soon", in_2026), std::nullopt);
}

TEST(RetryAfter, is_a_date_too) {
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:50:07 GMT", november_1994), millis(30'000));
  EXPECT_EQ(retry_after("Sun, 06 Nov 1994 08:49:07 GMT", november_1994), Micros{});
  EXPECT_EQ(retry_after("Sun, 06 Nov 2094 08:49:07 GMT", november_1994), retry_after_max);
}

TEST(HttpDate, is_read_in_its_three_forms) {
  for (const char* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    EXPECT_EQ(time_from_http_date(text, in_2026), november_1994) << text;
  }
  EXPECT_EQ(time_from_http_date("Thursday, 01-Jan-26 00:00:00 GMT", in_2026), WallTime{1'767'225'600'000'000});
}

TEST(UsedWeight, is_a_number_and_nothing_else) {
  EXPECT_EQ(used_weight("5900"), 5900U);
  EXPECT_EQ(used_weight("4294967295"), 4294967295U);
  for (const char* text : {"", " 5", "5 ", "-1", "+1", "5,6", "0x5", "4294967296"}) {
    EXPECT_EQ(used_weight(text), std::nullopt) << text;
  }
}

TEST(HttpDate, is_not_whatever_looks_like_one) {
  for (const char* text :
       {"", "Sun,", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 32 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nox 1994 08:49:37 GMT", "Sun, 06 Nov 1994 8:49 GMT", "Sun, 06 Nov 1969 08:49:37 GMT",
        "Sun Nov 6 08:49:37", "1 2 3 4 5 6 7 8 9 10 11 12"}) {
    EXPECT_EQ(time_from_http_date(text, in_2026), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace assay::fetchers::testing
