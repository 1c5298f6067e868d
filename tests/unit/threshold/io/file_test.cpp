#include "threshold/io/file.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

namespace assay::threshold {
namespace {

TEST(File, says_so_when_the_disk_is_full) {
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "SKIPPED: no /dev/full";
  const auto file = File::open("/dev/full", O_WRONLY);
  ASSERT_TRUE(file);
  const auto done = file->write_all(std::vector<std::uint8_t>{1, 2, 3});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, Errc::io_failed);
  EXPECT_EQ(std::string_view(done.error().detail), "no space is left on the disk");
}

TEST(File, keeps_the_plain_words_for_what_the_operator_cannot_mend) {
  const auto file = File::open("/dev/null", O_RDONLY);
  ASSERT_TRUE(file);
  EXPECT_EQ(std::string_view(file->write_all(std::vector<std::uint8_t>{1}).error().detail),
            "a write to the file failed");
}

}  // namespace
}  // namespace assay::threshold
