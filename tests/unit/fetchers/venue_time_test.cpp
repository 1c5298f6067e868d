#include "fetchers/venue_time.hpp"

#include <gtest/gtest.h>

namespace assay::fetchers {
namespace {

TEST(VenueTime, reads_milliseconds_and_microseconds_by_their_size) {
  EXPECT_EQ(time_from_epoch("1700000000123", TimeUnit::millis_or_micros), WallTime{1'700'000'000'123'000});
  EXPECT_EQ(time_from_epoch("1700000000123456", TimeUnit::millis_or_micros), WallTime{1'700'000'000'123'456});
  EXPECT_EQ(time_from_epoch("0", TimeUnit::millis_or_micros), WallTime{0});
}

TEST(VenueTime, reads_seconds_with_any_fraction_and_cuts_below_microseconds) {
  EXPECT_EQ(time_from_epoch("1700000000", TimeUnit::seconds), WallTime{1'700'000'000'000'000});
  EXPECT_EQ(time_from_epoch("1700000000.5", TimeUnit::seconds), WallTime{1'700'000'000'500'000});
  EXPECT_EQ(time_from_epoch("1700000000.1234569", TimeUnit::seconds), WallTime{1'700'000'000'123'456});
  EXPECT_EQ(time_from_epoch("1700000000123456789", TimeUnit::nanos), WallTime{1'700'000'000'123'456});
}

TEST(VenueTime, tells_the_unit_by_the_size_where_a_venue_mixes_them) {
  EXPECT_EQ(time_from_epoch("1700000000", TimeUnit::by_size), WallTime{1'700'000'000'000'000});
  EXPECT_EQ(time_from_epoch("1700000000.25", TimeUnit::by_size), WallTime{1'700'000'000'250'000});
  EXPECT_EQ(time_from_epoch("1700000000123", TimeUnit::by_size), WallTime{1'700'000'000'123'000});
  EXPECT_EQ(time_from_epoch("1700000000123.4567", TimeUnit::by_size), WallTime{1'700'000'000'123'456});
  EXPECT_EQ(time_from_epoch("1700000000123456", TimeUnit::by_size), WallTime{1'700'000'000'123'456});
  EXPECT_EQ(time_from_epoch("1700000000123456789", TimeUnit::by_size), WallTime{1'700'000'000'123'456});
  for (const std::string_view text : {"", "-1", "1.", "1.2.3", "1e9", "now", "1700000000.x"}) {
    EXPECT_EQ(time_from_epoch(text, TimeUnit::by_size), std::nullopt) << text;
  }
}

TEST(VenueTime, refuses_what_is_no_epoch_time) {
  for (const std::string_view text : {"", "-1", "1.", "1.2.3", "1e9", "now", "99999999999999999999", "1700000000.x"}) {
    EXPECT_EQ(time_from_epoch(text, TimeUnit::seconds), std::nullopt) << text;
  }
  EXPECT_EQ(time_from_epoch("1700000000123.5", TimeUnit::millis_or_micros), std::nullopt);
  EXPECT_EQ(time_from_epoch("9999999999999999999", TimeUnit::seconds), std::nullopt);
}

TEST(VenueTime, reads_rfc_3339_with_up_to_nanoseconds) {
  EXPECT_EQ(time_from_iso("1970-01-01T00:00:00Z"), WallTime{0});
  EXPECT_EQ(time_from_iso("2023-11-14T22:13:20.123456789Z"), WallTime{1'700'000'000'123'456});
  EXPECT_EQ(time_from_iso("2023-11-14T22:13:20.5Z"), WallTime{1'700'000'000'500'000});
  EXPECT_EQ(time_from_iso("2023-11-14T22:13:20"), WallTime{1'700'000'000'000'000});
  EXPECT_EQ(time_from_iso("2024-02-29T00:00:00Z"), WallTime{1'709'164'800'000'000});
  EXPECT_EQ(time_from_iso("2100-03-01T00:00:00Z"), WallTime{4'107'542'400'000'000});
}

TEST(VenueTime, reads_zones) {
  EXPECT_EQ(time_from_iso("2023-11-14 22:13:20+00"), WallTime{1'700'000'000'000'000});
  EXPECT_EQ(time_from_iso("2023-11-15T07:13:20+09:00"), WallTime{1'700'000'000'000'000});
  EXPECT_EQ(time_from_iso("2023-11-14T17:13:20.25-0500"), WallTime{1'700'000'000'250'000});
}

TEST(VenueTime, refuses_what_is_no_rfc_3339_time) {
  for (const std::string_view text :
       {"", "2023", "2023-11-14", "2023-13-14T00:00:00Z", "2023-00-14T00:00:00Z", "2023-11-32T00:00:00Z",
        "2023-11-14T24:00:00Z", "2023-11-14T22:60:00Z", "2023-11-14T22:13:61Z", "2023-11-14T22:13:20.Z",
        "2023-11-14T22:13:20X", "2023-11-14T22:13:20+9", "2023-11-14T22:13:20+09:0", "1969-12-31T23:59:59Z",
        "1970-01-01T00:00:00+01:00", "2023-11-14T22:13:20.1234567890123456789Z", "2023-1x-14T22:13:20Z"}) {
    EXPECT_EQ(time_from_iso(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace assay::fetchers
