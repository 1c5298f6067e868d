#include "fetchers/io/tape_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>

#include <fstream>

#include "tests/unit/fetchers/io/support.hpp"

namespace assay::fetchers::testing {
namespace {

TapeEvent event(int number, std::size_t size = 20) {
  Bytes payload(size);
  for (std::size_t i = 0; i < size; ++i)
    payload[i] = static_cast<std::uint8_t>(i * 7919 + static_cast<std::size_t>(number) * 104729);
  return {.at = {.wall = WallTime{static_cast<std::uint64_t>(number)}, .mono = MonoTime{number * 2'000'000}},
          .venue = "venue",
          .via = TapeVia::message,
          .endpoint = std::to_string(number),
          .payload = std::move(payload)};
}

/// The numbers of the events that a tape holds, in order; -1 for an error.
std::vector<int> numbers_in(const std::filesystem::path& path) {
  std::vector<int> numbers;
  auto reader = TapeReader::open(path);
  while (reader) {
    auto next = (*reader)->next();
    if (!next) numbers.push_back(-1);
    if (!next || !*next) break;
    numbers.push_back(std::stoi((*next)->endpoint));
  }
  return numbers;
}

std::vector<int> up_to(int count) {
  std::vector<int> numbers;
  for (int i = 0; i < count; ++i) numbers.push_back(i);
  return numbers;
}

class TapeFiles : public ::testing::Test {
 protected:
  std::unique_ptr<TapeWriter> writer(std::uint64_t file_size_max = 64U << 20U) {
    auto opened = TapeWriter::open({.folder = folder_.path("tape"), .file_size_max = file_size_max}, WallTime{0});
    EXPECT_TRUE(opened);
    return opened ? std::move(*opened) : nullptr;
  }

  Folder folder_;
};

TEST_F(TapeFiles, what_was_written_comes_back_in_order_over_several_files) {
  {
    const auto tape = writer(1024);
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(tape->write(event(i, 200)));
    EXPECT_GT(tape->files(), 3U);
    EXPECT_GT(tape->bytes(), 1024U);
  }
  EXPECT_EQ(numbers_in(folder_.path("tape")), up_to(200));
}

TEST_F(TapeFiles, a_file_that_is_there_is_never_touched) {
  ASSERT_TRUE(writer()->write(event(0)));
  ASSERT_TRUE(writer()->write(event(1)));
  EXPECT_EQ(numbers_in(folder_.path("tape")), up_to(2));
}

TEST_F(TapeFiles, a_tape_whose_writer_was_killed_is_read_up_to_the_cut) {
  const auto tape = writer();
  for (int i = 0; i < 50; ++i) ASSERT_TRUE(tape->write(event(i, 100)));
  // Not closed: what a kill leaves is what has been flushed. Then cut in the middle of a line, too.
  const std::string file = folder_.path("tape") + "/tape-19700101T000000Z-0001.jsonl.gz";
  EXPECT_EQ(numbers_in(file), up_to(50));
  std::filesystem::copy_file(file, folder_.path("cut.gz"));
  std::filesystem::resize_file(folder_.path("cut.gz"), std::filesystem::file_size(file) - 30);
  const auto numbers = numbers_in(folder_.path("cut.gz"));
  EXPECT_EQ(numbers, up_to(static_cast<int>(numbers.size())));
  EXPECT_GE(numbers.size(), 45U);
}

TEST_F(TapeFiles, plain_lines_are_read_too_and_a_damaged_one_is_told_with_its_place) {
  std::ofstream(folder_.path("plain.jsonl")) << to_tape_line(event(0)) << "\n"
                                             << to_tape_line(event(1)) << "\nnonsense\n";
  EXPECT_EQ(numbers_in(folder_.path("plain.jsonl")), (std::vector<int>{0, 1, -1}));
  const auto reader = TapeReader::open(folder_.path("plain.jsonl"));
  ASSERT_TRUE(reader);
  for (int i = 0; i < 3; ++i) (void)(*reader)->next();
  EXPECT_EQ((*reader)->where(), folder_.path("plain.jsonl") + ":3");
}

TEST_F(TapeFiles, damaged_gzip_is_an_error_and_no_tape_at_all_is_one) {
  {
    const auto tape = writer();
    for (int i = 0; i < 50; ++i) ASSERT_TRUE(tape->write(event(i, 100)));
  }
  const std::string file = folder_.path("tape") + "/tape-19700101T000000Z-0001.jsonl.gz";
  std::fstream(file, std::ios::in | std::ios::out | std::ios::binary).seekp(300) << std::string(40, '\xff');
  EXPECT_EQ(numbers_in(file).back(), -1);
  EXPECT_FALSE(TapeReader::open(folder_.path("nowhere")));
}

TEST_F(TapeFiles, a_full_disk_ends_the_tape_with_an_error_and_loses_nothing_before_it) {
  const auto tape = writer();
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  const auto signals = signal(SIGXFSZ, SIG_IGN);
  const rlimit small{.rlim_cur = 20'000, .rlim_max = before.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  int written = 0;
  while (written < 10'000 && tape->write(event(written, 300))) ++written;
  setrlimit(RLIMIT_FSIZE, &before);
  signal(SIGXFSZ, signals);
  EXPECT_LT(written, 10'000);
  EXPECT_FALSE(tape->write(event(written)));
  const auto numbers = numbers_in(folder_.path("tape"));
  EXPECT_EQ(numbers, up_to(static_cast<int>(numbers.size())));
  EXPECT_GE(static_cast<int>(numbers.size()), written - 2);
}

}  // namespace
}  // namespace assay::fetchers::testing
