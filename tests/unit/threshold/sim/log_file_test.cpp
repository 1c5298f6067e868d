#include "threshold/sim/log_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "threshold/sim/robbery.hpp"

namespace assay::threshold::sim {
namespace {

constexpr SafetyLogLimits never{.compact_at_bytes = std::size_t{1} << 30U};
constexpr SafetyLogLimits soon{.compact_at_bytes = 100};

SafetyLogIdentity identity(std::uint16_t member) {
  return {NetworkId{sha256(as_bytes("a network"))}, MemberIndex{member}, Epoch{0}};
}

Bytes record(std::uint8_t kind, Chance& chance) {
  Bytes out(1 + chance.below(1500), kind);
  for (std::size_t i = 1; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(chance.next());
  return out;
}

LogFile log_of(std::uint16_t member, std::vector<Bytes>& records, Chance& chance) {
  LogFile log;
  EXPECT_TRUE(log.open(identity(member)));
  for (std::uint8_t i = 0; i < 6; ++i) {
    records.push_back(record(i, chance));
    log.append(records.back(), Height{0}, never);
  }
  return log;
}

TEST(LogFile, a_record_torn_anywhere_leaves_all_that_were_durable_and_the_next_one_follows) {
  Chance chance(1);
  for (int i = 0; i < 400; ++i) {
    std::vector<Bytes> records;
    LogFile log = log_of(1, records, chance);
    log.tear(record(7, chance), chance);
    auto opened = log.open(identity(1));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->records, records);
    EXPECT_FALSE(opened->first_start);
    records.push_back(record(8, chance));
    log.append(records.back(), Height{0}, never);
    EXPECT_EQ(log.records(), records);
  }
}

TEST(LogFile, whatever_the_disk_spoils_is_refused_or_reads_as_an_older_log) {
  Chance chance(2);
  std::size_t refused = 0;
  for (const Fault fault :
       {Fault::log_rolled_back, Fault::log_corrupt, Fault::log_stale, Fault::log_misdirected, Fault::log_foreign}) {
    for (int i = 0; i < 200; ++i) {
      std::vector<Bytes> records;
      std::vector<Bytes> others;
      LogFile log = log_of(1, records, chance);
      const LogFile foreign = log_of(2, others, chance);
      EXPECT_EQ(spoil(log, fault, foreign, chance), std::nullopt) << name(fault);
      refused += log.open(identity(1)) ? 0U : 1U;
    }
  }
  EXPECT_GT(refused, 500U);
}

TEST(LogFile, compaction_keeps_the_newest_of_each_kind_also_when_the_power_goes_meanwhile) {
  Chance chance(3);
  for (int i = 0; i < 50; ++i) {
    std::vector<Bytes> records;
    LogFile log = log_of(1, records, chance);
    for (std::uint8_t kind = 0; kind < 6; ++kind) {
      records[kind] = record(kind, chance);
      log.append(records[kind], Height{0}, soon);
    }
    log.interrupt(chance);
    const auto opened = log.open(identity(1));
    ASSERT_TRUE(opened);
    ASSERT_GE(opened->records.size(), records.size());
    EXPECT_TRUE(std::equal(records.begin(), records.end(), opened->records.end() - 6));
    EXPECT_LT(opened->records.size(), 12U);
  }
}

TEST(LogFile, a_file_that_is_gone_is_refused_and_another_disk_begins_anew) {
  Chance chance(4);
  std::vector<Bytes> records;
  LogFile log = log_of(1, records, chance);
  log.vanish();
  EXPECT_EQ(log.open(identity(1)).error().code, Errc::log_corrupt);
  log.replace_disk();
  EXPECT_TRUE(log.open(identity(1))->first_start);
}

}  // namespace
}  // namespace assay::threshold::sim
