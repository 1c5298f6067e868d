#include "core/epoch_rule.hpp"

#include <gtest/gtest.h>

namespace assay {
namespace {

Header at(std::uint64_t height, std::uint32_t epoch = 3) {
  Header header{};
  header.epoch = Epoch{epoch};
  header.height = Height{height};
  header.feed_count = 2;
  header.config_digest = sha256(as_bytes("configuration " + std::to_string(epoch)));
  return header;
}

Header announcing(Header header, std::uint64_t switch_height, const char* record = "record") {
  header.next_epoch_digest = sha256(as_bytes(record));
  header.switch_height = Height{switch_height};
  return header;
}

bool allowed(const Header& earlier, const Header& later) {
  const auto done = check_epochs(earlier, later);
  if (!done) {
    EXPECT_EQ(done.error().code, Errc::wrong_committee);
  }
  return done.operator bool();
}

TEST(EpochRule, headers_of_one_epoch_share_their_configuration) {
  EXPECT_TRUE(allowed(at(7), at(8)));
  EXPECT_TRUE(allowed(at(7), at(5000)));
  Header other = at(8);
  other.config_digest = {};
  EXPECT_FALSE(allowed(at(7), other));
  other = at(8);
  other.feed_count = 3;
  EXPECT_FALSE(allowed(at(7), other));
}

TEST(EpochRule, an_announcement_comes_64_heights_ahead_and_stays) {
  EXPECT_TRUE(allowed(at(7), announcing(at(8), 72)));
  EXPECT_FALSE(allowed(at(7), announcing(at(8), 71)));
  EXPECT_FALSE(allowed(at(7), announcing(at(8), 8)));
  const Header told = announcing(at(8), 72);
  EXPECT_TRUE(allowed(told, announcing(at(9), 72)));
  EXPECT_FALSE(allowed(told, at(9)));
  EXPECT_FALSE(allowed(told, announcing(at(9), 73)));
  EXPECT_FALSE(allowed(told, announcing(at(9), 72, "another")));
}

TEST(EpochRule, a_reader_that_missed_the_announcement_knows_the_least_height_that_it_may_name) {
  EXPECT_TRUE(allowed(at(7), announcing(at(60), 72)));
  EXPECT_FALSE(allowed(at(7), announcing(at(60), 71)));
  EXPECT_TRUE(allowed(at(7), at(72, 4)));
  EXPECT_FALSE(allowed(at(7), at(71, 4)));
  EXPECT_FALSE(allowed(at(7), at(8, 4)));
}

TEST(EpochRule, an_epoch_begins_at_its_height_neither_earlier_nor_later) {
  const Header last = announcing(at(71), 72);
  EXPECT_TRUE(allowed(last, at(72, 4)));
  EXPECT_TRUE(allowed(last, at(90, 4)));
  EXPECT_FALSE(allowed(last, announcing(at(72), 72)));
  EXPECT_FALSE(allowed(last, at(72)));
  EXPECT_FALSE(allowed(announcing(at(70), 72), at(71, 4)));
  EXPECT_FALSE(allowed(last, at(72, 2)));
}

TEST(EpochRule, several_epochs_need_their_announcements_in_between) {
  const Header last = announcing(at(71), 72);
  EXPECT_TRUE(allowed(last, at(136, 5)));
  EXPECT_FALSE(allowed(last, at(135, 5)));
  EXPECT_TRUE(allowed(last, announcing(at(72, 4), 136)));
  EXPECT_FALSE(allowed(last, announcing(at(100, 4), 135)));
}

TEST(EpochRule, heights_at_the_end_of_their_range_do_not_wrap) {
  EXPECT_FALSE(allowed(at(UINT64_MAX - 8), announcing(at(UINT64_MAX - 7), UINT64_MAX - 6)));
  EXPECT_FALSE(allowed(announcing(at(5), 80), at(6, UINT32_MAX)));
  EXPECT_FALSE(check_epochs(at(5), at(5)).operator bool());
}

TEST(EpochRule, the_epoch_of_the_next_batch_follows_from_the_tip) {
  EXPECT_EQ(epoch_after(at(7)), Epoch{3});
  EXPECT_EQ(epoch_after(announcing(at(7), 72)), Epoch{3});
  EXPECT_EQ(epoch_after(announcing(at(71), 72)), Epoch{4});
}

}  // namespace
}  // namespace assay
