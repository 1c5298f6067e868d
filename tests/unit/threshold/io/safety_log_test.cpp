#include "threshold/io/safety_log.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <thread>

#include "tests/unit/threshold/io/scratch_folder.hpp"
#include "threshold/safety_format.hpp"

namespace assay::threshold {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

SafetyLogIdentity me() {
  SafetyLogIdentity identity{{}, MemberIndex{2}, Epoch{7}};
  identity.network.value.bytes.fill(0x11);
  return identity;
}

/// Records here start with a kind; those of kind 2 name their height in the second byte.
std::optional<Height> height_of(ByteSpan record) {
  if (record[0] != 2 || record.size() < 2) return std::nullopt;
  return Height{record[1]};
}

Bytes contents(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

void write(const std::filesystem::path& path, ByteSpan bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

/// Writes the records through run() and returns what completed, in order.
std::vector<std::uint64_t> persist(SafetyLog& log, const std::vector<Bytes>& records,
                                   std::optional<Error>* failure = {}) {
  std::uint64_t id = 100;
  for (const auto& record : records) EXPECT_TRUE(log.append(id++, record));
  log.stop();
  std::vector<std::uint64_t> completed;
  log.run([&](std::uint64_t done) { completed.push_back(done); },
          [&](Error error) {
            if (failure != nullptr) *failure = error;
          });
  return completed;
}

struct SafetyLogTest : testing::Test {
  SafetyLog::Opened open(const SafetyLogLimits& limits = {}) {
    auto opened = SafetyLog::open(path, me(), height_of, limits);
    EXPECT_TRUE(opened) << opened.error().detail;
    return std::move(opened).value();
  }
  Errc refusal(const SafetyLogIdentity& identity = me()) {
    const auto opened = SafetyLog::open(path, identity, height_of);
    return opened ? Errc{} : opened.error().code;
  }
  ScratchFolder folder;
  std::filesystem::path path = folder / "safety.log";
};

TEST_F(SafetyLogTest, what_was_persisted_comes_back_in_order) {
  {
    auto opened = open();
    EXPECT_TRUE(opened.first_start);
    EXPECT_THAT(opened.records, IsEmpty());
    EXPECT_THAT(persist(*opened.log, {{1, 2}, {2}, Bytes(5000, 3)}), ElementsAre(100, 101, 102));
  }
  auto again = open();
  EXPECT_FALSE(again.first_start);
  EXPECT_THAT(again.records, ElementsAre(Bytes{1, 2}, Bytes{2}, Bytes(5000, 3)));
  persist(*again.log, {{4}});
  again.log.reset();
  EXPECT_THAT(open().records, ElementsAre(Bytes{1, 2}, Bytes{2}, Bytes(5000, 3), Bytes{4}));
}

TEST_F(SafetyLogTest, the_bytes_are_those_of_docs_wire_md) {
  persist(*open().log, {{1, 2}, {2}});
  EXPECT_EQ(to_hex(contents(path)),
            "61737361792f7361666574792f76310011111111111111111111111111111111111111111111111111111111"
            "1111111100020000000700000000000000009d4e1b2a00000002114418eb00000000000000000102a5000000"
            "01497c8023000000000000000102a5");
}

TEST_F(SafetyLogTest, a_created_but_empty_log_is_not_a_first_start) {
  open();
  EXPECT_FALSE(open().first_start);
}

TEST_F(SafetyLogTest, a_write_cut_short_at_any_byte_loses_only_what_was_not_whole) {
  const std::vector<Bytes> records{{1, 9, 9}, {2}, Bytes(40, 5), {7, 7}};
  persist(*open().log, records);
  const Bytes whole = contents(path);
  std::vector<std::size_t> ends{safety_header_size};
  for (const auto& record : records) ends.push_back(ends.back() + safety_record_overhead + record.size());
  ASSERT_EQ(ends.back(), whole.size());
  for (std::size_t size = safety_header_size; size <= whole.size(); ++size) {
    write(path, ByteSpan(whole).first(size));
    const auto kept = static_cast<std::size_t>(std::ranges::upper_bound(ends, size) - ends.begin()) - 1;
    {
      auto opened = open();
      ASSERT_EQ(opened.records.size(), kept) << size;
      persist(*opened.log, {{0xee}});
    }
    auto opened = open();  // the torn bytes are gone: what follows them is readable
    ASSERT_EQ(opened.records.size(), kept + 1) << size;
    ASSERT_EQ(opened.records.back(), Bytes{0xee});
  }
  for (std::size_t size = 0; size < safety_header_size; ++size) {
    write(path, ByteSpan(whole).first(size));
    EXPECT_EQ(refusal(), Errc::log_corrupt) << size;
  }
}

TEST_F(SafetyLogTest, every_flipped_bit_of_a_whole_log_is_noticed_also_in_the_last_record) {
  persist(*open().log, {{1, 9, 9}, Bytes(600, 0), {2, 7}});
  const Bytes whole = contents(path);
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    Bytes bad = whole;
    bad[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    const auto read = read_safety_log(bad, me(), 1U << 20);
    ASSERT_FALSE(read) << "bit " << bit << " of byte " << bit / 8;
    ASSERT_EQ(read.error().code, Errc::log_corrupt);
  }
  Bytes bad = whole;
  bad[80] ^= 1;
  write(path, bad);
  EXPECT_EQ(refusal(), Errc::log_corrupt);
  EXPECT_EQ(contents(path), bad) << "a damaged log is left as it is";
}

TEST_F(SafetyLogTest, a_tail_of_unwritten_sectors_is_torn_and_not_damage) {
  persist(*open().log, {{1, 9, 9}});
  Bytes file = contents(path);
  const std::size_t good = file.size();
  append_record(file, 1, Bytes(3000, 0x44));
  for (const std::size_t from : {good, std::size_t{512}, std::size_t{1024}, std::size_t{2560}}) {
    Bytes torn = file;
    std::fill(torn.begin() + static_cast<std::ptrdiff_t>(from), torn.end(), std::uint8_t{0});
    const auto read = read_safety_log(torn, me(), 1U << 20);
    ASSERT_TRUE(read) << from;
    EXPECT_EQ(read->good_bytes, good);
  }
}

TEST_F(SafetyLogTest, what_an_earlier_process_wrote_is_written_anew_before_it_counts) {
  persist(*open().log, {{1, 9, 9}, {2}});
  const auto before = folder / "before";
  std::filesystem::create_hard_link(path, before);
  EXPECT_THAT(open().records, ElementsAre(Bytes{1, 9, 9}, Bytes{2}));
  EXPECT_FALSE(std::filesystem::equivalent(path, before)) << "a file whose fsync failed once stays suspect";
  EXPECT_THAT(open().records, ElementsAre(Bytes{1, 9, 9}, Bytes{2}));
}

TEST_F(SafetyLogTest, a_file_of_absurd_length_is_not_called_lost) {
  persist(*open().log, {{1, 9, 9}});
  std::filesystem::resize_file(path, (std::uintmax_t{1} << 30) + 1);
  EXPECT_EQ(refusal(), Errc::too_large);
}

TEST_F(SafetyLogTest, a_hole_before_a_whole_record_is_damage) {
  persist(*open().log, {{1, 9, 9}, Bytes(3000, 0x44), {2}});
  Bytes file = contents(path);
  std::fill(file.begin() + 100, file.begin() + 2000, std::uint8_t{0});
  write(path, file);
  EXPECT_EQ(refusal(), Errc::log_corrupt);
}

TEST_F(SafetyLogTest, the_log_of_another_network_member_or_epoch_is_refused) {
  persist(*open().log, {{1}});
  auto other = me();
  other.network.value.bytes[0] ^= 1;
  EXPECT_EQ(refusal(other), Errc::wrong_committee);
  other = me();
  other.member = MemberIndex{3};
  EXPECT_EQ(refusal(other), Errc::wrong_committee);
  other = me();
  other.epoch = Epoch{8};
  EXPECT_EQ(refusal(other), Errc::wrong_committee);
  EXPECT_EQ(refusal(), Errc{});
}

TEST_F(SafetyLogTest, a_log_that_vanished_is_not_a_first_start) {
  persist(*open().log, {{1}});
  std::filesystem::remove(path);
  EXPECT_EQ(refusal(), Errc::log_corrupt);
}

TEST_F(SafetyLogTest, one_owner_at_a_time) {
  auto opened = open();
  EXPECT_EQ(refusal(), Errc::locked);
  ASSERT_TRUE(opened.log->rewrite({{1}}));
  EXPECT_EQ(refusal(), Errc::locked) << "also after the file was replaced";
  opened.log.reset();
  EXPECT_EQ(refusal(), Errc{});
}

TEST_F(SafetyLogTest, a_rewrite_replaces_the_contents_and_sequences_go_on) {
  {
    auto opened = open();
    ASSERT_TRUE(opened.log->rewrite({{1, 1}, {2, 2}}));
    persist(*opened.log, {{1, 3}});
  }
  EXPECT_THAT(open().records, ElementsAre(Bytes{1, 1}, Bytes{2, 2}, Bytes{1, 3}));
  {
    auto opened = open();
    ASSERT_TRUE(opened.log->rewrite({{1, 3}}));
    EXPECT_FALSE(opened.log->rewrite({Bytes{}}));
  }
  EXPECT_THAT(open().records, ElementsAre(Bytes{1, 3}));
  EXPECT_FALSE(std::filesystem::exists(folder / "safety.log.new"));
}

TEST_F(SafetyLogTest, a_long_log_keeps_the_newest_record_of_each_kind) {
  SafetyLogLimits limits;
  limits.compact_at_bytes = 1000;
  for (std::uint8_t round = 0; round < 20; ++round) {
    auto opened = open(limits);
    opened.log->keep_above(Height{round});
    Bytes lock(200, round);
    lock[0] = 2;
    EXPECT_EQ(persist(*opened.log, {{1, round}, lock}).size(), 2U);
  }
  EXPECT_LE(std::filesystem::file_size(path), 1500U);
  std::map<std::uint8_t, Bytes> newest;
  for (const auto& record : open().records) newest[record.front()] = record;
  ASSERT_EQ(newest.size(), 2U);
  EXPECT_EQ(newest[1], (Bytes{1, 19}));
  EXPECT_EQ(newest[2].back(), 19);
}

TEST_F(SafetyLogTest, a_long_log_keeps_what_the_ledger_does_not_hold_yet) {
  SafetyLogLimits limits;
  limits.compact_at_bytes = 1;
  const auto lock = [](std::uint8_t height, std::uint8_t view) { return Bytes{2, height, view}; };
  {
    auto opened = open(limits);
    opened.log->keep_above(Height{4});
    opened.log->keep_above(Height{3});  // an older reading comes late
    persist(*opened.log, {{1, 1}, lock(4, 1), lock(5, 1), {1, 2}, lock(5, 2), lock(6, 2), lock(7, 2)});
  }
  {
    auto opened = open(limits);
    EXPECT_THAT(opened.records, ElementsAre(Bytes{1, 2}, lock(5, 2), lock(6, 2), lock(7, 2)))
        << "of a height the newest lock";
    opened.log->keep_above(Height{6});
    persist(*opened.log, {lock(8, 2), lock(9, 2), lock(10, 2), lock(11, 2), lock(12, 2), lock(13, 2)});
  }
  {
    auto opened = open(limits);
    EXPECT_EQ(opened.records.front(), (Bytes{1, 2})) << "heights 5 and 6 are in the ledger";
    EXPECT_EQ(opened.records.size(), 8U);
    opened.log->keep_above(Height{20});
    persist(*opened.log, {lock(14, 2)});
  }
  EXPECT_THAT(open().records, ElementsAre(Bytes{1, 2}, lock(14, 2)));
}

TEST_F(SafetyLogTest, the_mailbox_is_bounded_in_records_and_bytes) {
  SafetyLogLimits limits;
  limits.queue_records_max = 3;
  limits.queue_bytes_max = 100;
  limits.record_bytes_max = 90;
  auto opened = open(limits);
  EXPECT_EQ(opened.log->append(1, {}).error().code, Errc::out_of_range);
  EXPECT_EQ(opened.log->append(1, Bytes(91, 1)).error().code, Errc::too_large);
  EXPECT_TRUE(opened.log->append(1, Bytes(90, 1)));
  EXPECT_EQ(opened.log->append(2, Bytes(11, 1)).error().code, Errc::mailbox_full);
  EXPECT_TRUE(opened.log->append(2, {1}));
  EXPECT_TRUE(opened.log->append(3, {1}));
  EXPECT_EQ(opened.log->append(4, {1}).error().code, Errc::mailbox_full);
  opened.log->stop();
  EXPECT_FALSE(opened.log->append(5, {1}));
}

TEST_F(SafetyLogTest, appends_of_another_thread_complete_in_order) {
  auto opened = open();
  std::vector<std::uint64_t> completed;
  std::thread writer(
      [&] { opened.log->run([&](std::uint64_t id) { completed.push_back(id); }, [](Error) { FAIL(); }); });
  for (std::uint64_t id = 0; id < 200; ++id) ASSERT_TRUE(opened.log->append(id, Bytes(1 + id, 1)));
  opened.log->stop();
  writer.join();
  ASSERT_EQ(completed.size(), 200U);
  EXPECT_TRUE(std::ranges::is_sorted(completed));
  opened.log.reset();
  EXPECT_EQ(open().records.size(), 200U);
}

TEST_F(SafetyLogTest, after_a_failed_write_nothing_completes_any_more) {
  auto opened = open();
  // The disk is full for this process: a file may not grow beyond 1000 bytes.
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit tight{1000, before.rlim_max};
  ASSERT_TRUE(opened.log->append(1, Bytes(300, 1)));
  std::vector<std::uint64_t> completed;
  int failures = 0;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &tight), 0);
  std::thread writer([&] {
    opened.log->run(
        [&](std::uint64_t id) {
          completed.push_back(id);
          if (id == 1) {
            EXPECT_TRUE(opened.log->append(2, Bytes(900, 1)));
            EXPECT_TRUE(opened.log->append(3, {1}));
          }
        },
        [&](Error error) {
          EXPECT_EQ(error.code, Errc::io_failed);
          ++failures;
        });
  });
  writer.join();
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  EXPECT_THAT(completed, ElementsAre(1));
  EXPECT_EQ(failures, 1);
  EXPECT_FALSE(opened.log->append(4, {1}));
  int later = 0;
  opened.log->stop();
  opened.log->run([&](std::uint64_t) { ++later; }, [&](Error) { ++later; });
  EXPECT_EQ(later, 0);
  opened.log.reset();
  EXPECT_EQ(open().records.size(), 1U) << "the torn rest of the failed write is cut";
}

TEST_F(SafetyLogTest, a_folder_that_is_not_there_is_refused) {
  path = folder / "none/safety.log";
  EXPECT_EQ(refusal(), Errc::io_failed);
}

TEST(SafetyFormat, crc32c_is_castagnolis) {
  EXPECT_EQ(crc32c(as_bytes("123456789")), 0xe3069283U);
  EXPECT_EQ(crc32c(as_bytes("6789"), crc32c(as_bytes("12345"))), 0xe3069283U);
}

}  // namespace
}  // namespace assay::threshold
